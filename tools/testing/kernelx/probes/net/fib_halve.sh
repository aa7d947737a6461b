# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The shape of a table most routes of which are gone.
# value 5
# edit net/ipv4/fib_trie.c: s/^static const int halve_threshold = 25;$/static const int halve_threshold = 5;/

routes 512 1 11
