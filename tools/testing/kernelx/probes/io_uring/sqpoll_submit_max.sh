# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many requests of one ring are submitted in a row, while the thread has two.
# value 12
# edit io_uring/sqpoll.c: s/^#define IORING_SQPOLL_CAP_ENTRIES_VALUE 8$/#define IORING_SQPOLL_CAP_ENTRIES_VALUE 12/

watch_call io_submit_sqes 'requests=$arg2:u32'
ring cap
seen | fields requests | counted
