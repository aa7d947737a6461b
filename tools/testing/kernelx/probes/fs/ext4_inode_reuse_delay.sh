# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Is the number of an inode used again that was deleted, and written?
# value 0
# edit fs/ext4/ialloc.c: s/^#define RECENTCY_MIN\t60$/#define RECENTCY_MIN 0/
# module null_blk

a_disk inodes 1
mke2fs /dev/inodes 16384 >/dev/null
mkdir disk
mount -t ext4 /dev/inodes disk
touch disk/old
before=$(stat -c %i disk/old)
rm disk/old
sync
sleep 2
touch disk/new
echo "$before $(stat -c %i disk/new)"
umount disk
