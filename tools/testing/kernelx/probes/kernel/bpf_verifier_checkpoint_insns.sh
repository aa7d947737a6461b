# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# How many states the verifier remembers of a program with jumps that are close together.
# value 30
# edit kernel/bpf/verifier.c: s/env->insn_processed - env->prev_insn_processed >= 8)/env->insn_processed - env->prev_insn_processed >= 30)/

map verify 200 1
