#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 4 --disk 256M --append retbleed=unret,force
# Modes, transactions, and transitions that something is in the way of: they are undone
# in time, say why, and leave everything as it was.

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
need_cpus 4
for file in "$KX_META"/*/*/mode; do
	echo default >"$file"
done
plan 92

instances=/sys/kernel/debug/kernelx_instances
faults=/sys/kernel/debug/fail_function
first=net/hystart_delay_min
second=net/hystart_delay_max
both="$first=8000 $second=32000"
back="$first=4000 $second=16000"
timeout=$KX_ROOT/transition_timeout_ms
slow=${KERNELX_SLOW:-1}
transaction=$KX_ROOT/transaction
transition=$KX_ROOT/transition

cleanup()
{
	[ ! -e $faults/inject ] || echo >$faults/inject
	echo wake >$instances/control 2>/dev/null || true
	remove kernelx_instances || true
	echo 1 >/sys/devices/system/cpu/cpu3/online 2>/dev/null || true
	for file in "$KX_META"/*/*/mode; do
		echo default >"$file"
	done
	echo 1000 >$timeout
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

put()
{
	"$KX_HERE/put" "$@"
}

set_mode()
{
	echo "$1" >$KX_META/$first/mode
	echo "$1" >$KX_META/$second/mode
}

# field NAME: of the file transition
field()
{
	sed -n "s/^$1 //p" $transition
}

# A transition waits, and says for whom.
blocked()
{
	[ "$(field step)" = drain ] && [ -n "$(field blocker)" ]
}

undone()
{
	[ "$(field step)" = "done" ]
}

# unchanged NAME: both knobs are as before, their files and their sites
unchanged()
{
	none "$([ "$(get $first) $(get $second)" = "4000 16000" ] ||
			echo "the files show $(get $first) $(get $second)"
		sites_fault $first 4000
		sites_fault $second 16000)" "$1"
}

# change_works NAME: there and back
change_works()
{
	none "$([ "$(put $transaction "$both")" = "ok ${#both}" ] || echo "there: $(cat $transition)"
		sites_fault $first 8000
		sites_fault $second 32000
		[ "$(put $transaction "$back")" = "ok ${#back}" ] || echo "back: $(cat $transition)"
		sites_fault $first 4000
		sites_fault $second 16000)" "$1"
}

# --- modes ---

none "$(for knob in $(knobs); do
		case $(meta "$knob" class) in
		dependent*)	wanted=instance ;;
		independent*)	wanted=immediate ;;
		*)		continue ;;
		esac
		[ "$(meta "$knob" mode)" = $wanted ] || echo "$knob: $(meta "$knob" mode)"
	done)" "the mode is instance if a knob is dependent, else immediate"
for mode in immediate instance global; do
	echo $mode >$KX_META/$first/mode
	is "$(meta $first mode)" $mode "mode $mode can be chosen"
done
is "$(put $KX_META/$first/mode sometimes)" EINVAL "another word is no mode"
is "$(meta $first mode)" global "and changes nothing"
is "$(put -c $KX_META/$first/mode default)" EPERM "CAP_SYS_ADMIN is needed to choose one"
echo default >$KX_META/$first/mode
is "$(meta $first mode)" instance "the default can be had back"

unbounded=$(grep -l unbounded $KX_META/*/*/class | head -n 1 | sed "s,^$KX_META/,,; s,/class$,,")
if [ -n "$unbounded" ]; then
	is "$(put "$KX_ROOT/$unbounded" "$(other_value "$unbounded")")" EOPNOTSUPP \
		"$unbounded: where values cannot be followed, mode instance is refused"
	echo immediate >"$KX_META/$unbounded/mode"
	works "and mode immediate works" turn "$unbounded" "$(other_value "$unbounded")"
	echo default >"$KX_ROOT/$unbounded"
else
	ok "no knob is unbounded"
	ok "no knob is unbounded"
fi

# --- transactions ---

change_works "a transaction changes two knobs"
is "$(put $transaction "$first=8000 $second=99999999")" ERANGE "one value is out of range"
unchanged "and nothing has changed"
is "$(put $transaction "$first=8000 net/nothing=1")" ENOENT "one knob does not exist"
is "$(put $transaction "$first=8000 $second=much")" EINVAL "one value is no number"
is "$(put $transaction "$first=8000 $first=9000")" EINVAL "one knob is named twice"
is "$(put $transaction "$first=8000 $second")" EINVAL "one word has no value"
is "$(put $transaction '')" "ok 0" "an empty write does nothing"
is "$(put $transaction ' \n')" EINVAL "no knob is named"
# Regression: a text was not allowed to be longer than a page.
# Those whose values cannot be followed can be in none with others.
turned=$(for knob in $(knobs); do
	case $(meta "$knob" class) in
	*unbounded*)	continue ;;
	esac
	echo "$knob"
done)
text=$(for knob in $turned; do
	echo "$knob=$(other_value "$knob")"
done | tr '\n' ' ')
is "$(put $transaction "$text")" "ok ${#text}" "all knobs change in one transaction"
none "$(all_sites_fault)" "and all of their sites"
text=$(echo "$turned" | sed 's,$,=default,' | tr '\n' ' ')
is "$(put $transaction "$text")" "ok ${#text}" "and back"
wrong=
for words in mode= mode=default mode=fast "mode=global mode=global $first=8000" "mode=global" \
	"$first=8000 mode=instances" "$first=8000 mode=global$second=9000"; do
	answer=$(put $transaction "$words")
	[ "$answer" = EINVAL ] || wrong="$wrong
$words: $answer"
done
none "$wrong" "no mode, an unknown one, several, and one without a knob are refused"
is "$(get $first) $(get $second)" "4000 16000" "and nothing is changed"
before=$(meta $first mode)
put $transaction "mode=global $both" >/dev/null
is "$(get $first) $(get $second) $(sed -n 's/^mode //p' $transition)" "8000 32000 global" \
	"a transaction has the mode that it names"
is "$(meta $first mode)" "$before" "and leaves the knobs theirs"
put $transaction "$first=default mode=immediate" >/dev/null
is "$(get $first) $(sed -n 's/^mode //p' $transition)" "4000 immediate" "also the weakest"
put $transaction "$second=default" >/dev/null
is "$(put -c $transaction "$both")" EPERM "CAP_SYS_ADMIN is needed"
unchanged "and nothing has changed"
text="  $first=0x1F40\t$second=32K\n"
put $transaction "$text" >/dev/null
is "$(get $first) $(get $second)" "8000 32768" "white space, hexadecimal numbers and suffixes"
put $transaction "$first=default $second=default" >/dev/null
unchanged "\"default\" is a value"

# Latched state belongs to it.
mount -t tmpfs none /mnt 2>/dev/null || true
disk=$(find /sys/block -name 'vd*' | head -n 1)
before=$(cat "$disk/queue/read_ahead_kb")
put $transaction "mm/readahead=64 $first=5000" >/dev/null
is "$(cat "$disk/queue/read_ahead_kb")" $((before * 2)) "latched state follows in a transaction"
put $transaction "mm/readahead=default $first=default" >/dev/null
is "$(cat "$disk/queue/read_ahead_kb")" "$before" "and back"

# --- what can be seen ---

echo 1 >$KX_TRACING/events/kernelx/enable
echo >$KX_TRACING/trace
put $transaction "$both" >/dev/null
put $transaction "$back" >/dev/null
echo 0 >$KX_TRACING/events/kernelx/enable
is "$(grep -c 'kernelx_transition_begin: mode=instance' $KX_TRACING/trace)" 2 "tracepoint kernelx_transition_begin"
is "$(grep -o 'kernelx_transition_step: step=[a-z]*' $KX_TRACING/trace | sed 's/.*=//' | head -n 4 | tr '\n' ' ')" \
	"arm drain refresh settle " "tracepoint kernelx_transition_step"
is "$(grep -c 'kernelx_transition_end: ret=0' $KX_TRACING/trace)" 2 "tracepoint kernelx_transition_end"
is "$(field mode) $(field step) $(field result)" "instance done 0" "the file transition: how it ended"
is "$(field knobs)" "$second 32000 to 16000, $first 8000 to 4000" "the file transition: which knobs"
before=$(sed -n 's/^instance //p' $KX_ROOT/stats)
put $transaction "$both" >/dev/null
put $transaction "$back" >/dev/null
is "$(sed -n 's/^instance //p' $KX_ROOT/stats)" $((before + 2)) "the file stats counts them"
is "$(put -u $transition) $(put -a $transition)" "open EACCES EPERM" "who is in the way is for the privileged"
is "$(put $timeout 0)" ERANGE "a time limit of 0 is refused"
is "$(put $timeout 60001)" ERANGE "and one of more than a minute"
is "$(put $timeout soon)" EINVAL "and one that is no number"
is "$(put -c $timeout 100)" EPERM "CAP_SYS_ADMIN is needed to change it"
is "$(cat $timeout)" 1000 "it stays as it was"

# --- something is in the way ---

insert kernelx_instances
for mode in instance global; do
	set_mode $mode
	echo 200 >$timeout
	echo sleep >$instances/control
	is "$(put $transaction "$both")" EBUSY "mode $mode: a task sleeps in a span: EBUSY"
	took=$(field elapsed_us)
	none "$([ "$took" -ge 200000 ] && [ "$took" -le $((600000 * ${KERNELX_SLOW:-1})) ] ||
		echo "after $took us")" "mode $mode: when the time is over"
	# A slow machine has CPUs that do not answer in the little time that is left.
	is "$(field blocker | grep -v "does not answer" |
		sed 's/\[[0-9]*\]//; s,+[^ ]*,,; s/ in a span of .*//')" \
		"kernelx_sleeper at stay_in_span [kernelx_instances]" "mode $mode: the task and the function are named"
	unchanged "mode $mode: nothing has changed"
	echo wake >$instances/control
	change_works "mode $mode: the next transition works"

	echo hide >$instances/control
	is "$(put $transaction "$both")" EBUSY "mode $mode: a stack cannot be relied upon: EBUSY"
	is "$(field blocker | grep -v "does not answer" |
		sed 's/\[[0-9]*\]//; s/ has a stack.*//')" kernelx_hidden \
		"mode $mode: the task is named"
	is "$(get $first) $(get $second)" "4000 16000" "mode $mode: the old values are in force"
	echo wake >$instances/control
	# In mode global, the task itself has to go over, to a slot that has the old values.
	wait_for 10 undone || true
	unchanged "mode $mode: nothing has changed"
	change_works "mode $mode: the next transition works"
	echo 1000 >$timeout
done
set_mode default

# A CPU that answers late, when the transition is on its way: a task is in the way first.
# The writer is on another CPU.
echo $((500 * slow)) >$timeout
echo sleep >$instances/control
"$KX_HERE/put" -p $transaction "$both" >/dev/null &
writer=$!
wait_for 10 blocked
echo "late $((2000 * slow))" >$instances/control
echo wake >$instances/control
wait $writer 2>/dev/null || true
is "$(field result) $(field blocker | grep -o 'CPU 3 does not answer')" \
	"-16 CPU 3 does not answer" "a CPU answers late: EBUSY, and it is named"
wait_for 10 undone
unchanged "and nothing has changed"
echo 1000 >$timeout
change_works "and the next transition works"

# A signal.
echo 60000 >$timeout
echo sleep >$instances/control
"$KX_HERE/put" $transaction "$both" >/dev/null &
writer=$!
wait_for 10 blocked || true
is "$(field step)" drain "a transition waits"
kill -TERM $writer
wait $writer 2>/dev/null || true
is "$(field step) $(field result)" "done -4" "a signal to the writer cancels it"
unchanged "and nothing has changed"
echo wake >$instances/control
echo 1000 >$timeout
change_works "and the next transition works"

# One task sleeps with the old value and one with the new one: it can neither be done nor
# undone.
echo $((1000 * slow)) >$timeout
echo sleep >$instances/control
"$KX_HERE/put" $transaction "$both" >/dev/null &
writer=$!
wait_for 10 blocked
echo sleep >$instances/control
wait $writer 2>/dev/null || true
is "$(field step) $(field result)" "undo -16" "a task sleeps with the new value: it is not undone yet"
is "$(get $first) $(get $second)" "4000 16000" "but the old values are in force"
is "$(put $KX_ROOT/$first 5000)" EBUSY "the knob is busy"
echo immediate >$KX_META/net/fq_gc_age/mode
works "another one in mode immediate is not" turn net/fq_gc_age "$(other_value net/fq_gc_age)"
echo wake >$instances/control
works "it is undone when the task goes on" wait_for 10 undone
unchanged "and nothing has changed"
echo 1000 >$timeout
change_works "and the next transition works"
is "$(sed 1d $instances/results | sed 's/.*: //; s/[^0-9]//g; s/0//g')" "" "no sleeper has seen two versions"
echo default >$KX_ROOT/net/fq_gc_age

# More of them than are named.
echo $((200 * slow)) >$timeout
for _ in 1 2 3 4 5 6 7 8 9 10; do
	echo sleep >$instances/control
done
is "$(put $transaction "$both")" EBUSY "ten tasks sleep in a span: EBUSY"
is "$(field blocker | grep -c '^kernelx_sleeper\[')" 8 "eight of them are named"
unchanged "and nothing has changed"
echo wake >$instances/control
echo 1000 >$timeout
change_works "and the next transition works"

# --- each step fails ---

if [ -e $faults/inject ]; then
	echo 100 >$faults/probability
	echo -1 >$faults/times
	echo 0 >$faults/verbose
	none "$(for mode in instance global; do
		set_mode $mode
		for step in arm drain refresh; do
			echo step_$step >$faults/inject
			printf %#x -12 >$faults/step_$step/retval
			[ "$(put $transaction "$both")" = ENOMEM ] || echo "$mode: $step did not fail"
			echo >$faults/inject
			[ "$(get $first) $(get $second)" = "4000 16000" ] || echo "$mode: $step: $(get $first) $(get $second)"
			sites_fault $first 4000
			sites_fault $second 16000
			[ "$(put $transaction "$both")" = "ok ${#both}" ] || echo "$mode: after $step"
			[ "$(put $transaction "$back")" = "ok ${#back}" ] || echo "$mode: after $step, back"
		done
	done 2>&1)" "whatever step fails, it is undone"
	set_mode default
else
	ok "whatever step fails, it is undone # SKIP needs CONFIG_FAIL_FUNCTION"
fi

# Every allocation in the write fails, one after the other; those that may sleep, too.
[ ! -e /sys/kernel/debug/failslab ] || echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
wrong=$(nth=0
	while [ $nth -lt 40 ]; do
		nth=$((nth + 1))
		result=$("$KX_HERE/put" -f $nth $transaction "$both")
		case $result in
		ENOMEM)	[ "$(get $first) $(get $second)" = "4000 16000" ] || echo "$nth: $(get $first)" ;;
		"ok "*)	put $transaction "$back" >/dev/null
			break ;;
		*)	echo "$nth: $result" ;;
		esac
	done
	[ $nth -gt 2 ] || echo "no allocation failed"
	[ $nth -lt 40 ] || echo "it never worked")
none "$wrong" "whatever allocation fails, nothing has changed"
unchanged "and nothing has changed"

# --- CPUs come and go, modules too ---

(
	for _ in 1 2 3 4 5; do
		echo 0 >/sys/devices/system/cpu/cpu3/online
		echo 1 >/sys/devices/system/cpu/cpu3/online
		insert kernelx_test
		remove kernelx_test
	done
) &
works "transitions while CPUs and modules come and go" \
	"$KX_HERE/timing" $transaction "$both" "$back" 100
wait
put $transaction "$back" >/dev/null
unchanged "and every site is right"

works "the module can be removed" wait_for 10 remove kernelx_instances
none "$(all_sites_fault)" "every site holds what its file shows"
none "$(log_fault)" "no splat in the log"
finish
