# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Common to the probes, for the shell of a small root file system. run.sh sources it, and
# then the probe, in a shell of its own.
#
# A probe prints what it observed. It works on $work, an empty directory on an ext4 file
# system, and finds its programs in $PATH.

PROBE_TRACING=/sys/kernel/tracing

probe_fail()
{
	echo "failed: $*"
	exit 1
}

# Nothing is traced any more, and nothing is left of what was.
probe_quiet()
{
	echo 0 >$PROBE_TRACING/tracing_on
	echo 0 >$PROBE_TRACING/events/enable
	for filter in $PROBE_FILTERS; do
		echo 0 >"$filter"
	done
	PROBE_FILTERS=''
	echo >$PROBE_TRACING/kprobe_events
	echo >$PROBE_TRACING/trace
	echo 1 >$PROBE_TRACING/tracing_on
}

# watch GROUP/EVENT [FILTER]: trace it from now on
watch()
{
	if [ $# = 2 ]; then
		echo "$2" >"$PROBE_TRACING/events/$1/filter"
		PROBE_FILTERS="$PROBE_FILTERS $PROBE_TRACING/events/$1/filter"
	fi
	echo 1 >"$PROBE_TRACING/events/$1/enable"
}

# watch_call FUNCTION [FETCH]...: trace its calls; FETCH as kprobe events have it, such as
# 'size=$arg2'. Who called is in "from", by name.
watch_call()
{
	call=$1
	shift
	# shellcheck disable=SC2016 # for the kernel to expand
	echo "p:probes/$call $call from=\$stack0:symbol $*" >>$PROBE_TRACING/kprobe_events ||
		probe_fail "no probe on $call"
	watch "probes/$call"
}

# seen: what was traced, a line for each event: its name, a colon, its fields
seen()
{
	awk '!/^#/ && match($0, / +[0-9]+\.[0-9]+: /) { print substr($0, RSTART + RLENGTH) }' \
		$PROBE_TRACING/trace
}

# fields NAME: of the events on standard input, the values of a field, a line for each
fields()
{
	sed -n "s/.*[ ([]$1=\([^] ,)]*\).*/\1/p"
}

# await PATTERN [SECONDS]: until an event was seen that matches, and not longer than this
await()
{
	probe_tries=$((${2:-5} * 20))
	until seen | grep -q "$1"; do
		probe_tries=$((probe_tries - 1))
		[ $probe_tries -gt 0 ] || probe_fail "no event matches: $1"
		sleep 0.05
	done
}

# counted: equal lines on standard input as one, with how many there were, in the order in
# which they came first
counted()
{
	awk '!count[$0]++ { line[++lines] = $0 }
		END { for (i = 1; i <= lines; i++) print count[line[i]] "x" line[i] }'
}

# greatest: of the numbers on standard input
greatest()
{
	sort -n | tail -n 1
}

# Files that were written are on the disk, and no longer in the page cache.
forget_pages()
{
	sync
	echo 1 >/proc/sys/vm/drop_caches
}

# a_file NAME MEGABYTES: whose pages are not in the cache
a_file()
{
	dd if=/dev/zero of="$work/$1" bs=1M count="$2" 2>/dev/null
	forget_pages
}

# a_disk NAME: a new one, without data, /dev/NAME
a_disk()
{
	[ -d /sys/kernel/config/nullb ] || modprobe null_blk nr_devices=0
	mkdir "/sys/kernel/config/nullb/$1"
	echo "${2:-0}" >"/sys/kernel/config/nullb/$1/memory_backed"
	echo 1 >"/sys/kernel/config/nullb/$1/power"
}

# a_group NAME: a new control group, $probe_group
a_group()
{
	echo '+memory +io +cpu' >/sys/fs/cgroup/cgroup.subtree_control
	probe_group=/sys/fs/cgroup/probe-$1
	mkdir "$probe_group"
}

# in_group COMMAND...: run it in the group made last
in_group()
{
	(
		sh -c "echo \$PPID >$probe_group/cgroup.procs"
		exec "$@"
	)
}

# Undo what the functions above did.
probe_clean()
{
	probe_quiet
	for probe_made in /sys/kernel/config/nullb/*/ /sys/fs/cgroup/probe-*/; do
		[ ! -d "$probe_made" ] || rmdir "$probe_made"
	done
	cd /
	rm -rf "$work"
}

# read_windows MAX FIRST COUNT: of a disk that reads MAX pages ahead at most, read FIRST bytes
# and then COUNT pages; how many pages each window has
read_windows()
{
	a_disk windows
	echo $(($1 * 4)) >/sys/block/windows/queue/read_ahead_kb
	watch_call page_cache_ra_order 'size=+8($arg2):u32'
	file read /dev/windows "$2" "$3"
	seen | fields size
}
