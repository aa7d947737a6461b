#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# scripts/kernelx/prepare.sh on a small tree: which patches apply to which base.
# TAP output.

set -eu

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

mkdir -p "$work/scripts/kernelx" "$work/patches"
cp "$repository/scripts/kernelx/prepare.sh" "$work/scripts/kernelx/"

# patch_for NAME VERSIONS WORD: one that makes a.c consist of the word
patch_for()
{
	cat >"$work/patches/$1.patch" <<-PATCH
		Subject: [PATCH] a patch
		Kernel-Versions: $2

		---
		diff --git a/a.c b/a.c
		--- a/a.c
		+++ b/a.c
		@@ -1 +1 @@
		-old
		+$3
	PATCH
}

# prepared VERSION: what becomes of a.c of that base, or the error
prepared()
{
	local home=$work/build/base

	rm -rf "$home"
	mkdir -p "$home/tree"
	printf 'VERSION = %s\nPATCHLEVEL = %s\n' "${1%.*}" "${1#*.}" >"$home/tree/Makefile"
	echo old >"$home/tree/a.c"
	if "$work/scripts/kernelx/prepare.sh" --build "$work/build" --base base 2>&1; then
		cat "$home/tree/a.c"
	fi
}

echo "1..7"
patch_for 01-a.6.12 6.12-6.15 early
patch_for 01-a.7.0 7.0- late
result_has early "$(prepared 6.12)" "a patch applies to the first version of its range"
result_has early "$(prepared 6.15)" "and to the last"
result_has late "$(prepared 7.3)" "another does to versions behind that"
result_has "patches/01-a: it exists for some versions, but not for base 6.17" "$(prepared 6.17)" \
	"a base in a gap between the ranges of a patch is refused"
patch_for 01-a.6.12 6.12-6.19 early
result_has early "$(prepared 6.17)" "without the gap it is not"
patch_for 01-a.6.12 6.12..6.19 early
result_has "write a range such as" "$(prepared 6.17)" "a range that is none is refused"
rm "$work"/patches/*
patch_for 02-b 7.0- late
result_has old "$(prepared 6.12)" "a patch that only some bases need is left out of the others"
[ "$failed" -eq 0 ]
