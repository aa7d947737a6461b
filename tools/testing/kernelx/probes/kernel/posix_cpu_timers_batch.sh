# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many timers of a process one tick expires.
# value 8
# edit kernel/time/posix-cpu-timers.c: s/^#define MAX_COLLECTED\t20$/#define MAX_COLLECTED 8/

cpu_timers
