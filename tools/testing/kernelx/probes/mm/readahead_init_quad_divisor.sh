# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The first window for a read that is no longer small with the other value.
# value 128
# edit mm/readahead.c: s,newsize <= max / 32),newsize <= max / 128),
# module null_blk

read_windows 1024 65536 0
