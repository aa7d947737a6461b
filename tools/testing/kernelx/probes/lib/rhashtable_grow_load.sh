# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The sizes of a table to which 56 elements are added.
# value 4
# edit include/linux/rhashtable.h: s,(tbl->size / 4 \* 3),(tbl->size / 4 * 4),

watch kmem/kmalloc 'bytes_req >= 500 && bytes_req < 5000'
queues 56 0
seen | grep bucket_table_alloc | fields bytes_req | grep -E '^(576|1088|2112)$' | uniq
