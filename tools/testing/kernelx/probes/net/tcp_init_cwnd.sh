# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The window of a new connection, and one segment more.
# value 4
# edit include/net/tcp.h: s/^#define TCP_INIT_CWND\t\t10$/#define TCP_INIT_CWND 4/

tcp cwnd
