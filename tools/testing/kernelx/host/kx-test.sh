#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kx and libkernelx, as far as they go without the kernel: they build without a warning,
# their parts against known results, commands on a directory that looks like a tree of
# knobs, completion, manual pages, installation. TAP output.
#
# TREE=dir  a kernel tree, for its libbpf

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$here/lib/result.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C TZ=UTC
unset NO_COLOR COLUMNS KERNELX_ROOT

plan=$(grep -cE '^(result|result_empty|result_has|gives|says|busy|boot|is_json) ' "${BASH_SOURCE[0]}")
echo "1..$plan"

# --- it builds ---

# With what is there of libbpf from the last time.
build=${KERNELX_BUILD:-$work}/kx-test
status=0
make -s -C "$repository/tools/kernelx" TREE="${TREE:-}" OUTPUT="$build" CC=gcc \
	CFLAGS='-O2 -g -Werror' >"$work/log" 2>&1 || status=$?
result $status "builds without a warning" "$work/log"
[ "$status" -eq 0 ] || exit 1
PATH=$build:$PATH

objects=("$build"/*.o)
mapfile -t objects < <(printf '%s\n' "${objects[@]}" | grep -v '/main\.o$')
libraries=("$build/lib/libkernelx.a" "$build/libbpf/libbpf.a" -lelf -lz -lm)
strict=(gcc -O2 -Wall -Wextra -Werror -I"$repository/tools/kernelx" -I"$repository/tools/lib/kernelx")
"${strict[@]}" -o "$work/check" "$here/kx/check.c" "${objects[@]}" "${libraries[@]}"
"${strict[@]}" -o "$work/json" "$here/kx/json-check.c"

# --- parts ---

"$work/check" t >"$work/t" || true
result_empty "$work/t" "Student's t: critical values and probabilities"
"$work/check" estimate >"$work/estimate" || true
result_empty "$work/estimate" "mean, deviation and interval of a known experiment"
"$work/check" rates >"$work/rates" || true
result_empty "$work/rates" "no difference is seen in 1 of 20 cases, and a large one in most"
"$work/check" distance >"$work/distance" || true
result_empty "$work/distance" "distance of words"
"$work/check" suggest >"$work/suggest" || true
result_empty "$work/suggest" "what a mistyped name may mean"
"$work/check" parse >"$work/parse" || true
result_empty "$work/parse" "numbers, as the kernel reads them"

"$work/check" size >"$work/size" || true
result_empty "$work/size" "how long a transaction is, and how long it can be"

# --- a directory that looks like a tree of knobs ---

root=$work/root

# knob NAME VALUE DEFAULT MIN MAX UNIT CLASS MODE STATE HELP
knob()
{
	mkdir -p "$root/.meta/$1" "$root/${1%/*}"
	echo "$2" >"$root/$1"
	echo "$3" >"$root/.meta/$1/default"
	echo "$4" >"$root/.meta/$1/min"
	echo "$5" >"$root/.meta/$1/max"
	echo "$6" >"$root/.meta/$1/unit"
	echo "$7" >"$root/.meta/$1/class"
	echo "$8" >"$root/.meta/$1/mode"
	echo "$9" >"$root/.meta/$1/state"
	echo "${10}" >"$root/.meta/$1/help"
	echo "define SOMETHING in some/file.c" >"$root/.meta/$1/source"
}

fresh()
{
	rm -rf "$root"
	knob mm/readahead 64 32 1 65536 pages "independent escapes" immediate "refresh mm_readahead" \
		'Largest "window" \ of a device.'
	knob mm/shrink_batch 128 128 1 65536 objects "dependent by-callee" instance none "Batch."
	knob net/gro_max_skbs 1 8 1 256 skbs no-site immediate "benign: it is" "Packets."
	echo "1763759133.250 4711 0 my shell" >"$root/.meta/mm/readahead/changed"
	echo never >"$root/.meta/mm/shrink_batch/changed"
	echo never >"$root/.meta/net/gro_max_skbs/changed"
	printf '%s\n' "policy none" "asked 0" >"$root/.meta/mm/shrink_batch/policy"
	printf '%s\n' "policy none" "asked 9" "failed 2" "detached too many failures" \
		>"$root/.meta/net/gro_max_skbs/policy"
	printf '%s\n' "policy by_task" "asked 1234" "out_of_range 3" "failed 0" \
		>"$root/.meta/mm/readahead/policy"
	: >"$root/transaction"
	printf 'none yet\n' >"$root/transition"
	echo 250 >"$root/transition_timeout_ms"
	printf 'immediate 3\ninstance 2\nglobal 0\ntimed_out 1\n' >"$root/stats"
}
fresh
export KERNELX_ROOT=$root

# gives STATUS NAME ARGUMENT...: kx ends with it, with one line of message at most
gives()
{
	local wanted=$1 name=$2 status=0

	shift 2
	kx "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	# But for a remark on the kernel.
	if [ "$(grep -vc "no leases: if kx" "$work/err")" -gt 1 ]; then
		result_has "one line of message" "$(cat "$work/err")" "$name"
	else
		result_has "=$wanted=" "=$status= $(cat "$work/out" "$work/err")" "$name"
	fi
}

# says TEXT NAME ARGUMENT...: on standard output or error
says()
{
	local wanted=$1 name=$2

	shift 2
	result_has "$wanted" "$(kx "$@" 2>&1 </dev/null || true)" "$name"
}

# is_json NAME ARGUMENT...
is_json()
{
	local name=$1 fault=''

	shift
	kx -j "$@" >"$work/out" 2>/dev/null </dev/null || true
	fault=$("$work/json" <"$work/out") || true
	echo "$fault" >"$work/fault"
	[ -n "$fault" ] || : >"$work/fault"
	result_empty "$work/fault" "$name"
}

gives 0 "list" list
says "mm/readahead         64  *       32  1..65536  pages" "list: aligned, an asterisk" list
says "net/gro_max_skbs" "list: part of a name" list gro
says "mm/shrink_batch" "list: a pattern" list 'mm/*batch'
says "mm/readahead" "list --search: description" list --search WINDOW
says "mm/readahead" "list --search: all words, in any order" list --search "device largest READ"
says "mm/readahead" "list --search: as several words" list --search device largest
gives 3 "list --search: not all words" list --search "device largest nosuch"
says "did you mean mm/readahead?" "list: a name that is mistyped" list readahed
result_has "=mm/readahead mm/shrink_batch net/gro_max_skbs =" "=$(kx list --names | tr '\n' ' ')=" \
	"list --names: nothing else, sorted"
gives 3 "list: nothing matches" list nosuch
says "no knob matches nosuch: kx list --search" "list: what helps" list nosuch
result_has "=64=" "=$(kx get mm/readahead)=" "get"
result_has "=mm/readahead=64 mm/shrink_batch=128 =" "=$(kx get mm/readahead mm/shrink_batch | tr '\n' ' ')=" \
	"get: several, as set takes them"
says "1 skb" "show: the unit of one" show net/gro_max_skbs
says "changed    2025-11-21 21:05:33 by root (my shell[4711])" "show: who changed it" show mm/readahead
says "policy     by_task" "show: policy" show mm/readahead
says "Copies     They keep the old value for a while, which does no harm: it is." "explain: state" \
	explain net/gro_max_skbs
says "only old or only new values" "explain: mode" explain mm/shrink_batch
result_has "mm/readahead         64       32  pages  2025-11-21 21:05:33  root (my shell[4711])" "$(kx diff)" \
	"diff: since when, set by whom"
result_has "net/gro_max_skbs      1        8  skbs   boot                 boot parameter" "$(kx diff)" \
	"diff: what nobody wrote comes from the command line"
gives 0 "diff ends with 0" diff
gives 9 "diff --exit-code with 9" diff --exit-code
says "3, 2 not at the default (kx diff), 1 without loaded code" "status" status
says "mm/readahead by by_task" "status: policies" status
says "leases     not in this kernel" "status: no leases" status
echo "mm/shrink_batch 99 128 4712 a b c" >"$root/lease"
says "leases     mm/shrink_batch=99 (128) by a b c[4712]" "status: leases" status
rm "$root/lease"
printf '%s\n' "knobs mm/readahead 64 to 64, mm/shrink_batch 128 to 128, net/gro_max_skbs 1 to 2" "mode immediate" "step done" \
	"result 0" "elapsed_us 5000" >"$root/transition"
says "mm/readahead 64 to policy by_task, mm/shrink_batch from a policy to 128, net/gro_max_skbs 1 to 2, mode" \
	"status: a transition to a policy, and from one" status
sed -i 's/result 0/result -16/' "$root/transition"
says "last       mm/readahead to or from a policy, mm/shrink_batch to or from" "status: ... that failed" status
says "5 transitions (3 immediate, 2 instance, 0 global), of which 1 not in time, 0 cancelled, 0 failed" "status: counts, in one line" status
result_has "=2=" "=$(kx explain mm/readahead | awk 'length > 80 { long++ } /^           / { more++ } END { print more + 0 + 100 * long }')=" "explain is wrapped"
says "by_task   1234        3  held by a process" "policy list" policy list
says "too many failures" "policy list: one that the kernel ended" policy list
says "3 answers outside the range" "policy show" policy show mm/readahead
gives 0 "doctor ends with 0 for what is only to be noted" doctor
echo nonsense >"$root/mm/readahead"
gives 9 "doctor ends with 9 for what is wrong" doctor
echo 64 >"$root/mm/readahead"
printf '%s\n' "policy by_task" "asked 5" "out_of_range 3" "failed 2" >"$root/.meta/mm/readahead/policy"
says "policy by_task was asked 5 times, each in vain" "doctor: a policy whose answers are all in vain" doctor
fresh
printf '%s\n' "policy none" "asked 9" "last neg" "detached too many failures" >"$root/.meta/net/gro_max_skbs/policy"
says "net/gro_max_skbs  neg          9        0  ended by the kernel: too many failures" \
	"policy list: one that the kernel ended keeps its name" policy list
fresh
says "note  net/gro_max_skbs: the kernel ended its policy some time ago: too many failures" "doctor: a policy that was ended" doctor
says "net/gro_max_skbs: 1 has no effect yet" "doctor: a value without effect" doctor

# boot PARAMETER...: what the doctor says of a kernel's command line
boot()
{
	local wanted=$1 name=$2

	shift 2
	result_has "=$wanted=" "=$("$work/check" boot "$*" | tr '\n' ';')=" "$name"
}

boot "3 parameters;" "boot parameters: all are right" quiet kernelx.mm.readahead=64 \
	'"kernelx.mm.readahead=0x40"' kernelx.mm.shrink-batch=default -- kernelx.mm.nosuch=1
boot "kernelx.mm.nosuch=1: this kernel has no knob mm/nosuch;1 parameters;" "boot parameters: no such knob" kernelx.mm.nosuch=1
boot "kernelx.mm.shrink_batch=0: 0 is outside 1..65536 (objects);1 parameters;" "boot parameters: out of range" \
	kernelx.mm.shrink_batch=0
boot "kernelx.mm.shrink_batch: ignored, as it has no value;kernelx.mm.readahead=: ignored, as it has no value;2 parameters;" \
	"boot parameters: no value" kernelx.mm.shrink_batch kernelx.mm.readahead=
boot "kernelx.mm/readahead=64: ignored, write it with a dot: kernelx.mm.readahead;1 parameters;" "boot parameters: with a slash" \
	kernelx.mm/readahead=64
boot "kernelx.mm.readahead=abc: \"abc\" is not a number: give 1..65536 (pages), with K, M or G for powers of 1024, or default;1 parameters;" \
	"boot parameters: not a number" kernelx.mm.readahead=abc

says "note  transitions: 1 not over in time (the limit is 250 ms now, $root/transition_timeout_ms): the kernel log" "doctor: time-outs, and the limit" \
	doctor

# --- mistakes ---

gives 2 "no command" nosuch
says "no command lst: did you mean list?" "a mistyped command" lst
says "did you mean profile save?" "a mistyped subcommand" profile sav
gives 2 "no arguments" get
gives 2 "an unknown option" list --nosuch
says "kx: list: --nosuch: no such option (kx help list)" "and it is named" list --nosuch
gives 2 "an option without its value" set --for
gives 3 "an unknown knob" get mm/readahed
says "no knob mm/readahed in this kernel: did you mean mm/readahead?" "and which may be meant" get mm/readahed
says "mm/*: a pattern is for kx list and kx watch; this takes names of knobs" "a pattern, where a name is wanted" get 'mm/*'
gives 3 "... to set" set 'mm/*=5'
gives 3 "a path as a knob" get ../../../etc/passwd
gives 3 "set of an unknown knob" set mm/readahed=1
gives 4 "set: outside the range" set mm/readahead=0
says "mm/readahead: 0 is outside 1..65536 (pages)" "and what it is" set mm/readahead=0
gives 4 "set: not a number" set mm/readahead=many
gives 2 "set: no value" set mm/readahead
gives 2 "set: twice the same" set mm/readahead=1 mm/readahead=2
gives 2 "set: no time" set --for 10x mm/readahead=1
gives 2 "set: no mode" set --mode fast mm/readahead=1
gives 7 "set --for without leases" set --for 1s mm/readahead=33
gives 2 "reset: of nothing" reset
gives 2 "reset: all, and one" reset --all mm/readahead
gives 2 "try: no command" try mm/readahead=33
gives 2 "try: nothing to try" try -- true
gives 2 "try: the value that it has" try mm/readahead=64 -- true
gives 2 "try: --higher without a metric" try mm/readahead=33 --higher -- true
says "--higher needs --metric" "... says what is missing" try mm/readahead=33 --higher -- true
gives 7 "try: no code is loaded" try net/gro_max_skbs=5 -- true
gives 3 "watch: a pattern that nothing matches" watch 'nosuch*'
gives 2 "try: too few runs" try mm/readahead=33 --runs 2 -- true
gives 2 "try: a metric without a direction" try mm/readahead=33 --metric '([0-9]+)' -- true
gives 2 "try: a metric without parentheses" try mm/readahead=33 --lower --metric 'x' -- true
gives 1 "policy attach: no file" policy attach /nosuch
gives 2 "policy attach: no object" policy attach "$here/kx-test.sh"
gives 2 "policy attach: an object without a policy" policy attach "$build/main.o"
gives 3 "policy detach: no such" policy detach nosuch
gives 3 "policy map: no such policy" policy map nosuch
gives 2 "policy map: of which policy" policy map
gives 2 "policy map: no name" policy map ../maps
gives 2 "policy map --delete: which key" policy map --delete nosuch
gives 8 "no tree" --root "$work/nosuch" list
gives 1 "profile: no such file" profile apply "$work/nosuch"
gives 1 "profile: no such directory" profile apply --dir "$work/nosuch"
status=0
kx list >/dev/full 2>"$work/err" || status=$?
result_has "=1=" "=$status=" "a full disk is a failure"
result_has "=0 =" "=$(kx list | head -n 0; echo "${PIPESTATUS[0]}" | sed s/141/0/) =" "a closed pipe is quiet"
result_has "==" "=$(TERM=xterm kx list | grep -c $'\033' | sed s/^0$//)=" "no colours in a pipe"

# --- values ---

kx set mm/readahead=4K >"$work/out"
result_has "=4K mm/readahead: 64 -> 4096 pages=" "=$(cat "$root/mm/readahead") $(cat "$work/out")=" "set: one knob"
fresh
kx set mm/readahead=33 mm/shrink_batch=default >/dev/null
result_has "=mm/readahead=33 mm/shrink_batch=default=" "=$(cat "$root/transaction")=" "set: several, in one transaction"
gives 9 "reset --all: what is held stays" reset --all
says "policy by_task holds it: kx policy detach by_task lets go of it; skipped" "... and is named" reset --all
result_has "=default=" "=$(cat "$root/net/gro_max_skbs")=" "... the others do not"
echo 1 >"$root/net/gro_max_skbs"
rm "$root/.meta/mm/readahead/policy"
kx reset --all >/dev/null
result_has "=mm/readahead=default net/gro_max_skbs=default=" "=$(cat "$root/transaction")=" \
	"reset --all: what is turned, in one transaction"

fresh
says "kx: net/gro_max_skbs has no effect yet: no code that uses it is loaded" "set: a value without effect" set net/gro_max_skbs=5
result_has "==" "=$(kx set net/gro_max_skbs=default 2>&1 | grep effect)=" "... the default is none to be noted"
result_has "==" "=$(kx set mm/shrink_batch=5 2>&1 | grep effect)=" "... nor is one that has code"

# busy ASKED: what kx says when the kernel answers EBUSY
busy()
{
	local wanted=$1 name=$2

	shift 2
	result_has "$wanted" "$("$work/check" refused 16 "$@" 2>&1)" "$name"
}
others()
{
	printf '%s\n' "knobs mm/shrink_batch 128 to 99, mm/readahead_x 1 to 2" "mode instance" "step $1" "result -16" \
		"blocker dd[12] at vfs_read+0x12/0x30 in a span of mm/shrink_batch" >"$root/transition"
}
fresh
rm "$root/.meta/mm/readahead/policy"
others 'done'
busy "mm/readahead: busy, nothing is changed: try again" "busy: another transition's blocker is not named" mm/readahead=33
busy "mm/shrink_batch: not in time, nothing is changed; in the way: dd[12] at vfs_read" "busy: its own is" mm/shrink_batch=99
busy "mm/shrink_batch: busy, nothing is changed: try again" "busy: nor is that for another value" mm/shrink_batch=98
others undo
busy "an earlier transition of mm/shrink_batch 128 to 99, mm/readahead_x 1 to 2 is still being undone; in the way: dd[12]" \
	"busy: an earlier transition is being undone" mm/readahead=33
result_has "too many for one transaction" "$("$work/check" refused 7 mm/readahead=33 2>&1)" "too many, as the kernel says it"
result_has "the kernel does not take this value" "$("$work/check" refused 22 mm/readahead=33 2>&1)" "a value that is refused"
fresh
kx set mm/shrink_batch=99 --mode global >/dev/null
result_has "=mode=global mm/shrink_batch=99=" "=$(cat "$root/transaction")=" "set --mode: with the change"
fresh

printf '%s\n' "knobs mm/shrink_batch 128 to 99, mm/readahead 64 to 65" "mode instance" "step done" "result 0" >"$root/transition"
says "kx: several knobs changed together: in mode instance, not immediate" \
	"set --mode: another one was needed" set --mode immediate mm/shrink_batch=99 mm/readahead=65
result_has "==" "=$(kx set --mode instance mm/shrink_batch=99 mm/readahead=65 2>&1 | grep changed)=" "... it was not"
result_has "==" "=$(kx set --mode immediate mm/shrink_batch=98 mm/readahead=66 2>&1 | grep changed)=" "... that was another transition"

# --- which knobs take a policy ---

fresh
echo "struct shrinker" >"$root/.meta/mm/shrink_batch/context"
echo none >"$root/.meta/mm/readahead/context"
says "policies   can choose it, and see struct shrinker" "show: what a policy sees" show mm/shrink_batch
says "Policies   They cannot choose it: the catalogue names no object for it." "explain: a knob that takes none" explain mm/readahead
result_has "=struct shrinker=" "=$(kx -j show mm/shrink_batch | "$work/json" -g 0.context)=" "show: the same, JSON"
result_has "==" "=$(kx show net/gro_max_skbs | grep '^policies')=" "show: a kernel that does not say"

# --- modes ---

fresh
result_has "==" "=$(kx status | grep modes)=" "status: nobody chose a mode"
gives 0 "reset --modes: nobody chose one" reset --modes
echo global >"$root/.meta/mm/readahead/mode"
echo immediate >"$root/.meta/mm/shrink_batch/mode"
says "modes      mm/readahead=global, mm/shrink_batch=immediate, chosen by hand" "status: modes that were chosen" status
says "note  mm/readahead: mode global was chosen, its own is immediate: kx reset --modes mm/readahead goes back" \
	"doctor: a mode that was chosen" doctor
says "a change can give a mixture" "doctor: a mode that allows a mixture" doctor
sed -i 's/$/ unbounded/' "$root/.meta/net/gro_max_skbs/class"
result_has "net/gro_max_skbs: a change with other knobs cannot be promised" "$("$work/check" refused 95 net/gro_max_skbs=2 mm/readahead=5 2>&1)" \
	"a mode that cannot be promised: of which knob"
result_has "(mode global was chosen for mm/readahead, and counts for all: kx reset --modes mm/readahead, or --mode)" \
	"$("$work/check" refused 95 net/gro_max_skbs=2 mm/readahead=5 2>&1)" "... and which knob made it so"
says "mm/readahead: mode global -> immediate" "reset --modes" reset --modes mm/readahead
result_has "=default immediate=" "=$(cat "$root/.meta/mm/readahead/mode" "$root/.meta/mm/shrink_batch/mode" | xargs)=" "... of one knob"
kx reset --modes >/dev/null
result_has "=default=" "=$(cat "$root/.meta/mm/shrink_batch/mode")=" "... and of all"
gives 2 "reset --modes: nothing is tried" reset --modes --dry-run
fresh
kx reset --mode immediate mm/readahead >/dev/null
result_has "=mode=immediate mm/readahead=default=" "=$(cat "$root/transaction")=" "reset --mode: with the change"

# Names as long as they can be.
fresh
rm "$root/.meta/mm/readahead/policy"
for i in $(seq 300); do
	name=mm/$(printf 'a%0119d' "$i")
	knob "$name" 1 2 1 9 pages independent immediate none "Long."
done
gives 7 "reset --all: too many for a transaction" reset --all
says "302 knobs are too many for one transaction of this kernel, nothing is changed" "and it says so" reset --all
gives 7 "reset --all --dry-run: too many" reset --all --dry-run
kx profile save "$work/long.conf"
sed -i 's/=1/=2/' "$work/long.conf"
says "301 knobs cannot change in one transition (they are too many): each does now by itself" \
	"profile apply: one by one, and it says so" profile apply "$work/long.conf"
result_has "=2=" "=$(cat "$root/$name")=" "profile apply: one by one"
fresh
rm "$root/.meta/mm/readahead/policy"
for i in $(seq 250); do
	knob "mm/turned_$i" 1 2 1 9 pages independent immediate none "Short."
done
gives 0 "reset --all: more than a page" reset --all
result_has "=252=" "=$(tr ' ' '\n' <"$root/transaction" | grep -c =default)=" "... in one transaction"
fresh

# --- policies and leases do not pass for defaults ---

printf '%s\n' "policy by_hint" "asked 1" >"$root/.meta/mm/shrink_batch/policy"
says "mm/shrink_batch: policy by_hint chooses its value; the fixed one is 128" "diff: a policy" diff
result_has "by_hint" "$(kx -j diff)" "diff: a policy, JSON"
result_has "root (my shell[4711]), policy by_task" "$(kx diff 2>/dev/null)" "diff: a policy of a knob that is turned"
result_has "mm/shrink_batch     128         128  1..65536  objects  policy by_hint" "$(kx list)" "list: a policy"
result_has "=by_task by_hint null=" "=$(for place in 0.policy 1.policy 2.policy; do
	kx -j list | "$work/json" -g "$place"
done | xargs)=" "list: a policy, JSON"
says "takes 1 to 65536; policy by_hint chooses it" "explain: a policy, in the first line" explain mm/shrink_batch
cp -r "$root" "$work/turned"
echo 32 >"$root/mm/readahead"
echo 8 >"$root/net/gro_max_skbs"
says "All fixed values are at their defaults." "diff: nothing is turned, but a policy chooses" diff
gives 0 "diff --exit-code: what a policy chooses does not count" -j diff --exit-code
rm -r "$root"
mv "$work/turned" "$root"
echo "mm/shrink_batch=128" >"$work/held.conf"
says "mm/shrink_batch: policy by_hint chooses its value; the fixed one is as it should be" "profile verify: a policy" \
	profile verify "$work/held.conf"
says "The value is as it should be." "profile verify: of one value" profile verify "$work/held.conf"
printf '%s\n' "mm/shrink_batch 99 128 4712 a b c" "mm/readahead 64 40 4712 a b c" >"$root/lease"
result_has "# mm/shrink_batch=128	# objects, default 128; by a lease 128 for now" "$(kx profile save)" "profile save: a lease of a default"
result_has "mm/readahead=40	# pages, default 32; by a lease 64 for now" "$(kx profile save)" "profile save: what returns after a lease"
rm "$root/lease"
fresh

# --- profiles ---

kx profile save "$work/saved"
grep -v '^#' "$work/saved" >"$work/lines"
printf 'mm/readahead=64\t# pages, default 32\nnet/gro_max_skbs=1\t# skbs, default 8\n' >"$work/wanted"
diff "$work/wanted" "$work/lines" >"$work/differ" || true
result_empty "$work/differ" "profile save: sorted lines, units and defaults"
result_has "=4=" "=$(kx profile save --all | wc -l)=" "profile save --all: every knob"
says "The profile names no knob: nothing is changed." "profile apply: an empty file" profile apply /dev/null
says "The profile names no knob: there is nothing to compare." "profile verify: an empty file" profile verify /dev/null
mkdir "$work/empty.d"
result_has "=$work/empty.d: no *.conf files=" "=$(kx profile apply --dir "$work/empty.d")=" "profile apply: a directory without files"
gives 0 "profile verify: as saved" profile verify "$work/saved"
gives 9 "profile verify --exact: what it does not name" profile verify --exact /dev/null
cat >"$work/profile" <<-END
	# a comment

	  mm/readahead = 65   # pages
	mm/shrink_batch=0
	mm/readahed=1
	nonsense
	mm/shrink_batch 5
	net/gro_max_skbs=0x1
	mm/readahead=66
END
status=0
kx profile apply "$work/profile" >"$work/out" 2>"$work/err" || status=$?
result_has "=9 mm/readahead=66=" "=$status $(cat "$root/transaction")=" "profile apply: what can be had"
result_has "profile:6: \"nonsense\" is no line such as" "$(cat "$work/err")" "profile apply: a wrong line is named"
result_has "profile:7: \"mm/shrink_batch 5\" is no line" "$(cat "$work/err")" "profile apply: another one"
result_has "profile:4: mm/shrink_batch=0: 0 is outside 1..65536 (objects), skipped" "$(cat "$work/err")" \
	"profile apply: a wrong value is named"
result_has "profile:5: mm/readahed=1: no such knob in this kernel: did you mean mm/readahead?, skipped" \
	"$(cat "$work/err")" "profile apply: an unknown knob is named"
result_has "1 changed, 1 already so, 4 skipped, 0 refused" "$(cat "$work/out")" "profile apply: sum"
mkdir "$work/conf.d"
echo 'mm/readahead=1' >"$work/conf.d/10-a.conf"
echo 'mm/readahead=2' >"$work/conf.d/20-b.conf"
echo 'mm/readahead=3' >"$work/conf.d/30-c.conf.off"
echo 'mm/nosuch=3' >"$work/conf.d/40-d.conf"
fresh
gives 0 "profile apply --dir: an unknown knob is no failure" profile apply --dir "$work/conf.d"
result_has "=mm/readahead=2=" "=$(cat "$root/transaction")=" "profile apply --dir: the last *.conf counts"
gives 9 "profile apply --strict: it is one" profile apply --strict --dir "$work/conf.d"
says "mm/readahead: is 64, should be 2: policy by_task holds it" "profile verify: why" profile verify "$work/conf.d/20-b.conf"
rm "$root/.meta/mm/readahead/policy"
says "should be 2: last changed 2025-11-21 21:05:33 by root (my shell[4711])" "profile verify: by whom" \
	profile verify "$work/conf.d/20-b.conf"

# --- try ---

fresh
kx -j try mm/readahead=32 --runs 4 --lower --metric 'pages: ([0-9.]+)' -- sh -c "echo pages: \$(cat $root/mm/readahead)" \
	>"$work/out" 2>"$work/err"
result_has "=better 64 32 64 32 32 64=" "=$(for place in verdict knobs.0.without knobs.0.with without.mean with.mean with.runs.3 without.runs.3; do
	"$work/json" -g "$place" <"$work/out"
done | tr '\n' ' ' | sed 's/ $//')=" "try: both sides with their values"
result_has "no leases: if kx is killed" "$(cat "$work/err")" "try: says that there are no leases"
result_has "=64=" "=$(cat "$root/mm/readahead")=" "try: the value is back"
says "worse: 50.0 % lower" "try: the verdict in words" try mm/readahead=32 --runs 3 --higher \
	--metric 'pages: ([0-9.]+)' -- sh -c "echo pages: \$(cat $root/mm/readahead)"
says "no difference seen: it lies between" "try: none" try mm/readahead=32 --runs 3 --higher \
	--metric '([0-9.]+)' -- echo 5
gives 10 "try: a command that fails" try mm/readahead=32 -- sh -c 'echo first; echo last; exit 3'
says "sh: ended with status 3: last" "try: how, and what it said" try mm/readahead=32 -- sh -c 'echo first; echo last; exit 3'
says "nosuch: ended with status 127: nosuch: No such file" "try: no such command" try mm/readahead=32 -- nosuch
says "printed nothing that matches" "try: a metric that is not printed" try mm/readahead=32 --lower --metric '(5)' -- true
# The warm-up run is without the values.
kx try mm/readahead=32 -- sh -c "grep -q 32 $root/mm/readahead || exit 0; touch $work/with; sleep 60" \
	>"$work/out" 2>&1 &
pid=$!
for _ in $(seq 100); do
	[ ! -e "$work/with" ] || break
	sleep 0.1
done
during=$(cat "$root/mm/readahead")
kill -INT $pid 2>/dev/null || true
status=0
wait $pid || status=$?
result_has "=32 64 130=" "=$during $(cat "$root/mm/readahead") $status=" "try: interrupted, the value is back"

# --- JSON ---

is_json "JSON: list" list
is_json "JSON: show" show mm/readahead net/gro_max_skbs
is_json "JSON: explain" explain mm/readahead
is_json "JSON: get" get mm/readahead mm/shrink_batch
is_json "JSON: set" set mm/readahead=65
is_json "JSON: reset" reset mm/readahead
fresh
is_json "JSON: diff" diff
is_json "JSON: status" status
is_json "JSON: doctor" doctor
is_json "JSON: policy list" policy list
is_json "JSON: policy show" policy show mm/readahead
is_json "JSON: profile verify" profile verify "$work/profile"
is_json "JSON: profile apply" profile apply "$work/saved"
is_json "JSON: version" version
is_json "JSON: an error" get mm/nosuch
is_json "JSON: a usage error" set
for arguments in "" "get mm/readahead mm/nosuch" "show mm/readahead mm/nosuch" "explain mm/nosuch" "list nosuch" "diff --nosuch" \
	"policy show mm/nosuch" "profile verify $work/nosuch" "profile save" "help" "help set" "set mm/readahead=0" "watch mm/nosuch"; do
	# shellcheck disable=SC2086 # words
	kx -j $arguments >"$work/out" 2>/dev/null </dev/null || true
	fault=$("$work/json" <"$work/out") || true
	[ -z "$fault" ] || echo "$arguments: $fault"
	[ -n "$("$work/json" -g error <"$work/out")" ] || echo "$arguments: no error"
done >"$work/fault" 2>&1
result_empty "$work/fault" "JSON: an error is an object, and nothing else"
result_has "=64=" "=$(kx -j profile verify "$work/conf.d/20-b.conf" 2>/dev/null | "$work/json" -g 0.value)=" "JSON: profile verify, the value"
result_has "=2=" "=$(kx -j profile verify "$work/conf.d/20-b.conf" 2>/dev/null | "$work/json" -g 0.wanted)=" "JSON: ... and what it should be"
kx -j profile apply "$work/profile" >"$work/out" 2>/dev/null || true
result_has "=skipped mm/shrink_batch 4 changed=" "=$(for place in knobs.1.result knobs.1.knob knobs.1.line knobs.0.result; do
	"$work/json" -g "$place" <"$work/out"
done | tr '\n' ' ' | sed 's/ $//')=" "JSON: profile apply, each line"
result_has "=policy by_task=" "=$(kx -j show mm/readahead | "$work/json" -g 0.held.by) $(kx -j diff | "$work/json" -g 0.held.policy)=" \
	"JSON: who holds it"
fresh
result_has "=2=" "=$(kx -j set 2>/dev/null | "$work/json" -g status)=" "JSON: an error has the status"
# shellcheck disable=SC1003 # a backslash
result_has '=Largest \"window\" \\ of a device.=' "=$(kx -j show mm/readahead | "$work/json" -g 0.help)=" "JSON: quoting"
(
	sleep 0.5
	echo 70 >"$root/mm/readahead"
	sleep 0.5
	echo 71 >"$root/mm/readahead"
) &
kx -j watch --interval 50ms --count 2 --for 20s 'mm/*' >"$work/out" 2>"$work/err" || true
wait
"$work/json" -l <"$work/out" >"$work/fault" || true
result_empty "$work/fault" "JSON: watch, a document in each line"
result_has "=70 71=" "=$(sed 's/.*"value": \([0-9]*\).*/\1/' "$work/out" | xargs)=" "watch: changes, by reading"

printf '%s\n' "policy none" "asked 0" >"$root/.meta/mm/readahead/policy"
(
	sleep 0.5
	printf '%s\n' "policy first" "asked 0" >"$root/.meta/mm/readahead/policy"
	sleep 0.5
	printf '%s\n' "policy none" "asked 0" >"$root/.meta/mm/readahead/policy"
) &
kx watch --interval 50ms --for 2s --poll >"$work/out" 2>&1 || true
wait
result_has "=mm/readahead policy first attached mm/readahead policy first detached=" \
	"=$(sed -n 's/^[0-9:]* \(.* policy .*\)/\1/p' "$work/out" | xargs)=" "watch: policies that come and go"

# --- completion ---

# complete_line WORD...: the candidates for the last word
complete_line()
{
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kx; echo "${COMPREPLY[*]}"' \
		"$repository/tools/kernelx/completion.bash" "$@" 2>&1
}
fresh
result_has "=list=" "=$(complete_line kx li)=" "completion: command"
result_has "=mm/readahead mm/shrink_batch=" "=$(complete_line kx show mm/)=" "completion: knob"
result_has "=mm/readahead= mm/shrink_batch==" "=$(complete_line kx set mm/)=" "completion: knob to set"
result_has "=default 32 1 65536=" "=$(complete_line kx set mm/readahead =)=" "completion: value"
result_has "=immediate instance=" "=$(complete_line kx set --mode i)=" "completion: mode"
result_has "=--all=" "=$(complete_line kx profile save --a)=" "completion: options of profile save"
result_has "==" "=$(complete_line kx profile verify --s)=" "completion: ... are not those of others"
result_has "==" "=$(complete_line kx doctor --e)=" "completion: nor does doctor have others"
result_has "=--exit-code=" "=$(complete_line kx diff --e)=" "completion: diff"
mkdir "$work/files" "$work/files/policies.d"
: >"$work/files/policy.bpf.o"
: >"$work/files/policy.bpf.c"
result_has "=$work/files/policies.d/ $work/files/policy.bpf.o=" "=$(complete_line kx policy attach "$work/files/pol")=" \
	"completion: objects and directories"
result_has "=verify=" "=$(complete_line kx profile ver)=" "completion: subcommand"
result_has "=by_task=" "=$(complete_line kx policy detach '')=" "completion: policy"
result_has "=--delete=" "=$(complete_line kx policy map --d)=" "completion: options of policy map"
result_has "=by_task=" "=$(complete_line kx policy map by)=" "completion: ... and its policy"
complete_words=$(complete_line kx '')
for name in $(kx help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	[[ " $complete_words " == *" $name "* ]] || echo "$name"
done >"$work/missing"
result_empty "$work/missing" "completion: every command"

# --- manual pages ---

grep -oh '{ "[a-z-]*", \(no\|required\)_argument' "$repository"/tools/kernelx/*.c | sed 's/{ "\(.*\)",.*/--\1/' | sort -u >"$work/options"
for name in $(kx help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	kx help "$name"
done >"$work/help"
while read -r name; do
	grep -qe "^ .*$name" "$work/help" || echo "$name"
done <"$work/options" >"$work/missing"
result_empty "$work/missing" "kx help COMMAND has every option"
pages=("$repository"/tools/kernelx/man/*.[0-9] "$repository/tools/lib/kernelx/libkernelx.3")
name="manual pages render without a warning"
command -v groff >/dev/null || name="$name # SKIP needs groff"
for page in "${pages[@]}"; do
	! command -v groff >/dev/null || groff -ww -man -Tascii -z "$page" 2>&1 || true
done >"$work/man"
result_empty "$work/man" "$name"
sed 's/\\//g; s/f[BIR]//g' "$repository/tools/kernelx/man/kx.1" >"$work/kx.1"
for name in $(kx help | sed -n 's/^  \([a-z]*\) .*/\1/p') \
	$(grep -oh '{ "[a-z-]*", \(no\|required\)_argument' "$repository"/tools/kernelx/*.c | sed 's/{ "\(.*\)",.*/--\1/'); do
	[ "$name" = version ] || grep -qe "$name" "$work/kx.1" || echo "$name"
done >"$work/missing"
result_empty "$work/missing" "kx(1) has every command and option"
sed -n '/local: /q; s/^\t\t\(kernelx_[a-z_]*\);/\1/p' "$repository/tools/lib/kernelx/libkernelx.map" | while read -r name; do
	grep -q "[ *]$name(" "$repository/tools/lib/kernelx/libkernelx.3" || echo "$name: not in libkernelx(3)"
	grep -q "[ *]$name(" "$repository/tools/lib/kernelx/libkernelx.h" || echo "$name: not in libkernelx.h"
done >"$work/missing"
result_empty "$work/missing" "libkernelx(3) and the header have every function"

# --- installation ---

unset KERNELX_ROOT
status=0
make -s -C "$repository/tools/kernelx" TREE="${TREE:-}" OUTPUT="$build" CC=gcc CFLAGS='-O2 -g -Werror' \
	install DESTDIR="$work/dest" prefix=/usr >"$work/log" 2>&1 || status=$?
result $status "make install DESTDIR= prefix=" "$work/log"
for file in bin/kx lib/libkernelx.so lib/libkernelx.so.1 lib/libkernelx.a lib/pkgconfig/libkernelx.pc \
	include/libkernelx.h share/man/man1/kx.1 share/man/man5/kernelx.d.5 share/man/man3/libkernelx.3 \
	lib/systemd/system/kernelx.service share/bash-completion/completions/kx ../etc/kernelx.d; do
	[ -e "$work/dest/usr/$file" ] || echo "$file"
done >"$work/missing"
result_empty "$work/missing" "everything is there"
result_has "bin/kx" "$(cat "$work/log")" "it says what was installed"
make -s -C "$repository/tools/kernelx" TREE="${TREE:-}" OUTPUT="$build" CC=gcc CFLAGS='-O2 -g -Werror' \
	install DESTDIR="$work/local" >"$work/log" 2>&1
result_has "=kernelx.d=" "=$(ls "$work/local/etc")=" "another prefix: profiles are in /etc"
cp "$repository/Documentation/admin-guide/kernelx/policies.rst" "$work/policies.rst"
# The policies of the manual, as it says that they are built.
{
	sed -n 's/^    //; /^#include "kernelx_policy/,/^KERNELX_POLICY/p' "$work/policies.rst"
} >"$work/twice.bpf.c"
{
	printf '%s\n' '#include "kernelx_policy.bpf.h"' 'char LICENSE[] SEC("license") = "GPL";'
	sed -n 's/^    //; /^struct tcp_sock/,/^}$/p' "$work/policies.rst"
	sed -n 's/^    //; /^SEC("struct_ops.start")/,/^};$/p' "$work/policies.rst"
} >"$work/slow.bpf.c"
command=$(sed -n 's/^    //; /^clang -target/,/-c twice/p' "$work/policies.rst")
for name in twice slow; do
	(cd "$work" && eval "$(sed "s,/usr/local,$work/local/usr/local,; s/twice/$name/" <<<"$command")") || true
	[ -s "$work/$name.bpf.o" ] || echo "$name was not built"
done >"$work/log" 2>&1
result_empty "$work/log" "the examples of policies.rst are built by its command line, without a warning"
result_has "ExecStart=/usr/bin/kx " "$(cat "$work/dest/usr/lib/systemd/system/kernelx.service")" "the unit names the program"
if grep -rl "$work\|@[a-z]*@" "$work/dest/usr/lib/pkgconfig" "$work/dest/usr/lib/systemd"; then :; fi >"$work/left"
result_empty "$work/left" "nothing names the place it was built in"
lib=$work/dest/usr/lib
result_has "libkernelx.so.1" "$(readelf -d "$lib/libkernelx.so" | grep SONAME)" "soname"
readelf --dyn-syms -W "$lib/libkernelx.so" | awk '$7 != "UND" && $5 == "GLOBAL" && $4 == "FUNC" { print $8 }' |
	sort >"$work/exported"
sed -n '/local: /q; s/^\t\t\(kernelx_[a-z_]*\);/\1@@KERNELX_1.0/p' "$repository/tools/lib/kernelx/libkernelx.map" |
	sort | diff - "$work/exported" >"$work/differ" || true
result_empty "$work/differ" "exactly the functions of the API are exported, with a version"
# The example of the manual page, as it would be built.
sed -n '/^\.SH EXAMPLE/,/^\.fi/p' "$work/dest/usr/share/man/man3/libkernelx.3" | grep -v '^\.' | sed 's/\\e/\\/g' \
	>"$work/example.c"
flags=$(PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/dest pkg-config --cflags --libs libkernelx 2>/dev/null ||
	echo "-I$work/dest/usr/include -L$lib -lkernelx")
# shellcheck disable=SC2086 # words
gcc -Wall -Wextra -Werror -o "$work/example" "$work/example.c" $flags >"$work/log" 2>&1 || true
result_has "=64=" "=$(LD_LIBRARY_PATH=$lib KERNELX_ROOT=$root "$work/example" 2>&1)=" "the example of libkernelx(3), shared"
gcc -static -I"$work/dest/usr/include" -o "$work/example-static" "$work/example.c" "$lib/libkernelx.a"
result_has "=64=" "=$(KERNELX_ROOT=$root "$work/example-static" 2>&1)=" "... and static"

if [ "$count" -ne "$plan" ]; then
	echo "# ran $count of $plan"
	exit 1
fi
[ "$failed" -eq 0 ]
