# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# When a new disk looks for requests that take too long: at the end of this time and one of
# 256 jiffies, which is meant to round it. A tick in between would make it shorter.
# value 700
# edit block/blk.h: s/^#define BLK_MAX_TIMEOUT\t\t(5 \* HZ)$/#define BLK_MAX_TIMEOUT 700/
# module null_blk

watch timer/timer_start
for name in one two three; do
	a_disk $name
	dd if=/dev/$name of=/dev/null bs=4k count=1 2>/dev/null
done
seen | grep blk_rq_timed_out_timer | fields timeout | greatest
