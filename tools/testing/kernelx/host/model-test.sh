#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The model of transitions, ../model/transition.pml: every interleaving is looked at, in
# several configurations. Then the protocol lacks one step at a time, and each time
# something must go wrong. TAP output.

set -eu

model=$(cd "$(dirname "${BASH_SOURCE[0]}")/../model" && pwd)/transition.pml
kernel=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../../kernel/kernelx" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is claimed | what is checked | configuration
#   holds    all claims but the next one; the model has them
#   ends     each transition ends, done or undone
#   mixes, overlaps, strays   this one of the model's claims must fail
#   starves  a transition must not end
# Three tasks are too many for IPIs in any order, in the time there is: two have them.
cases=(
	"holds|three tasks, two writers|TASKS=3 NO_UNDO IPIS_IN_ORDER"
	"holds|interrupts on a task's stack|TASKS=2 INTERRUPTS=1 WRITERS=1"
	"holds|fork and exit, interrupts|TASKS=1 CHILD INTERRUPTS=1 WRITERS=1 NO_UNDO"
	"holds|mode global, interrupts|TASKS=2 INTERRUPTS=1 WRITERS=1 NO_UNDO MODE_GLOBAL"
	"holds|mode global|TASKS=2 MODE_GLOBAL"
	"holds|two tasks, two writers, every step can fail|TASKS=2"
	"holds|fork and exit|TASKS=1 CHILD WRITERS=1"
	"holds|fork and exit, mode global|TASKS=1 CHILD WRITERS=1 MODE_GLOBAL"
	"holds|mode global, then mode instance|TASKS=2 MODE_MIXED=0 NO_UNDO"
	"holds|mode instance, then mode global|TASKS=2 MODE_MIXED=1 NO_UNDO"
	"holds|mode global, then mode instance, interrupts|TASKS=1 INTERRUPTS=1 MODE_MIXED=0"
	"holds|mode instance, then mode global, interrupts|TASKS=1 INTERRUPTS=1 MODE_MIXED=1"
	"holds|interrupts, two writers|TASKS=1 INTERRUPTS=1"
	"holds|non-maskable interrupts|TASKS=1 INTERRUPTS=1 NMI"
	"holds|mode global, interrupts, two writers|TASKS=1 INTERRUPTS=1 MODE_GLOBAL"
	"holds|mode global, non-maskable interrupts|TASKS=1 INTERRUPTS=1 NMI MODE_GLOBAL"
	"holds|two knobs in one transaction|TASKS=2 KNOBS=2 WRITERS=1"
	"holds|two knobs in one transaction, mode global|TASKS=1 INTERRUPTS=1 KNOBS=2 MODE_GLOBAL"
	"holds|a module is loaded|TASKS=2 MODULE WRITERS=1"
	"holds|CPUs answer late|TASKS=1 LATE"
	"holds|CPUs answer late, mode global|TASKS=1 LATE MODE_GLOBAL"
	"holds|settle stores the two values one by one|TASKS=1 INTERRUPTS=1 REMOVE_BOTH"

	"ends|mode instance|TASKS=2 LIVE FINITE WRITERS=1"
	"ends|mode global|TASKS=2 LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL"
	"ends|mode global, undone|TASKS=1 LIVE FINITE WRITERS=1 MODE_GLOBAL"
	"ends|tasks die all the time|TASKS=1 EXITS=2 LIVE FINITE WRITERS=1 NO_UNDO"
	"ends|a task dies|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO"
	"ends|a task dies, mode global|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL"

	"mixes|[arm] after tasks have gone over|TASKS=1 REMOVE_ARM"
	"mixes|[begin] with the slot that tasks have|TASKS=1 REMOVE_OTHER_SLOT"
	"mixes|[thunk] not seen on a stack|TASKS=1 REMOVE_THUNK"
	"mixes|spans not seen on a stack|TASKS=1 REMOVE_SPAN"
	"mixes|[look_for_itself] with interrupts enabled|TASKS=1 REMOVE_IRQ_OFF"
	"mixes|[ask_again] not done|TASKS=1 REMOVE_ASK_AGAIN"
	"mixes|[count] not done|TASKS=1 REMOVE_COUNT"
	"mixes|[count] with no IPIs before it|TASKS=1 REMOVE_IPI_ROUND"
	"mixes|[fork] with the slot at the beginning|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_FORK"
	"mixes|[dying] not waited for|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_DYING"
	"mixes|[dying] waited for in one number|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_DYING_PHASE"
	"mixes|[exit_end] before preemption is disabled|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_PREEMPT_OFF"
	"mixes|[confirm] not done|TASKS=1 CHILD WRITERS=1 NO_UNDO REMOVE_CONFIRM"
	"mixes|[settle] without waiting for CPUs|TASKS=1 REMOVE_SETTLE_SYNC"
	"mixes|[turn_back] not done|TASKS=1 REMOVE_TURN_BACK"
	"mixes|[undo] without drain|TASKS=1 REMOVE_UNDO_DRAIN"
	"mixes|[undo] that leaves the slots as they were|TASKS=1 REMOVE_UNDONE"
	"mixes|writers at the same time|TASKS=1 REMOVE_MUTEX"
	"mixes|a writer while another one is being undone|TASKS=1 REMOVE_STUCK REMOVE_CHECK"
	"mixes|a module's site that is not armed|TASKS=2 MODULE WRITERS=1 REMOVE_MODULE_ARM"
	"mixes|mode global, [undo] without drain, and [begin] without looking|TASKS=1 MODE_GLOBAL REMOVE_UNDO_DRAIN REMOVE_CHECK"
	"strays|mode global, [undo] without drain|TASKS=1 MODE_GLOBAL REMOVE_UNDO_DRAIN"
	"overlaps|mode instance|TASKS=2 MODE_GLOBAL SINGLE WRITERS=1 REMOVE_GLOBAL"
	"overlaps|mode global, the gate is open|TASKS=2 MODE_GLOBAL SINGLE REMOVE_GATE"
	"overlaps|mode global, [open] without the ticket|TASKS=2 MODE_GLOBAL SINGLE REMOVE_TICKET"
	"overlaps|mode global, [pass] not counted|TASKS=2 MODE_GLOBAL SINGLE REMOVE_PASS_COUNT"
	"overlaps|mode global, [pass] with the new slot|TASKS=2 MODE_GLOBAL SINGLE REMOVE_PASS_SLOT"
	"overlaps|mode global, only those ask who are still to go over|TASKS=2 MODE_GLOBAL SINGLE REMOVE_ALL_ASK"
	"overlaps|mode global, [undo] with the new values in their slot|TASKS=2 MODE_GLOBAL SINGLE REMOVE_REVERT"
	"mixes|mode global, [pass] with the new slot|TASKS=1 INTERRUPTS=1 MODE_GLOBAL REMOVE_PASS_SLOT"
	"mixes|mode global, [undo] with [turn_back]|TASKS=1 INTERRUPTS=1 MODE_GLOBAL REMOVE_UNDO_FORWARD"
	"mixes|mode global, asked knob by knob|TASKS=1 INTERRUPTS=1 KNOBS=2 WRITERS=1 MODE_GLOBAL REMOVE_ASK_ORDER"
	"mixes|mode global, tasks asked before [arm]|TASKS=1 INTERRUPTS=1 WRITERS=1 MODE_GLOBAL REMOVE_ASK_AFTER_ARM"

	"starves|tasks that are not asked|TASKS=2 LIVE FINITE WRITERS=1 NO_UNDO REMOVE_ASK"
	"starves|[dying] from the beginning in each round|TASKS=1 EXITS=2 LIVE FINITE WRITERS=1 NO_UNDO REMOVE_STAGE"
	"starves|mode global, [undo] in which nobody looks for himself|TASKS=1 LIVE FINITE WRITERS=1 MODE_GLOBAL REMOVE_UNDO_INSTANCE"
	"starves|who dies waits for the gate|TASKS=1 CHILD LIVE FINITE WRITERS=1 NO_UNDO MODE_GLOBAL REMOVE_DYING_PASS"
)

# check CASE DIRECTORY: leaves its status there, and a log
check()
{
	local kind words errors wanted optimize=-O0 compile=() run=() flags=()

	mkdir "$2"
	cd "$2"
	echo 1 >status
	IFS='|' read -r kind _ words <<<"$1"
	read -ra flags <<<"$words"
	case $kind in
	ends|starves)	run=(-a -f) ;;
	*)		compile=(-DSAFETY) ;;
	esac
	# Errors are found soon, but all of the states are many.
	[ "$kind" != holds ] || optimize=-O1
	[ "$kind" != mixes ] || flags+=(ONLY_MIXES)
	# Reduction knows nothing of "provided".
	if ! spin -a "${flags[@]/#/-D}" "$model" >log 2>&1 ||
	   ! "${CC:-cc}" -w "$optimize" -DNOREDUCE -DMEMLIM=3800 \
		"${compile[@]}" -o pan pan.c >>log 2>&1; then
		return
	fi
	timeout 600 ./pan -m2000000 "${run[@]}" >all 2>&1 || true
	rm -f pan pan.*
	grep -E 'errors:|states, stored|elapsed|^pan:1|^error' all | sed 's/^ *//' >log || true
	errors=$(sed -n 's/.*errors: \([0-9]*\)$/\1/p' log)
	case $kind in
	holds|ends)
		# Not if it ran out of memory, depth or time.
		[ "$errors" != 0 ] ||
		grep -qE '^error: max search depth|^pan: (reached -DMEMLIM|out of memory)|Search not completed' all ||
			echo 0 >status
		return ;;
	mixes)		wanted='assertion violated \(+got\[' ;;
	overlaps)	wanted='assertion violated \(all_instances==' ;;
	strays)		wanted='assertion violated .*slot\[.*!=wanted' ;;
	starves)	wanted='acceptance cycle' ;;
	esac
	[ "$errors" != 1 ] || ! grep -qE "$wanted" log || echo 0 >status
}

echo "1..$((${#cases[@]} + 1))"

# Steps are named in comments, behind a space; indices are not.
grep -ohE '(^|[ (*])\[[a-z_]+\]' "$kernel"/{instance,dying,drain,steps}.c | grep -oE '\[.*' | sort -u |
	while read -r step; do
		grep -qF "$step" "$model" || echo "$step"
	done >"$work/names"
result_empty "$work/names" "the model has all steps that comments name"

# Two at a time, of which the longest ones come first.
for i in "${!cases[@]}"; do
	if [ "$(jobs -rp | wc -l)" -ge 2 ]; then
		wait -n
	fi
	check "${cases[i]}" "$work/$i" &
done
wait
for i in "${!cases[@]}"; do
	IFS='|' read -r kind name _ <<<"${cases[i]}"
	result "$(cat "$work/$i/status")" "$kind: $name" "$work/$i/log"
done
[ "$failed" -eq 0 ]
