#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Several writers turn all knobs while disk, network, memory and modules work.
# Afterwards every site holds what its file shows, and nothing has broken.
#
#	storm.sh [CHANGES]
#
# 1000 changes by default; 100000 is the full test, about an hour with 4 CPUs in turn.
#
# vm: --smp 4 --disk 256M --timeout 7200

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 4
changes=${1:-${KERNELX_STORM:-1000}}
plan 9

# A task that is throttled sleeps for up to two seconds in the span of a knob that says
# for how long: with less time than that, a change of it is rightly undone now and then.
echo 10000 >"$KX_ROOT/transition_timeout_ms"

work=$(mktemp -d)
group=/sys/fs/cgroup/kernelx-storm
pids=

cleanup()
{
	touch "$work/stop"
	for pid in $pids; do
		kill "$pid" 2>/dev/null || true
	done
	wait
	swapoff /dev/zram0 2>/dev/null || true
	remove zram || true
	echo 1000 >"$KX_ROOT/transition_timeout_ms"
	rmdir "$group" 2>/dev/null || true
	reset_all
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# Swap that needs no disk; more memory is used than the group may have.
swap_in_memory()
{
	modprobe zram
	echo 128M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
	mkdir "$group"
	# Not memory.max: some valid values give up reclaim early enough for an OOM kill.
	echo 16M >"$group/memory.high"
}

come_and_go()
{
	rounds=0
	while [ ! -e "$work/stop" ]; do
		for module in null_blk loop nf_conntrack tcp_bbr; do
			modprobe "$module" || return 1
		done
		insert kernelx_test || return 1
		cat /sys/kernel/debug/kernelx_test/registers >"$work/registers"
		! grep -q damaged "$work/registers" || return 1
		for module in kernelx_test null_blk loop nf_conntrack tcp_bbr; do
			rmmod "$module" || return 1
		done
		rounds=$((rounds + 1))
		sleep 0.1
	done
	echo "$rounds rounds"
}

tc qdisc add dev lo root netem delay 2ms 2>/dev/null || true
works "there is swap, and a group with too little memory" swap_in_memory
start disk "$KX_HERE/load" disk /mnt/storm
start tcp "$KX_HERE/load" tcp 127.0.0.1
# shellcheck disable=SC2016 # for that shell to expand
start memory sh -c 'echo $$ >"$1/cgroup.procs" && exec "$2/load" memory 24' sh "$group" "$KX_HERE"
start modules come_and_go

if "$KX_HERE/storm" -n "$changes"; then
	ok "every change is taken"
else
	not_ok "every change is taken"
fi
touch "$work/stop"
for name in disk tcp memory; do
	kill "$(cat "$work/$name.pid")" 2>/dev/null || true
done
swapped=$(sed -n 's/^pswpin //p' /proc/vmstat)
ended disk "the disk returned what was written"
ended tcp "connections delivered what was sent"
ended memory "memory held what was stored"
ended modules "modules came and went"
pids=
echo "# $swapped pages were read from swap"
none "$(all_sites_fault)" "every site holds what its file shows"
reset_all
none "$(for knob in $(knobs); do
	[ "$(get "$knob")" = "$(meta "$knob" default)" ] || echo "$knob: $(get "$knob")"
done; all_sites_fault)" "and its default after that"
none "$(log_fault)" "the kernel has nothing to complain about"

finish
