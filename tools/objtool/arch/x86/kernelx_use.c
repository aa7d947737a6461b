// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: critical spans and state expressions.
 */
#include <stdbool.h>
#include <string.h>

#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/kernelx_use.h>

#define MAX_LINE	64

/* A value on its way: in which register, and what it is there. */
struct holder {
	int reg;
	s64 factor;
	s64 addend;
	u32 min;
	u32 max;
	bool narrow;	/* of 32 bits, and negative for some values */
};

static unsigned int width_of(const struct insn *insn, bool byte)
{
	if (byte)
		return 8;
	if (insn_rex(insn, 8))
		return 64;
	return insn->opnd_bytes == 2 ? 16 : 32;
}

/* Is the expression what the register holds, for all values, in so many bits? */
static bool fits(const struct holder *holder, unsigned int width)
{
	s64 low, high;

	if (__builtin_mul_overflow(holder->factor, (s64)holder->min, &low) ||
	    __builtin_add_overflow(low, holder->addend, &low) ||
	    __builtin_mul_overflow(holder->factor, (s64)holder->max, &high) ||
	    __builtin_add_overflow(high, holder->addend, &high))
		return false;
	if (width == 64)
		return !holder->narrow;
	return high < 1LL << width && high >= -(1LL << (width - 1)) &&
	       low < 1LL << width && low >= -(1LL << (width - 1));
}

static bool is_negative(const struct holder *holder)
{
	return holder->factor * (s64)holder->min + holder->addend < 0 ||
	       holder->factor * (s64)holder->max + holder->addend < 0;
}

static bool scale(struct holder *holder, s64 factor)
{
	return !__builtin_mul_overflow(holder->factor, factor, &holder->factor) &&
	       !__builtin_mul_overflow(holder->addend, factor, &holder->addend);
}

static bool add(struct holder *holder, s64 addend)
{
	return !__builtin_add_overflow(holder->addend, addend, &holder->addend);
}

/* op imm, reg and op reg */
static bool follow_group(const struct insn *insn, struct holder *holder)
{
	unsigned char op = insn->opcode.bytes[0];
	int group = X86_MODRM_REG(insn->modrm.bytes[0]);

	if (!insn_rm_is_register(insn) || insn_modrm_rm(insn) != holder->reg)
		return false;
	if (op == 0x81 || op == 0x83) {
		if (group == 0)
			return add(holder, insn->immediate.value);
		if (group == 5)
			return add(holder, -(s64)insn->immediate.value);
	} else if (op == 0xff) {
		if (group == 0)
			return add(holder, 1);
		if (group == 1)
			return add(holder, -1);
	} else if (op == 0xf7 && group == 3) {
		return scale(holder, -1);
	} else if ((op == 0xc1 || op == 0xd1) && (group == 4 || group == 6)) {
		return scale(holder, 1LL << (op == 0xd1 ? 1 : insn->immediate.value &
				     (insn_rex(insn, 8) ? 63 : 31)));
	}
	return false;
}

static bool follow_lea(const struct flow_insn *fi, const struct insn *insn,
		       struct holder *holder)
{
	const struct memory_operand *memory = &fi->effects.memory[0];
	s64 factor = 0;

	if (memory->rip || (memory->base >= 0 && memory->base != holder->reg) ||
	    (memory->index >= 0 && memory->index != holder->reg))
		return false;
	if (memory->base >= 0)
		factor++;
	if (memory->index >= 0)
		factor += memory->scale;
	if (!scale(holder, factor) || !add(holder, memory->displacement))
		return false;
	holder->reg = insn_modrm_reg(insn);
	return true;
}

/* cbtw, cwtl, cltq: the lower half of the accumulator, with its sign */
static bool extends_accumulator(const struct insn *insn)
{
	return insn->opcode.nbytes == 1 && insn->opcode.bytes[0] == 0x98;
}

/*
 * Does the instruction make another expression of the value, and nothing else? Then
 * @holder says which, and where it is.
 */
static bool follow(const struct flow_insn *fi, const struct insn *insn, struct holder *holder)
{
	unsigned char op = insn->opcode.bytes[0];
	struct holder next = *holder;
	unsigned int width;

	if (insn->vex_prefix.nbytes)
		return false;
	width = width_of(insn, false);
	if (extends_accumulator(insn)) {
		if (width < 32 || next.reg != CFI_AX || !fits(&next, width / 2 - 1) ||
		    is_negative(&next))
			return false;
	} else if (!insn->modrm.nbytes) {
		return false;
	} else if (insn->opcode.nbytes == 2 && op == 0x0f) {
		op = insn->opcode.bytes[1];
		if ((op & 0xf6) != 0xb6 || !insn_rm_is_register(insn) ||
		    insn_modrm_rm(insn) != next.reg ||
		    !fits(&next, op & 1 ? 15 : 7) || is_negative(&next))
			return false;
		next.reg = insn_modrm_reg(insn);
	} else if (insn->opcode.nbytes != 1 || width < 32) {
		return false;
	} else if (op == 0x89 && insn_rm_is_register(insn) && insn_modrm_reg(insn) == next.reg) {
		next.reg = insn_modrm_rm(insn);
	} else if ((op == 0x8b || op == 0x63) && insn_rm_is_register(insn) &&
		   insn_modrm_rm(insn) == next.reg) {
		if (op == 0x63 && (!fits(&next, 31) || is_negative(&next)))
			return false;
		next.reg = insn_modrm_reg(insn);
	} else if ((op == 0x69 || op == 0x6b) && insn_rm_is_register(insn) &&
		   insn_modrm_rm(insn) == next.reg) {
		if (!scale(&next, insn->immediate.value))
			return false;
		next.reg = insn_modrm_reg(insn);
	} else if ((op == 0x01 || op == 0x03) && insn_rm_is_register(insn) &&
		   insn_modrm_rm(insn) == next.reg && insn_modrm_reg(insn) == next.reg) {
		if (!scale(&next, 2))
			return false;
	} else if (op == 0x8d) {
		if (!follow_lea(fi, insn, &next))
			return false;
	} else if (!follow_group(insn, &next)) {
		return false;
	}
	if (!fits(&next, width))
		return false;
	if (width == 32)
		next.narrow = is_negative(&next);
	*holder = next;
	return true;
}

/* What an instruction that reads the value does with it. */
static enum kernelx_use use_of(const struct flow_insn *fi, const struct insn *insn,
			       const struct holder *holder, unsigned int *width)
{
	u64 parts = REG_PARTS(holder->reg, PART_64);
	unsigned char op = insn->opcode.bytes[0];
	bool byte = !(op & 1);
	int group = insn->modrm.nbytes ? X86_MODRM_REG(insn->modrm.bytes[0]) : 0;

	*width = width_of(insn, false);
	if (!(fi->effects.value & parts)) {
		*width = 64;
		return KERNELX_USE_ADDRESS;
	}
	if (insn->vex_prefix.nbytes)
		return KERNELX_USE_COMBINE;
	if (insn->opcode.nbytes == 2 && op == 0x0f)
		return insn->opcode.bytes[1] == 0xaf ? KERNELX_USE_MULTIPLY :
						       KERNELX_USE_COMBINE;
	if (insn->opcode.nbytes != 1)
		return KERNELX_USE_COMBINE;
	if (op >= 0x50 && op <= 0x57) {
		*width = 64;
		return KERNELX_USE_STORE;
	}
	if (extends_accumulator(insn)) {
		*width /= 2;
		return KERNELX_USE_COMBINE;
	}
	/* xchg: an odd opcode says nothing here. */
	if (op >= 0x90 && op <= 0x97)
		return KERNELX_USE_COMBINE;
	*width = width_of(insn, byte);
	if (op == 0x69 || op == 0x6b)
		return KERNELX_USE_MULTIPLY;
	if ((op >= 0x38 && op <= 0x3d) || op == 0x84 || op == 0x85 || op == 0xa8 || op == 0xa9 ||
	    (op >= 0x80 && op <= 0x83 && group == 7))
		return KERNELX_USE_COMPARE;
	if (op == 0x88 || op == 0x89)
		return insn_rm_is_register(insn) ? KERNELX_USE_COMBINE : KERNELX_USE_STORE;
	if ((op == 0xd2 || op == 0xd3) && holder->reg == CFI_CX && insn_modrm_rm(insn) != CFI_CX) {
		*width = 8;
		return KERNELX_USE_SHIFT;
	}
	if (op == 0xf6 || op == 0xf7) {
		if (group < 2)
			return KERNELX_USE_COMPARE;
		if (group >= 4)
			return group < 6 ? KERNELX_USE_MULTIPLY : KERNELX_USE_DIVIDE;
	}
	return KERNELX_USE_COMBINE;
}

static bool is_unread(const struct flow *flow, unsigned int i, const struct holder *holder)
{
	return !(flow_live(flow, i)[0] & REG_PARTS(holder->reg, PART_64));
}

void find_first_use(const struct flow *flow, unsigned int site, int reg, u32 min,
		    u32 max, struct first_use *use)
{
	struct holder holder = { .reg = reg, .factor = 1, .min = min, .max = max };
	const struct flow_insn *fi = &flow->insns[site];
	unsigned long start = fi->insn->offset;
	const struct section *sec = fi->insn->sec;
	unsigned int steps, i = site;
	struct insn insn;

	memset(use, 0, sizeof(*use));
	use->use = KERNELX_USE_BRANCHES;
	use->width = 64;
	use->size = fi->insn->len;
	for (steps = 0; steps < MAX_LINE; steps++) {
		u64 parts = REG_PARTS(holder.reg, PART_64);

		if (fi->nr_successors != 1 || fi->kind != FLOW_NORMAL)
			break;
		i = flow->successors[fi->first_successor];
		fi = &flow->insns[i];
		if (fi->insn->sec != sec || fi->insn->offset != start + use->size ||
		    !insn_bytes(fi->insn, &insn))
			break;
		if (is_unread(flow, i, &holder)) {
			use->use = KERNELX_USE_NONE;
			break;
		}
		use->size += fi->insn->len;
		if (fi->kind == FLOW_RETURN) {
			use->use = KERNELX_USE_RETURN;
			break;
		}
		if (fi->kind != FLOW_NORMAL) {
			if (fi->arguments & parts)
				use->use = KERNELX_USE_PASS;
			break;
		}
		if (!((fi->effects.value | fi->effects.address) & parts)) {
			if (!(fi->effects.may_write & parts))
				continue;
			/* A part of it is another value now. */
			holder.factor = 0;
			break;
		}
		if (follow(fi, &insn, &holder))
			continue;
		use->use = use_of(fi, &insn, &holder, &use->width);
		if (use->use != KERNELX_USE_SHIFT && !fits(&holder, use->width))
			holder.factor = 0;
		break;
	}
	use->factor = holder.factor;
	use->addend = holder.factor ? holder.addend : 0;
}
