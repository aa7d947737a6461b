#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A measurement, not a test: from write(2) to the last site patched, beside the
# flip of a static key with as many branches, in the same guest and run.
#
#	timing.sh [WRITES]	1000 for each line
#
# vm: --smp 2

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
grep -q " jump_label_text_reserved\$" /proc/kallsyms ||
	bail_out "needs CONFIG_JUMP_LABEL: without it a static key is a variable"
writes=${1:-1000}
keys=/sys/kernel/debug/kernelx_flip
trap 'remove kernelx_flip; reset_all' EXIT
trap 'exit 1' INT TERM

# measure FILE TEXT OTHER-TEXT: three numbers, in columns
measure()
{
	"$KX_HERE/timing" "$1" "$2" "$3" "$writes" |
		awk '{ printf " %9s %9s %9s", $1, $2, $3 }'
}

insert kernelx_flip
reset_all
echo "$writes writes for each line, $(nproc) CPUs; microseconds: minimum, median, 99 %"
printf '%-34s %5s %29s %29s\n' knob sites 'write to the knob' 'flip of a static key'
for knob in $(knobs); do
	echo "$(wc -l <"$KX_META/$knob/sites") $knob"
done | sort -n | awk '!seen[$1]++' | while read -r sites knob; do
	[ -e $keys/"$sites" ] || continue
	printf '%-34s %5d' "$knob" "$sites"
	measure "$KX_ROOT/$knob" "$(other_value "$knob")" default
	measure $keys/"$sites" 1 0
	echo
done
