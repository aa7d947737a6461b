# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How the windows of a sequential reader grow at first.
# value 3
# edit mm/readahead.c: s/\treturn 4 \* cur;/\treturn 3 * cur;/
# module null_blk

read_windows 2048 4096 100 | head -n 3
