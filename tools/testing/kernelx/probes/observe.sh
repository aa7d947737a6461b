#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run one probe. Prints what it observes.
#
# usage: observe.sh KNOB

set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=/mnt/probe
PROBE_FILTERS=''
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"

mkdir -p $work
cd $work
probe_quiet
trap probe_clean EXIT
# shellcheck disable=SC1090
. "$here/$1.sh"
