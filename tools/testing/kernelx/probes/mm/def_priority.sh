# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The priority at which reclaim begins.
# value 10
# edit include/linux/mmzone.h: s/^#define DEF_PRIORITY 12$/#define DEF_PRIORITY 10/

a_group reclaim
in_group dd if=/dev/zero of=data bs=1M count=8 2>/dev/null
sync
watch vmscan/mm_shrink_slab_start
echo 4M >$probe_group/memory.reclaim
seen | sed -n 's/.* priority \([0-9]*\).*/\1/p' | greatest
