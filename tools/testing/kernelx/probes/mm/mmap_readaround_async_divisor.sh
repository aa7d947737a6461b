# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Where in the window around a fault the next one begins.
# value 2
# edit mm/filemap.c: s,ra->async_size = ra->ra_pages / 4;,ra->async_size = ra->ra_pages / 2;,
# module null_blk

a_disk around
echo 256 >/sys/block/around/queue/read_ahead_kb
watch_call page_cache_ra_order 'size=+8($arg2):u32 ahead=+12($arg2):u32'
file touch /dev/around 1 1
seen | fields ahead
