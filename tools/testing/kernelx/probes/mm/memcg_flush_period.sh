# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# After what time the statistics are summed up again.
# value 150
# edit mm/memcontrol.c: s/^#define FLUSH_TIME (2UL\*HZ)$/#define FLUSH_TIME 150UL/

watch_call queue_delayed_work_on 'func=+24($arg3):symbol delay=$arg4:u64'
await flush_memcg_stats_dwork
seen | grep flush_memcg_stats_dwork | fields delay | uniq
