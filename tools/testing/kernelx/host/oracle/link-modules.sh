#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Link vmlinux with the modules that have sites, as if they were built in: oracle-check
# looks at linked code, where all callees are. Prints the knobs of the modules.
#
# usage: link-modules.sh BUILD OUTPUT
set -eu -o pipefail

build=$(realpath "$1")
output=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
objects=()

cd "$build"
[ -e modules.order ] || exit 0
while read -r module; do
	object=${module%.*}.o
	readelf -SW "$object" | grep -q ' __kernelx_spans ' || continue
	copy=$work/${#objects[@]}.o
	# Each has these.
	objcopy -w --localize-symbol='*init_module' --localize-symbol='*cleanup_module' \
		"$object" "$copy"
	objects+=("$copy")
	./tools/objtool/objtool --dump=kernelx "$object" | awk '$1 == "site" { print $3 }'
done <modules.order >"$work/knobs"
[ ${#objects[@]} -gt 0 ] || exit 0

# What only a kernel that runs needs is not there: its symbol table, who owns a module.
ld -m elf_x86_64 -z max-page-size=0x200000 -z noexecstack --no-warn-rwx-segments \
	--orphan-handling=place --defsym=__this_module=0 --unresolved-symbols=ignore-all \
	--script=arch/x86/kernel/vmlinux.lds -o "$output" \
	--whole-archive vmlinux.o "${objects[@]}" init/version-timestamp.o --no-whole-archive >&2
nm -S "$output" >"$work/symbols"
scripts/sorttable -s "$work/symbols" "$output" 2>/dev/null || scripts/sorttable "$output" >&2
sort -u "$work/knobs"
