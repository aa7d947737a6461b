#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kprobes and ftrace beside sites: refused on the bytes of a site, and living with
# changes of its value everywhere else, in both orders.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 2
events=$KX_TRACING/kprobe_events
list=/sys/kernel/debug/kprobes/list
[ -w "$events" ] || skip_all "needs CONFIG_KPROBE_EVENTS"
plan 22

# What an indirection of all knobs must leave alone.
swap=mm/swap_cluster_max
registers=/sys/kernel/debug/kernelx_test/registers

put()
{
	"$KX_HERE/put" "$@"
}

# All sites, a line each: [MODULE:]FUNCTION OFFSET
places()
{
	cat "$KX_META"/*/*/sites | sed -n \
		-e 's,^\([^ ]*\)+\(0x[0-9a-f]*\)/[^ ]* \[\([^]]*\)\].*,\3:\1 \2,p;t' \
		-e 's,^\([^ ]*\)+\(0x[0-9a-f]*\)/.*,\1 \2,p'
}

# The same, one function a line
functions()
{
	places | cut -d ' ' -f 1 | sort -u
}

# Sets probes kx/NAME-1, -2, ... before all sites: on the last instruction that
# begins up to 4 bytes before, so that the jump of an optimised probe would cover
# the site. Prints [MODULE:]FUNCTION OFFSET of each.
probe_before_sites()
{
	number=0
	places >"$work/places"
	while read -r function offset; do
		for before in 1 2 3 4; do
			at=$((offset - before))
			[ $at -ge 0 ] || break
			case $(put $events "p:kx/$1_$number $function+$at\n") in
			ok*)
				number=$((number + 1))
				printf '%s 0x%x\n' "$function" $at
				break ;;
			esac
		done
	done <"$work/places"
}

switch_on()
{
	echo 1 >"$KX_TRACING/events"/kx/enable
}

unprobe()
{
	[ ! -e $KX_TRACING/events/kx/enable ] || echo 0 >"$KX_TRACING/events"/kx/enable
	echo >"$events"
}

turn_all()
{
	for knob in $(knobs); do
		turn "$knob" "$(other_value "$knob")"
	done
}

hits()
{
	awk '{ n += $2 } END { print n + 0 }' $KX_TRACING/kprobe_profile
}

# What the module computes in each register, if it is not VALUE.
registers_fault()
{
	awk -v "value=$1" '$1 == "damaged" || $2 != value' $registers
}

cleanup()
{
	echo nop >"$KX_TRACING/current_tracer"
	echo >"$KX_TRACING/set_ftrace_filter"
	unprobe
	reset_all
	remove kernelx_test
	rm -rf "$work"
}
work=$(mktemp -d)
trap cleanup EXIT
trap 'exit 1' INT TERM

reset_all
insert kernelx_test

# --- on a site ---
places >"$work/places"
mark
place=$(sed -n 's/^kernelx_test:in_rax \(.*\)/\1/p' "$work/places")
put $events "p:kx/t kernelx_test:in_rax+$((place))\n" >/dev/null
case $(log_since_mark) in
*"kernelx: no kprobe at in_rax+"*) ok "the log says why" ;;
*) not_ok "the log says why" "$(log_since_mark)" ;;
esac
faults=
while read -r function offset; do
	for byte in 0 1 2 3 4; do
		answer=$(put $events "p:kx/t $function+$((offset + byte))\n")
		[ "$answer" = EINVAL ] || faults="$faults
$function+$offset, byte $byte: $answer"
	done
done <"$work/places"
none "$faults" "a probe on any byte of any site is refused"
if [ "$(wc -l <"$work/places")" -ge 60 ]; then
	ok "that was tried on all sites"
else
	not_ok "that was tried on all sites" "$(cat "$work/places")"
fi

# Regression: a hook on one that waits below kept instances from being remembered.
faults=$(for function in $(sed -n 's/^[^ ]* [tT] \(\(kernelx_instance_begin\|begin_instance\)\(\.[a-z0-9.]*\)*\)$/\1/p' /proc/kallsyms); do
	case $(put $events "r:kx/begins $function\n") in
	ok*)	echo "a probe on the return of $function" ;;
	esac
	grep -x "$function" "$KX_TRACING/available_filter_functions" || true
done)
none "$faults" "what remembers instances cannot be hooked"

# Their sites have a prefix that is never written; it is a part of the site all
# the same. The site of such a function by its name:
faults=
for register in r8 r9 r10 r11 r12 r13 r14 r15; do
	place=$(sed -n "s/^kernelx_test:in_$register \(.*\)/\1/p;" "$work/places")
	[ -n "$place" ] || place=none
	answer=$(put $events "p:kx/t kernelx_test:in_$register+$((place - 1))\n")
	[ "$answer" = EINVAL ] || faults="$faults
in_$register: $answer"
done
none "$faults" "so is one on the prefix of a site in r8 to r15"

# --- on the stub of a module's site: kprobes would read on behind the module's text ---
# The first of each object begins at a symbol, at a multiple of 16. By address: the
# symbol is there more than once, and a probe by its name is refused for that.
sed -n 's/^\([0-9a-f]*\) . kernelx_stubs[[:space:]]*\[kernelx_test\]$/\1/p' /proc/kallsyms >"$work/stubs"
faults=
while read -r address; do
	for digit in 0 1 2 3 4 5 6 7 8 9 a b; do
		answer=$(put $events "p:kx/t 0x${address%0}$digit\n")
		[ "$answer" = EINVAL ] || faults="$faults
0x${address%0}$digit: $answer"
	done
done <"$work/stubs"
none "$faults" "a probe on any byte of the stub of a module's site is refused"
is "$(wc -l <"$work/stubs")" 2 "that was tried in both objects of the module"
address=$(sed -n 's/^\([0-9a-f]*\) . in_rax[[:space:]]*\[kernelx_test\]$/\1/p' /proc/kallsyms)
answer=$(put $events "p:kx/by_address 0x$address\n")
is "${answer% *}" ok "while one by address on a function of the module is set"
unprobe

# --- before a site, probe first ---
probe_before_sites a >"$work/before"
switch_on
before=$(wc -l <"$work/before")
if [ "$before" -ge 10 ]; then
	ok "probes right before sites are accepted"
else
	not_ok "probes right before sites are accepted" "$before"
fi

# To know that the optimiser has run, and does work: a function without a site.
for at in 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	put $events "p:kx/control_$at vfs_read+$at\n" >/dev/null
done
switch_on
works "a probe far from any site is optimised" wait_for 60 grep -q 'vfs_read.*OPTIMIZED' $list
none "$(while read -r function offset; do
	grep -F "${function#*:}+$offset " $list | grep OPTIMIZED
done <"$work/before")" "none that would jump across a site is"
turn_all
turn $swap 77
none "$(all_sites_fault)" "with probes before them all sites follow a change"
before=$(hits)
none "$(registers_fault 77)" "code with a probe before its site computes with the new value"
if [ $(($(hits) - before)) -ge 10 ]; then
	ok "and the probes fire"
else
	not_ok "and the probes fire" "$(cat $KX_TRACING/kprobe_profile)"
fi
unprobe
none "$(all_sites_fault; registers_fault 77)" "when the probes are gone every site still holds its value"
reset_all
none "$(all_sites_fault; registers_fault 32)" "and follows the next change"

# --- the other order ---
turn_all
turn $swap 78
probe_before_sites b >/dev/null
switch_on
before=$(hits)
none "$(all_sites_fault; registers_fault 78)" "probes set after a change leave the sites alone"
reset_all
unprobe
none "$(all_sites_fault; registers_fault 32)" "a change with probes, taken away after it, too"

# --- on the entry of functions that have sites ---
number=0
for function in $(functions); do
	number=$((number + 1))
	put $events "p:kx/e_$number $function\n" >/dev/null
	put $events "r:kx/r_$number $function\n" >/dev/null
done
switch_on
before=$(hits)
turn_all
turn $swap 79
none "$(all_sites_fault; registers_fault 79)" "kprobes and kretprobes on the functions, and a change"
if [ $(($(hits) - before)) -ge 30 ]; then
	ok "all of them fire"
else
	not_ok "all of them fire" "$(cat $KX_TRACING/kprobe_profile)"
fi
unprobe
reset_all

for function in $(functions); do
	put $KX_TRACING/set_ftrace_filter "${function#*:}\n" >/dev/null
done
for tracer in function function_graph; do
	echo $tracer >"$KX_TRACING/current_tracer"
	turn_all
	turn $swap 80
	registers_fault 80
	# Before the buffer is full of what others of these functions do meanwhile.
	echo 0 >$KX_TRACING/tracing_on
	grep -q in_r10 $KX_TRACING/trace || echo "$tracer did not see in_r10"
	echo 1 >$KX_TRACING/tracing_on
	all_sites_fault
	reset_all
done >"$work/faults" 2>&1
none "$(cat "$work/faults")" "the function tracers on the same functions"
echo nop >"$KX_TRACING/current_tracer"
echo >"$KX_TRACING/set_ftrace_filter"

# --- a probe that waits for a module ---
place=$(sed -n 's/^kernelx_test:in_rbx \(.*\)/\1/p' "$work/places")
remove kernelx_test
put $events "p:kx/waiting kernelx_test:in_rbx+$((place))\n" >/dev/null
switch_on 2>/dev/null || true
turn $swap 81
insert kernelx_test
none "$(grep in_rbx $list || true; all_sites_fault; registers_fault 81)" \
	"a probe that waited for a module is not set on its site"
unprobe

finish
