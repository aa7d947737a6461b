# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The longest extent that is mapped at a time when a file is written back.
# value 300
# edit fs/ext4/inode.c: s/^#define MAX_WRITEPAGES_EXTENT_LEN 2048$/#define MAX_WRITEPAGES_EXTENT_LEN 300/

watch ext4/ext4_da_write_pages_extent
dd if=/dev/zero of=data bs=1M count=6 2>/dev/null
sync
seen | sed -n 's/.* len \([0-9]*\) .*/\1/p' | greatest
