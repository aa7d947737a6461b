#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What sites cost in size and in instructions, from the object files of a build with
# CONFIG_KERNELX=y and of one of the pristine tree with the same options.
#
# usage: sites.sh --kernel-build DIR --pristine-build DIR
#
# Three forms of each function that has a site are compared:
#	pristine   the base's
#	folded     KernelX' source with every site replaced by its constant, compiled for
#	           this with the commands of the build: what sites cost is KernelX less
#	           this; this less pristine is what patches cost, such as those that let
#	           latched state follow
#	kernelx    as built
# What is added to a function is divided among its sites.

set -eu -o pipefail
export LC_ALL=C

fail()
{
	echo "sites: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' pristine=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--kernel-build)		build=$2 ;;
	--pristine-build)	pristine=$2 ;;
	*)			fail "$1: unknown option" ;;
	esac
	shift 2
done
for directory in "$build" "$pristine"; do
	[ -e "$directory/vmlinux" ] || fail "'$directory': no finished build there"
done
build=$(cd "$build" && pwd)
pristine=$(cd "$pristine" && pwd)
grep -q '^CONFIG_KERNELX_SITES=y' "$build/.config" || fail "$build: has no sites (CONFIG_KERNELX_SITES is off)"
diff <(grep -v KERNELX "$build/.config") <(grep -v KERNELX "$pristine/.config") >/dev/null ||
	fail "the configurations of $build and $pristine differ in more than KernelX"
tree=$(sed -n 's/^include \(.*\)\/Makefile$/\1/p' "$build/Makefile" | head -n 1)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command_file()
{
	echo "$build/$(dirname "$1")/.$(basename "$1").cmd"
}

# Objects that have sites and are made from one C file.
(cd "$build" && find . \( -path ./tools -o -path ./scripts -o -path ./vm -o -path ./check -o -path ./bench \) -prune -o \
	-name '*.o' ! -name 'vmlinux*' ! -name '.*' -type f -print0 |
	xargs -0 grep -l kernelx_value_ | sed 's,^\./,,' | sort) |
	while read -r object; do
		file=$(command_file "$object")
		if [ -e "$file" ] && grep -q '^source_[^ ]* := .*\.c$' "$file" && [ -e "$pristine/$object" ] &&
			readelf -SW "$build/$object" | grep ' __kernelx_sites ' >/dev/null; then
			echo "$object"
		fi
	done >"$work/objects"
[ -s "$work/objects" ] || fail "$build: no object with a site found"

# A header before the real one that takes the sites away again.
mkdir -p "$work/include/linux"
cat >"$work/include/linux/kernelx_site.h" <<HEADER
#include "$tree/include/linux/kernelx_site.h"
#undef KERNELX
#define KERNELX(knob, min, max, expr) expr
HEADER

compile_folded()
{
	local command

	command=$(sed -n 's/^savedcmd_[^ ]* := //p' "$(command_file "$1")")
	command=${command%%;*}
	command=$(sed 's# -Wp,-MMD,[^ ]*# #; s# -c -o [^ ]* # -c #' <<<"$command")
	command=${command/ -nostdinc / -nostdinc -I"$work/include" }
	mkdir -p "$work/folded/$(dirname "$1")"
	(cd "$build" && eval "$command -g0 -w -o '$work/folded/$1'")
}

# dump NAME FILE, in the form that sites.awk reads
dump()
{
	echo "@symbols $1"
	readelf -SsrW "$2"
	echo "@code $1"
	objdump -dw --no-show-raw-insn "$2"
}

while read -r object; do
	compile_folded "$object" || fail "$object: does not compile without sites"
	{
		dump pristine "$pristine/$object"
		dump kernelx "$build/$object"
	} | awk -v object="$object" -f "$here/sites.awk" >>"$work/over_pristine"
	{
		dump pristine "$work/folded/$object"
		dump kernelx "$build/$object"
	} | awk -v object="$object" -f "$here/sites.awk" >>"$work/over_folded"
done <"$work/objects"

# --- functions with sites ---

echo "Functions with sites: instructions and bytes of text"
awk -F '\t' -v OFS='\t' '
	$1 == "function" && FNR == NR	{ base[$2, $3] = $5; size[$2, $3] = $7 + $9; next }
	$1 == "function" && $4 > 0 {
		print $2, $3, $4, base[$2, $3], $5, $6, sprintf("%+d", $6 - $5), size[$2, $3], $7 + $9, $8 + $10, $11
	}' "$work/over_pristine" "$work/over_folded" | sort >"$work/functions"
{
	printf 'object\tfunction\tsites\tpristine\tfolded\tkernelx\tadded\tbytes pristine\tfolded\tkernelx\tchanged\n'
	cat "$work/functions"
} | column -t -s "$(printf '\t')"

# --- shares ---

# shares TITLE FILE
shares()
{
	awk -F '\t' -v title="$1" '
		$1 == "function" && $4 > 0 {
			sites += $4
			functions++
			added = $6 - $5
			total += added
			bytes += $8 - $7
			each = int(added / $4)
			if (added < each * $4)
				each--
			for (i = 1; i <= $4; i++) {
				one = each + (i <= added - each * $4)
				if (one <= 0)
					none++
				else if (one == 1)
					single++
				else
					more++
			}
		}
		$1 == "function" && $4 == 0 {
			other += $6 - $5
			other_bytes += $8 - $7
		}
		END {
			printf "%s: %d sites in %d functions\n", title, sites, functions
			printf "  no instruction added  %4d  %5.1f %%\n", none, 100 * none / sites
			printf "  one                   %4d  %5.1f %%\n", single, 100 * single / sites
			printf "  two or more           %4d  %5.1f %%\n", more, 100 * more / sites
			printf "  at most one                 %5.1f %%\n", 100 * (none + single) / sites
			printf "  in all %+d instructions, %+.2f a site; hot text %+d bytes, %+.1f a site\n",
				total, total / sites, bytes, bytes / sites
			printf "  other functions of these objects: %+d instructions, hot text %+d bytes\n",
				other, other_bytes
		}' "$2"
}
echo
shares "Added to pristine, patches included" "$work/over_pristine"
echo
shares "Added by sites (over the same source, folded)" "$work/over_folded"

# --- lost foldings ---

echo
echo "Lost foldings: functions in which sites added a division, a multiplication, a shift by"
echo "a variable, a call, or changed what is inlined; or where code grew by over 4 instructions a site"
awk -F '\t' '$1 == "function" && ($11 ~ /\+[0-9]+ (division|multiplication|variable shift|call)/ || $11 ~ /inlined/ ||
		($4 > 0 && $6 - $5 > 4 * $4)) { print $2 "\t" $3 "\t" $11 }' "$work/over_folded" | sort |
	while IFS=$'\t' read -r object function reason; do
		places=$(awk -F '\t' -v object="$object" -v function_="$function" '
				$1 == "site" && $2 == object && $3 == function_ { print $4, $5, $6 }' "$work/over_folded" |
			while read -r section offset knob; do
				line=$(addr2line -j "$section" -e "$build/$object" "0x$offset" 2>/dev/null | sed "s,^$tree/,,; s,^\(\./\)*,,; s/ (discriminator.*//")
				echo "$knob at $line"
			done | sort | uniq | paste -sd ';' | sed 's/;/; /g')
		echo "  $object $function: $reason${places:+ ($places)}"
	done

# --- sizes ---

symbol()
{
	echo $((16#$(awk -v name="$1" '$3 == name { print $1 }' "$build/System.map")))
}

section_size()
{
	size -A "$1" | awk -v name="$2" '$1 == name { size += $2 } END { print size + 0 }'
}

all=$(awk -F '\t' '$1 == "site"' "$work/over_folded" | wc -l)
table=$(($(symbol __stop___kernelx_sites) - $(symbol __start___kernelx_sites)))
cold=$(($(symbol __kernelx_text_end) - $(symbol __kernelx_text_start)))
first=$(head -n 1 "$work/objects")
record=$(($(section_size "$build/$first" __kernelx_sites) / $(awk -F "\t" -v object="$first" '$1 == "site" && $2 == object' "$work/over_folded" | wc -l)))
linked=$((table / record))
echo
echo "Size, vmlinux ($linked sites; $((all - linked)) more in modules)"
printf '  cold text (.text..kernelx, stubs and thunks)  %6d bytes, %5.1f a site\n' "$cold" "$(awk "BEGIN { print $cold / $linked }")"
printf '  data (__kernelx_sites)                       %6d bytes, %5.1f a site\n' "$table" "$(awk "BEGIN { print $table / $linked }")"
for section in .orc_unwind .orc_unwind_ip; do
	printf '  %-18s of all KernelX code, added    %+6d bytes\n' "$section" \
		$(($(section_size "$build/vmlinux" $section) - $(section_size "$pristine/vmlinux" $section)))
done
