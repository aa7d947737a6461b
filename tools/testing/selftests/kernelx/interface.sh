#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# /sys/kernel/kernelx: the files, what they take, what they answer, and who may
# use them. Documentation/ABI/testing/sysfs-kernel-kernelx is what is tested.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
plan 70

put()
{
	"$KX_HERE/put" "$@"
}

# mode and owner of a file
mode()
{
	stat -c '%a %u:%g' "$1"
}

none "$(stat -c "%a %u:%g %n" "$KX_ROOT"/*/* | grep -v "^644 0:0 " || true)" "value files are 0644 and root's"

none "$(for file in changed class default min max unit help state source; do
	stat -c "%a %u:%g %n" "$KX_META"/*/*/$file | grep -v "^444 0:0 " || true
done
for file in sites spans; do
	stat -c "%a %u:%g %n" "$KX_META"/*/*/$file | grep -v "^400 0:0 " || true
done)" ".meta files are 0444, sites and spans 0400, all root's"

is "$(cd $KX_META && echo */*)" "$(cd $KX_ROOT && echo */*)" \
	"every knob has its .meta directory, and there is no other"

files='changed class default help max min mode sites source spans state unit'
# Of kernels with CONFIG_KERNELX_POLICY.
[ ! -e "$KX_META/mm/shrink_batch/policy" ] ||
	files='changed class context default help max min mode policy sites source spans state unit'
none "$(for knob in $(knobs); do
	[ "$(cd "$KX_META/$knob" && echo *)" = "$files" ] ||
		echo "$knob: $(ls "$KX_META/$knob")"
done)" ".meta directories hold the documented files and no others"

none "$(for knob in $(knobs); do
	for file in unit help state source class; do
		read -r text <"$KX_META/$knob/$file" && [ -n "$text" ] || echo "$knob/$file is empty"
	done
	read -r default <"$KX_META/$knob/default"
	read -r min <"$KX_META/$knob/min"
	read -r max <"$KX_META/$knob/max"
	case $default$min$max in
	*[!0-9]* | "")	echo "$knob: $min, $default, $max are no numbers" ;;
	*)	[ "$min" -le "$default" ] && [ "$default" -le "$max" ] ||
			echo "$knob: the default is outside of the range" ;;
	esac
done)" ".meta files say something, and min <= default <= max"

reset_all
none "$(for knob in $(knobs); do
	read -r value <"$KX_ROOT/$knob"
	read -r default <"$KX_META/$knob/default"
	[ "$value" = "$default" ] || echo "$knob: $value"
done; all_sites_fault)" "after \"default\" everything is at its default"

# Every knob: both ends of the range, with what is one beyond them.
faults=
for knob in $(knobs); do
	file=$KX_ROOT/$knob
	read -r min <"$KX_META/$knob/min"
	read -r max <"$KX_META/$knob/max"
	for value in "$max" "$min"; do
		put "$file" "$value\n" | grep -q '^ok' || faults="$faults
$knob does not take $value"
		[ "$(get "$knob")" = "$value" ] || faults="$faults
$knob shows $(get "$knob"), not $value"
		faults="$faults$(sites_fault "$knob" "$value")"
	done
	for value in $((max + 1)) $((min - 1)) $((max + 4294967296)) $((min + 4294967296)); do
		answer=$(put "$file" "$value")
		[ "$answer" = ERANGE ] || faults="$faults
$knob answers $answer to $value"
	done
	[ "$(get "$knob")" = "$min" ] || faults="$faults
$knob: a refused value changed it to $(get "$knob")"
done
none "$faults" "every knob takes both ends of its range and nothing beyond"
none "$(all_sites_fault)" "at the lower ends every site holds its value"
reset_all

# --- what a value may look like ---
knob=block/plug_flush_size
file=$KX_ROOT/$knob

# accepted TEXT VALUE
accepted()
{
	answer=$(put "$file" "$1")
	is "${answer% *} $(get $knob) $(sites_fault $knob "$2")" "ok $2 " "\"$1\" is $2"
}

accepted '4096' 4096
accepted '8192\n' 8192
accepted '0' 0
accepted '-0' 0
accepted '010' 10
accepted '0x40' 64
accepted '0X1fF\n' 511
accepted '1K' 1024
accepted '3k\n' 3072
accepted '2M' 2097152
accepted '1m\n' 1048576
accepted '0x1G' 1073741824
accepted '2147483647' 2147483647
accepted 'default' "$(meta $knob default)"
turn "$knob" 77
accepted 'default\n' "$(meta $knob default)"

# refused TEXT ERROR
refused()
{
	turn $knob 12345
	is "$(put "$file" "$1") $(get $knob) $(sites_fault $knob 12345)" "$2 12345 " \
		"\"$1\" is $2 and changes nothing"
}

refused '\n' EINVAL
refused 'x' EINVAL
refused '1.5' EINVAL
refused '1 2' EINVAL
refused ' 1' EINVAL
refused '1\n\n' EINVAL
refused '+1' EINVAL
refused '--1' EINVAL
refused '0x' EINVAL
refused 'ff' EINVAL
refused '1T' EINVAL
refused '1KB' EINVAL
refused 'K' EINVAL
refused 'default!' EINVAL
refused 'Default' EINVAL
refused '12\x0a3' EINVAL
refused '-1' ERANGE
refused '2G' ERANGE
refused '0x80000000' ERANGE
refused '4294967296' ERANGE
refused '18446744073709551616' ERANGE
refused '17179869184G' ERANGE
refused '99999999999999999999999999' ERANGE

# --- what the log says of what is refused ---

# logged TEXT QUOTED WHY
logged()
{
	mark
	put "$file" "$1" >/dev/null
	line=$(log_since_mark | sed -n 's,^.*kernelx: ,,p')
	is "$line" "$knob: \"$2\" is $3, wanted: 0..2147483647 (bytes) or \"default\"; the value stays 12345" \
		"the log quotes \"$2\""
}

turn $knob 12345
# At most ten messages in five seconds, and some were made above.
sleep 6
logged '64 kB\n' '64 kB' 'not a number'
logged '-1\n' '-1' 'out of range'
logged '99999999999999999999' '99999999999999999999' 'out of range'
logged '1\nKernelX: a lie\x1b[1m\x00\n' '1\nKernelX: a lie\e[1m\0' 'not a number'
logged "$(printf '%0300dx' 0)" "$(printf '%040d' 0)..." 'not a number'

# --- who may ---

# denied WANTED NAME ARGUMENTS-OF-PUT: refused, and nothing has changed
denied()
{
	wanted=$1
	name=$2
	shift 2
	turn $knob 12345
	is "$(put "$@") $(get $knob) $(sites_fault $knob 12345)" "$wanted 12345 " "$name"
}

denied EPERM "root without CAP_SYS_ADMIN cannot turn a knob" -c "$file" 1
denied EPERM "nor without any capability" -a "$file" 1
denied EPERM "nor on a file that was opened with it" -c -o "$file" 1
denied EPERM "nor can root of a user namespace" -n -o "$file" 1
denied 'open EACCES' "another user cannot open the file to write" -u "$file" 1
denied EPERM "nor write to one that root opened" -u -o "$file" 1

for name in sites spans; do
	is "$(put -u "$KX_META/$knob/$name")" 'open EACCES' "another user cannot read where $name are"
	is "$(put -a "$KX_META/$knob/$name")" EPERM "nor can root without capabilities"
done

none "$(for name in changed class default min max unit help state source; do
	put -u "$KX_META/$knob/$name" | grep -q '^ok' || echo "$name"
done; put -u "$file" | grep -q '^ok' || echo "the value")" "another user can read everything else"


none "$(for name in changed class default min max unit help state source sites spans; do
	answer=$(put "$KX_META/$knob/$name" 1)
	[ "$answer" = 'open EACCES' ] || echo "$name: $answer"
done)" "nothing in .meta can be written, not even by root"

# --- odds and ends of files ---

is "$(put "$file" '') $(get $knob)" "ok 0 12345" "an empty write does nothing"

zeros=$(printf '%05000d' 0)
is "$(put "$file" "$zeros") $(put "$file" "${zeros}64") $(get $knob)" "EINVAL EINVAL 12345" \
	"a text that does not fit into a page is refused, not cut off"

none "$(for knob in $(knobs); do
	for name in sites spans; do
		dd if="$KX_META/$knob/$name" bs=777 2>/dev/null | cmp -s - "$KX_META/$knob/$name" ||
			echo "$knob/$name"
	done
done)" "sites and spans read the same in small pieces"

none "$(grep -rnE '(^|[^0-9a-zA-Z])(0x)?[fF]{8}[0-9a-fA-F]{8}' "$KX_ROOT" | grep -v '^[^:]*/spans:' || true)" \
	"no file but spans shows an address"

# --- the tracepoint ---
trace=$KX_TRACING/instances/kernelx-$$
mkdir "$trace"
knob=mm/shrink_batch
file=$KX_ROOT/$knob
turn $knob 100
sites=$(grep -c " $KX_FORM " "$KX_META/$knob/sites" || true)
echo 1 >"$trace/events/kernelx/kernelx_knob_set/enable"
put "$file" 1K >/dev/null
put "$file" nonsense >/dev/null
echo 0 >"$trace/events/kernelx/kernelx_knob_set/enable"
line=$(grep kernelx_knob_set: "$trace/trace" || true)
case $line in
*put-*"kernelx_knob_set: knob=$knob old=100 value=1024 sites=$sites duration_ns="[1-9]*" ret=0")
	ok "kernelx:kernelx_knob_set tells who, what, old, new, how long and the result" ;;
*)
	not_ok "kernelx:kernelx_knob_set tells who, what, old, new, how long and the result" "$line" ;;
esac
is "$(sed -n 's/^.*field:.* \([a-z_]*\);.*/\1/p' "$trace/events/kernelx/kernelx_knob_set/format" | grep -v '^common_' | xargs)" \
	"$(sed -n 's/^print fmt: \("[^"]*"\).*/\1/p' "$trace/events/kernelx/kernelx_knob_set/format" | grep -o '[a-z_]*=' | tr -d = | xargs)" \
	"its fields have the names that it prints"
rmdir "$trace"

reset_all
none "$(all_sites_fault)" "in the end everything is back at its default"

finish
