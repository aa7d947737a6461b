# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How often a mapping is read around faults before that is given up.
# value 20
# edit mm/filemap.c: s/^#define MMAP_LOTSAMISS  (100)$/#define MMAP_LOTSAMISS  20/
# module null_blk

a_disk misses
echo 16 >/sys/block/misses/queue/read_ahead_kb
# Else the pages around a miss count as hits.
echo 4096 >/sys/kernel/debug/fault_around_bytes
watch_call page_cache_ra_order
file touch /dev/misses 16 200
echo 65536 >/sys/kernel/debug/fault_around_bytes
seen | wc -l
