#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Show one knob at work: mm/readahead, and the size of the requests that a sequential
# read of a file makes at the block layer. Status 0 only if the typical request
# doubled when the knob did.
#
# usage: demo.sh --kernel-build DIR

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -ne 2 ] || [ "$1" != --kernel-build ]; then
	echo "usage: demo.sh --kernel-build DIR" >&2
	exit 2
fi

echo "booting the kernel in QEMU: a 64M file is read from an ext4 virtio disk, then"
echo "    echo 64 > /sys/kernel/kernelx/mm/readahead"
echo "and it is read again."
echo
status=0
measured=$("$here/vm.sh" --kernel-build "$2" --disk 256M --file "$here/demo-guest.sh:/kernelx/demo" \
	-- sh /kernelx/demo) || status=$?
if [ "$status" -ne 0 ]; then
	printf '%s\n' "$measured"
	echo "demo: the VM ended with status $status" >&2
	exit 1
fi

# The typical request is the one that the median byte was read with.
awk '
	$1 == "before" || $1 == "after" {
		value[$1] = $2
		requests[$1] += $4
		bytes[$1] += $3 * $4
		size[$1, ++sizes[$1]] = $3
		count[$1, sizes[$1]] = $4
	}
	function median(run,   i, sum)
	{
		for (i = 1; i <= sizes[run]; i++) {
			sum += size[run, i] * count[run, i]
			if (sum * 2 >= bytes[run])
				return size[run, i]
		}
		return 0
	}
	function row(run)
	{
		printf "%-8s %15d %12d %13.1f %19d\n", run, value[run], requests[run],
			bytes[run] / 1048576, median(run) / 1024
	}
	END {
		if (!bytes["before"] || !bytes["after"]) {
			print "demo: no requests were seen"
			exit 1
		}
		printf "%-8s %15s %12s %13s %19s\n", "", "mm/readahead", "requests", "read", "typical request"
		printf "%-8s %15s %12s %13s %19s\n", "", "(pages)", "", "(MiB)", "(KiB)"
		row("before")
		row("after")
		print ""
		if (value["after"] != 2 * value["before"] || median("after") != 2 * median("before")) {
			print "demo: the typical request did not double"
			exit 1
		}
		print "The typical request doubled."
	}' <<<"$measured"
