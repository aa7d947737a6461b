#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The symbol of a knob, by its name. If there is no such knob: which may be meant.
#
# usage: knob-symbol.sh ANSWERS NAME	(ANSWERS: the file catalogue.answers)

set -eu

[ $# -eq 2 ] || {
	echo "usage: knob-symbol.sh ANSWERS NAME" >&2
	exit 2
}
answers=$1 name=$2

symbol=$(awk -v name="$name" '$2 == name { print $1 }' "$answers")
if [ -n "$symbol" ]; then
	echo "$symbol"
	exit 0
fi

# A part of a name, or one that few letters are wrong in, with the subsystem or without.
alike=$(awk -v name="$name" '
function base(text)
{
	sub(/.*\//, "", text)
	return text
}
function least(a, b)
{
	return a < b ? a : b
}
function distance(a, b,    i, j, now, last)
{
	for (j = 0; j <= length(b); j++)
		last[j] = j
	for (i = 1; i <= length(a); i++) {
		now[0] = i
		for (j = 1; j <= length(b); j++)
			now[j] = least(least(now[j - 1], last[j]) + 1,
				last[j - 1] + (substr(a, i, 1) != substr(b, j, 1)))
		for (j = 0; j <= length(b); j++)
			last[j] = now[j]
	}
	return last[length(b)]
}
/^#/ { next }
{
	score = distance(base(name), base($2))
	if (index($2, base(name)) && length(base(name)) > 3)
		score = least(score, 1)
	if (score > 1 + length(base(name)) / 5 || (nr && score > best))
		next
	if (!nr || score < best)
		nr = 0
	best = score
	found[++nr] = $2
}
END {
	for (i = 1; i <= nr && i <= 3; i++)
		printf "%s%s", (i > 1 ? " or " : ""), found[i]
}' "$answers")
echo "$name: the catalogue has no such knob${alike:+: did you mean $alike?}" >&2
exit 1
