# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many pages of an inode on a new disk are written back in a row.
# value 16
# edit fs/fs-writeback.c: s,wb->avg_write_bandwidth / 2\,,wb->avg_write_bandwidth / 16\,,
# module null_blk

a_disk chunk
exec 3>/dev/chunk
dd if=/dev/zero bs=1M count=32 >&3 2>/dev/null
watch writeback/writeback_single_inode_start
sync
seen | grep "bdi $(cat /sys/block/chunk/dev):" | fields to_write | head -n 1
exec 3>&-
