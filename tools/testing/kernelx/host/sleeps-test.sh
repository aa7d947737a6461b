#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A span that covers a sleep without a limit keeps its knob from ever being turned: nobody
# knows when a task leaves it, such as the thread of a file system that has nothing to do. (So
# it was with io_uring/sqpoll_submit_max and fs/xfs_ail_idle.) TAP output.
#
# KERNELX_BUILD=dir  the build directory of a kernel: vmlinux and modules

set -eu -o pipefail

: "${KERNELX_BUILD:?the build directory of a kernel}"
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"
build=$(realpath "$KERNELX_BUILD")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What these wait for is under way: I/O of the array, and what workers of the file system do.
expected='^(drivers_raid1_resync_depth|fs_btrfs_delayed_background|fs_btrfs_shrink_delalloc_loops): '

# Lines of objtool --dump=kernelx.
dump()
{
	"$build/tools/objtool/objtool" --dump=kernelx "$1"
}

# covered IMAGE DUMP: knobs, and where in their spans it sleeps without a limit. Local
# functions can share a name: one too many is named then, none too few.
covered()
{
	objdump -dr --no-show-raw-insn "$1" | awk '
		function split_place(place,    at) {
			at = match(place, /\+0x[0-9a-f]+$/)
			symbol = substr(place, 1, at - 1)
			offset = strtonum(substr(place, at + 1))
		}
		function low(hex) {
			return strtonum("0x" substr(hex, length(hex) > 8 ? length(hex) - 7 : 1))
		}
		FNR == NR && $1 == "site" { knob[$2] = $3 }
		FNR == NR && $1 == "span" {
			split_place($4)
			n = ++parts[symbol]
			part_site[symbol, n] = $2
			part_start[symbol, n] = offset
			part_end[symbol, n] = offset + $5
		}
		FNR == NR { next }
		/^[0-9a-f]+ <.*>:$/ {
			name = substr($2, 2, length($2) - 3)
			start = low($1)
			next
		}
		!(name in parts) { next }
		/^ *[0-9a-f]+:/ && !/R_X86_64/ {
			address = $1
			sub(/:$/, "", address)
			at = low(address) - start
		}
		# In a module the name is in the relocation.
		/(call|jmp) .*<(schedule|io_schedule)>|R_X86_64_(PLT|PC)32[ \t]+(schedule|io_schedule)-/ {
			for (n = 1; n <= parts[name]; n++)
				if (at >= part_start[name, n] && at < part_end[name, n])
					printf "%s: %s+0x%x\n", knob[part_site[name, n]], name, at
		}' "$2" -
}

echo "1..3"
: >"$work/found"
images=0
while read -r image; do
	dump "$build/$image" >"$work/dump"
	grep -q '^span ' "$work/dump" || continue
	images=$((images + 1))
	covered "$build/$image" "$work/dump" >>"$work/found"
done < <(echo vmlinux; sed 's|\.o$|.ko|' "$build/modules.order" | sort)
grep -v -E "$expected" "$work/found" >"$work/unexpected" || true
result_empty "$work/unexpected" "no span covers a sleep without a limit, in $images images"

# A test that cannot fail tells nothing: spans that are there, of vmlinux and of a module.
printf '%s\n' "site 0 test" "span 0 - io_sq_thread+0x0 65536" >"$work/dump"
result_has "test: io_sq_thread+0x" "$(covered "$build/vmlinux" "$work/dump")" "in vmlinux it would be found"
printf '%s\n' "site 0 test" "span 0 - xfsaild+0x0 65536" >"$work/dump"
result_has "test: xfsaild+0x" "$(covered "$build/fs/xfs/xfs.ko" "$work/dump")" "and in a module"
exit "$((failed > 0))"
