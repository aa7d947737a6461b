# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many requests of 64 KiB are collected in a plug.
# value 65536
# edit block/blk.h: s/^#define BLK_PLUG_FLUSH_SIZE\t(128 \* 1024)$/#define BLK_PLUG_FLUSH_SIZE 65536/
# module null_blk

a_disk plug
watch block/block_unplug
plug /dev/plug 65536
seen | sed -n 's/.*\[plug\] //p' | counted
