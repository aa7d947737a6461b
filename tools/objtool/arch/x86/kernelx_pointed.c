// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: what functions read of their callers' frames, through arguments.
 *
 * A structure in a frame that is handed down is what most values go through whose place
 * is known to others. Only what is seen counts here, at offsets that are known: it tells
 * what depends on a value from what merely might.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/hash.h>

#include <objtool/arch.h>
#include <objtool/elf.h>
#include <objtool/kernelx_calls.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>

#define TABLE_BITS	10
#define MAX_DEPTH	12

/* Which slots of what an argument points to a function reads, itself or by its callees. */
struct pointed {
	struct hlist_node node;
	struct symbol *func;
	int reg;
	u64 reads[OBJECT_WORDS];
};

static struct hlist_head table[1 << TABLE_BITS];

static bool has_bit(const u64 *bits, unsigned int bit)
{
	return bits[bit / 64] & (1ULL << (bit % 64));
}

static void set_bit_of(u64 *bits, unsigned int bit)
{
	bits[bit / 64] |= 1ULL << (bit % 64);
}

static const struct pointed *pointed_of(struct objtool_file *file, struct symbol *func,
					int reg, unsigned int depth);

/* What the callee reads of an object that its arguments point into, or to the start of. */
static void add_callee(struct objtool_file *file, const struct flow_insn *fi, u64 *reads,
		       unsigned int depth)
{
	const struct pointed *pointed;
	unsigned int k, s;
	s32 from;

	if (!fi->callee || callee_unknown(fi->callee) || callee_looks_away(fi->callee))
		return;
	for (k = 0; k < ARGUMENT_REGS; k++) {
		from = (fi->pointer[k] - OBJECT_OFFSET) / SLOT_SIZE;
		if (fi->pointer[k] < OBJECT_OFFSET || from >= OBJECT_SLOTS ||
		    !(fi->arguments & REG_PARTS(argument_regs[k], PART_64)))
			continue;
		pointed = pointed_of(file, fi->callee, argument_regs[k], depth + 1);
		for (s = 0; pointed && s + from < OBJECT_SLOTS; s++)
			if (has_bit(pointed->reads, s))
				set_bit_of(reads, s + from);
	}
}

static void find_reads(struct objtool_file *file, const struct flow *flow, u64 *reads,
		       unsigned int depth)
{
	s32 first = object_slot(flow);
	const struct flow_insn *fi;
	unsigned int k;
	s32 s;

	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++) {
		if (fi->kind == FLOW_CALL || fi->kind == FLOW_TAIL)
			add_callee(file, fi, reads, depth);
		for (k = 0; k < fi->effects.nr_memory; k++) {
			if (!(fi->effects.memory[k].access & MEMORY_READ) ||
			    fi->place[k] != OPERAND_FRAME)
				continue;
			s = (s32)fi->slot[k] - first;
			if (s >= 0 && s + fi->slots[k] <= OBJECT_SLOTS)
				for (; s < (s32)(fi->slot[k] + fi->slots[k]) - first; s++)
					set_bit_of(reads, s);
		}
	}
}

/* Return: NULL if nothing is seen. */
static const struct pointed *pointed_of(struct objtool_file *file, struct symbol *func,
					int reg, unsigned int depth)
{
	struct hlist_head *head;
	struct pointed *pointed;
	struct flow *flow;

	func = canonical_func(func);
	head = &table[hash_long((unsigned long)func + reg, TABLE_BITS)];
	hlist_for_each_entry(pointed, head, node)
		if (pointed->func == func && pointed->reg == reg)
			return pointed;
	if (depth > MAX_DEPTH)
		return NULL;
	pointed = calloc(1, sizeof(*pointed));
	if (!pointed)
		return NULL;
	pointed->func = func;
	pointed->reg = reg;
	/* Before the callees: one of them can be the function itself. */
	hlist_add_head(&pointed->node, head);
	flow = flow_scan_pointer(file, func, reg);
	if (flow) {
		find_reads(file, flow, pointed->reads, depth);
		flow_free(flow);
	}
	return pointed;
}

static int find_reads_of_call(struct objtool_file *file, const struct flow *flow,
			      struct flow_insn *fi)
{
	const struct pointed *pointed;
	unsigned int k, s;
	s32 from;

	if (!fi->callee || callee_unknown(fi->callee) || callee_looks_away(fi->callee))
		return 0;
	for (k = 0; k < ARGUMENT_REGS; k++) {
		if (fi->pointer[k] == FRAME_UNKNOWN || fi->pointer[k] == FRAME_SOMEWHERE ||
		    !(fi->arguments & REG_PARTS(argument_regs[k], PART_64)))
			continue;
		pointed = pointed_of(file, fi->callee, argument_regs[k], 0);
		from = (fi->pointer[k] - flow->lowest) / SLOT_SIZE;
		for (s = 0; pointed && s < OBJECT_SLOTS; s++) {
			if (from + (s32)s < 0 || from + s >= flow->nr_slots ||
			    !has_bit(pointed->reads, s))
				continue;
			if (!fi->reads)
				fi->reads = calloc(flow->words, sizeof(*fi->reads));
			if (!fi->reads)
				return -1;
			set_bit_of(fi->reads + 2, from + s);
		}
	}
	return 0;
}

int flow_find_pointed(struct objtool_file *file, struct flow *flow)
{
	struct flow_insn *fi;

	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++)
		/* A jump takes nothing of the frame along, but what is above it. */
		if ((fi->kind == FLOW_CALL || (fi->kind == FLOW_TAIL && flow->object >= 0)) &&
		    find_reads_of_call(file, flow, fi))
			return -1;
	return 0;
}

bool flow_callee_reads(const struct flow *flow, unsigned int slot)
{
	const struct flow_insn *fi;

	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++)
		if (fi->reads && has_bit(fi->reads + 2, slot))
			return true;
	return false;
}
