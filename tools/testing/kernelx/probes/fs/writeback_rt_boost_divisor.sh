# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many more dirty pages a real-time task may have before they are written back.
# value 10
# edit mm/page-writeback.c: s,thresh += bg_thresh / 4 ,thresh += bg_thresh / 10 ,;s,thresh += thresh / 4 ,thresh += thresh / 10 ,

echo 104857600 >/proc/sys/vm/dirty_bytes
echo 52428800 >/proc/sys/vm/dirty_background_bytes
watch writeback/global_dirty_state
realtime dd if=/dev/zero of=data bs=1M count=8 2>/dev/null
seen >dirty
echo 10 >/proc/sys/vm/dirty_background_ratio
echo 20 >/proc/sys/vm/dirty_ratio
sed -n 's/.*bg_thresh=\([0-9]*\) thresh=\([0-9]*\) limit=\([0-9]*\) .*/\1 \2 \3/p' dirty |
	awk '{ limit = int($3 / 32) } $2 > 25600 { print $1 - 12800 - limit, $2 - 25600 - limit; exit }'
