#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What kbuild has to be told, beside the directories, to build a module with what a
# kernel was built with: LLVM=... or CC=..., one variable a line; nothing if that
# cannot be told. A module that another compiler made has other instructions at its
# sites, or does not compile with the kernel's options.
#
# usage: toolchain.sh DIR     a build directory (O=)

set -eu

build=$1
# Made by the first step of each build, and names the compiler as kbuild was told it.
command=$(sed -n '1s/^[^ ]* := //p' "$build/scripts/mod/.empty.o.cmd" 2>/dev/null || true)
cc=${command%% -*}
[ -n "$cc" ] || exit 0

# Behind ccache and its like.
compiler=${cc##* }
name=${compiler##*/}
case $name in
clang|clang-[0-9]*)
	if grep -q '^CONFIG_LD_IS_LLD=y' "$build/.config"; then
		case $compiler in
		*/*)	llvm=${compiler%/*}/ ;;
		*)	llvm=${name#clang} ;;
		esac
		echo "LLVM=${llvm:-1}"
		[ "$cc" = "$compiler" ] || echo "CC=$cc"
		exit 0
	fi ;;
esac
echo "CC=$cc"
