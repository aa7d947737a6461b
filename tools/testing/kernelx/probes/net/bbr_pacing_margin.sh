# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The rate at which BBR begins to send.
# value 25
# edit net/ipv4/tcp_bbr.c: s/^static const int bbr_pacing_margin_percent = 1;$/static const int bbr_pacing_margin_percent = 25;/
# module tcp_bbr

ip route add 192.0.2.0/24 dev lo
tcp pacing bbr
ip route del 192.0.2.0/24
