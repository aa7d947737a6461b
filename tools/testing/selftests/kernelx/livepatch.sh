#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Live patches and sites, in both orders: a patched function that has sites, and
# replacements that have sites of their own.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
[ -d /sys/kernel/livepatch ] || skip_all "needs CONFIG_LIVEPATCH"
plan 13

swap=mm/swap_cluster_max
patch=/sys/kernel/livepatch/kernelx_livepatch

cleanup()
{
	unpatch 2>/dev/null || true
	remove kernelx_test
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

settled()
{
	[ ! -e "$patch" ] || [ "$(cat "$patch/transition")" = 0 ]
}

unpatched()
{
	[ ! -e "$patch" ]
}

livepatch()
{
	insert kernelx_livepatch
	wait_for 60 settled
}

unpatch()
{
	[ ! -e "$patch" ] || echo 0 >"$patch/enabled"
	wait_for 60 unpatched
	remove kernelx_livepatch
}

computed()
{
	sed -n 's/^swap_cluster_max //p' /sys/kernel/debug/kernelx_test/values
}

cmdline()
{
	sed -n 's/^swap_cluster_max //p' /proc/cmdline
}

reset_all
insert kernelx_test
is "$(computed) $(cmdline)" "32 " "before: the functions as they are"

turn $swap 100
works "a knob is turned, then the kernel is patched" livepatch
is "$(computed) $(cmdline)" "1000100 100" "the replacements start with the new value"
turn $swap 200
is "$(computed) $(cmdline)" "1000200 200" "a knob is turned while patched: the replacements follow"
none "$(all_sites_fault)" "and so do the sites of the functions that are replaced"
works "the patch is taken away" unpatch
is "$(computed) $(cmdline)" "200 " "the functions are back, with the value in force"

reset_all
works "the kernel is patched, then a knob is turned" livepatch
turn $swap 300
is "$(computed) $(cmdline)" "1000300 300" "the replacements follow"
remove kernelx_test
turn $swap 301
insert kernelx_test
is "$(computed) $(cmdline)" "1000301 301" "a module that comes later is patched, with the value in force"
unpatch
is "$(computed) $(cmdline)" "301 " "without the patch it has the same"

# Both at once.
(
	while [ ! -e /tmp/kernelx-stop ]; do
		for number in 5 500 32; do
			turn $swap $number
		done
	done
) &
faults=
for _ in $(seq 5); do
	livepatch || faults="$faults
patching did not end"
	computed | grep -qxE '1000005|1000500|1000032' || faults="$faults
patched, it computes $(computed)"
	unpatch || faults="$faults
unpatching did not end"
	computed | grep -qxE '5|500|32' || faults="$faults
unpatched, it computes $(computed)"
done
touch /tmp/kernelx-stop
wait
rm /tmp/kernelx-stop
none "$faults$(all_sites_fault)" "patches come and go while a knob changes"

reset_all
none "$(all_sites_fault; log_fault)" "all is well in the end"

finish
