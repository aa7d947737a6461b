# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long the end of a ring waits between two looks.
# value 30
# edit io_uring/io_uring.c: s,interval = HZ / 20;,interval = 30;,

watch_call wait_for_completion_interruptible_timeout 'time=$arg2:u64'
ring files
await from=io_ring_exit_work
seen | grep from=io_ring_exit_work | fields time | uniq
