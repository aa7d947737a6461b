# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The sizes of a table from which 60 of 90 elements are taken.
# value 1
# edit include/linux/rhashtable.h: s,(tbl->size \* 3 / 10),(tbl->size * 1 / 10),

watch kmem/kmalloc 'bytes_req >= 500 && bytes_req < 5000'
queues 90 60
seen | grep bucket_table_alloc | fields bytes_req | grep -E '^(576|1088|2112)$' | uniq
