#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make a directory of what a machine needs to run the probes: run.sh, the probes, and
# their programs, compiled.
#
# usage: build.sh DIR

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# = 1 ] || { echo "usage: build.sh DIR" >&2; exit 2; }

cp -rL "$here" "$1"
mkdir "$1/bin"
for source in "$here"/programs/*.c "$here/../../selftests/kernelx/plug.c"; do
	"${CC:-cc}" -static -O2 -Wall -Wextra -Werror -o "$1/bin/$(basename "$source" .c)" "$source"
done
