#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With CONFIG_KERNELX=n, does every object file have the code and the data that it has
# without KernelX? Debug information and comments are not compared.
#
# usage: identical.sh --off DIR --pristine DIR
#		All of two finished builds: DIR is the build directory of a KernelX tree
#		with CONFIG_KERNELX=n, and of the pristine tree with the same options.
#		Both must have been made with the same KBUILD_BUILD_TIMESTAMP, _USER,
#		_HOST and _VERSION, and with -fdebug-prefix-map for tree and build
#		directory (the build ID of the vDSO is a checksum of its debug
#		information too).
#
#        identical.sh --quick --kernel-build DIR --pristine-tree DIR --pristine DIR [--jobs N]
#			[--only OBJECT]
#		Only objects that KernelX is most likely to change, compiled for this,
#		with the commands and the configuration of a build of the KernelX tree
#		but without CONFIG_KERNELX. These are the objects
#		 - of each .c file that a patch or the catalogue changes,
#		 - that have a site if CONFIG_KERNELX=y,
#		 - of each user of a changed header, where these are not more than 20.
#		Not covered: what a change of a header that almost everything includes
#		does to the remaining objects, and what objtool and the linker add.
#		--pristine is the directory of the pristine text of changed files.
#
# Prints each difference and the number of objects compared. Exit status: 0 none
# differs, 1 some do, 2 it could not be found out.

set -eu -o pipefail
export LC_ALL=C

fail()
{
	echo "identical: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
quick='' only='' off='' pristine='' kernel_build='' pristine_tree='' jobs=$(nproc)
max_users=20
while [ $# -gt 0 ]; do
	if [ "$1" = --quick ]; then
		quick=y
		shift
		continue
	fi
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--off)			off=$2 ;;
	--pristine)		pristine=$2 ;;
	--kernel-build)		kernel_build=$2 ;;
	--pristine-tree)	pristine_tree=$2 ;;
	--only)			only=$2 ;;
	--jobs)			jobs=$2 ;;
	*)			fail "$1: unknown option" ;;
	esac
	shift 2
done

# At the same place each time, or the compiler cache would not know it again.
if [ -n "$quick" ] && [ -d "$kernel_build" ]; then
	work=$(cd "$kernel_build" && pwd)/identical
	rm -rf "$work"
	mkdir "$work"
else
	work=$(mktemp -d)
fi
trap 'rm -rf "$work"' EXIT

cc -O2 -Wall -o "$work/compare" "$here/compare-objects.c" -lelf ||
	fail "cannot compile compare-objects.c (make packages installs what is needed)"

# compare DIR_A DIR_B NAMES
compare()
{
	local status=0

	"$work/compare" "$1" "$2" <"$3" || status=$?
	[ "$status" -le 1 ] || fail "could not compare all of them"
	return "$status"
}

# The objects of a build that are for the kernel, not for programs of its build.
list_objects()
{
	(cd "$1" && find . \( -path ./tools -o -path ./scripts -o -path ./arch/x86/tools -o -path ./vm \
		-o -path ./check -o -path ./bench -o -path ./identical \) -prune -o -name '*.o' -type f -printf '%P\n') | sort
}

option()
{
	sed -n "s/^$1=//p" "$2/.config"
}

if [ -z "$quick" ]; then
	for directory in "$off" "$pristine"; do
		[ -e "$directory/vmlinux.o" ] || fail "'$directory': no finished build there"
	done
	[ -z "$(option CONFIG_KERNELX "$off")" ] || fail "$off: built with CONFIG_KERNELX=y"
	if ! diff <(grep -v KERNELX "$off/.config") <(grep -v KERNELX "$pristine/.config") >"$work/config"; then
		head -n 20 "$work/config" >&2
		fail "the two configurations differ in more than KernelX"
	fi
	list_objects "$off" >"$work/in_off"
	list_objects "$pristine" >"$work/in_pristine"
	comm -3 "$work/in_off" "$work/in_pristine" >"$work/alone"
	comm -12 "$work/in_off" "$work/in_pristine" >"$work/names"
	sed 's,^\t\(.*\),\1: only in the pristine build,; t; s,$,: only in the build with KernelX,' "$work/alone"
	status=0
	compare "$off" "$pristine" "$work/names" || status=1
	[ ! -s "$work/alone" ] || status=1
	exit "$status"
fi

for directory in "$kernel_build" "$pristine_tree" "$pristine"; do
	[ -d "$directory" ] || fail "'$directory': no such directory"
done
kernel_build=$(cd "$kernel_build" && pwd)
pristine_tree=$(cd "$pristine_tree" && pwd)
tree=$(sed -n 's/^include \(.*\)\/Makefile$/\1/p' "$kernel_build/Makefile" | head -n 1)
[ -d "$tree" ] || fail "$kernel_build: cannot tell which tree it was built from"

# The configuration of that build, without KernelX.
mkdir -p "$work/include/generated"
grep -v '^#define CONFIG_[A-Z_]*KERNELX' "$kernel_build/include/generated/autoconf.h" \
	>"$work/include/generated/autoconf.h"

# The command file of an object.
command_file()
{
	echo "$kernel_build/$(dirname "$1")/.$(basename "$1").cmd"
}

(cd "$pristine" && find . -type f -printf '%P\n') >"$work/changed"
(cd "$kernel_build" && find . \( -path ./tools -o -path ./scripts \) -prune -o -name '.*.o.cmd' -printf '%P\n') \
	>"$work/commands"
{
	sed -n 's/\.c$/.o/p' "$work/changed"
	(cd "$kernel_build" && sed 's,\(^\|/\)\.\([^/]*\)\.cmd$,\1\2,' "$work/commands" |
		xargs grep -ls kernelx_value_ || true) | grep -v '^vmlinux' || true
	grep '\.h$' "$work/changed" | while read -r header; do
		(cd "$kernel_build" && xargs grep -lsF " $tree/$header " <"$work/commands") |
			sed 's,\(^\|/\)\.\([^/]*\)\.cmd$,\1\2,' >"$work/users" || true
		[ "$(wc -l <"$work/users")" -gt "$max_users" ] || cat "$work/users"
	done
} | grep -vE '^(tools|scripts)/' | sort -u | while read -r object; do
	file=$(command_file "$object")
	# Made from one C file, and not one of KernelX itself.
	if [ -e "$file" ] && grep -q '^source_[^ ]* := .*\.c$' "$file" && [ -e "$pristine_tree/${object%.o}.c" ]; then
		echo "$object"
	fi
done >"$work/names"
if [ -n "$only" ]; then
	echo "$only" >"$work/names"
fi
[ -s "$work/names" ] || fail "$kernel_build: no object to compare found"

# Compile $1 as in that build, but without CONFIG_KERNELX and debug information, once
# from each tree. Only the name of the tree differs.
compile()
{
	local command file

	file=$(command_file "$1")
	command=$(sed -n 's/^savedcmd_[^ ]* := //p' "$file")
	command=${command%%;*}
	command=$(sed 's# -Wp,-MMD,[^ ]*# #; s# -c -o [^ ]* # -c #' <<<"$command")
	command=${command/ -nostdinc / -nostdinc -I"$work/include" }
	mkdir -p "$work/off/$(dirname "$1")" "$work/pristine/$(dirname "$1")"
	cd "$kernel_build"
	eval "$command -g0 -w -o '$work/off/$1'" &&
		eval "${command//"$tree"/"$pristine_tree"} -g0 -w -o '$work/pristine/$1'"
}
export -f compile command_file
export work kernel_build tree pristine_tree

tr '\n' '\0' <"$work/names" | xargs -0 -P "$jobs" -I{} bash -c 'compile {}' >"$work/log" 2>&1 || {
	tail -n 20 "$work/log" >&2
	fail "compiling failed"
}
compare "$work/off" "$work/pristine" "$work/names"
