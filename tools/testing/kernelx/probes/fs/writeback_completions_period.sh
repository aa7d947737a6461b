# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long the first period is for which a new group's writeback is counted. A tick in
# between would make it shorter.
# value 400
# edit mm/page-writeback.c: s/^#define VM_COMPLETIONS_PERIOD_LEN (3\*HZ)$/#define VM_COMPLETIONS_PERIOD_LEN 400/

watch timer/timer_start
for name in one two three; do
	a_group $name
	in_group dd if=/dev/zero of=$name bs=64k count=1 conv=fsync 2>/dev/null
done
seen | grep writeout_period | fields timeout | greatest
