#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Lockdown forbids to change knobs, as it forbids other ways to change the code
# that runs. It cannot be lowered again: the last test on its machine.
#
# vm: --disk 64M --append 'kernelx.mm.readahead=64 kernelx.block.max_request_count=0 kernelx.mm.no_such=1 kernelx.mm.shrink_batch=abc kernelx.block.plug_flush_size=64k'

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_kernelx
lockdown=/sys/kernel/security/lockdown
[ -w "$lockdown" ] || skip_all "needs the lockdown LSM and securityfs"
plan 8

knob=mm/shrink_batch
turn $knob 100
is "$(get $knob)" 100 "without lockdown a knob can be turned"
echo integrity >"$lockdown"
is "$("$KX_HERE/put" "$KX_ROOT/$knob" 200)" EPERM "in lockdown it cannot"
is "$("$KX_HERE/put" "$KX_ROOT/$knob" default)" EPERM "not even back to its default"
is "$(get $knob) $(sites_fault $knob 100)" "100 " "its file and its sites stay as they were"
is "$(dmesg | grep -c "kernelx: $knob: lockdown forbids")" 2 "the log says why"
if [ -x "$KX_HERE/kx" ]; then
	is "$("$KX_HERE/kx" set $knob=200 2>&1)" \
		"kx: $knob: the kernel is locked down (integrity), nothing is changed: use the boot parameter" \
		"and so does kx"
else
	ok "kx was not built # SKIP needs kx"
fi

is "$("$KX_HERE/put" "$KX_ROOT/lease" "$knob=200")" EPERM "no lease either"
if [ -e "$KX_META/$knob/policy" ]; then
	is "$("$KX_HERE/policy_hold" bpf/constant.bpf.o </dev/null 2>/dev/null)" \
		"refused: Operation not permitted" "nor a policy"
else
	ok "nor a policy # SKIP needs CONFIG_KERNELX_POLICY"
fi

finish
