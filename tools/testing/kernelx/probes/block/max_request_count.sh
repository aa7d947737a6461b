# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many requests are collected in a plug.
# value 12
# edit block/blk.h: s/^#define BLK_MAX_REQUEST_COUNT\t32$/#define BLK_MAX_REQUEST_COUNT 12/
# module null_blk

a_disk plug
watch block/block_unplug
plug /dev/plug 4096
seen | sed -n 's/.*\[plug\] //p' | counted
