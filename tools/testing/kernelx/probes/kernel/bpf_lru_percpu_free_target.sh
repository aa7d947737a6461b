# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many elements are left when a full map takes one more.
# value 2
# edit kernel/bpf/bpf_lru_list.c: s/^#define PERCPU_FREE_TARGET\t\t(4)$/#define PERCPU_FREE_TARGET (2)/

map evict
