#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a stack trace shows through a stub is reliable: the function that holds the
# site is in it, whatever instruction of the thunk is executing.
#
# Threads of kernelx_test execute sites all the time; during a change they go
# through stubs to thunks, where kprobes on every instruction take stack traces.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
plan 5

swap=mm/swap_cluster_max
directory=/sys/kernel/debug/kernelx_test

cleanup()
{
	remove kernelx_test
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

traces()
{
	sed -n "s/^$1 //p" "$directory/traces"
}

# at_least NUMBER GOT NAME
at_least()
{
	if [ "$2" -ge "$1" ]; then
		ok "$3"
	else
		not_ok "$3" "$2, should be at least $1"
	fi
}

insert kernelx_test
echo probe >"$directory/control"
# movslq, movl and what returns in 15 thunks
at_least 45 "$(traces probes)" "every instruction of every thunk, but push and pop, has a probe"
echo start >"$directory/control"
rounds=0
while [ $rounds -lt 100 ]; do
	for number in 1 1024 77; do
		turn $swap $number
	done
	rounds=$((rounds + 1))
	[ "$(traces registers)" != 15 ] || [ "$(traces traces)" -lt 1000 ] || break
done
echo stop >"$directory/control"
echo "# $((rounds * 3)) changes, $(traces traces) traces"
at_least 100 "$(traces traces)" "traces were taken in thunks"
is "$(traces registers)" 15 "of sites in every register"
is "$(traces wrong)" 0 "each shows the function that holds the site"
echo unprobe >"$directory/control"
none "$(all_sites_fault; log_fault)" "all is well in the end"

finish
