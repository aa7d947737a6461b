# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long a resync pauses that is faster than it may be.
# value 120
# edit drivers/md/md.c: s/\tmsleep(500);/\tmsleep(120);/
# module null_blk
# module raid1

a_disk left
a_disk right
echo md_probe >/sys/module/md_mod/parameters/new_array
cd /sys/block/md_probe/md || exit
echo raid1 >level
echo 2 >raid_disks
echo none >metadata_version
echo 65536 >component_size
for name in left right; do
	cat /sys/block/$name/dev >new_dev
done
echo 0 >dev-left/slot
echo 1 >dev-right/slot
echo 1 >/proc/sys/dev/raid/speed_limit_min
echo 2 >/proc/sys/dev/raid/speed_limit_max
watch_call msleep 'time=$arg1:u32'
echo 0 >resync_start
echo active >array_state
await from=md_do_sync
seen | grep from=md_do_sync | fields time | uniq
echo frozen >sync_action
echo clear >array_state
cd "$work" || exit
echo 200000 >/proc/sys/dev/raid/speed_limit_max
echo 1000 >/proc/sys/dev/raid/speed_limit_min
