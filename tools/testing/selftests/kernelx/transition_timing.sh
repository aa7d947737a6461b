#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A measurement, not a test: how long transitions of two knobs take while instances of
# them are executed on all CPUs, beside a live patch of the same function, in the same
# guest and run; and mode global with 16 threads.
#
#	transition_timing.sh [TRANSITIONS [LIVEPATCHES]]	300 and 20
#
# vm: --smp 4

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
transitions=${1:-300}
livepatches=${2:-20}
instances=/sys/kernel/debug/kernelx_instances
first=net/hystart_delay_min
second=net/hystart_delay_max
trap 'echo stop >$instances/control; remove kernelx_instances; reset_all' EXIT
trap 'exit 1' INT TERM

set_mode()
{
	echo "$1" >$KX_META/$first/mode
	echo "$1" >$KX_META/$second/mode
}

row()
{
	echo "$2" | awk -v "what=$1" '{ printf "%-44s %11s %11s %11s %s\n", what, $1, $2, $3, $4 }'
}

# time_mode MODE
time_mode()
{
	set_mode "$1"
	"$KX_HERE/timing" -b $KX_ROOT/transaction "$first=8000 $second=32000" \
		"$first=4000 $second=16000" "$transitions"
	set_mode default
}

insert kernelx_instances
cpus=$(nproc)
echo "$cpus CPUs, microseconds: minimum, median, 99 %; and how many ended with EBUSY"
row "mode instance, idle" "$(time_mode instance)"
row "mode global, idle" "$(time_mode global)"
echo "start 1" >$instances/control
row "mode immediate, a thread for each CPU" "$(time_mode immediate)"
row "mode instance, a thread for each CPU" "$(time_mode instance)"
row "livepatch, a thread for each CPU" \
	"$("$KX_HERE/livepatch_timing" $KX_MODULES/kernelx_livepatch_loop.ko kernelx_livepatch_loop "$livepatches")"
echo stop >$instances/control
echo "start $((16 / cpus))" >$instances/control
row "mode global, 16 threads, depth 10" "$(time_mode global)"
