/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_DERIVE_H
#define _OBJTOOL_KERNELX_DERIVE_H

#include <stdbool.h>
#include <linux/types.h>
#include <objtool/kernelx_flow.h>

struct instruction;
struct objtool_file;
struct symbol;

#define DERIVED_ARRAYS	8

/**
 * struct derived - a function in which derived values are followed
 * @flow:	the function.
 * @before:	for each instruction, the places that hold a derived value before it and
 *		are still needed; a set of flow.words.
 * @arrays:	frame offsets of arrays of which an element was derived, as far as known.
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
	s32 arrays[DERIVED_ARRAYS];
	unsigned int nr_arrays;
	struct symbol **returns_as;
	unsigned int nr_returns_as;
};

/**
 * struct derivation - where the values go that derive from one
 * @file:	the object.
 * @ignore:	KERNELX_WIDE_*: what is assumed for these reasons is not.
 * @functions:	where they are.
 * @flags:	KERNELX_ESCAPES, _EQUALITY, _UNBOUNDED and KERNELX_WIDE_*.
 * @escape:	the first instruction found that lets one escape.
 * @equality:	the first that tests one for equality.
 * @returns:	a derived value is returned (of an argument only).
 * @written:	slots of what an argument points to that a derived value is written to.
 * @failed:	no memory: nothing is known.
 */
struct derivation {
	struct objtool_file *file;
	u32 ignore;
	struct derived *functions;
	u32 flags;
	struct instruction *escape;
	struct instruction *equality;
	bool of_argument;
	unsigned int depth;
	bool returns;
	u64 written[OBJECT_WORDS];
	bool failed;
	struct symbol **returned;
	unsigned int nr_returned;
};

/**
 * derive_from_site() - follow the value that a site brings in
 * @d: where the answer goes, with only @file and @ignore set
 * @site: the site's instruction
 * @reg: the register that it writes
 *
 * Forward, by the flow of values: through registers and slots, to callees as arguments
 * and to callers as return values.
 */
void derive_from_site(struct derivation *d, struct instruction *site, int reg);

/* Reasons that hold for the frames of all functions it is in: nothing is known without. */
u32 derivation_wide(const struct derivation *d);

/* Is a derived value needed before an instruction? */
bool derived_before(const struct derived *function, unsigned int i);

void derivation_free(struct derivation *d);

#endif /* _OBJTOOL_KERNELX_DERIVE_H */
