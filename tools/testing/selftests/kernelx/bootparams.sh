#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernelx.* boot parameters: in force from the first use of the constant; those
# that are wrong are reported and leave the default.
#
# vm: --disk 64M --append 'kernelx.mm.readahead=64 kernelx.block.max_request_count=0 kernelx.mm.no_such=1 kernelx.mm.shrink_batch=abc kernelx.block.plug_flush_size=64k'

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
grep -q 'kernelx.mm.readahead=64 .*kernelx.block.plug_flush_size=64k' /proc/cmdline ||
	skip_all "needs the boot parameters that this script names"
plan 15

page_kb=$(($(getconf PAGESIZE 2>/dev/null || echo 4096) / 1024))

# logged PATTERN NAME
logged()
{
	if dmesg | grep -q "kernelx: $1"; then
		ok "$2"
	else
		not_ok "$2" "$(dmesg | grep kernelx:)"
	fi
}

is "$(get mm/readahead)" 64 "kernelx.mm.readahead=64 is in force"
is "$(sites_fault mm/readahead 64)" "" "its sites hold 64"
is "$(meta mm/readahead default)" 32 "its default is still what was compiled"
is "$(cat /sys/block/vda/queue/read_ahead_kb)" $((64 * page_kb)) \
	"the first disk was set up with it"
is "$(get block/plug_flush_size) $(sites_fault block/plug_flush_size 65536)" "65536 " \
	"a suffix works"
is "$(get block/max_request_count)" "$(meta block/max_request_count default)" \
	"a value out of range leaves the default"
logged 'block/max_request_count: 0 is outside' "and is reported"
is "$(get mm/shrink_batch)" "$(meta mm/shrink_batch default)" "so does what is no number"
logged 'mm/shrink_batch: boot parameter "abc" is not a number' "and is reported"
logged 'boot parameter kernelx.mm.no_such: .*no knob mm/no_such' "an unknown knob is reported"
if [ -x "$KX_HERE/kx" ]; then
	is "$("$KX_HERE/kx" doctor | grep -c '^WRONG boot parameter: kernelx\.')" 3 "kx doctor names these three"
else
	ok "kx doctor names these three # SKIP kx was not built"
fi
none "$(all_sites_fault)" "every site holds what its file shows"

insert kernelx_test
is "$(sed -n 's/^readahead //p' /sys/kernel/debug/kernelx_test/values)" 64 \
	"a module starts with the value from the boot parameter"
remove kernelx_test
turn mm/readahead default
is "$(get mm/readahead) $(cat /sys/block/vda/queue/read_ahead_kb)" "32 $((32 * page_kb))" \
	"\"default\" is the compiled value, not that of the parameter"
none "$(log_fault; all_sites_fault)" "all is well in the end"

finish
