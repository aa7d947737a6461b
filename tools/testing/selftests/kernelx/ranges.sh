#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every knob goes to the ends of its range and back, one after the other, while disk,
# network, memory, processes and control groups are at work: no end may break anything.
# Modules with knobs are loaded, so that their sites change too.
#
# vm: --smp 2 --disk 256M

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
need_cpus 2
plan 10

work=$(mktemp -d)
group=/sys/fs/cgroup/kernelx-ranges
pids=
# How long a knob stays at an end, in seconds.
rest=${KERNELX_RANGES_REST:-0.02}
# All the modules of the configuration whose code has knobs.
modules="null_blk loop zram nf_conntrack nf_nat tcp_bbr tls sch_htb xfs btrfs nfs nfsv4
	raid1 raid10 dm-snapshot dm-thin-pool dm-writecache nvme nvme-tcp nvmet-tcp virtio_balloon"

cleanup()
{
	touch "$work/stop"
	for pid in $pids; do
		kill "$pid" 2>/dev/null || true
	done
	wait
	swapoff /dev/zram0 2>/dev/null || true
	rmdir "$group" 2>/dev/null || true
	echo 1000 >$KX_ROOT/transition_timeout_ms
	reset_all
	for module in nfsv4 $modules; do
		modprobe -r "$module" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

swap_in_memory()
{
	echo 64M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
	mkdir "$group"
	echo 16M >"$group/memory.high"
}

# Processes, files, directories, pipes, and control groups that come and go.
files()
{
	rounds=0
	mkdir -p /mnt/ranges
	while [ ! -e "$work/stop" ]; do
		mkdir "$group/sub"
		for n in 1 2 3 4 5 6 7 8; do
			tr '[:lower:]' '[:upper:]' </proc/self/stat | cat >"/mnt/ranges/file$n"
		done
		dd if=/dev/zero of=/mnt/ranges/large bs=64k count=32 2>/dev/null
		dd if=/mnt/ranges/large of=/dev/null bs=4k 2>/dev/null
		rm -r /mnt/ranges/*
		rmdir "$group/sub"
		rounds=$((rounds + 1))
		sleep 0.2
	done
	echo "$rounds rounds"
}

# Those that the kernel was built without are not there.
for module in $modules; do
	modprobe "$module" 2>/dev/null || echo "# $module is not there"
done
# Reclaim that comes to nothing can take its time.
echo $((7500 * ${KERNELX_SLOW:-1})) >$KX_ROOT/transition_timeout_ms
# In instrumented code, a value may go where it cannot be followed.
unbounded=$(grep -l unbounded "$KX_META"/*/*/class || true)
[ "${KERNELX_SLOW:-1}" = 1 ] || unbounded=
none "$unbounded" "of every value it is known where it goes, with all modules"
# The modules may have made some of them unbounded.
bound_modes
works "there is swap, and a group with too little memory" swap_in_memory
start disk "$KX_HERE/load" disk /mnt/ranges-disk
start tcp "$KX_HERE/load" tcp 127.0.0.1
# shellcheck disable=SC2016 # for that shell to expand
start memory sh -c 'echo $$ >"$1/cgroup.procs" && exec "$2/load" memory 20' sh "$group" "$KX_HERE"
start files files

faults=
turned=0
for knob in $(knobs); do
	file=$KX_ROOT/$knob
	read -r min <"$KX_META/$knob/min"
	read -r max <"$KX_META/$knob/max"
	# A splat names the knob that was turned last.
	echo "kernelx ranges: $knob" >/dev/kmsg
	for value in "$min" "$max" default; do
		echo "$value" 2>"$work/error" >"$file" || faults="$faults
$knob: $value: $(cat "$work/error")"
		[ "$value" = default ] || sleep "$rest"
	done
	turned=$((turned + 1))
done
echo "# $turned knobs"
none "$faults" "every knob can be turned to the ends of its range, and back"
# Regression: the tables of the kernel did not grow any more, or refused chains that came by chance.
cat "$KX_META/lib/rhashtable_grow_load/max" >"$KX_ROOT/lib/rhashtable_grow_load"
cat "$KX_META/lib/rhashtable_elasticity/min" >"$KX_ROOT/lib/rhashtable_elasticity"
works "hash tables grow, and take what comes" "$KX_HERE/load" netlink 500
echo default >"$KX_ROOT/lib/rhashtable_grow_load"
echo default >"$KX_ROOT/lib/rhashtable_elasticity"
touch "$work/stop"
for name in disk tcp memory; do
	kill "$(cat "$work/$name.pid")" 2>/dev/null || true
done
ended disk "the disk returned what was written"
ended tcp "connections delivered what was sent"
ended memory "memory held what was stored"
ended files "files, processes and control groups came and went"
pids=
none "$(all_sites_fault)" "every site holds its default again"
none "$(log_fault)" "the kernel has nothing to complain about"

finish
