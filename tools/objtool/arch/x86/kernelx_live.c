// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: which places of a function are still needed where.
 *
 * Backward from every use. What is not known to be dead is needed.
 */
#include <stdlib.h>
#include <string.h>

#include <objtool/arch.h>
#include <objtool/elf.h>
#include <objtool/kernelx_flow.h>

static const unsigned char callee_saved[] = {
	CFI_BX, CFI_SP, CFI_BP, CFI_R12, CFI_R13, CFI_R14, CFI_R15,
};

static u64 whole(int reg)
{
	return REG_PARTS(reg, PART_64);
}

static void set_slots(u64 *places, unsigned int first, unsigned int nr, bool value)
{
	unsigned int s;

	for (s = first; s < first + nr; s++) {
		if (value)
			places[2 + s / 64] |= 1ULL << (s % 64);
		else
			places[2 + s / 64] &= ~(1ULL << (s % 64));
	}
}

/* An element of an array: any slot that is not a spilled register. */
static void set_indexed(const struct flow *flow, u64 *places)
{
	unsigned int s;

	for (s = 0; s < flow->nr_slots; s++)
		if (!flow->spill[s])
			set_slots(places, s, 1, true);
	places[1] |= PLACE_ELEMENT;
}

/* The slot of the first. Those of a function that is jumped to are where our own were. */
unsigned int stack_arguments(const struct flow *flow, const struct flow_insn *fi)
{
	return ((fi->kind == FLOW_CALL ? fi->frame : 0) - flow->lowest) / SLOT_SIZE;
}

/* What a callee may read of its arguments on the stack. */
static void use_stack_arguments(const struct flow *flow, const struct flow_insn *fi, u64 *live)
{
	unsigned int s;

	live[1] |= PLACE_ELEMENT;
	if (fi->frame == FRAME_UNKNOWN) {
		set_slots(live, 0, flow->nr_slots, true);
		return;
	}
	for (s = stack_arguments(flow, fi); s < flow->nr_slots; s++)
		if (!flow->spill[s])
			set_slots(live, s, 1, true);
}

/*
 * Can an instruction read a slot whose address others know? Not by its place in the frame:
 * that is for the slot itself to say.
 */
static bool may_look(const struct flow_insn *fi)
{
	unsigned int k;

	if (fi->lost || fi->effects.unknown)
		return true;
	if (fi->kind == FLOW_CALL || fi->kind == FLOW_TAIL)
		return !fi->callee || !callee_looks_away(fi->callee);
	for (k = 0; k < fi->effects.nr_memory; k++)
		if ((fi->effects.memory[k].access & MEMORY_READ) && !fi->apart[k] &&
		    fi->place[k] != OPERAND_FRAME)
			return true;
	return false;
}

/* From the places needed after an instruction to those needed before it. */
static void live_transfer(const struct flow *flow, const struct flow_insn *fi, u64 *live)
{
	const struct effects *effects = &fi->effects;
	unsigned int k;

	live[0] &= ~effects->writes;
	if (effects->writes_flags)
		live[1] &= ~PLACE_FLAGS;
	for (k = 0; k < effects->nr_memory; k++)
		if ((effects->memory[k].access & MEMORY_WRITE) && fi->place[k] == OPERAND_FRAME &&
		    fi->whole[k])
			set_slots(live, fi->slot[k], fi->slots[k], false);

	if (fi->kind == FLOW_CALL) {
		live[0] &= ~fi->clobbers;
		live[1] &= ~PLACE_FLAGS;
		use_stack_arguments(flow, fi, live);
	}
	for (k = 2; fi->reads && k < flow->words; k++)
		live[k] |= fi->reads[k];
	if (fi->kind == FLOW_TAIL)
		use_stack_arguments(flow, fi, live);
	if (fi->kind == FLOW_RETURN || fi->kind == FLOW_TAIL) {
		for (k = 0; k < sizeof(callee_saved); k++)
			live[0] |= whole(callee_saved[k]);
		if (fi->kind == FLOW_RETURN)
			live[0] |= whole(CFI_AX) | whole(CFI_DX);
	}
	live[0] |= fi->arguments | effects->value | effects->address;
	if (effects->reads_flags)
		live[1] |= PLACE_FLAGS;
	for (k = 0; k < effects->nr_memory; k++) {
		if (!(effects->memory[k].access & MEMORY_READ))
			continue;
		if (fi->place[k] == OPERAND_FRAME) {
			set_slots(live, fi->slot[k], fi->slots[k], true);
			if (!flow->spill[fi->slot[k]])
				live[1] |= PLACE_ELEMENT;
		} else if (fi->place[k] == OPERAND_ANY_FRAME ||
			   fi->place[k] == OPERAND_MAYBE_FRAME) {
			set_indexed(flow, live);
		}
	}
	if (fi->lost) {
		live[0] = ALL_REG_PARTS;
		live[1] |= PLACE_FLAGS | PLACE_ELEMENT;
		set_slots(live, 0, flow->nr_slots, true);
	}
	if (may_look(fi))
		live[1] |= PLACE_EXPOSED;
}

static void add_live(const struct flow *flow, const struct flow_insn *fi, unsigned int k,
		     u64 *live)
{
	const u64 *next = flow_live(flow, flow->successors[fi->first_successor + k]);
	unsigned int w;

	for (w = 0; w < flow->words; w++)
		live[w] |= next[w];
}

int flow_find_live(struct flow *flow)
{
	u64 *live = calloc(flow->words, sizeof(*live));
	bool changed = true;
	unsigned int k;
	int i;

	flow->live = calloc((size_t)flow->nr * flow->words, sizeof(*flow->live));
	if (!live || !flow->live) {
		free(live);
		return -1;
	}
	while (changed) {
		changed = false;
		for (i = flow->nr - 1; i >= 0; i--) {
			const struct flow_insn *fi = &flow->insns[i];

			memset(live, 0, flow->words * sizeof(*live));
			for (k = fi->nr_instead; k < fi->nr_successors; k++)
				add_live(flow, fi, k, live);
			live_transfer(flow, fi, live);
			for (k = 0; k < fi->nr_instead; k++)
				add_live(flow, fi, k, live);
			if (!memcmp(live, flow_live(flow, i), flow->words * sizeof(*live)))
				continue;
			memcpy(flow_live(flow, i), live, flow->words * sizeof(*live));
			changed = true;
		}
	}
	free(live);
	return 0;
}
