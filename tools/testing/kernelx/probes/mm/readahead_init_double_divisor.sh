# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The first window for a read that is large with the other value.
# value 16
# edit mm/readahead.c: s,newsize <= max / 4),newsize <= max / 16),
# module null_blk

read_windows 256 131072 0
