# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many states the verifier remembers of a program with jumps that are far apart.
# value 5
# edit kernel/bpf/verifier.c: s/env->jmps_processed - env->prev_jmps_processed >= 2 /env->jmps_processed - env->prev_jmps_processed >= 5 /

map verify 100 20
