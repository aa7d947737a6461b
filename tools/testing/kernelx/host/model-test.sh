#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The model of transitions, ../model/transition.pml: every interleaving is looked at, in
# several configurations. Then the protocol lacks one step at a time, and each time
# something must go wrong. TAP output.

set -eu

model=$(cd "$(dirname "${BASH_SOURCE[0]}")/../model" && pwd)/transition.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is claimed | what is checked | configuration
#   holds    no instance mixes versions, and none overlap in mode global; at the end of
#            each transition all sites hold the value in force; no deadlock
#   ends     each transition ends, done or undone
#   mixes, starves   one of these must fail
# Three tasks are too many for IPIs in any order, in the time there is: two have them.
cases=(
	"holds|three tasks, two writers|TASKS=3 NO_UNDO IPIS_IN_ORDER"
	"holds|two tasks, two writers, every step can fail|TASKS=2"
	"holds|mode global|TASKS=2 MODE_GLOBAL"
	"holds|mode global, then mode instance|TASKS=2 MODE_MIXED=0 NO_UNDO"
	"holds|mode instance, then mode global|TASKS=2 MODE_MIXED=1 NO_UNDO"
	"holds|mode global, then mode instance, interrupts|TASKS=1 INTERRUPTS=1 MODE_MIXED=0"
	"holds|mode instance, then mode global, interrupts|TASKS=1 INTERRUPTS=1 MODE_MIXED=1"
	"holds|interrupts on a task's stack|TASKS=2 INTERRUPTS=1 WRITERS=1"
	"holds|interrupts, two writers|TASKS=1 INTERRUPTS=1"
	"holds|non-maskable interrupts|TASKS=1 INTERRUPTS=1 NMI"
	"holds|mode global, interrupts|TASKS=2 INTERRUPTS=1 WRITERS=1 MODE_GLOBAL"
	"holds|mode global, interrupts, two writers|TASKS=1 INTERRUPTS=1 MODE_GLOBAL"
	"holds|mode global, non-maskable interrupts|TASKS=1 INTERRUPTS=1 NMI MODE_GLOBAL"
	"holds|fork and exit|TASKS=1 CHILD WRITERS=1"
	"holds|fork and exit, interrupts|TASKS=1 CHILD INTERRUPTS=1 WRITERS=1 NO_UNDO"
	"holds|fork and exit, mode global|TASKS=1 CHILD WRITERS=1 MODE_GLOBAL"
	"holds|two knobs in one transaction|TASKS=2 KNOBS=2 WRITERS=1"
	"holds|a module is loaded|TASKS=2 MODULE WRITERS=1"
	"holds|CPUs answer late|TASKS=1 LATE"
	"holds|CPUs answer late, mode global|TASKS=1 LATE MODE_GLOBAL"
	"holds|settle stores the two values one by one|TASKS=1 INTERRUPTS=1 REMOVE_BOTH"

	"ends|mode instance|TASKS=2 LIVE FINITE WRITERS=1"
	"ends|mode global|TASKS=2 LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL"
	"ends|tasks die all the time|TASKS=1 EXITS=2 LIVE FINITE WRITERS=1 NO_UNDO"
	"ends|a task dies|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO"
	"ends|a task dies, mode global|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL"

	"mixes|[arm] after tasks have gone over|TASKS=1 REMOVE_ARM"
	"mixes|[begin] after the next values are there|TASKS=1 REMOVE_VERSION_FIRST"
	"mixes|a thunk that reads the next value last|TASKS=1 REMOVE_NEXT_FIRST"
	"mixes|[thunk] not seen on a stack|TASKS=1 REMOVE_THUNK"
	"mixes|spans not seen on a stack|TASKS=1 REMOVE_SPAN"
	"mixes|[look_for_itself] with interrupts enabled|TASKS=1 REMOVE_IRQ_OFF"
	"mixes|[look_for_itself] without asking once more|TASKS=1 REMOVE_ASK_AGAIN"
	"mixes|[count] not done|TASKS=1 REMOVE_COUNT"
	"mixes|[count] with no IPIs before it|TASKS=1 REMOVE_IPI_ROUND"
	"mixes|[fork] with the version at the beginning|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_FORK"
	"mixes|[dying] not waited for|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_DYING"
	"mixes|[dying] waited for in one number|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_DYING_PHASE"
	"mixes|[exit_end] before preemption is disabled|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_PREEMPT_OFF"
	"mixes|[confirm] not done|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_CONFIRM"
	"mixes|[settle] without waiting for CPUs|TASKS=1 REMOVE_SETTLE_SYNC"
	"mixes|[turn_back] not done|TASKS=1 REMOVE_TURN_BACK"
	"mixes|[undo] without drain|TASKS=1 REMOVE_UNDO_DRAIN"
	"mixes|writers at the same time|TASKS=1 REMOVE_MUTEX"
	"mixes|a module's site that is not armed|TASKS=2 MODULE WRITERS=1 REMOVE_MODULE_ARM"
	"mixes|mode global, the gate is open|TASKS=2 MODE_GLOBAL REMOVE_GATE"
	"mixes|mode global, [open] without the ticket|TASKS=2 MODE_GLOBAL REMOVE_TICKET"
	"mixes|mode global, [pass] not counted|TASKS=2 MODE_GLOBAL REMOVE_PASS_COUNT"
	"mixes|mode global, [pass] and follow|TASKS=2 MODE_GLOBAL REMOVE_PASS_VERSION"
	"mixes|mode global, tasks asked before [arm]|TASKS=1 INTERRUPTS=1 WRITERS=1 MODE_GLOBAL REMOVE_ASK_AFTER_ARM"

	"starves|tasks that are not asked|TASKS=2 LIVE FINITE WRITERS=1 NO_UNDO REMOVE_ASK"
	"starves|[dying] from the beginning in each round|TASKS=1 EXITS=2 LIVE FINITE WRITERS=1 NO_UNDO REMOVE_STAGE"
	"starves|who dies waits for the gate|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL REMOVE_DYING_PASS"
)

# check CASE DIRECTORY: leaves TAP there, without a number
check()
{
	local kind name words errors optimize=-O0 compile=() run=() flags=()

	mkdir "$2"
	cd "$2"
	IFS='|' read -r kind name words <<<"$1"
	read -ra flags <<<"$words"
	case $kind in
	ends|starves)	run=(-a -f) ;;
	*)		compile=(-DSAFETY) ;;
	esac
	# Errors are found soon, but all of the states are many.
	[ "$kind" != holds ] || optimize=-O2
	# Reduction knows nothing of "provided".
	if ! spin -a "${flags[@]/#/-D}" "$model" >log 2>&1 ||
	   ! "${CC:-cc}" -w "$optimize" -DCOLLAPSE -DNOREDUCE -DMEMLIM=3800 \
		"${compile[@]}" -o pan pan.c >>log 2>&1; then
		echo "not ok - $kind: $name" >tap
		sed 's/^/# /' log >>tap
		return
	fi
	timeout 600 ./pan -m2000000 "${run[@]}" >log 2>&1 || true
	errors=$(sed -n 's/.*errors: \([0-9]*\)$/\1/p' log)
	# Not if it ran out of memory, depth or time.
	if grep -qE '^error: max search depth|^pan: (reached -DMEMLIM|out of memory)|Search not completed' log &&
	   [ "$errors" = 0 ]; then
		errors=unknown
	fi
	case $kind:$errors in
	holds:0|ends:0)	echo "ok - $kind: $name" ;;
	mixes:1)
		if grep -q 'assertion violated' log; then
			echo "ok - $kind: $name"
		else
			echo "not ok - $kind: $name"
		fi ;;
	starves:1)
		if grep -q 'acceptance cycle' log; then
			echo "ok - $kind: $name"
		else
			echo "not ok - $kind: $name"
		fi ;;
	*)		echo "not ok - $kind: $name" ;;
	esac >tap
	grep -E 'states, stored|elapsed|^pan:1|^error' log | sed 's/^ */# /' >>tap
	rm -f pan pan.*
}

echo "1..${#cases[@]}"
# Two at a time, of which the longest ones come first.
for i in "${!cases[@]}"; do
	if [ "$(jobs -rp | wc -l)" -ge 2 ]; then
		wait -n
	fi
	check "${cases[i]}" "$work/$i" &
done
wait
status=0
for i in "${!cases[@]}"; do
	sed "1s/ok - /ok $((i + 1)) - /" "$work/$i/tap"
	! grep -q '^not ok' "$work/$i/tap" || status=1
done
exit $status
