# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The most pages that are allocated at a time for a large area.
# value 40
# edit mm/vmalloc.c: s/min(100U, nr_pages - nr_allocated)/min(40U, nr_pages - nr_allocated)/

watch_call alloc_pages_bulk_array_mempolicy_noprof 'pages=$arg2:u64'
watch_call alloc_pages_bulk_noprof 'pages=$arg4:u32'
map array 4000000
seen | grep vmalloc | fields pages | greatest
