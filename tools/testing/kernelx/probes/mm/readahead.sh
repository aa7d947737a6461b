# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The limit of a disk that is there already, and of what is read of a file on it.
# value 16
# edit include/linux/pagemap.h: s,^\(#define VM_READAHEAD_PAGES\t\)(SZ_128K / PAGE_SIZE)$,\116,

a_file data 1
# shellcheck disable=SC2016
watch_call page_cache_ra_order 'size=+8($arg2):u32'
file read data 4096 200
cat /sys/block/vda/queue/read_ahead_kb
seen | fields size | greatest
