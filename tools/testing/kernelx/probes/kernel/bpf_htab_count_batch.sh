# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Does a hash map get a counter with a part for each CPU? One that is large enough does.
# value 16
# edit kernel/bpf/hashtab.c: s/^#define PERCPU_COUNTER_BATCH 32$/#define PERCPU_COUNTER_BATCH 16/

watch percpu/percpu_alloc_percpu
map hash
seen | grep " size=4 " | grep -c percpu_counter_init || true
