# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long a group's worker is kept.
# value 900
# edit drivers/block/loop.c: s/^#define LOOP_IDLE_WORKER_TIMEOUT (60 \* HZ)$/#define LOOP_IDLE_WORKER_TIMEOUT 900/
# module loop

a_group loop
truncate -s 1M data
for _ in 1 2 3; do
	losetup /dev/loop0 data
	watch timer/timer_start
	in_group dd if=/dev/loop0 of=/dev/null bs=64k count=1 2>/dev/null
	losetup -d /dev/loop0
done
seen | grep loop_free_idle_workers_timer | fields timeout | greatest
