# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The shape of a table with large gaps.
# value 80
# edit net/ipv4/fib_trie.c: s/^static const int inflate_threshold_root = 30;$/static const int inflate_threshold_root = 80;/

routes 60 5
