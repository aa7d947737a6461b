#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build the policies of the benchmarks, and what measures them, in a directory.
#
# usage: build-policies.sh KERNEL-BUILD DIR

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1 directory=$2

mkdir -p "$directory/libbpf"
{
	make -s -C "$build/source/tools/lib/bpf" OUTPUT="$directory/libbpf/" DESTDIR="$directory/libbpf" \
		prefix= "$directory/libbpf/libbpf.a" install_headers &&
	make -s -C "$here/../../../kernelx/policies" OUTPUT="$directory" LIBBPF="$directory/libbpf" SOURCES="$here/bpf" &&
	"${CC:-cc}" -O2 -Wall -static -isystem "$directory/libbpf/include" -o "$directory/policy-cost" \
		"$here/policy-cost.c" "$directory/libbpf/libbpf.a" -lelf -lz
} >"$directory/log" 2>&1 || {
	cat "$directory/log" >&2
	echo "build-policies: they do not compile" >&2
	exit 2
}
rm -rf "$directory/libbpf"
