#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What every file of the project must keep: a licence, the kernel's style, clean
# shell, and nothing that belongs to one machine. TAP output.
#
# TREE=dir  a kernel tree, for its checkpatch.pl

set -eu

# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -d .git ]; then
	git ls-files -co --exclude-standard
else
	find . -path ./build -prune -o -type f -print | sed 's,^\./,,'
fi | sort | while read -r file; do
	[ ! -f "$file" ] || echo "$file"
done >"$work/files"

# Not all of checkpatch fits: tables made by including a list of macro calls use
# some arguments only, and code for several bases must ask which one it is in.
ignored=MACRO_ARG_UNUSED,MACRO_ARG_REUSE,LINUX_VERSION_CODE,CONSTANT_COMPARISON
ignored=$ignored,MACRO_ARG_PRECEDENCE,TRAILING_SEMICOLON,AVOID_EXTERNS,FILE_PATH_CHANGES,COMPLEX_MACRO
# dump_stack() passes the level on; a file that precedes READ_ONCE() has to spell it out.
ignored=$ignored,PRINTK_WITHOUT_KERN_LEVEL,VOLATILE
# Host programs don't have the kernel's helpers.
ignored=$ignored,ARRAY_SIZE,PREFER_KERNEL_TYPES,EMBEDDED_FUNCTION_NAME
# A test needs a task that oopses.
ignored=$ignored,AVOID_BUG
# libelf names its types so.
ignored=$ignored,CAMELCASE

echo "1..5"

while read -r file; do
	case $file in
	.gitignore|*.tsv)	continue ;;
	patches/*)		continue ;;	# part of files that have one
	esac
	head -n 5 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' || echo "$file"
done <"$work/files" >"$work/licence"
result_empty "$work/licence" "every file names its licence"

while read -r file; do
	case $file in
	*.sh|.ci/run|tools/testing/kernelx/init)	shellcheck -S warning -x "$file" || true ;;
	esac
done <"$work/files" >"$work/shell" 2>&1
result_empty "$work/shell" "shellcheck"

# Of this file, only the pattern would be found.
grep -v lint-test.sh "$work/files" | tr '\n' '\0' |
	xargs -0 grep -nE "(^|[^A-Za-z0-9_./])/(work|root|home)/|deb\.debian\.org" \
	>"$work/machine" || true
result_empty "$work/machine" "no file depends on one machine"

: >"$work/style"
if [ -x "${TREE:-}/scripts/checkpatch.pl" ]; then
	while read -r file; do
		case $file in
		# Given by name, a file that git tracks is taken for source.
		patches/*.patch)	how=(-) ;;
		# The form that all trace events have.
		include/trace/*)	how=(--ignore "OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT" -f "$file") ;;
		*.c|*.h|*.S)		how=(-f "$file") ;;
		*)			continue ;;
		esac
		"$TREE/scripts/checkpatch.pl" --no-tree --strict --terse --no-summary \
			--ignore "$ignored" "${how[@]}" <"$file" || true
	done <"$work/files" >"$work/style" 2>&1
else
	echo "TREE=${TREE:-} has no scripts/checkpatch.pl" >"$work/style"
fi
result_empty "$work/style" "checkpatch --strict"

while read -r file; do
	case $file in
	*.c|*.h|*.sh)	lines=$(wc -l <"$file"); [ "$lines" -le 900 ] || echo "$file: $lines lines" ;;
	esac
done <"$work/files" >"$work/size"
result_empty "$work/size" "no file has outgrown one duty (900 lines)"

[ "$failed" -eq 0 ]
