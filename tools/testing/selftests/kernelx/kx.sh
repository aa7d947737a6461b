#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kx and libkernelx on a live kernel: what commands change, what they say of errors, and
# that leased values return.

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
[ -x "$KX_HERE/kx" ] || skip_all "kx was not built"
plan 81

first=net/hystart_delay_min
second=net/hystart_delay_max
batch=mm/shrink_batch
instances=/sys/kernel/debug/kernelx_instances
timeout=$KX_ROOT/transition_timeout_ms
transition=$KX_ROOT/transition
work=/tmp/kx-test
mkdir -p $work
PATH=$KX_HERE:$PATH

cleanup()
{
	[ ! -e $instances/control ] || echo wake >$instances/control
	remove kernelx_instances || true
	echo 1000 >$timeout
	for file in "$KX_META"/*/*/mode; do
		echo default >"$file"
	done
	reset_all
	rm -rf $work
}
trap cleanup EXIT
trap 'exit 1' INT TERM

has_value()
{
	[ "$(get $1)" = "$2" ]
}

# The process that holds a lease, or nothing.
holder()
{
	sed -n "s,^$1 [0-9]* [0-9]* \([0-9]*\) .*,\1,p" $KX_ROOT/lease
}

held()
{
	[ -n "$(holder $1)" ]
}

has_child()
{
	grep -qs "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status
}

reset_all

# --- look ---

knobs >$work/knobs
kx list --names >$work/names
is "$(cmp $work/knobs $work/names)" "" "list has all knobs, and no others"
none "$(while read -r name; do
		[ "$(kx get "$name")" = "$(get "$name")" ] || echo "$name"
	done <$work/knobs)" "get shows what the files show"
none "$(xargs kx show <$work/knobs >$work/show 2>&1 || cat $work/show
	[ "$(grep -c '^range ' $work/show)" = "$(wc -l <$work/knobs)" ] || echo "not all")" "show knows all of them"
none "$(xargs kx explain <$work/knobs >$work/explain 2>&1 || cat $work/explain
	[ "$(grep -c '^Cost ' $work/explain)" = "$(wc -l <$work/knobs)" ] || echo "not all")" "explain, too"
gives 0 "sites      1, in do_shrink_slab" "root sees the sites" show $batch
gives 0 "All knobs are at their defaults." "diff: nothing is turned" diff
gives 0 "0 not at the default" "status" status
gives 0 "all sites hold what they should" "doctor finds nothing wrong" doctor

# --- turn ---

gives 0 "$batch: 128 -> 4096 objects" "set" set $batch=4K
is "$(get $batch)$(sites_fault $batch 4096)" 4096 "... and its sites hold that"
gives 0 "$batch: 4096 objects already" "set to what it is" set $batch=0x1000
before=$(sed -n 's/^instance //p' $KX_ROOT/stats)
gives 0 "$second: 16000 -> 32000 us" "set of several" set $first=8000 $second=32000
is "$(get $first) $(get $second) $(($(sed -n 's/^instance //p' $KX_ROOT/stats) - before))" "8000 32000 1" \
	"... is one transition"
gives 0 "several knobs changed together: in mode instance, not immediate" "set --mode immediate of several says that it was not" \
	set --mode immediate $first=8001 $second=32001
kx set $first=8000 $second=32000 >/dev/null
gives 4 "$second: 99999999 is outside 0..10000000 (us)" "one of several is out of range" set $first=1 $second=99999999
is "$(get $first) $(get $second)" "8000 32000" "... and nothing has changed"
gives 0 "$batch: would change 4096 -> 5 objects" "set --dry-run" set --dry-run $batch=5
is "$(get $batch)" 4096 "... changes nothing"
gives 0 "4096 -> 100" "set --mode" set --mode global $batch=100
is "$(sed -n 's/^mode //p' $transition) $(meta $batch mode)" "global instance" "... was in that mode, which is as before"
is "$(kx status | grep '^modes')" "" "status: nobody has chosen a mode"
echo global >$KX_META/$batch/mode
gives 0 "$batch=global, chosen by hand" "... but now" status
gives 0 "mode global was chosen, its own is instance" "doctor notes it, too" doctor
kx set --mode immediate $batch=101 >/dev/null
is "$(sed -n 's/^mode //p' $transition) $(meta $batch mode)" "immediate global" "... also if one had been chosen"
gives 0 "$batch: mode global -> instance" "reset --modes" reset --modes
is "$(meta $batch mode)" instance "... brings its own back"
kx set --mode global --for 100s $batch=102 >/dev/null &
pid=$!
wait_for 20 held $batch
mode=$(sed -n 's/^mode //p' $transition)
kill -9 $pid
wait $pid 2>/dev/null || true
wait_for 10 has_value $batch 101
is "$mode $(get $batch) $(meta $batch mode)" "global 101 instance" \
	"... with --for, and what is killed leaves neither value nor mode behind"
gives 0 "101      128  objects  20" "diff: what is turned, since when" diff
gives 0 "root (kx[" "... and by whom" diff
gives 9 "" "diff --exit-code" diff --exit-code
gives 0 "$batch: 101 -> 128 objects" "reset" reset $batch
gives 0 "$first: 8000 -> 4000 us" "reset --all" reset --all
none "$(all_sites_fault)" "... and everything is at its default"
gives 0 "All knobs are at their defaults." "... which it says" reset --all

# --- errors ---

gives 3 "did you mean mm/readahead?" "an unknown knob" set mm/readahed=5
grep -q '^nobody:' /etc/passwd || echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
as_nobody()
{
	chmod 755 "$KX_HERE" "$KX_HERE/kx"
	su -s /bin/sh nobody -c "$KX_HERE/kx $*" 2>&1 && echo "status 0" || echo "status $?"
}
is "$(as_nobody set $batch=5)" "kx: $batch: only root may turn knobs: try sudo kx ...
status 5" "another user cannot turn a knob, and is told why"
is "$(as_nobody set --dry-run $batch=5 | tail -n 1)" "status 5" "nor would a dry run work"
is "$(as_nobody get $batch)" "128
status 0" "but look"

# Root in a user namespace of its own: the files are open to it, the kernel is not.
as_contained()
{
	unshare -r "$KX_HERE/kx" "$@" 2>&1 && echo "status 0" || echo "status $?"
}
contained="kx: $batch: needs CAP_SYS_ADMIN, which root in a container does not have
status 5"
is "$(as_contained set $batch=5)" "$contained" "root in a container cannot turn a knob either"
is "$(as_contained set --dry-run $batch=5)" "$contained" "... which a dry run says, too"
echo "$batch=5" >$work/contained.conf
is "$(as_contained profile apply --dry-run $work/contained.conf)" "$contained" "... and that of a profile"
rm $work/contained.conf
as_contained doctor >$work/contained
is "$(grep -c '^note  rights: root, but without CAP_SYS_ADMIN' $work/contained) $(grep -c 'all sites hold' $work/contained)" \
	"1 $(unshare -r cat $KX_META/$batch/sites 2>/dev/null | grep -c .)" \
	"... and doctor, which does not call right what it could not check"

insert kernelx_instances
echo sleep >$instances/control
wait_for 10 grep -qs . /sys/kernel/debug/kernelx_instances/results
echo 200 >$timeout
echo 1 >$KX_ROOT/$first 2>/dev/null || true
gives 6 "in the way: " "a task that uses an old value for too long is named" set $first=8000 $second=32000
is "$(get $first) $(get $second)" "4000 16000" "... and nothing has changed"
gives 0 "in the way: " "status names it, too" status
echo wake >$instances/control
echo 1000 >$timeout
remove kernelx_instances

# --- leases ---

kx set --for 60s $batch=200 $first=5000 >$work/out 2>&1 &
pid=$!
works "set --for holds a value" wait_for 10 held $batch
is "$(get $batch) $(get $first)$(sites_fault $batch 200)" "200 5000" "... which is in force"
gives 6 "$batch: kx[$pid] holds it by a lease" "nobody else can turn it, and is told who holds it" set $batch=7
gives 6 "$first: kx[$pid] holds it by a lease" "also not in a transaction" set $second=1 $first=2
is "$(get $second)" 16000 "... of which nothing is done"
gives 6 "holds it by a lease" "a dry run says so" set --dry-run $batch=7
gives 0 "$batch=200 (128) by kx[$pid]" "status lists it" status
gives 0 "a lease" "diff says so" diff
kx set mm/readahead=40 >/dev/null
gives 9 "holds it by a lease: wait, or end that process; skipped" "reset --all does not wait for it" reset --all
is "$(get mm/readahead) $(get $batch)" "32 200" "... and brings all others back"
is "$(kx profile save | sed -n "s,^[# ]*$batch=\([0-9]*\).*,\1,p")" 128 "profile save has what will return"
kill -9 $pid
wait $pid 2>/dev/null || true
works "when the holder is killed" wait_for 10 has_value $batch 128
is "$(get $first)$(sites_fault $batch 128)$(sites_fault $first 4000)" 4000 "... the values from before return"
kx set $batch=150 >/dev/null
gives 0 "" "set --for ends by itself" set --for 200ms $batch=300
is "$(get $batch)" 150 "... and what was turned before is back"
kx set --for 60s $batch=200 >$work/out 2>&1 &
pid=$!
wait_for 10 held $batch
kill -TERM $pid
status=0
wait $pid || status=$?
is "$status $(get $batch)" "143 150" "a signal ends it"
is "$(tail -n 1 $work/out)" "kx: interrupted; the values are as they were before" "... and it says so"
kx set --for 3s $batch=200 >$work/out 2>&1 &
pid=$!
wait_for 10 held $batch
wait_for 10 has_child $pid
kill -STOP $pid
works "when the holder is stopped" wait_for 20 has_value $batch 150
is "$(sed -n 's/^State:[^(]*//p' /proc/$pid/status)" "(stopped)" "... the values return in time all the same"
kill -CONT $pid
status=0
wait $pid || status=$?
is "$status" 0 "... and it ends well when it goes on"
kx reset $batch >/dev/null

# --- try ---

kx -j try $batch=64 --runs 3 --lower --metric 'n=([0-9]+)' -- sh -c "echo n=\$(cat $KX_ROOT/$batch)" >$work/out 2>&1
is "$(sed -n 's/^  "verdict": "\(.*\)".*/\1/p; s/^    "mean": \([0-9]*\),/\1/p' $work/out | xargs)" "128 64 better" \
	"try: each side runs with its values"
is "$(get $batch)" 128 "... and the value is back"
kx try $batch=64 -- sh -c "[ \$(cat $KX_ROOT/$batch) = 128 ] || { echo \$\$ >$work/child; sleep 60; }" >$work/out 2>&1 &
pid=$!
works "try: while the command runs" wait_for 20 test -s $work/child
is "$(get $batch)$(sites_fault $batch 64)" 64 "... the value is in force"
kill -9 $pid
wait $pid 2>/dev/null || true
works "try: when kx is killed" wait_for 10 has_value $batch 128
none "$(sites_fault $batch 128)" "... the value is back"
gone()
{
	! kill -0 "$(cat $work/child)" 2>/dev/null
}
works "... and the command does not go on without it" wait_for 10 gone

# --- watch ---

kx watch --count 3 --for 60s "$batch" 'net/*' >$work/watch 2>&1 &
pid=$!
watching()
{
	ls -d $KX_TRACING/instances/libkernelx-$pid-* >/dev/null 2>&1
}
wait_for 10 watching
wait_for 10 grep -qs 1 $KX_TRACING/instances/libkernelx-$pid-*/events/kernelx/kernelx_knob_set/enable
sleep 1
echo 99 >$KX_ROOT/$batch
echo 33 >$KX_ROOT/mm/readahead
echo 4001 >$KX_ROOT/$first
kx reset --all >/dev/null
wait $pid || true
is "$(sed 's/^[0-9:]* //; s/ by .*//' $work/watch | sort | xargs -n 4 | head -n 3)" \
	"$batch 128 -> 99
$batch 99 -> 128
$first 4000 -> 4001" "watch: each change of what was asked for"
is "$(grep -c ' by kx\[' $work/watch)" 1 "... and who made it"
is "$(ls $KX_TRACING/instances)" "" "it leaves no trace instance behind"

# --- profiles ---

kx set $batch=77 mm/readahead=48 >/dev/null
kx profile save $work/a.conf
kx reset --all >/dev/null
gives 9 "mm/readahead: is 32, should be 48: last changed 20" "profile verify: which knob differs, and why" \
	profile verify $work/a.conf
echo 'mm/nosuch=1' >>$work/a.conf
gives 0 "2 changed, 0 already so, 1 skipped, 0 refused" "profile apply: all but the unknown knob" \
	profile apply --dir $work
is "$(get $batch) $(get mm/readahead)$(sites_fault $batch 77)" "77 48" "... is in force"
kx set --for 60s $batch=200 >$work/out 2>&1 &
pid=$!
wait_for 10 held $batch
kx set mm/readahead=50 >/dev/null
gives 9 "1 changed, 0 already so, 1 skipped, 1 refused" "profile apply: what is held is named, the rest applied" \
	profile apply --dir $work
is "$(get mm/readahead)" 48 "... and is in force"
kill $pid
wait $pid 2>/dev/null || true
kx reset --all >/dev/null
none "$(all_sites_fault)" "in the end everything is at its default"

finish
