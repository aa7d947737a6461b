# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How much of a cache is scanned when memory is as short as can be, as a multiple of it.
# value 2
# edit mm/shrinker.c: s/\tdelta \*= 4;/\tdelta *= 2;/

file spread data 8192 500
sync
watch vmscan/mm_shrink_slab_start 'priority == 0'
echo 2 >/proc/sys/vm/drop_caches
seen | grep ' ext4_es_scan' | sed 's/.*cache items \([0-9]*\) delta \([0-9]*\) .*/\1 \2/' |
	awk '$1 > 100 { print $2 / $1 }' | uniq
