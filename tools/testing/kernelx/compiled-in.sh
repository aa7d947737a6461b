#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build a kernel in which the values that the probes name are compiled in: the base
# without anything of KernelX, with the constants edited in the source as a person would
# do it, by the "edit" line of each probe.
#
# usage: compiled-in.sh --kernel-build DIR [--jobs N]
#
#   --kernel-build DIR  build directory, build/<base>/<config>, of the kernel to compare
#                       with: configuration and compiler are taken from there
#
# Beside DIR it makes compiled-in-tree, which takes no space to speak of (what is not
# edited is a hard link to the pristine tree), compiled-in-tree.diff, all that was edited,
# and compiled-in, the build directory.
#
# What the probes do not need is left out, see kernel/configs/kernelx_compiled_in.config:
# debug information, drivers and file systems. What remains is compiled with the same
# options.

set -eu -o pipefail
export LC_ALL=C

fail()
{
	echo "compiled-in: $*" >&2
	exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../.." && pwd)
build='' jobs=$(nproc)
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: unknown option, or its value is missing"
	case $1 in
	--kernel-build)	build=$2 ;;
	--jobs)		jobs=$2 ;;
	*)		fail "$1: unknown option" ;;
	esac
	shift 2
done
[ -e "$build/.config" ] || fail "--kernel-build '$build': no build directory of a kernel"
build=$(cd "$build" && pwd)
home=$(dirname "$build")
pristine=$home/pristine-tree
tree=$home/compiled-in-tree
output=$home/compiled-in
partial=$tree.partial
fragment=$repository/kernel/configs/kernelx_compiled_in.config

# Each probe's edits, a line each: knob, file, sed expression.
list_edits()
{
	local probe knob

	for probe in "$here"/probes/*/*.sh; do
		knob=${probe#"$here"/probes/}
		knob=${knob%.sh}
		grep -q '^# edit ' "$probe" || fail "$probe: no line '# edit FILE: SED-EXPRESSION'"
		sed -n "s,^# edit \([^:]*\): \(.*\)$,$knob \1 \2,p" "$probe"
	done
}

# An edit that changes nothing would go unnoticed until its probe does not agree.
make_tree()
{
	local knob file expression

	rm -rf "$partial"
	cp -al "$pristine" "$partial"
	while read -r knob file expression; do
		[ -e "$partial/$file" ] || fail "probe of $knob: the base has no $file"
		sed "$expression" "$partial/$file" >"$partial.file" || fail "probe of $knob: sed does not take: $expression"
		! cmp -s "$partial/$file" "$partial.file" ||
			fail "probe of $knob: the edit changes nothing in $file: bring it up to date: $expression"
		cp --remove-destination "$partial.file" "$partial/$file"
	done <<<"$1"
	rm -f "$partial.file"
	# What is as before keeps its time, and is not compiled again.
	cut -d ' ' -f 2 <<<"$1" | sort -u | while read -r file; do
		! cmp -s "$partial/$file" "$tree/$file" || cp -p --remove-destination "$tree/$file" "$partial/$file"
		diff -u --label "a/$file" --label "b/$file" "$pristine/$file" "$partial/$file" || true
	done >"$tree.diff"
	rm -rf "$tree.old"
	[ ! -e "$tree" ] || mv "$tree" "$tree.old"
	mv "$partial" "$tree"
	rm -rf "$tree.old"
}

edits=$(list_edits)
"$repository/scripts/kernelx/pristine.sh" --build "$(dirname "$home")" --base "$(basename "$home")"
key=$(
	cat "$pristine.key"
	printf '%s\n' "$edits"
	stat -c '%s %y' "${BASH_SOURCE[0]}"
)
mkdir -p "$output"
exec 9>"$output/lock"
flock 9
if [ ! -e "$tree" ] || [ "$key" != "$(cat "$tree.key" 2>/dev/null)" ]; then
	rm -f "$tree.key"
	make_tree "$edits"
	printf '%s\n' "$key" >"$tree.key"
fi

mapfile -t toolchain < <("$here/toolchain.sh" "$build")
kmake=(env -u MAKEFLAGS -u MAKEOVERRIDES -u MAKELEVEL -u MFLAGS CCACHE_DEPEND=1
	KBUILD_BUILD_USER=kernelx KBUILD_BUILD_HOST=kernelx
	make --no-print-directory -C "$tree" "O=$output" ARCH=x86_64 ${toolchain[@]+"${toolchain[@]}"})

inputs=$(grep -v KERNELX "$build/.config" && cat "$fragment")
if [ ! -e "$output/.config" ] || [ "$inputs" != "$(cat "$output/kernelx.inputs" 2>/dev/null)" ]; then
	rm -f "$output/kernelx.inputs"
	awk '
		match($0, /CONFIG_[A-Za-z0-9_]+/) && (/^CONFIG_/ || /^# CONFIG_[A-Za-z0-9_]+ is not set/) {
			line[substr($0, RSTART, RLENGTH)] = $0
		}
		END {
			for (name in line)
				print line[name]
		}' <<<"$inputs" >"$output/.config"
	"${kmake[@]}" -s olddefconfig
	grep -E '^(# )?CONFIG_' "$fragment" | while read -r line; do
		name=$(grep -o "CONFIG_[A-Z0-9_]*" <<<"$line")
		case $line in
		'#'*)	! grep -q "^$name=" "$output/.config" ;;
		*)	grep -qxF "$line" "$output/.config" ;;
		esac || fail "$fragment: not obtained: $line"
	done
	printf '%s\n' "$inputs" >"$output/kernelx.inputs"
fi
! grep -q KERNELX "$output/.config" || fail "$output/.config: has an option of KernelX"

"$repository/scripts/kernelx/progress.sh" "$output/build.log" "${kmake[@]}" "-j$jobs" vmlinux modules
