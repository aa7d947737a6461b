#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# CONFIG_KERNELX=n gives the base's object code: the quick variant of identical.sh, on
# the objects that KernelX touches ("make check-identical" compares all). TAP output.
#
# KERNELX_BUILD=dir  build directory, build/<base>/<config>, with CONFIG_KERNELX=y

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$here/lib/result.sh"
home=$(dirname "$KERNELX_BUILD")
# Beside the trees: hard links to them are cheap.
work=$(mktemp -d "$home/identical.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "1..2"

status=0
{
	"$repository/scripts/kernelx/pristine.sh" --build "$(dirname "$home")" --base "$(basename "$home")" &&
		"$here/../identical.sh" --quick --kernel-build "$KERNELX_BUILD" \
			--pristine-tree "$home/pristine-tree" --pristine "$home/pristine"
} >"$work/log" 2>&1 || status=$?
result "$status" "objects without CONFIG_KERNELX are those of the base" "$work/log"

# A test that cannot fail tells nothing: one constant of the base is another one.
cp -al "$home/pristine-tree" "$work/tree" 2>/dev/null || cp -a "$home/pristine-tree" "$work/tree"
cp --remove-destination "$home/pristine/mm/shrinker.c" "$work/tree/mm/shrinker.c"
sed -i 's/^#define SHRINK_BATCH 128$/#define SHRINK_BATCH 127/' "$work/tree/mm/shrinker.c"
status=0
"$here/../identical.sh" --quick --only mm/shrinker.o --kernel-build "$KERNELX_BUILD" \
	--pristine-tree "$work/tree" --pristine "$home/pristine" >"$work/log" 2>&1 || status=$?
found=0
{ [ "$status" -eq 1 ] && grep -q '^mm/shrinker.o: ' "$work/log"; } || found=1
result "$found" "a changed constant is found" "$work/log"
