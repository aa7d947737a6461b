#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 4 --disk 256M --append retbleed=unret,force
# Transitions under load: instances that read dependent sites in loops, asleep, in
# interrupts, recursively, deep in calls, in tasks that come and go. None may mix two
# versions in modes instance and global, none may overlap with the other version in
# mode global; and in mode immediate, the same test sees both.
#
# With a return thunk, as most processors have it: a value that is on its way to its register
# is on no stack as long as that runs.
#
# KERNELX_TRANSITIONS=N: so many in each mode (300), and a tenth of them with others that
# are undone.

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 4
plan 47

transitions=${KERNELX_TRANSITIONS:-300}
instances=/sys/kernel/debug/kernelx_instances
faults=/sys/kernel/debug/fail_function
first=net/hystart_delay_min
second=net/hystart_delay_max

cleanup()
{
	[ ! -e $faults/inject ] || echo >$faults/inject
	[ ! -e $instances/control ] || echo stop >$instances/control
	remove kernelx_instances || true
	set_mode default
	echo 1000 >$KX_ROOT/transition_timeout_ms
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

set_mode()
{
	echo "$1" >$KX_META/$first/mode
	echo "$1" >$KX_META/$second/mode
}

# The numbers of the module: instances, mixtures, overlaps, strange values
results()
{
	head -n 1 $instances/results
}

# run MODE COMMAND [ARGUMENT]...: sets N_INSTANCES, N_MIXTURES, N_OVERLAPS, N_STRANGE and
# OUTPUT
run()
{
	set_mode "$1"
	shift
	before=$(results)
	echo "start 2" >$instances/control
	OUTPUT=$("$@") || OUTPUT="failed: $OUTPUT"
	echo stop >$instances/control
	sed 's/^/# /' $instances/results
	# shellcheck disable=SC2046,SC2086
	set -- $before $(results)
	N_INSTANCES=$(($5 - $1))
	N_MIXTURES=$(($6 - $2))
	N_OVERLAPS=$(($7 - $3))
	N_STRANGE=$(($8 - $4))
	echo "# $N_INSTANCES instances, $N_MIXTURES mixtures, $N_OVERLAPS overlaps; $OUTPUT"
}

# transact -b | -t
transact()
{
	"$KX_HERE/timing" "$1" $KX_ROOT/transaction "$first=8000 $second=32000" \
		"$first=4000 $second=16000" "$transitions"
}

# Every other transition fails when all tasks have gone over: all of them come back.
fail_late()
{
	echo 50 >$faults/probability
	echo -1 >$faults/times
	echo 0 >$faults/verbose
	echo step_refresh >$faults/inject
	printf %#x -16 >$faults/step_refresh/retval
	transact -t
	echo >$faults/inject
}

# Most of them take too long: some tasks have gone over, and come back.
fail_early()
{
	echo "$limit_ms" >$KX_ROOT/transition_timeout_ms
	transact -t
	echo $((4000 * ${KERNELX_SLOW:-1})) >$KX_ROOT/transition_timeout_ms
	wait_for 30 undone || echo "not undone: $(cat $KX_ROOT/transition)"
}

undone()
{
	grep -q "^step done" $KX_ROOT/transition
}

# Processes come and go while COMMAND runs.
with_processes()
{
	while :; do
		"$KX_HERE/put" $KX_ROOT/stats >/dev/null
	done &
	processes=$!
	"$@"
	kill $processes
	wait $processes 2>/dev/null || true
}

# Two knobs, each by itself: in mode immediate, one comes after the other.
one_by_one()
{
	left=$((transitions * 4))
	while [ "$left" -gt 0 ]; do
		echo 8000 >$KX_ROOT/$first
		echo 32000 >$KX_ROOT/$second
		echo 4000 >$KX_ROOT/$first
		echo 16000 >$KX_ROOT/$second
		left=$((left - 4))
	done
}

# more NUMBER NAME: at least one
more()
{
	if [ "$1" -gt 0 ]; then
		ok "$2"
	else
		not_ok "$2" "there was none"
	fi
}

insert kernelx_instances
echo $((4000 * ${KERNELX_SLOW:-1})) >$KX_ROOT/transition_timeout_ms

run instance transact -b
more "$N_INSTANCES" "mode instance: there are instances"
is "$N_MIXTURES" 0 "mode instance: none of them mixes versions"
is "$N_STRANGE" 0 "mode instance: none sees a value of neither version"
is "$(echo "$OUTPUT" | awk '{ print NF, $4 }')" "4 0" "mode instance: every transition ends in time"
more "$N_OVERLAPS" "mode instance: instances of both versions overlap"
# Half of the transitions take more than twice this time.
limit_ms=$(echo "$OUTPUT" | awk '{ ms = int($2 / 2000); print ms ? ms : 1 }')
none "$(all_sites_fault)" "mode instance: every site holds what its file shows"

# Threads that sleep in their spans are in the way of each other: fewer of them.
run global transact -b
more "$N_INSTANCES" "mode global: there are instances"
is "$N_MIXTURES" 0 "mode global: none of them mixes versions"
is "$N_OVERLAPS" 0 "mode global: none overlaps with one of the other version"
is "$N_STRANGE" 0 "mode global: none sees a value of neither version"
is "$(echo "$OUTPUT" | awk '{ print NF }')" 4 "mode global: every transition is done at last"
none "$(all_sites_fault)" "mode global: every site holds what its file shows"

run immediate one_by_one
more "$N_INSTANCES" "mode immediate: there are instances"
more "$N_MIXTURES" "mode immediate: some of them mix versions"
none "$(all_sites_fault)" "mode immediate: every site holds what its file shows"

# --- transitions that are undone ---

# undone_under_load MODE COMMAND WHAT
undone_under_load()
{
	before_undone=$(sed -n "s/^timed_out //p" $KX_ROOT/stats)
	run "$1" with_processes "$2"
	more "$N_INSTANCES" "mode $1, $3: there are instances"
	is "$N_MIXTURES" 0 "mode $1, $3: none of them mixes versions"
	[ "$1" != global ] ||
		is "$N_OVERLAPS" 0 "mode $1, $3: none overlaps with one of the other version"
	is "$N_STRANGE" 0 "mode $1, $3: none sees a value of neither version"
	is "$(echo "$OUTPUT" | awk '{ print NF }')" 4 "mode $1, $3: all of them end"
	more $(($(sed -n "s/^timed_out //p" $KX_ROOT/stats) - before_undone)) \
		"mode $1, $3: some were undone"
	none "$(all_sites_fault)" "mode $1, $3: every site holds what its file shows"
}

transitions=$((transitions / 10 + 1))

# Regression: a value that a function has returned, but its caller has not got yet, was not
# seen. With nothing but a return thunk in between that was one mixture in thousands of
# transitions; with a hook that takes its time it was many in each.
works "returns of values can be delayed" sh -c "echo delay >$instances/control"
run instance transact -b
echo unhook >$instances/control
more "$N_INSTANCES" "mode instance, returns delayed: there are instances"
is "$N_MIXTURES" 0 "mode instance, returns delayed: none of them mixes versions"
is "$(echo "$OUTPUT" | awk '{ print NF, $4 }')" "4 0" \
	"mode instance, returns delayed: every transition ends in time"

undone_under_load instance fail_early "too slow"
undone_under_load global fail_early "too slow"
if [ -e $faults/inject ]; then
	undone_under_load instance fail_late "failed at last"
	undone_under_load global fail_late "failed at last"
else
	for _ in $(seq 13); do
		ok "transitions that fail at last # SKIP needs CONFIG_FAIL_FUNCTION"
	done
fi

works "the module can be removed" wait_for 10 remove kernelx_instances
none "$(log_fault)" "no splat in the log"
sed 's/^/# /' $KX_ROOT/stats
finish
