# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many entries the shrinker of ext4's extent status is asked to scan in one call.
# value 64
# edit mm/shrinker.c: s/^#define SHRINK_BATCH 128$/#define SHRINK_BATCH 64/

file spread data 8192 500
sync
watch_call ext4_es_scan 'scan=+8($arg2):u64'
echo 2 >/proc/sys/vm/drop_caches
seen | fields scan | greatest
