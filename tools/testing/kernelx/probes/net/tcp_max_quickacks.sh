# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many segments of a new connection are acknowledged at once.
# value 5
# edit include/net/tcp.h: s/^#define TCP_MAX_QUICKACKS\t16U$/#define TCP_MAX_QUICKACKS 5U/

# The delayed ones come as well on a machine that is stopped meanwhile.
for _ in 1 2 3 4 5; do
	tcp quick
done | sort -n | head -n 1
