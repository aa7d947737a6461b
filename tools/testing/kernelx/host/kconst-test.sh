#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of the catalogue compiler. Output is TAP.
#
# KCONST=file  the program to test; built from the sources if not given
#
# The tests are the functions test_* of kconst/*.sh. Each runs in a subshell with
# `set -e`, in a directory of its own, with the catalogue in cat/ and the tree in tree/.
set -eu

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${KCONST:-}" ]; then
	KCONST=$work/kconst
	"${CC:-cc}" -O2 -Wall -Wextra -Werror -o "$KCONST" "$here"/../../../../scripts/kernelx/*.c
fi
KCONST=$(realpath "$KCONST")

for file in "$here"/kconst/*.sh; do
	# shellcheck source=/dev/null
	. "$file"
done

mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
echo "TAP version 13"
echo "1..${#tests[@]}"
number=0
failed=0
for t in "${tests[@]}"; do
	number=$((number + 1))
	mkdir "$work/$t"
	status=0
	set +e
	(set -e; cd "$work/$t"; "$t") >"$work/log" 2>&1
	status=$?
	set -e
	name=$(echo "${t#test_}" | tr _ ' ')
	if [ "$status" -eq 0 ]; then
		echo "ok $number - $name"
	elif [ "$status" -eq 77 ]; then
		echo "ok $number - $name # SKIP cannot be tested as root"
	else
		echo "not ok $number - $name"
		sed 's/^/# /' "$work/log"
		failed=$((failed + 1))
	fi
done
[ "$failed" -eq 0 ]
