#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Where the values of knobs go: a table of all, or the code of one with its spans marked.
#
# usage: spans.sh --kernel-build DIR [--knob SUBSYSTEM/NAME]

set -eu -o pipefail

fail()
{
	echo "spans: $*" >&2
	exit 1
}

build='' knob=''
while [ $# -gt 0 ]; do
	case $1 in
	--kernel-build | --knob)	[ $# -gt 1 ] || fail "$1 needs a value" ;;
	*)				fail "$1: unknown; usage: spans.sh --kernel-build DIR [--knob NAME]" ;;
	esac
	case $1 in
	--kernel-build)	build=$2 ;;
	--knob)		knob=$2 ;;
	esac
	shift 2
done
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there"
objtool=$build/tools/objtool/objtool
answers=$build/source/kernel/kernelx/catalogue.answers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Lines of objtool --dump=kernelx with the image in front.
dump()
{
	local image

	"$objtool" --dump=kernelx "$build/vmlinux" | sed "s|^|vmlinux |"
	while read -r image; do
		"$objtool" --dump=kernelx "$build/$image" | sed "s|^|$image |"
	done < <(sed 's|\.o$|.ko|' "$build/modules.order" 2>/dev/null | sort)
}

# The functions that spans or sites of the chosen lines are in: image and name.
functions()
{
	awk '{ place = $2 == "site" ? $6 : $5; sub(/\+0x[0-9a-f]*$/, "", place); print $1, place }' \
		"$work/dump" | sort -u
}

# Each instruction of these functions: image, function, offset, address, text. Local
# functions can share a name: all of them are there, and told apart by their addresses.
disassemble()
{
	local image function

	functions | while read -r image function; do
		objdump -d --no-show-raw-insn --disassemble="$function" "$build/$image" |
			awk -v image="$image" '
			/^[0-9a-f]+ <.*>:$/ {
				start = $1
				name = substr($2, 2, length($2) - 3)
				first = ""
				next
			}
			/^ *[0-9a-f]+:/ {
				address = $1
				sub(/:$/, "", address)
				text = $0
				sub(/^ *[0-9a-f]+:[ \t]*/, "", text)
				print image "\t" name "\t" start "\t" address "\t" text
			}'
	done
}

# Mark instructions, given the dump and the disassembly. Addresses have up to 16 digits,
# more than awk can count with: in a linked image what counts is the distance to the
# first address of the function, from the last 8 digits.
# shellcheck disable=SC2016 # awk
mark='
function low(hex) {
	return strtonum("0x" substr(hex, length(hex) > 8 ? length(hex) - 7 : 1))
}
function split_place(place,    at) {
	at = match(place, /\+0x[0-9a-f]+$/)
	symbol = substr(place, 1, at - 1)
	offset = strtonum(substr(place, at + 1))
}
FNR == NR && $2 == "site" {
	split_place($6)
	knob[$1, $3] = $4
	class[$1, $3] = $0
	base = $5 == "-" ? -1 : low($5) - offset
	site[$1, symbol, base, offset] = $3
	if (!($4 in sites))
		knobs[++nr_knobs] = $4
	sites[$4]++
	next
}
FNR == NR && $2 == "span" {
	split_place($5)
	base = $4 == "-" ? -1 : low($4) - offset
	n = ++parts[$1, symbol, base]
	part_site[$1, symbol, base, n] = $3
	part_start[$1, symbol, base, n] = offset
	part_end[$1, symbol, base, n] = offset + $6
	next
}
FNR != NR {
	base = $1 == "vmlinux" ? low($3) : -1
	offset = low($4) - low($3)
}'

if [ -n "$knob" ]; then
	symbol=$("$(dirname "${BASH_SOURCE[0]}")"/knob-symbol.sh "$answers" "$knob" 2>"$work/fault") ||
		fail "$(cat "$work/fault")"
	dump >"$work/all"
	awk -v knob="$symbol" '$2 == "site" && $4 == knob { wanted[$1, $3] = 1 } ($1, $3) in wanted' \
		"$work/all" >"$work/dump"
	[ -s "$work/dump" ] || fail "$knob: no site of it is in this kernel"
	awk '$2 == "site" { sub(/^[^ ]* /, ""); print }' "$work/dump"
	disassemble >"$work/code"
	gawk -F '[ \t]' "$mark"'
	FNR != NR {
		text = $0
		sub(/^[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t/, "", text)
		if ($1 SUBSEP $2 SUBSEP $3 != last)
			printf "\n%s %s\n", $1, $2
		last = $1 SUBSEP $2 SUBSEP $3
		marks = ""
		for (n = 1; n <= parts[$1, $2, base]; n++)
			if (offset >= part_start[$1, $2, base, n] && offset < part_end[$1, $2, base, n])
				marks = marks (marks == "" ? "" : ",") part_site[$1, $2, base, n]
		here = ""
		for (prefix = 0; prefix < 2; prefix++)
			if (($1, $2, base, offset + prefix) in site && text ~ /^mov/)
				here = "site " site[$1, $2, base, offset + prefix]
		printf "%-8s %-12s +0x%-5x %s\n", here, marks, offset, text
	}' "$work/dump" "$work/code"
	exit 0
fi

dump >"$work/dump"
disassemble >"$work/code"
gawk -F '[ \t]' "$mark"'
FNR != NR {
	for (n = 1; n <= parts[$1, $2, base]; n++)
		if (offset >= part_start[$1, $2, base, n] && offset < part_end[$1, $2, base, n])
			insns[$1, part_site[$1, $2, base, n]]++
}
END {
	printf "%-34s %5s %7s %7s  %s\n", "knob", "sites", "median", "largest", "class"
	for (k = 1; k <= nr_knobs; k++) {
		n = 0
		words = ""
		dependent = 0
		delete counts
		delete seen
		for (key in knob) {
			if (knob[key] != knobs[k])
				continue
			counts[++n] = insns[key] + 0
			all[++total] = insns[key] + 0
			nr = split(class[key], field, " ")
			for (i = 7; i <= nr; i++) {
				if (field[i] !~ /^(independent|dependent)/)
					continue
				nr_words = split(field[i], word, ",")
				wide = 0
				for (w = 1; w <= nr_words; w++) {
					dependent += word[w] == "dependent"
					if (w > 1 && !seen[word[w]]++)
						words = words " " word[w]
					if (word[w] !~ /^by-/ && word[w] ~ /-|^assembly|^frame|^recursion/) {
						reason[word[w]]++
						wide = 1
					}
				}
				widened += wide
				break
			}
		}
		asort(counts)
		printf "%-34s %5d %7d %7d  %s%s\n", knobs[k], n, counts[int((n + 1) / 2)], counts[n],
			dependent ? "dependent" : "independent", words
	}
	asort(all)
	printf "\n%d sites of %d knobs; instructions in a span: median %d, largest %d\n", total, nr_knobs,
		all[int((total + 1) / 2)], all[total]
	printf "with a conservative assumption: %d (%.0f %%)", widened, 100 * widened / total
	for (r in reason)
		printf "; %s %d", r, reason[r]
	print ""
}' "$work/dump" "$work/code" | sed "s/^/ /" | awk -v answers="$answers" '
BEGIN { while ((getline line < answers) > 0) { split(line, f, " "); name[f[1]] = f[2] } }
{ sub(/^ /, "") }
$1 in name { knob = $1; printf "%-34s", name[knob]; sub(/^[^ ]+ */, ""); rest = $0
	printf " %5d %7d %7d ", $1, $2, $3; $1 = $2 = $3 = ""; sub(/^ */, ""); print " " $0; next }
{ print }'
