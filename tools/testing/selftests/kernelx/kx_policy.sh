#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kx policy on a live kernel: attach, what is seen of it, and detach.

# No path here has white space in it.
# shellcheck disable=SC1091,SC2086,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
[ -x "$KX_HERE/kx" ] || skip_all "kx was not built"
[ -e $KX_META/mm/shrink_batch/policy ] || skip_all "needs CONFIG_KERNELX_POLICY"
plan 69

batch=mm/shrink_batch
pins=/sys/fs/bpf/kernelx
good=$KX_HERE/policies/hint.bpf.o
bad=$KX_HERE/bpf/out_of_range.bpf.o
work=/tmp/kx-policy-test
mkdir -p $work
PATH=$KX_HERE:$PATH

cleanup()
{
	rm -rf $pins
	reset_all
	rm -rf $work
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# Dentries and inodes are shrunk in batches.
use()
{
	# Some of it comes and goes.
	ls -R /sys/kernel >/dev/null 2>&1 || true
	echo 2 >/proc/sys/vm/drop_caches
}

pinned()
{
	for pin in $pins/* $pins/maps/*; do
		[ ! -e $pin ] || [ $pin = $pins/maps ] || printf '%s ' "${pin##*/}"
	done
}

# counter KNOB NAME
counter()
{
	sed -n "s/^$2 //p" $KX_META/$1/policy
}

reset_all
mkdir -p /sys/fs/bpf
grep -q ' /sys/fs/bpf bpf ' /proc/mounts || mount -t bpf none /sys/fs/bpf

# --- mistakes ---

gives 0 "No policies are attached." "none at first" policy list
gives 1 "No such file" "no such file" policy attach /nosuch.bpf.o
gives 2 "not a BPF object file" "another file" policy attach "$KX_HERE/kx.sh"
gives 2 "--knob $batch is given twice" "a knob twice" policy attach --knob $batch --knob $batch $good
gives 3 "did you mean mm/shrink_batch?" "a mistyped knob" policy attach --knob mm/shrink_bacth $good
gives 2 "is no name" "a name that is none" policy attach --name 'a b' $good
gives 3 "no policy hint is pinned" "nothing to detach" policy detach hint
gives 7 "mm/readahead takes none" "a knob without an object" policy attach --knob mm/readahead $good
gives 1 "its init refused (-19)" "an init that refuses" policy attach $KX_HERE/bpf/init_fails.bpf.o
gives 1 "r0 = *(u32 *)(r0 +0)" "what the verifier rejects: its last lines" policy attach $KX_HERE/bpf/unchecked.bpf.o
is "$(kx policy attach $KX_HERE/bpf/unchecked.bpf.o 2>&1 | wc -l)" 11 "... and no more than ten"
gives 1 'char LICENSE[] SEC("license") = "GPL";' "no licence" policy attach $KX_HERE/bpf/unlicensed.bpf.o
is "$(pinned)" "" "... of all these nothing is left"

# --- attach ---

gives 0 "Policy hint chooses the value of $batch now" "attach" policy attach --knob $batch $good
gives 0 "$batch  hint" "list" policy list
is "$(kx policy list | grep -c ' pinned$')" 1 "... says that it is pinned"
is "$(pinned)$(ls $pins/maps/hint)" "hint hint hints" "its link and its map are"
is "$(get $batch)" 128 "the fixed value is still to be seen"
before=$(counter $batch asked)
use
is "$([ "$(counter $batch asked)" -gt "$before" ] && echo more)" more "it is asked"
gives 0 "times the policy was asked" "show counts that" policy show $batch
gives 0 "policy     hint" "so does show KNOB" show $batch
gives 0 "runs the program of the policy" "explain says what it costs" explain $batch
gives 0 "$batch by hint" "status names it" status
gives 0 "last       $batch 128 to policy hint, mode" "... also as the last transition" status
kx watch --for 4s --interval 1s $batch >$work/watch 2>&1 &
pid=$!
for _ in 1 2 3 4 5 6; do
	use
	sleep 0.5
done
wait $pid || true
is "$(grep -c 'uses/s, policy hint$' $work/watch | sed 's/[1-9]/some/')" some "watch shows how often it is asked"

# --- what it is told ---

gives 0 "Map hints is empty." "map: nothing is in it" policy map hint
gives 0 "" "map: a hint for this process" policy map hint $$=7
is "$(kx policy map hint)" "$$=7" "... is in it"
before=$(counter $batch out_of_range)
use
is "$(counter $batch out_of_range)" "$before" "... and is in the range"
# That the program finds it can be seen by a value that is counted.
kx policy map hint $$=0
use
is "$([ "$(counter $batch out_of_range)" -gt "$before" ] && echo counted)" counted "... and the policy finds it"
gives 0 "" "map --delete" policy map --delete hint $$
before=$(counter $batch out_of_range)
use
is "$(kx policy map hint) $(counter $batch out_of_range)" "Map hints is empty. $before" "... takes it away"
gives 3 "map hints has no key $$" "... which works once" policy map --delete hint $$
gives 2 "sh is no number for a key" "map: no key" policy map hint sh=1
gives 2 "4G: a value has 4 bytes only" "map: too large a value" policy map hint 1=4G
gives 2 "write KEY=VALUE, or --delete KEY" "map: no value" policy map hint 1
gives 3 "policy hint has no map nosuch, but: hints" "map: another map" policy map --map nosuch hint
gives 3 "did you mean hint?" "map: another policy" policy map hnit

# --- it holds the knob ---

gives 6 "policy hint holds it: kx policy detach hint" "the knob cannot be turned" set $batch=64
gives 6 "policy hint holds it" "nor with others" set $batch=64 mm/readahead=64
is "$(get mm/readahead)" 32 "... of which none changes"
gives 6 "policy hint holds it" "nor for a time" set --for 1s $batch=64
gives 6 "policy hint holds it" "nor tried" try $batch=64 -- true
gives 6 "a policy hint is attached" "a name is used once" policy attach --knob mm/readahead $good
gives 6 "policy hint holds it" "a knob has one policy" policy attach --name other --knob $batch $good
is "$(pinned)" "hint hint " "... and nothing is left of the other one"
echo "$batch=99" >$work/a.conf
gives 9 "is 128, should be 99: policy hint holds it" "profile verify says so" profile verify $work/a.conf

# --- detach ---

gives 3 "did you mean hint?" "a mistyped policy" policy detach hnit
gives 0 "Policy hint is detached" "detach" policy detach hint
is "$(pinned)" "" "no pin is left"
gives 0 "No policies are attached." "... and no policy" policy list
gives 0 "last       $batch from a policy to 128, mode" "... which was the last transition" status
gives 0 "128 -> 64" "the knob can be turned" set $batch=64
is "$(sites_fault $batch 64)" "" "... and its sites hold that"
kx reset $batch >/dev/null

# --- others ---

gives 0 "Policy two chooses the value of net/hystart_delay_min net/hystart_delay_max now" "other knobs than the file says" \
	policy attach --name two --knob net/hystart_delay_min --knob net/hystart_delay_max $good
is "$(kx policy list | awk 'NR > 1 { print $1, $2 }' | xargs)" "net/hystart_delay_max two net/hystart_delay_min two" \
	"... each of which has it"
kx policy detach two >/dev/null
kx policy attach --name commands --knob $batch $KX_HERE/policies/per_command.bpf.o >/dev/null
gives 0 "" "map: keys that are texts" policy map commands "$(cat /proc/$$/comm)=0" 'a b=5'
use
is "$(kx policy map commands | sort | xargs) $([ "$(counter $batch out_of_range)" -gt 0 ] && echo counted)" \
	"a b=5 $(cat /proc/$$/comm)=0 counted" "... which the policy finds, too"
kx policy detach commands >/dev/null
gives 0 "Policy out_of_range" "a policy that answers outside the range" policy attach --knob $batch $bad
use
is "$([ "$(counter $batch out_of_range)" -gt 0 ] && echo counted)" counted "... is counted"
gives 0 "answers outside the range: the fixed value was taken" "... which show says" policy show $batch
kx policy detach out_of_range >/dev/null 2>&1 || true

# --- one that the kernel ends ---

kx policy attach --name neg --knob $batch $bad >/dev/null
for _ in $(seq 100); do
	use
	! grep -q '^detached ' $KX_META/$batch/policy || break
done
gives 0 "$batch  neg" "list has its name" policy list
gives 0 "ended by the kernel: " "... and the reason" policy list
gives 0 "only its pin is left" "... and that a pin is left" policy list
gives 9 "kx policy detach neg removes" "doctor finds that wrong" doctor
gives 6 "only the pin of an earlier policy neg is left" "the name cannot be used again" \
	policy attach --name neg --knob $batch $bad
gives 0 "Policy neg was detached already" "detach removes the pin" policy detach neg
gives 0 "the kernel ended its policy neg some time ago" "... and for doctor it is nothing wrong" doctor
none "$(all_sites_fault)" "in the end everything is at its default"

finish
