# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The chunks in which pages are read that are asked for.
# value 100
# edit mm/readahead.c: s,this_chunk = (2 \* 1024 \* 1024) / PAGE_SIZE;,this_chunk = 100;,
# module null_blk

a_disk chunks
echo 8192 >/sys/block/chunks/queue/read_ahead_kb
watch_call page_cache_ra_unbounded 'size=$arg2:u64'
file fetch /dev/chunks 6291456 0
seen | fields size | counted
