#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 3 --disk 256M
# State that is latched while a transition drains: by a task that has gone over, and so
# with the new value, or in mode global at the gate. When the transition is undone, it
# goes back with the rest. A machine of its own: once mm/readahead has changed, what is
# latched is what the last change has left (mm/kernelx_readahead.c).

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
plan 9

instances=/sys/kernel/debug/kernelx_instances
first=net/hystart_delay_min
timeout=$KX_ROOT/transition_timeout_ms
device=/sys/kernel/config/nullb/nullb0
latched=/sys/block/nullb0/queue/read_ahead_kb

cleanup()
{
	echo wake >$instances/control || true
	remove kernelx_instances || true
	rmdir $device 2>/dev/null || true
	rmmod null_blk 2>/dev/null || true
	echo default >$KX_META/$first/mode
	echo 1000 >$timeout
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# field NAME: of the file transition
field()
{
	sed -n "s/^$1 //p" $KX_ROOT/transition
}

# A transition waits, and says for whom.
blocked()
{
	[ "$(field step)" = drain ] && [ -n "$(field blocker)" ]
}

# What a write to the file "transaction" gave.
transact()
{
	"$KX_HERE/put" $KX_ROOT/transaction "$*"
}

insert kernelx_instances
modprobe null_blk nr_devices=0
mount -t configfs none /sys/kernel/config 2>/dev/null || true
usual=$(cat /sys/block/vda/queue/read_ahead_kb)
for mode in instance global; do
	echo $mode >$KX_META/$first/mode
	echo $((2000 * ${KERNELX_SLOW:-1})) >$timeout
	echo sleep >$instances/control
	transact mm/readahead=64 $first=8000 >/dev/null &
	writer=$!
	wait_for 10 blocked
	mkdir $device
	echo 1 >$device/power
	[ $mode = global ] ||
		is "$(cat $latched)" $((2 * usual)) "mode $mode: a disk that comes in a drain has the new value"
	wait $writer 2>/dev/null || true
	is "$(field result)" -16 "mode $mode: the transition is undone"
	is "$(cat $latched)" "$usual" "mode $mode: the disk has the old value"
	is "$(get mm/readahead)" 32 "mode $mode: and the knob"
	rmdir $device
	echo wake >$instances/control
done

text="mm/readahead=64 $first=8000"
is "$(transact $text)" "ok ${#text}" "the next transition works"
none "$(log_fault)" "no splat in the log"
finish
