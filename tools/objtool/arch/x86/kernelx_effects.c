// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What x86 instructions do to registers, flags and memory; 64-bit mode.
 *
 * kernelx_effects_tables.c has a rule for each opcode: up to four operands, each with
 * its place, size and access, and what happens to the flags. What a rule cannot say is
 * in a function of kernelx_effects_special.c that the rule names. An opcode that has no
 * rule is unknown.
 *
 * A claim too many costs precision, except for one: a part in @writes loses its old
 * value. So a part is only there if the processor writes it always. That is why these
 * don't count as written, but as may be, and their old value as an input:
 *
 * - the destination of bsf and bsr, which keep it if the source is 0; of tzcnt and
 *   lzcnt too, which an older processor takes for bsf and bsr;
 * - the accumulator and a destination register of cmpxchg, of which only one is
 *   written: the upper half of the other is kept although the operands have 32 bits;
 * - registers of string operations that are repeated, maybe 0 times;
 * - lar, lsl, vmread and rdssp, which may fail.
 *
 * cmov and shifts with a count of 0 do write the destination: they clear the upper
 * half of the register if their operands have 32 bits.
 */
#include <string.h>

#include "kernelx_effects.h"

static void set_unknown(struct effects *effects)
{
	static const struct effects unknown = {
		.value = ALL_REG_PARTS,
		.address = ALL_REG_PARTS,
		.may_write = ALL_REG_PARTS,
		.reads_flags = true,
		.may_write_flags = true,
		.other_read = true,
		.other_written = true,
		.unknown = true,
		.nr_memory = 1,
		.memory[0] = {
			.access = MEMORY_READ | MEMORY_WRITE,
			.base = -1,
			.index = -1,
		},
	};

	*effects = unknown;
}

u16 effects_operand_size(const struct decoded *d)
{
	if (d->wide)
		return 8;
	return d->operand16 ? 2 : 4;
}

u16 effects_stack_size(const struct decoded *d)
{
	return d->operand16 && !d->wide ? 2 : 8;
}

static u16 scalar_size(const struct decoded *d)
{
	switch (d->prefix) {
	case PREFIX_F3:
		return 4;
	case PREFIX_F2:
		return 8;
	default:
		return d->vector;
	}
}

static u16 size_in_register(const struct decoded *d, unsigned int size)
{
	switch (size) {
	case SIZE_B:
		return 1;
	case SIZE_W:
		return 2;
	case SIZE_D:
	case SIZE_DB:
	case SIZE_DW:
		return 4;
	case SIZE_V:
	case SIZE_VW:
		return effects_operand_size(d);
	case SIZE_Z:
		return effects_operand_size(d) == 2 ? 2 : 4;
	case SIZE_Y:
		return d->wide ? 8 : 4;
	case SIZE_S:
		return effects_stack_size(d);
	default:
		return 8;
	}
}

static u16 size_in_memory(const struct decoded *d, unsigned int size)
{
	switch (size) {
	case SIZE_NONE:
		return 0;
	case SIZE_T:
		return 10;
	case SIZE_O:
		return 16;
	case SIZE_DB:
		return 1;
	case SIZE_DW:
	case SIZE_VW:
		return 2;
	case SIZE_FAR:
		return effects_operand_size(d) + 2;
	case SIZE_X:
		return d->vector;
	case SIZE_X2:
		return d->vector / 2;
	case SIZE_X4:
		return d->vector / 4;
	case SIZE_X8:
		return d->vector / 8;
	case SIZE_XS:
		return scalar_size(d);
	case SIZE_DUP:
		return d->vector == 16 ? 8 : d->vector;
	case SIZE_CACHELINE:
		return 64;
	case SIZE_FX:
		return 512;
	default:
		return size_in_register(d, size);
	}
}

u64 effects_parts(const struct decoded *d, unsigned int reg, u16 size)
{
	switch (size) {
	case 1:
		if (!d->rex && d->encoding == LEGACY && reg >= RSP && reg <= RDI)
			return REG_PARTS(reg - RSP, PART_HIGH);
		return REG_PARTS(reg, PART_BYTE);
	case 2:
		return REG_PARTS(reg, PART_16);
	case 4:
		return REG_PARTS(reg, PART_32);
	default:
		return REG_PARTS(reg, PART_64);
	}
}

void effects_register(struct decoded *d, unsigned int reg, u16 size, unsigned int access)
{
	u64 old = effects_parts(d, reg, size);
	/* A write of 32 bits clears the upper half. */
	u64 new = size == 4 ? REG_PARTS(reg, PART_64) : old;

	if (access & R)
		d->effects->value |= old;
	if (access & TARGET)
		d->effects->address |= old;
	if (access & MAY)
		d->effects->value |= new;
	if (access & W)
		d->effects->writes |= new;
	if (access & (W | MAY))
		d->effects->may_write |= new;
}

struct memory_operand *effects_add_memory(struct decoded *d, unsigned int access, u16 size)
{
	struct memory_operand *memory;

	if (d->effects->nr_memory == 2) {
		d->not_known = true;
		d->effects->nr_memory = 1;
	}
	memory = &d->effects->memory[d->effects->nr_memory++];
	memset(memory, 0, sizeof(*memory));
	memory->access = access;
	memory->size = size;
	memory->base = -1;
	memory->index = -1;
	return memory;
}

/* Memory at a register that the encoding does not name */
void effects_memory_at(struct decoded *d, unsigned int reg, s64 displacement,
		       unsigned int access, u16 size)
{
	struct memory_operand *memory = effects_add_memory(d, access, size);

	memory->base = reg;
	memory->displacement = displacement;
	d->effects->address |= REG_PARTS(reg, PART_64);
}

static void set_base_and_index(const struct decoded *d, struct memory_operand *memory)
{
	u8 sib = d->insn->sib.bytes[0];

	if (!d->insn->sib.nbytes) {
		if (d->mod == 0 && (d->rm & 7) == RBP)
			memory->rip = true;
		else
			memory->base = d->rm;
		return;
	}
	if (d->mod != 0 || X86_SIB_BASE(sib) != RBP)
		memory->base = d->rm;
	if (d->index != RSP) {
		memory->index = d->index;
		memory->scale = 1 << X86_SIB_SCALE(sib);
	}
}

u64 effects_address_parts(const struct decoded *d, const struct memory_operand *memory)
{
	unsigned int which = d->address32 ? PART_32 : PART_64;
	u64 result = 0;

	if (memory->base >= 0)
		result |= REG_PARTS(memory->base, which);
	if (memory->index >= 0)
		result |= REG_PARTS(memory->index, which);
	return result;
}

/* The memory operand that ModRM names. */
struct memory_operand *effects_modrm_memory(struct decoded *d, unsigned int access, u16 size)
{
	struct memory_operand *memory = effects_add_memory(d, access, size);

	set_base_and_index(d, memory);
	memory->segment = d->segment;
	memory->displacement = d->insn->displacement.value;
	if (d->encoding == EVEX) {
		if (d->broadcast)
			memory->size = d->wide ? 8 : 4;
		/* A displacement of one byte counts in units of the operand. */
		if (d->mod == 1)
			memory->displacement *= memory->size;
		if (d->masked)
			memory->size = 0;
	}
	/* An address of 32 bits is not what base and displacement say. */
	if (d->address32)
		memory->size = 0;
	d->effects->address |= effects_address_parts(d, memory);
	return memory;
}

static void use_memory(struct decoded *d, unsigned int size, unsigned int access)
{
	unsigned int how = 0;

	if (access & (R | MAY | TARGET))
		how |= MEMORY_READ;
	if (access & (W | MAY))
		how |= MEMORY_WRITE;
	effects_modrm_memory(d, how, size_in_memory(d, size));
}

static void use_other(struct decoded *d, unsigned int access)
{
	if (access & (R | MAY))
		d->effects->other_read = true;
	if (access & (W | MAY))
		d->effects->other_written = true;
}

void effects_operand(struct decoded *d, u16 operand)
{
	unsigned int access = operand & ACCESS_MASK;
	unsigned int size = operand >> SIZE_SHIFT & SIZE_MASK;
	u16 bytes = size_in_register(d, size);

	switch (operand >> PLACE_SHIFT) {
	case PLACE_E:
		if (d->mod == 3)
			effects_register(d, d->rm, bytes, access);
		else
			use_memory(d, size, access);
		break;
	case PLACE_M:
		if (d->mod == 3)
			d->not_known = true;
		else
			use_memory(d, size, access);
		break;
	case PLACE_R:
		if (d->mod == 3)
			effects_register(d, d->rm, bytes, access);
		else
			d->not_known = true;
		break;
	case PLACE_G:
		effects_register(d, d->reg, bytes, access);
		break;
	case PLACE_Z:
		effects_register(d, d->opcode_reg, bytes, access);
		break;
	case PLACE_H:
		effects_register(d, d->vvvv, bytes, access);
		break;
	case PLACE_A:
		effects_register(d, RAX, bytes, access);
		break;
	case PLACE_C:
		effects_register(d, RCX, bytes, access);
		break;
	case PLACE_D:
		effects_register(d, RDX, bytes, access);
		break;
	case PLACE_BX:
		effects_register(d, RBX, bytes, access);
		break;
	case PLACE_V:
		use_other(d, access);
		break;
	case PLACE_U:
		if (d->mod == 3)
			use_other(d, access);
		else
			use_memory(d, size, access);
		break;
	}
}

static void apply_rule(struct decoded *d, const struct rule *rule)
{
	unsigned int i;

	for (i = 0; i < 4 && rule->operand[i]; i++)
		effects_operand(d, rule->operand[i]);
	if (rule->flags & READS_FLAGS)
		d->effects->reads_flags = true;
	if (rule->flags & (NEW_FLAGS | SOME_FLAGS))
		d->effects->may_write_flags = true;
	if (rule->flags & NEW_FLAGS)
		d->effects->writes_flags = true;
	if (rule->flags & OTHER_READ)
		d->effects->other_read = true;
	if (rule->flags & OTHER_WRITTEN)
		d->effects->other_written = true;
	if (rule->also)
		rule->also(d);
}

/* False if the prefixes are such that their meaning would have to be looked up. */
static bool legacy_prefixes(struct decoded *d)
{
	bool repeat = false, repeat_not = false;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		switch (d->insn->prefixes.bytes[i]) {
		case 0x64:
		case 0x65:
			d->segment = true;
			break;
		case 0x66:
			d->operand16 = true;
			d->prefix = PREFIX_66;
			break;
		case 0x67:
			d->address32 = true;
			break;
		case 0xf2:
			repeat_not = true;
			break;
		case 0xf3:
			repeat = true;
			break;
		}
	}
	if (repeat)
		d->prefix = PREFIX_F3;
	if (repeat_not)
		d->prefix = PREFIX_F2;
	return !repeat || !repeat_not;
}

/* Bits of a REX prefix, as they are added to the numbers of registers */
#define REX_R(bits)	((bits) & 4 ? 8 : 0)
#define REX_X(bits)	((bits) & 2 ? 8 : 0)
#define REX_B(bits)	((bits) & 1 ? 8 : 0)

static void modrm_registers(struct decoded *d, unsigned int rex)
{
	u8 modrm = d->insn->modrm.bytes[0];
	u8 sib = d->insn->sib.bytes[0];

	d->mod = X86_MODRM_MOD(modrm);
	d->reg = X86_MODRM_REG(modrm) | REX_R(rex);
	d->rm = X86_MODRM_RM(modrm) | REX_B(rex);
	if (d->insn->sib.nbytes) {
		d->rm = X86_SIB_BASE(sib) | REX_B(rex);
		d->index = X86_SIB_INDEX(sib) | REX_X(rex);
	}
	d->opcode_reg = (d->opcode & 7) | REX_B(rex);
}

/* False for an opcode map that is not in the tables. */
static bool decode_legacy(struct decoded *d)
{
	const struct insn *insn = d->insn;

	/* REX2: more registers than there are here */
	if (insn->rex_prefix.nbytes > 1)
		return false;
	d->encoding = LEGACY;
	d->rex = insn->rex_prefix.nbytes;
	d->wide = X86_REX_W(insn->rex_prefix.bytes[0]);
	d->vector = 16;
	switch (insn->opcode.nbytes) {
	case 1:
		d->map = 0;
		break;
	case 2:
		d->map = 1;
		break;
	default:
		d->map = insn->opcode.bytes[1] == 0x38 ? 2 : 3;
		break;
	}
	d->opcode = insn->opcode.bytes[insn->opcode.nbytes - 1];
	modrm_registers(d, insn->rex_prefix.bytes[0]);
	return true;
}

static bool decode_vex(struct decoded *d)
{
	const u8 *vex = d->insn->vex_prefix.bytes;
	/* The bits R, X and B are inverted. */
	unsigned int rex = vex[1] >> 5 ^ 7;

	d->encoding = VEX;
	d->map = d->insn->vex_prefix.nbytes == 2 ? X86_VEX2_M : X86_VEX3_M(vex[1]);
	if (d->insn->vex_prefix.nbytes == 2)
		rex &= 4;
	d->vector = X86_VEX_L(vex[2]) ? 32 : 16;
	d->vvvv = X86_VEX_V(vex[2]) ^ 15;
	modrm_registers(d, rex);
	return d->map >= 1 && d->map <= 3;
}

static bool decode_evex(struct decoded *d)
{
	const u8 *evex = d->insn->vex_prefix.bytes;

	d->encoding = EVEX;
	d->map = X86_EVEX_M(evex[1]);
	d->broadcast = evex[3] & 0x10;
	d->masked = evex[3] & 0x07;
	d->vector = 16 << (evex[3] >> 5 & 3);
	d->vvvv = X86_VEX_V(evex[2]) ^ 15;
	modrm_registers(d, evex[1] >> 5 ^ 7);
	/* Bits that would name more general registers than there are here */
	if (evex[1] & 0x08 || !(evex[2] & 0x04))
		return false;
	return d->map >= 1 && d->map <= 3 && d->vector <= 64;
}

static bool take_apart(struct decoded *d)
{
	const struct insn *insn = d->insn;

	if (!insn->x86_64 || !insn->length || !legacy_prefixes(d))
		return false;
	d->immediate = insn->immediate.value;
	if (!insn->vex_prefix.nbytes)
		return decode_legacy(d);
	/* AMD's XOP looks like it to the decoder. */
	if (insn->vex_prefix.bytes[0] == 0x8f || insn->opcode.nbytes != 1)
		return false;
	d->opcode = insn->opcode.bytes[0];
	d->prefix = X86_VEX_P(insn->vex_prefix.bytes[2]);
	d->wide = insn->vex_prefix.nbytes > 2 && X86_VEX_W(insn->vex_prefix.bytes[2]);
	return insn->vex_prefix.nbytes == 4 ? decode_evex(d) : decode_vex(d);
}

void arch_insn_effects(const struct insn *insn, struct effects *effects)
{
	struct decoded d = {
		.insn = insn,
		.effects = effects,
	};
	const struct rule *rule = NULL;

	memset(effects, 0, sizeof(*effects));
	if (take_apart(&d))
		rule = effects_rule(&d);
	if (rule)
		apply_rule(&d, rule);
	if (!rule || d.not_known)
		set_unknown(effects);
}
