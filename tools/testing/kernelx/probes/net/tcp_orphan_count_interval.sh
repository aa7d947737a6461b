# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The period of the timer. Another value is compiled in than is set, and that must be
# found: else this would test nothing.
# value 11
# wrong
# edit net/ipv4/tcp.c: s/^#define TCP_ORPHAN_TIMER_PERIOD msecs_to_jiffies(100)$/#define TCP_ORPHAN_TIMER_PERIOD 12/

watch timer/timer_start
sleep 0.5
seen | grep tcp_orphan_update | fields timeout | greatest
