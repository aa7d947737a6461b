#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Leases: values that last as long as a file is open. And who changed a knob last.

# No path here has white space in it.
# shellcheck disable=SC1091,SC2046,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
plan 31

lease=$KX_ROOT/lease
one=mm/shrink_batch
two=block/max_request_count
reset_all

cleanup()
{
	exec 4>&- 5>&-
	reset_all
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# written FILE TEXT: "ok", or the error
written()
{
	"$KX_HERE/put" "$KX_ROOT/$1" "$2" | sed 's/^ok .*/ok/'
}

values()
{
	echo "$(get $one) $(get $two)"
}

returned()
{
	[ "$(values)" = "$1" ]
}

# --- who changed it ---

is "$(stat -c %a $KX_META/$one/changed)" 444 "who changed a knob can be seen by everybody"
turn $one 200
set -- $(meta $one changed)
is "$2 $3 $4" "$$ 0 $(cat /proc/$$/comm)" "it was this process"
now=$(date +%s)
is "$([ "${1%.*}" -le "$now" ] && [ "${1%.*}" -ge $((now - 60)) ] && echo now)" now "just now"
changed=$(meta $one changed)
sleep 0.01
turn $one 200
is "$(meta $one changed)" "$changed" "a write that changes nothing does not count"
is "$(written $one 0)" ERANGE "neither does one"
is "$(meta $one changed)" "$changed" "that fails"
is "$(awk 'FNR == 1 && !/^never$|^[0-9]+\.[0-9][0-9][0-9] [0-9]+ [0-9]+ ./' $KX_META/*/*/changed)" "" \
	"all of these files have their form"

# --- leases ---

is "$(stat -c %a $lease)" 600 "leases are for root"
is "$(cat $lease)" "" "there is none"
exec 4<>$lease
echo "$one=300 $two=64" >&4
is "$(values)" "300 64" "its values are in force"
is "$(sort $lease)" "$(printf '%s\n' "$one 300 200 $$ $(cat /proc/$$/comm)" \
	"$two 64 32 $$ $(cat /proc/$$/comm)" | sort)" "the file lists them"
is "$(written $one 400) $(written $one default)" "EBUSY EBUSY" "others cannot write them"
is "$(written transaction "mm/readahead=64 $one=400")" EBUSY "nor in a transaction"
is "$(get mm/readahead)" "$(meta mm/readahead default)" "of which nothing is changed"
is "$(written lease "$two=16")" EBUSY "nor lease them"
mark
written $one 400 >/dev/null
is "$(log_since_mark | grep -c "$one: leased by .*\[$$\]")" 1 "the log says who holds them"
is "$(echo "mm/readahead=64" 2>&1 >&4 | grep -c busy)" 1 "an open file holds one transaction"
is "$(get mm/readahead)" "$(meta mm/readahead default)" "and no second one"
exec 5<>$lease
echo "mm/readahead=64" >&5
is "$(get mm/readahead) $(cat $lease | wc -l)" "64 3" "another open file does"
exec 5>&-
is "$(get mm/readahead) $(cat $lease | wc -l)" "$(meta mm/readahead default) 2" "until it is closed"
exec 4>&-
is "$(values)" "200 32" "the values from before are back"
is "$(cat $lease)" "" "and nothing is held"

for text in "nothing" "no/knob=1" "$one=0" "$one=1 $one=2"; do
	written lease "$text"
done >/tmp/refused
is "$(tr '\n' ' ' </tmp/refused)" "EINVAL ENOENT ERANGE EINVAL " "what no transaction takes, no lease takes"
is "$(values) $(cat $lease)" "200 32 " "and nothing is changed"

sh -c 'exec 6<>"$0"; echo "$1" >&6; echo held; exec sleep 1000' $lease "$one=500" >/tmp/held &
holder=$!
wait_for 10 grep -q held /tmp/held || true
is "$(get $one)" 500 "a process holds a value"
kill -9 $holder
wait $holder 2>/dev/null || true
wait_for 10 returned "200 32" || true
is "$(values)" "200 32" "when it is killed, the one from before is back"
# A module brings a site whose value goes where no span can list it: nothing but mode
# immediate can be promised for its knob any more.
exec 4<>$lease
echo "mm/swap_cluster_max=64 $one=300" >&4
insert kernelx_test
exec 4>&-
wait_for 10 returned "200 32" || true
is "$(get mm/swap_cluster_max) $(values)" "32 200 32" "values come back though their mode is no longer possible"
is "$(cat $lease)" "" "and are held no longer"
remove kernelx_test

# Another writer waits for somebody who sleeps.
if insert kernelx_instances 2>/dev/null; then
	echo 20000 >$KX_ROOT/transition_timeout_ms
	echo sleep >/sys/kernel/debug/kernelx_instances/control
	exec 4<>$lease
	echo "$one=300" >&4
	echo 8000 >$KX_ROOT/net/hystart_delay_min &
	writer=$!
	wait_for 10 grep -q '^step drain' $KX_ROOT/transition
	exec 4>&-
	is "$(sed -n 's/^step //p' $KX_ROOT/transition)" drain "who closes the file does not wait for other writers"
	echo wake >/sys/kernel/debug/kernelx_instances/control
	wait $writer
	wait_for 10 returned "200 32" || true
	is "$(values)" "200 32" "and the values are back when those are done"
	echo 1000 >$KX_ROOT/transition_timeout_ms
	turn net/hystart_delay_min default
	remove kernelx_instances
fi
none "$(all_sites_fault)" "all sites hold what their knobs show"
finish
