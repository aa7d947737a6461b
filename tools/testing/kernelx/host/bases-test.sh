#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One catalogue serves several bases: what differs between them, as a table, and that
# every line of the catalogue finds its constant in each base whose tree is prepared
# (make prepare KERNEL=...). Prints TAP.

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../../.." && pwd)
bases=(6.12 7.3)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kconst=$work/kconst
"${CC:-cc}" -O2 -Wall -Wextra -Werror -o "$kconst" "$repository"/scripts/kernelx/*.c

echo "TAP version 13"
echo "1..$((2 * ${#bases[@]} + 1))"
number=0 failed=0

# result STATUS NAME: what is in $work/log says why
result()
{
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $2"
	else
		failed=$((failed + 1))
		echo "not ok $number - $2"
		sed 's/^/# /' "$work/log"
	fi
}

for base in "${bases[@]}"; do
	status=0
	"$kconst" table --catalogue "$repository" --version "$base" -o "$work/table" >"$work/log" 2>&1 || status=$?
	# name, default, place: what stands before and behind range and unit
	sed -n 's/^KERNELX_KNOB([^,]*, "\([^"]*\)", "\([^"]*\)", \(.*\), "[^"]*", KERNELX_STATE_.*, "\([a-z]* [^"]* in [^"]*\)", ".*$/\1\/\2\t\3\t\4/p' \
		"$work/table" | sort >"$work/$base"
	[ "$(wc -l <"$work/$base")" = "$("$kconst" list --catalogue "$repository" --version "$base" | wc -l)" ] || {
		echo "the table of $base could not be read" >>"$work/log"
		status=1
	}
	result $status "$base: $(wc -l <"$work/$base") knobs"

	tree=$repository/build/$base/tree
	if [ ! -e "$tree/MAINTAINERS" ]; then
		number=$((number + 1))
		echo "ok $number - $base: every line finds its constant # SKIP make prepare KERNEL=$base"
		continue
	fi
	status=0
	"$kconst" audit --catalogue "$repository" --tree "$tree" --version "$base" >/dev/null 2>"$work/log" || status=$?
	result $status "$base: every line finds its constant"
done

# A line for each knob that is not the same in all of them.
awk -F '\t' -v bases="${bases[*]}" '
	FNR == 1	{ file++ }
			{ value[$1, file] = $2; place[$1, file] = $3; names[$1] = 1 }
	function differs(name, table,	i)
	{
		for (i = 2; i <= file; i++)
			if (((name, i) in table) != ((name, 1) in table) || table[name, i] != table[name, 1])
				return 1
		return 0
	}
	END {
		split(bases, base, " ")
		for (name in names) {
			if (differs(name, value))
				for (i = 1; i <= file; i++)
					print name "\t" base[i] "\t" ((name, i) in value ? value[name, i] : "none")
			else if (differs(name, place))
				for (i = 1; i <= file; i++)
					print name "\t" base[i] "\t" place[name, i]
		}
	}' "${bases[@]/#/$work/}" | sort -s -t $'\t' -k 1,1 >"$work/differences"
awk -F '\t' '{ printf "# %-34s %-6s %s\n", $1, $2, $3 }' "$work/differences"

# A knob of one base only is a loss for who changes over: few, and each by its own stanza.
only=$(awk -F '\t' '$3 == "none" { print $1 }' "$work/differences" | sort -u | wc -l)
printf '%s knobs exist in some bases only\n' "$only" >"$work/log"
result $((only > 10)) "all but $only knobs exist in all bases"
[ "$failed" -eq 0 ]
