# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How often a request is begun again that receives all there is.
# value 9
# edit io_uring/net.c: s/^#define MULTISHOT_MAX_RETRY\t32$/#define MULTISHOT_MAX_RETRY 9/

watch_call io_recv
ring multishot
seen | wc -l
