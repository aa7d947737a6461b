#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run a command that no other one may run beside in the same build directory: two
# makes there would write the same files. Wait, and say so, if there is one.
#
# usage: exclusive.sh DIR COMMAND [ARGUMENT]...

set -eu

directory=$1
shift
mkdir -p "$directory"
exec 8>"$directory/kernelx.lock"
if ! flock -n 8; then
	echo "waiting for another build in $directory" >&2
	flock 8
fi
"$@"
