# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# After what time a file is closed whose last user was no task.
# value 7
# edit fs/file_table.c: s/schedule_delayed_work(&delayed_fput_work, 1)/schedule_delayed_work(\&delayed_fput_work, 7)/

watch_call queue_delayed_work_on 'func=+24($arg3):symbol delay=$arg4:u64'
ring files
await delayed_fput
seen | grep func=delayed_fput | fields delay | uniq
