# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# After what time kprobes are optimized. At the start of a function ftrace carries them:
# behind that, which is the same wherever it begins with endbr64 and a call of ftrace.
# value 50
# edit kernel/kprobes.c: s/^#define OPTIMIZE_DELAY 5$/#define OPTIMIZE_DELAY 50/

watch_call queue_delayed_work_on 'func=+24($arg3):symbol delay=$arg4:u64'
echo 'p:probes/inside vfs_fsync+9' >>/sys/kernel/tracing/kprobe_events
watch probes/inside
seen | grep kprobe_optimizer | fields delay | uniq
