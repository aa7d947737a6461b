/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_EQUALITY_H
#define _OBJTOOL_KERNELX_EQUALITY_H

#include <stdbool.h>
#include <linux/types.h>

struct flow;
struct flow_insn;

/**
 * equality_hazard() - can a change jump over this test?
 * @flow: the function
 * @fi: an instruction of it that reads a derived value
 * @places: where derived values are before it
 *
 * Return: true if it compares a derived value with one that may have been in memory
 * before the change, and all that is done with the result is to tell equal from not
 * equal.
 */
bool equality_hazard(const struct flow *flow, const struct flow_insn *fi, const u64 *places);

#endif /* _OBJTOOL_KERNELX_EQUALITY_H */
