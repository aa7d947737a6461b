// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: the parts of a function that jumps connect.
 */
#include <stdlib.h>

#include <objtool/arch.h>
#include <objtool/elf.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/kernelx_parts.h>
#include <objtool/kernelx_reach.h>

bool is_part(const struct parts *parts, const struct symbol *func)
{
	unsigned int i;

	for (i = 0; i < parts->nr; i++)
		if (parts->functions[i] == func)
			return true;
	return false;
}

bool is_elsewhere(const struct symbol *func)
{
	return !func->sec || !func->sec->idx;
}

/* Return: 0, or -1 without memory. */
static int add_part(struct parts *parts, const struct reach *goal, struct symbol *func)
{
	struct symbol **bigger;

	func = canonical_func(func);
	if (is_part(parts, func) || (!is_elsewhere(func) && !reaches(goal, func)))
		return 0;
	if (!(parts->nr & 15)) {
		bigger = realloc(parts->functions, (parts->nr + 16) * sizeof(func));
		if (!bigger)
			return -1;
		parts->functions = bigger;
	}
	parts->functions[parts->nr++] = func;
	return 0;
}

int find_parts(struct objtool_file *file, const struct reach *goal, struct symbol *func,
	       struct parts *parts)
{
	unsigned int i, k;

	parts->nr = 0;
	if (add_part(parts, goal, func))
		return -1;
	for (i = 0; i < parts->nr; i++) {
		const struct flow *flow = flow_of(file, parts->functions[i]);

		for (k = 0; flow && k < flow->nr; k++) {
			const struct flow_insn *fi = &flow->insns[k];

			if (fi->kind == FLOW_TAIL && fi->callee &&
			    add_part(parts, goal, fi->callee))
				return -1;
		}
	}
	return 0;
}
