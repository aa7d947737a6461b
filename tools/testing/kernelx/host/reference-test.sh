#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The documentation, with the reference of all knobs that is generated from the catalogue,
# in the kernel's own documentation build: without a warning. Prints TAP.

set -eu

tree=${TREE:?the kernel tree}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
parts="admin-guide/kernelx dev-tools/kernelx"
number=0 failed=0

# none WHAT: ok if nothing is in standard input
none()
{
	local found

	number=$((number + 1))
	found=$(cat)
	if [ -z "$found" ]; then
		echo "ok $number - $1"
	else
		failed=$((failed + 1))
		echo "not ok $number - $1"
		head -n 20 <<<"$found" | sed 's/^/# /'
	fi
}

echo "TAP version 13"
if ! command -v sphinx-build >/dev/null; then
	echo "1..0 # SKIP needs sphinx-build"
	exit 0
fi
echo "1..3"

env -u MAKEFLAGS make --no-print-directory -C "$tree" O="$work" htmldocs SPHINXDIRS="$parts" \
	>"$work/log" 2>&1 || echo "WARNING: make htmldocs ended with $?" >>"$work/log"
# dot(1) and convert(1) draw pictures, of which we have none.
none "the kernel's documentation build has nothing to complain about" < <(
	grep -E "WARNING|ERROR" "$work/log" | grep -vE "dot\(1\)|convert\(1\)"
)

pages=$(find "$work" -name "knobs-*.html" | wc -l)
missing()
{
	local page name

	for page in "$tree"/Documentation/admin-guide/kernelx/knobs-*.rst; do
		name=$(basename "$page" .rst)
		[ -n "$(find "$work" -name "$name.html")" ] || echo "$name: no page was made"
	done
}
none "the reference has $pages pages" < <(missing)

# What ends a title is its line below; each knob has a title of its own.
untitled()
{
	local page html titles shown

	for page in "$tree"/Documentation/admin-guide/kernelx/knobs-*.rst; do
		html=$(find "$work" -name "$(basename "$page" .rst).html" | head -n 1)
		titles=$(grep -c '^---' "$page" || true)
		shown=$(grep -c '<h2>' "$html" || true)
		[ "$titles" = "$shown" ] || echo "$page: $shown of $titles knobs are shown"
	done
}
none "with all knobs" < <(untitled)
[ "$failed" -eq 0 ]
