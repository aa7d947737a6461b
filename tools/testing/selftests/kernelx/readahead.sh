#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# mm/readahead is latched: existing block devices and open files follow a change
# where they still hold the default; what somebody chose stays.
#
# Needs root, a scratch ext4 file system on /dev/vda, tracefs, the modules
# null_blk and zram, and readahead_file beside this script.
#
# What a file's readahead is, is measured: the most common size of the read
# requests that the block layer issues while the file is read.

set -eu

knob=/sys/kernel/kernelx/mm/readahead
tracing=/sys/kernel/tracing
here=$(cd "$(dirname "$0")" && pwd)
helper=$here/readahead_file
plan=32
number=0
failed=0

ok()
{
	number=$((number + 1))
	echo "ok $number - $*"
}

# is GOT WANTED NAME: one test
is()
{
	if [ "$1" = "$2" ]; then
		shift 2
		ok "$@"
	else
		number=$((number + 1))
		failed=$((failed + 1))
		echo "not ok $number - $3"
		echo "# got $1, should be $2"
	fi
}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 4
}

# skip COUNT REASON
skip()
{
	for _ in $(seq "$1"); do
		ok "# SKIP $2"
	done
}

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ -w $knob ] || skip_all "no knob mm/readahead: needs a kernel with CONFIG_KERNELX"
[ -b /dev/vda ] || skip_all "needs a scratch ext4 file system on /dev/vda"
[ -x "$helper" ] || skip_all "readahead_file is not here: gcc -static -o readahead_file readahead_file.c"
[ -d $tracing/events ] || mount -t tracefs tracefs $tracing || skip_all "needs tracefs"
grep -q ' /mnt ' /proc/mounts || mount -t ext4 /dev/vda /mnt || skip_all "/dev/vda does not mount"

work=$(mktemp -d)
trace=$tracing/instances/readahead-$$
before=$(cat "$knob")
page_kb=$(($("$helper" pagesize) / 1024))

# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	exec 3>&- 4<&- || true
	echo "$before" >"$knob" || true
	rmdir "$trace" 2>/dev/null || true
	rm -rf "$work" /mnt/readahead-*
	for module in null_blk zram; do
		rmmod "$module" 2>/dev/null || true
	done
}
trap cleanup EXIT
trap 'exit 1' INT TERM

mkfifo "$work/to" "$work/from"
"$helper" <"$work/to" >"$work/from" &
exec 3>"$work/to" 4<"$work/from"

# tell SLOT COMMAND [ARGUMENT]: one command to the helper
tell()
{
	echo "$*" >&3
	read -r answer <&4
	[ "$answer" = ok ] || {
		echo "Bail out! readahead_file: $*: $answer"
		exit 1
	}
}

set_knob()
{
	echo "$1" >"$knob"
}

# pages_of DEVICE: its read_ahead_kb, in pages
pages_of()
{
	echo $(($(cat "/sys/block/$1/queue/read_ahead_kb") / page_kb))
}

mkdir "$trace"

# requests DEVICE SLOT COMMAND: pages in the most common read request to DEVICE
# while the helper runs COMMAND, with nothing in the page cache before
requests()
{
	sync
	echo 1 >/proc/sys/vm/drop_caches
	echo >"$trace/trace"
	echo 1 >"$trace/events/block/block_rq_issue/enable"
	tell "$2" "$3"
	echo 0 >"$trace/events/block/block_rq_issue/enable"
	awk -v "device=$(tr : , <"/sys/block/$1/dev")" -v "page=$((page_kb * 2))" '
		/block_rq_issue:/ {
			for (i = 1; $i != "block_rq_issue:"; i++)
				;
			if ($(i + 1) != device || $(i + 2) !~ /R/)
				next
			while ($i != "+")
				i++
			count[$(i + 1)]++
		}
		END {
			for (size in count)
				if (count[size] > count[best])
					best = size
			print best / page
		}' "$trace/trace"
}

for name in plain mapped sequential late; do
	dd if=/dev/zero of=/mnt/readahead-$name bs=1M count=8 2>/dev/null
done

echo "1..$plan"

# have MODULE: it was built. One that then does not load is a failure, no reason
# to skip.
have()
{
	[ -n "$(find "/lib/modules/$(uname -r)" -name "$1.ko*" 2>/dev/null)" ]
}

# The numbers are chosen so that every one is different, twice the default
# (POSIX_FADV_SEQUENTIAL) among them, and that every one fits in one request.
set_knob default
default=$(cat "$knob")
up=$((default * 3))
down=$((default / 4))
double=$((default * 2))

is "$(pages_of vda)" "$default" "an existing device holds the default at first"

tell 0 open /mnt/readahead-plain
tell 1 map /mnt/readahead-mapped
tell 2 open /mnt/readahead-sequential
tell 2 advise sequential
is "$(requests vda 0 read)" "$default" "an open file reads ahead by the default"
is "$(requests vda 2 read)" "$double" "POSIX_FADV_SEQUENTIAL reads ahead by twice that"

for value in "$up" "$down" default "$up"; do
	set_knob "$value"
	now=$(cat "$knob")
	is "$(pages_of vda)" "$now" "an existing device follows to $value"
	is "$(requests vda 0 read)" "$now" "an open file follows to $value"
	is "$(requests vda 1 touch)" "$now" "a mapped file whose descriptor is closed follows to $value"
	tell 1 forget
	is "$(requests vda 2 read)" "$double" "POSIX_FADV_SEQUENTIAL stays with $value"
done

tell 2 advise normal
is "$(requests vda 2 read)" "$up" "POSIX_FADV_NORMAL goes to the default"
set_knob "$down"
is "$(requests vda 2 read)" "$down" "POSIX_FADV_NORMAL follows again"
tell 3 open /mnt/readahead-late
is "$(requests vda 3 read)" "$down" "a file opened after a change has the new default"
set_knob "$up"
is "$(requests vda 3 read)" "$up" "a file opened after a change follows the next one"

if (echo 0 >"$knob") 2>/dev/null; then
	is accepted refused "a value out of range"
else
	is "$(pages_of vda) $(requests vda 0 read)" "$up $up" "a refused value changes nothing"
fi

# What the administrator wrote stays. A disk for each way to write it.
chosen=$((default * 2))
if have null_blk; then
	modprobe null_blk nr_devices=5 gb=1 max_sectors=1024
	is "$(pages_of nullb0)" "$up" "a device attached after a change starts with the new value"
	set_knob default
	is "$(pages_of nullb0)" "$default" "and follows the next one"
	tell 4 open /dev/nullb0

	echo $((chosen * page_kb)) >/sys/block/nullb0/queue/read_ahead_kb
	echo $((chosen * page_kb)) >"/sys/class/bdi/$(cat /sys/block/nullb1/dev)/read_ahead_kb"
	blockdev --setra $((chosen * page_kb * 2)) /dev/nullb2
	echo $((default * page_kb)) >/sys/block/nullb3/queue/read_ahead_kb
	tell 5 open /dev/nullb0
	for value in "$up" "$down" "$chosen" "$up"; do
		set_knob "$value"
		stayed="$(pages_of nullb0) $(pages_of nullb1) $(pages_of nullb2) $(pages_of nullb3)"
		[ "$stayed" = "$chosen $chosen $chosen $default" ] || break
	done
	is "$stayed" "$chosen $chosen $chosen $default" \
		"read_ahead_kb of queue and bdi, BLKRASET, and the default when written, stay"
	is "$(pages_of nullb4)" "$up" "the disk beside them follows"
	is "$(requests nullb0 5 read)" "$chosen" "a file opened on a chosen value keeps it"
	is "$(requests nullb0 4 read)" "$up" "a file opened before it was chosen follows the default"
else
	skip 6 "no module null_blk"
fi

# The device asks for at least twice its optimal I/O size: zram for two pages.
if have zram; then
	modprobe zram num_devices=1
	least=$(($(cat /sys/block/zram0/queue/optimal_io_size) * 2 / 1024 / page_kb))
	set_knob $((least * 2))
	high=$(pages_of zram0)
	set_knob $((least / 2))
	is "$high $(pages_of zram0) $(pages_of vda)" "$((least * 2)) $least $((least / 2))" \
		"a device never goes below what its I/O size asks for"
else
	skip 1 "no module zram"
fi

set_knob default
is "$(pages_of vda) $(requests vda 0 read)" "$default $default" "\"default\" restores everything"

[ $number = $plan ] || {
	echo "Bail out! ran $number tests of $plan"
	exit 1
}
exit $((failed != 0))
