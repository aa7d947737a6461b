#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What KernelX has to do with bugs: every stack dump says in one line which knobs are not
# at their default, and a task that oopses is not waited for.
#
# vm: --allow-splat

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
plan 10

control=/sys/kernel/debug/kernelx_test/control
insert kernelx_test
reset_all

# dump COMMAND: what the log has of it
dump()
{
	mark
	(echo "$1" >"$control") 2>/dev/null || true
	log_since_mark
}

dumped=$(dump dump)
case $dumped in
*"Call Trace"*) ok "the test module can dump the stack" ;;
*) not_ok "the test module can dump the stack" "$dumped" ;;
esac
is "$(echo "$dumped" | grep -c KernelX:)" 0 "no line while all knobs are at their default"

turn mm/readahead 64
turn net/hystart_delay_shift 2
wanted=' KernelX: mm/readahead=64 net/hystart_delay_shift=2'
is "$(dump dump | grep -o ' KernelX:.*')" "$wanted" "one line names those that are not"
is "$(dump warn | grep -o ' KernelX:.*')" "$wanted" "so it is in a warning"
is "$(dump oops | grep -o ' KernelX:.*')" "$wanted" "so it is in an oops"

# More than fit into a line.
for knob in $(knobs); do
	turn "$knob" "$(other_value "$knob")"
done
dumped=$(dump dump | grep -o 'KernelX:.*')
case $dumped in
*' and '[0-9]*' more') rest=$(echo "$dumped" | sed 's/.* and \([0-9]*\) more/\1/') ;;
*) rest=0 ;;
esac
named=$(echo "$dumped" | grep -o '[a-z_]*/[a-z_0-9]*=[0-9]*' | wc -l)
is "$(echo "$dumped" | wc -l) $((named + rest))" "1 $(knobs | wc -l)" \
	"it is one line that accounts for all knobs when all are turned"
reset_all

# A task that oopses when it has left the list of tasks never comes to its end, and one
# that oopses before never leaves the list: no later transition waits for either.
first=net/hystart_delay_min
modes="instance global"
[ $KX_FORM = direct ] || modes=immediate
for place in exit_task_stack_account exit_sem; do
	works "a thread oopses in $place while it ends" insmod $KX_MODULES/kernelx_doomed.ko at=$place
	none "$(for mode in $modes; do
			echo $mode >$KX_META/$first/mode
			turn $first 8000 || cat $KX_ROOT/transition
			turn $first default || cat $KX_ROOT/transition
		done 2>&1)" "and the next transitions work"
	remove kernelx_doomed
done
echo default >$KX_META/$first/mode

finish
