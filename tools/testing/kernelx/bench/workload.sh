#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A fixed sequence of work in the VM: processes, pipes, files, a disk with memory
# pressure, loopback network. Prints nothing.
#
# usage: workload.sh ROUNDS

set -eu

rounds=$1
mkdir -p /tmp/w /tmp/disk /sys/fs/cgroup/w
echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
echo 24M >/sys/fs/cgroup/w/memory.max 2>/dev/null || true
# A disk in memory: it is done with a request at a time that depends on nothing outside.
modprobe null_blk memory_backed=1 gb=1 >/dev/null 2>&1
mke2fs -F -b 4096 /dev/nullb0 65536 >/dev/null
mount -t ext4 /dev/nullb0 /tmp/disk

processes()
{
	i=0
	while [ $i -lt 100 ]; do
		/bin/true
		i=$((i + 1))
	done
}

pipes()
{
	dd if=/dev/zero bs=4k count=2000 2>/dev/null | cat | md5sum >/dev/null
}

files()
{
	i=0
	while [ $i -lt 100 ]; do
		echo $i >/tmp/w/$i
		mv /tmp/w/$i /tmp/w/file$i
		i=$((i + 1))
	done
	find /tmp/w -type f -exec cat {} + >/dev/null
	rm -f /tmp/w/*
}

# Larger than the control group's memory: readahead, plugging and reclaim.
disk()
{
	(
		echo 0 >/sys/fs/cgroup/w/cgroup.procs
		dd if=/dev/zero of=/tmp/disk/data bs=64k count=640 2>/dev/null
		sync
		dd if=/tmp/disk/data of=/dev/null bs=64k 2>/dev/null
		rm /tmp/disk/data
	)
}

network()
{
	nc -l -p 5000 >/dev/null </dev/null &
	server=$!
	# Until it listens: 0A is that state.
	until grep -q ':1388 .*:0000 0A ' /proc/net/tcp /proc/net/tcp6 2>/dev/null; do
		:
	done
	dd if=/dev/zero bs=16k count=300 2>/dev/null | nc 127.0.0.1 5000
	wait $server
}

while [ "$rounds" -gt 0 ]; do
	processes
	pipes
	files
	disk
	network
	rounds=$((rounds - 1))
done
umount /tmp/disk
