#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The front door: what it says to what it cannot do, before it builds anything; where it
# builds; and that it does so once at a time. TAP output.

set -eu

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

front_door()
{
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$repository" "$@" 2>&1 </dev/null || echo "status $?"
}

# refused TEXT NAME ARGUMENT...: without a step of a build
refused()
{
	local text=$1 name=$2 output

	shift 2
	output=$(front_door "$@")
	case $output in
	*'steps done'*|*"  CC "*)	output="it built: $output" ;;
	*'status 2'*)			;;
	*)				output="it did not fail: $output" ;;
	esac
	case $output in
	'it '*)	result_has "a failure" "$output" "$name" ;;
	*)	result_has "$text" "$output" "$name" ;;
	esac
}

# directory ARGUMENT...: the build directory, below that of the base
directory()
{
	front_door -n build "$@" | sed -n 's,.* O=[^ ]*/build/[^/]*/\([^ /]*\) .*,=\1=,p' | head -n 1
}

echo "1..23"
refused '(SMP=) two: give a number of CPUs' "SMP=two" vm SMP=two CMD=true
refused '(SMP=) 0: give a number of CPUs' "SMP=0" vm SMP=0 CMD=true
refused '(MEM=) lots: give megabytes or gigabytes' "MEM=lots" vm MEM=lots CMD=true
refused '(TIMEOUT=) 5m: give a number of seconds' "TIMEOUT=5m" vm TIMEOUT=5m CMD=true
refused '(THREAD=) both: give single or multi' "THREAD=both" vm THREAD=both CMD=true
refused '(DISK=) -1: give megabytes or gigabytes' "DISK=-1" vm DISK=-1 CMD=true
refused 'KERNEL=6.99 is not known: give one of 6.12 7.3; KERNEL_SRC=path' "an unknown KERNEL" build KERNEL=6.99
refused 'KERNEL_SRC=/no/such: no such file' "a KERNEL_SRC that does not exist" build KERNEL_SRC=/no/such
refused 'CONFIG=nosuch is not known: give vm, off' "an unknown CONFIG" build CONFIG=nosuch
result_has "=none" "=$(find "$repository/build" -maxdepth 1 \( -name 6.99 -o -name 'src-such-*' \) 2>/dev/null || true)none" \
	"neither leaves anything behind"

result_has "=vm=" "$(directory)" "the build directory carries the configuration"
result_has "=vm-llvm=" "$(directory LLVM=1)" "and the compiler, if it is another one"
result_has "=debug-llvm-16=" "$(directory CONFIG=debug LLVM=-16)" "with its version"
result_has "=vm-gcc-99=" "$(directory CC='ccache gcc-99')" "whichever way it is given"

result_has "/kx:/kernelx/bin/kx" "$(front_door -n -o vm-tools vm CMD=true | tr -d "'")" "make vm has kx in the PATH of the machine"

refused 'which knob? make probe KNOB=mm/shrink_batch' "make probe without a knob" probe
printf '%s\n' '# a comment' 'mm_shrink_batch mm/shrink_batch state -' 'mm_readahead mm/readahead state -' \
	'net_gro_max_skbs net/gro_max_skbs - -' >"$work/answers"
# symbol NAME
symbol()
{
	"$repository/scripts/kernelx/knob-symbol.sh" "$work/answers" "$1" 2>&1 || echo "status $?"
}
result_has "=mm_readahead=" "=$(symbol mm/readahead)=" "a knob of the catalogue"
result_has "mm/shrnk_batch: the catalogue has no such knob: did you mean mm/shrink_batch?" "$(symbol mm/shrnk_batch)" \
	"one that is mistyped"
result_has "did you mean net/gro_max_skbs?" "$(symbol mm/gro_max)" "a part of one"
result_has "=nosuch: the catalogue has no such knob status 1=" "=$(symbol nosuch | xargs)=" "one that is like no other"

exclusive=$repository/scripts/kernelx/exclusive.sh
{
	"$exclusive" "$work/build" sh -c 'echo begin; sleep 2; echo end' &
	sleep 1
	"$exclusive" "$work/build" echo second 2>"$work/error"
	wait
} >"$work/output"
result_has "begin end second" "$(tr '\n' ' ' <"$work/output")" "two builds in one directory take turns"
result_has "waiting for another build in $work/build" "$(cat "$work/error")" "and the second one says so"
status=0
"$exclusive" "$work/build" sh -c 'exit 3' || status=$?
result_has 3 "$status" "the status is that of the command"
[ "$failed" -eq 0 ]
