# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How long the list of a file of process ids is kept that was read.
# value 77
# edit kernel/cgroup/cgroup-v1.c: s/^#define CGROUP_PIDLIST_DESTROY_DELAY\tHZ$/#define CGROUP_PIDLIST_DESTROY_DELAY\t77/

watch_call mod_delayed_work_on 'delay=$arg4:u64'
mount -t cgroup -o none,name=probe none "$work"
cat "$work/tasks" >/dev/null
umount "$work"
seen | grep from=cgroup_pidlist_stop | fields delay | uniq
