# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The shape of a table with gaps.
# value 90
# edit net/ipv4/fib_trie.c: s/^static const int inflate_threshold = 50;$/static const int inflate_threshold = 90;/

routes 300 3
