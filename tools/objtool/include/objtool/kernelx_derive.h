/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_DERIVE_H
#define _OBJTOOL_KERNELX_DERIVE_H

#include <stdbool.h>
#include <linux/types.h>

struct flow;
struct instruction;
struct objtool_file;
struct symbol;

/**
 * struct derived - a function in which derived values are followed
 * @flow:	the function.
 * @before:	for each instruction, the places that hold a derived value before it and
 *		are still needed; a set of flow.words.
 * @returns_as:	functions to whose callers a derived return value goes: the function
 *		itself, or those that jumped to it.
 */
struct derived {
	struct derived *next;
	struct flow *flow;
	u64 *before;
	bool *queued;
	u32 *queue;
	unsigned int nr_queued;
	struct symbol **returns_as;
	unsigned int nr_returns_as;
};

/**
 * struct derivation - where the values go that derive from one
 * @file:	the object.
 * @functions:	where they are.
 * @flags:	KERNELX_ESCAPES, _EQUALITY, _UNBOUNDED and KERNELX_WIDE_*.
 * @escape:	the first instruction found that lets one escape.
 * @equality:	the first that tests one for equality.
 * @returns:	a derived value is returned (of an argument only).
 * @failed:	no memory: nothing is known.
 */
struct derivation {
	struct objtool_file *file;
	struct derived *functions;
	u32 flags;
	struct instruction *escape;
	struct instruction *equality;
	bool of_argument;
	unsigned int depth;
	bool returns;
	bool failed;
	struct symbol **returned;
	unsigned int nr_returned;
};

/**
 * derive_from_site() - follow the value that a site brings in
 * @d: where the answer goes, with only @file set
 * @site: the site's instruction
 * @reg: the register that it writes
 *
 * Forward, by the flow of values: through registers and slots, to callees as arguments
 * and to callers as return values.
 */
void derive_from_site(struct derivation *d, struct instruction *site, int reg);

/* Is a derived value needed before an instruction? */
bool derived_before(const struct derived *function, unsigned int i);

void derivation_free(struct derivation *d);

#endif /* _OBJTOOL_KERNELX_DERIVE_H */
