# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# After what time the memory of a task is taken that was killed for it. A tick in
# between would make it shorter.
# value 100
# edit mm/oom_kill.c: s/^#define OOM_REAPER_DELAY (2\*HZ)$/#define OOM_REAPER_DELAY 100/

a_group oom
echo 4M >$probe_group/memory.max
watch timer/timer_start
for _ in 1 2 3; do
	(in_group tail /dev/zero) >/dev/null 2>&1 || true
done
seen | grep wake_oom_reaper | fields timeout | greatest
