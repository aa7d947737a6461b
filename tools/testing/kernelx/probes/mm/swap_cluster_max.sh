# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The largest batch of pages that is isolated from a list.
# value 16
# edit include/linux/swap.h: s/^#define SWAP_CLUSTER_MAX 32UL$/#define SWAP_CLUSTER_MAX 16UL/

a_group reclaim
in_group dd if=/dev/zero of=data bs=1M count=8 2>/dev/null
sync
watch vmscan/mm_vmscan_lru_isolate
echo 4M >$probe_group/memory.reclaim
seen | fields nr_requested | greatest
