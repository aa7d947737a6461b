#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build the modules of the benchmarks for a kernel, in a directory of their own.
#
# usage: build-module.sh KERNEL-BUILD DIR

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1 directory=$2

mkdir "$directory"
cp "$here"/module/* "$directory/"
mapfile -t toolchain < <("$here/../toolchain.sh" "$build")
make -s -C "$build" M="$directory" ${toolchain[@]+"${toolchain[@]}"} modules >"$directory/log" 2>&1 || {
	cat "$directory/log" >&2
	echo "build-module: the modules do not compile" >&2
	exit 2
}
