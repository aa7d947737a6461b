# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The shape of a table with routes all over the addresses, most of which are gone.
# value 3
# edit net/ipv4/fib_trie.c: s/^static const int halve_threshold_root = 15;$/static const int halve_threshold_root = 3;/

routes 245 16777216 31
