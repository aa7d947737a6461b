// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: tests for equality.
 *
 * "count == LIMIT" with a count that lives longer than the test: when LIMIT is lowered
 * below it, the test is never true again. The counter of a loop, which began in the
 * same function as a constant, is not meant.
 */
#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/kernelx_equality.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>

#define MAX_SEARCH	256

struct search {
	const struct flow *flow;
	unsigned int nr;
	struct {
		u32 i;
		int reg;
	} seen[MAX_SEARCH];
};

/* cmp, sub or xor of two operands, none of them an immediate. */
static bool is_comparison(const struct insn *insn)
{
	unsigned char op = insn->opcode.bytes[0];

	if (insn->vex_prefix.nbytes || insn->opcode.nbytes != 1 || (op & 7) > 3)
		return false;
	return (op & ~7) == 0x38 || (op & ~7) == 0x28 || (op & ~7) == 0x30;
}

/* Return: the condition that an instruction tests, or -1. */
static int condition(const struct insn *insn)
{
	unsigned char op = insn->opcode.bytes[0];

	if (insn->opcode.nbytes == 1)
		return (op & 0xf0) == 0x70 ? op & 0xf : -1;
	if (insn->opcode.nbytes != 2 || op != 0x0f)
		return -1;
	op = insn->opcode.bytes[1];
	if ((op & 0xf0) == 0x40 || (op & 0xf0) == 0x80 || (op & 0xf0) == 0x90)
		return op & 0xf;
	return -1;
}

/* Do all that read the flags from here on ask for "equal" or "not equal" only? */
static bool tested_for_equality(const struct flow *flow, u32 from)
{
	u32 queue[MAX_SEARCH];
	unsigned int nr = 0, done, k, s;
	bool tested = false;

	queue[nr++] = from;
	for (done = 0; done < nr; done++) {
		const struct flow_insn *fi = &flow->insns[queue[done]];
		struct insn insn;

		if (queue[done] != from || done) {
			if (fi->effects.reads_flags) {
				if (!insn_bytes(fi->insn, &insn) || (condition(&insn) & ~1) != 4)
					return false;
				tested = true;
			}
			if (fi->effects.may_write_flags || fi->kind == FLOW_CALL)
				continue;
		}
		for (s = 0; s < fi->nr_successors; s++) {
			u32 next = flow->successors[fi->first_successor + s];

			for (k = 0; k < nr && queue[k] != next; k++)
				;
			if (k < nr)
				continue;
			if (nr == MAX_SEARCH)
				return true;
			queue[nr++] = next;
		}
	}
	return tested;
}

static bool comes_from_elsewhere(struct search *search, u32 i, int reg);

/* The value that an instruction leaves in a register. */
static bool made_from_elsewhere(struct search *search, u32 i)
{
	const struct flow_insn *fi = &search->flow->insns[i];
	unsigned int k;
	int reg;

	if (fi->kind == FLOW_CALL || fi->effects.unknown)
		return true;
	for (k = 0; k < fi->effects.nr_memory; k++)
		if (fi->effects.memory[k].access & MEMORY_READ)
			return true;
	for (reg = 0; reg < EFFECTS_REGS; reg++)
		if ((fi->effects.value & REG_PARTS(reg, PART_64)) &&
		    comes_from_elsewhere(search, i, reg))
			return true;
	return false;
}

/* Was what a register holds before an instruction not made of constants in here? */
static bool comes_from_elsewhere(struct search *search, u32 i, int reg)
{
	const struct flow *flow = search->flow;
	unsigned int k;
	u32 p;

	for (k = 0; k < search->nr; k++)
		if (search->seen[k].i == i && search->seen[k].reg == reg)
			return false;
	if (search->nr == MAX_SEARCH || !i)
		return true;
	search->seen[search->nr].i = i;
	search->seen[search->nr++].reg = reg;

	for (p = 0; p < flow->nr; p++) {
		const struct flow_insn *fi = &flow->insns[p];
		bool writes = fi->effects.may_write & REG_PARTS(reg, PART_64);

		if (!flow_leads_to(flow, p, i))
			continue;
		if (fi->kind == FLOW_CALL &&
		    ((fi->clobbers & REG_PARTS(reg, PART_64)) || reg == CFI_AX))
			return true;
		if (writes ? made_from_elsewhere(search, p) :
			     comes_from_elsewhere(search, p, reg))
			return true;
	}
	return false;
}

bool equality_hazard(const struct flow *flow, const struct flow_insn *fi, const u64 *places)
{
	struct search search = { .flow = flow };
	struct insn insn;
	u32 i = fi - flow->insns;
	int reg;

	if (fi->kind != FLOW_NORMAL || !fi->effects.may_write_flags ||
	    !insn_bytes(fi->insn, &insn) || !is_comparison(&insn) || !tested_for_equality(flow, i))
		return false;
	if (fi->effects.nr_memory)
		return true;
	for (reg = 0; reg < EFFECTS_REGS; reg++) {
		u64 parts = REG_PARTS(reg, PART_64) & fi->effects.value;

		if (parts && !(places[0] & parts) && comes_from_elsewhere(&search, i, reg))
			return true;
	}
	return false;
}
