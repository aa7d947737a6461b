# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The delay of acknowledgements of a new connection, in microseconds.
# value 3
# edit include/net/tcp.h: s,^#define TCP_ATO_MIN\t((unsigned)(HZ/25))$,#define TCP_ATO_MIN 3U,

tcp ato
