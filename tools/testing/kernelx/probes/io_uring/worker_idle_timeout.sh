# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long a worker waits for work.
# value 300
# edit io_uring/io-wq.c: s/^#define WORKER_IDLE_TIMEOUT\t(5 \* HZ)$/#define WORKER_IDLE_TIMEOUT 300/

watch_call schedule_timeout 'time=$arg1:s64'
ring async
seen | grep from=io_wq_worker | fields time | uniq
