# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# The first window for a small read.
# value 8
# edit mm/readahead.c: s/newsize = newsize \* 4;/newsize = newsize * 8;/
# module null_blk

read_windows 1024 4096 0
