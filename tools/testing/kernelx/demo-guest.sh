#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The part of demo.sh that runs in the VM: read a file with a cold cache before and
# after mm/readahead is turned, and print, for the host, the sizes of the requests
# that the block layer issued:
#
#   <before|after> <knob's value> <request size in bytes> <number of requests>

set -eu

knob=/sys/kernel/kernelx/mm/readahead
event=/sys/kernel/tracing/events/block/block_rq_issue
file=/mnt/file

if [ ! -e "$knob" ]; then
	echo "demo: $knob does not exist: this kernel has no knob mm/readahead" >&2
	exit 1
fi

# Read the file once from the disk and print the histogram, its lines begun with $1.
measure()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 'hist:keys=bytes:sort=bytes if rwbs ~ "R*"' >"$event/trigger"
	dd if="$file" of=/dev/null bs=64k 2>/dev/null
	sed -n "s/^{ bytes: *\([0-9]*\) *} hitcount: *\([0-9]*\).*/$1 $(cat "$knob") \1 \2/p" "$event/hist"
	echo '!hist:keys=bytes:sort=bytes if rwbs ~ "R*"' >"$event/trigger"
}

dd if=/dev/zero of="$file" bs=1M count=64 2>/dev/null
measure before
echo 64 >"$knob"
measure after
