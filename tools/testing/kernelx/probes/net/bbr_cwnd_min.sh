# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The window of BBR after the first acknowledgement.
# value 40
# edit net/ipv4/tcp_bbr.c: s/^static const u32 bbr_cwnd_min_target = 4;$/static const u32 bbr_cwnd_min_target = 40;/
# module tcp_bbr

tcp cwnd bbr
