#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Sites of modules: right from their first instruction, through every change, and
# forgotten when their text goes.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
plan 20

swap=mm/swap_cluster_max
directory=/sys/kernel/debug/kernelx_test

cleanup()
{
	for module in kernelx_test null_blk loop nf_conntrack tcp_bbr; do
		remove "$module" 2>/dev/null || true
	done
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# sites_of MODULE: how many all knobs list of it
sites_of()
{
	cat "$KX_META"/*/*/sites | grep -cF "[$1]" || true
}

# value FILE NAME: what the module's code computes
value()
{
	sed -n "s/^$2 //p" "$directory/$1"
}

values()
{
	echo "$(value "$1" swap_cluster_max) $(value "$1" readahead) $(value "$1" def_priority)"
}

reset_all
insert kernelx_test
is "$(values values)" "32 32 12" "a module computes with the defaults"
sites=$(sites_of kernelx_test)
if [ "$sites" -ge 18 ]; then
	ok "its sites are listed"
else
	not_ok "its sites are listed" "$sites of them: $(cat $KX_META/$swap/sites)"
fi
none "$(grep -hE '(compute_in_init|kernelx_test_init)\+' "$KX_META"/*/*/sites || true)" \
	"those of its __init text are not, after it was freed"

turn $swap 100
turn mm/readahead 64
turn mm/def_priority 8
is "$(values values)" "100 64 8" "its code follows a change"
none "$(all_sites_fault)" "so does its text"
none "$(awk '$1 == "damaged" || $2 != 100' $directory/registers)" "in every register"
is "$(wc -l <$directory/registers)" 15 "which are all 15"

remove kernelx_test
is "$(sites_of kernelx_test)" 0 "no site is listed when it is gone"
turn $swap 200
none "$(all_sites_fault)" "and a change goes well"
insert kernelx_test
is "$(values values)" "200 64 8" "loaded after a change it starts with the new values"
is "$(values init)" "200 64 8" "so does its __init code"
remove kernelx_test

if insmod "$KX_MODULES/kernelx_test.ko" fail_init=1 2>/dev/null; then
	not_ok "a module whose initialisation fails leaves no site" "it was loaded"
else
	is "$(sites_of kernelx_test)" 0 "a module whose initialisation fails leaves no site"
fi

mark
if insert kernelx_foreign 2>/dev/null; then
	not_ok "a module from another catalogue is refused" "it was loaded"
	remove kernelx_foreign
else
	ok "a module from another catalogue is refused"
fi
case $(log_since_mark) in
*"kernelx_foreign: $swap: the text at "*" does not hold the default 32"*) ok "the log says why" ;;
*) not_ok "the log says why" "$(log_since_mark)" ;;
esac
none "$(all_sites_fault)" "nothing else changes by that"

# Modules of the kernel whose constants are in the catalogue.
reset_all
for knob in drivers/loop_idle_worker_timeout net/bbr_min_rtt_window net/conntrack_eviction_range; do
	turn $knob 17
done
faults=
for module in loop tcp_bbr nf_conntrack; do
	modprobe "$module"
	[ "$(sites_of $module)" -ge 1 ] || faults="$faults
$module has no sites"
done
none "$faults$(all_sites_fault)" "the kernel's own modules start with the values in force"
reset_all
none "$(all_sites_fault)" "and follow a change"
for module in loop tcp_bbr nf_conntrack; do
	remove "$module"
done

# Execute sites in all registers, on all CPUs, while they change.
insert kernelx_test
echo start >$directory/control
for _ in $(seq 100); do
	for number in 1 1024 32 77; do
		turn $swap $number
	done
done
echo stop >$directory/control
read -r calls wrong <$directory/faults
if [ "$calls" -gt 100000 ] && [ "$wrong" = 0 ]; then
	ok "code that runs meanwhile sees values that were set, and keeps its registers"
else
	not_ok "code that runs meanwhile sees values that were set, and keeps its registers" \
		"$calls calls, $wrong wrong"
fi
remove kernelx_test

# Come and go while knobs change.
(
	while [ ! -e /tmp/kernelx-stop ]; do
		for number in 5 500 32; do
			turn $swap $number
			turn mm/readahead $number
		done
	done
) &
faults=
for _ in $(seq 20); do
	insert kernelx_test || faults="$faults
cannot be loaded"
	# One change may come between the two.
	value values swap_cluster_max | grep -qxE '5|500|32' || faults="$faults
computes $(value values swap_cluster_max)"
	remove kernelx_test
done
touch /tmp/kernelx-stop
wait
rm /tmp/kernelx-stop
none "$faults$(all_sites_fault)" "modules come and go while knobs change"

reset_all
none "$(all_sites_fault; log_fault)" "all is well in the end"

finish
