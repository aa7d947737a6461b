#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What of a kernel log counts as a bug, and whose data races do. TAP output.

set -eu

splats=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../selftests/kernelx" && pwd)/splats.awk
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

# found NAME WANTED: as many bugs are found in the log on the standard input
found()
{
	local got

	got=$(awk -f "$splats" | grep -cE 'BUG: |WARNING: |does not hold' || true)
	if [ "$got" = "$2" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		echo "# $got, should be $2"
	fi
}

# race FRAMES FRAMES: a report of KCSAN; in FRAMES, functions from the access outwards
race()
{
	local frames

	echo "[ 1.0] =================================================================="
	echo "[ 1.0] BUG: KCSAN: data-race in ${1%% *} / ${2%% *}"
	for frames in "$1" "$2"; do
		echo "[ 1.0] "
		echo "[ 1.0] write to 0xffff88803dc208b8 of 4 bytes by task 9 on cpu 0:"
		# shellcheck disable=SC2086 # each of them is a word
		printf '[ 1.0]  %s+0x1/0x2\n' $frames
	done
	echo "[ 1.0] "
	echo "[ 1.0] Reported by Kernel Concurrency Sanitizer on:"
	echo "[ 1.0] CPU: 0 UID: 0 PID: 9 Comm: kernelx_test/0 Not tainted 6.12.0 #1"
	echo "[ 1.0] =================================================================="
}

echo "1..14"
found "nothing is wrong" 0 <<<'[ 1.0] kernelx: mm/readahead: 0 is outside 1..65536 (pages), the value stays 32'
found "a warning is, and lockdep's" 2 <<'LOG'
[ 1.0] WARNING: CPU: 0 PID: 1 at mm/readahead.c:1
[ 1.0] WARNING: possible circular locking dependency detected
LOG
found "KASAN is" 1 <<<'[ 1.0] BUG: KASAN: slab-use-after-free in kernelx_sites_set+0x1/0x2'
found "a site that holds what it should not is" 1 \
	<<<'[ 1.0] kernelx: mm/readahead: the text at f+0x1/0x2 does not hold 32 as it should, nothing is changed'
found "a data race of the base is not" 0 < <(race "tick_nohz_handler hrtimer_interrupt" "tick_nohz_idle_got_tick do_idle")
found "nor is it in an interrupt of ours" 0 \
	< <(race "tick_nohz_handler asm_sysvec_apic_timer_interrupt kernelx_set" "tick_nohz_idle_got_tick do_idle")
found "nor is it where a function of ours sleeps" 0 \
	< <(race "schedule_hrtimeout_range_clock schedule_hrtimeout_range kernelx_drain" "hrtimer_wakeup f")
found "one with a function of ours is, and no other" 1 \
	< <(race "f g" "h i"; race "memcpy kernelx_refresh_mm_readahead" "f g"; race "f g" "h i")
found "what the program of a policy does is not" 0 \
	< <(race "prandom_u32_state bpf_prog_42_value bpf__kernelx_policy_ops_value kernelx_choose" \
		"__bpf_prog_enter bpf__kernelx_policy_ops_value kernelx_choose")
found "but for a site that it comes by" 1 \
	< <(race "kernelx_choose f bpf_prog_42_value bpf__kernelx_policy_ops_value" "g h")
found "nor a probe on a function of ours" 0 \
	< <(race "kprobes_inc_nmissed_count kprobe_ftrace_handler kernelx_get" "kprobe_ftrace_handler kernelx_get")
found "nor the end of a task of ours" 0 < <(race "hrtimer_active do_exit kernelx_thread" "g h")
found "nor one behind it is hidden" 1 < <(race "f g" "h i"; echo '[ 1.0] BUG: unable to handle page fault')
found "one that our interrupt handler takes part in is" 1 \
	< <(race "kernelx_get asm_sysvec_apic_timer_interrupt f" "g h" | head -n 2; echo '[ 1.0] ====================')
[ "$failed" -eq 0 ]
