// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: from which functions others can be reached by calls.
 */
#include <stdlib.h>

#include <linux/hash.h>

#include <objtool/arch.h>
#include <objtool/elf.h>
#include <objtool/kernelx_calls.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/kernelx_reach.h>

struct reached {
	struct hlist_node node;
	struct symbol *func;
};

struct reach *reach_new(void)
{
	return calloc(1, sizeof(struct reach));
}

void reach_free(struct reach *reach)
{
	struct hlist_node *next;
	struct reached *entry;
	unsigned int k;

	if (!reach)
		return;
	for (k = 0; k < 1 << REACH_BITS; k++)
		hlist_for_each_entry_safe(entry, next, &reach->table[k], node)
			free(entry);
	free(reach->functions);
	free(reach);
}

bool reaches(const struct reach *reach, struct symbol *func)
{
	struct reached *entry;

	func = canonical_func(func);
	hlist_for_each_entry(entry, &reach->table[hash_ptr(func, REACH_BITS)], node)
		if (entry->func == func)
			return true;
	return false;
}

int reach_add(struct reach *reach, struct symbol *func)
{
	struct symbol **bigger;
	struct reached *entry;

	if (reaches(reach, func))
		return 0;
	if (!(reach->nr & 15)) {
		bigger = realloc(reach->functions, (reach->nr + 16) * sizeof(func));
		if (!bigger)
			return -1;
		reach->functions = bigger;
	}
	entry = malloc(sizeof(*entry));
	if (!entry)
		return -1;
	entry->func = canonical_func(func);
	hlist_add_head(&entry->node, &reach->table[hash_ptr(entry->func, REACH_BITS)]);
	reach->functions[reach->nr++] = func;
	return 0;
}

int reach_extend(struct objtool_file *file, struct reach *reach, bool all)
{
	unsigned int i, nr;

	for (i = 0; i < reach->nr; i++) {
		struct symbol *func = reach->functions[i];
		const struct call *call;

		if (!all && (callee_interrupts(func) || callee_observes(func)))
			continue;
		call = calls_of(file, func, &nr);
		if (!call)
			return -1;
		for (; nr; nr--, call++)
			if (call->caller && reach_add(reach, call->caller))
				return -1;
	}
	return 0;
}

const struct reach *reach_wild(struct objtool_file *file)
{
	static struct reach *found;
	struct symbol *const *caller;
	struct reach *reach;
	unsigned int nr;

	if (found)
		return found;
	reach = reach_new();
	caller = wild_callers(file, &nr);
	if (!reach || !caller)
		goto failed;
	for (; nr; nr--, caller++)
		if (reach_add(reach, *caller))
			goto failed;
	if (reach_extend(file, reach, false))
		goto failed;
	found = reach;
	return reach;

failed:
	reach_free(reach);
	return NULL;
}
