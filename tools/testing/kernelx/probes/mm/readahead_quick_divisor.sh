# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Up to which size the windows of a sequential reader grow fast.
# value 64
# edit mm/readahead.c: s,cur < max / 16),cur < max / 64),
# module null_blk

read_windows 1024 16384 600 | head -n 4
