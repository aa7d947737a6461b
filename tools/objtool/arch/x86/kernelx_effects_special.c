// SPDX-License-Identifier: GPL-2.0-or-later
/* What x86 instructions do that a rule cannot say: functions that rules name */
#include "kernelx_effects.h"

static void set_constant(struct decoded *d)
{
	d->effects->value = 0;
	d->effects->constant = true;
}

/* xor and sub of a register with itself */
void also_same_registers(struct decoded *d)
{
	if (d->mod == 3 && d->reg == d->rm)
		set_constant(d);
}

/* sbb of a register with itself: only the carry counts. */
void also_same_registers_sbb(struct decoded *d)
{
	if (d->mod == 3 && d->reg == d->rm)
		d->effects->value = 0;
}

/* The same with vector registers: what is in them is no input. */
void also_same_vectors(struct decoded *d)
{
	u8 first = d->encoding == LEGACY ? d->reg : d->vvvv;

	if (d->mod == 3 && first == d->rm && d->encoding != EVEX) {
		d->effects->other_read = false;
		d->effects->constant = true;
	}
}

void also_and_immediate(struct decoded *d)
{
	if (!d->effects->nr_memory && d->immediate == 0)
		set_constant(d);
}

void also_or_immediate(struct decoded *d)
{
	if (!d->effects->nr_memory && d->immediate == -1)
		set_constant(d);
}

/* Shifts and rotates; the operands are in the rule. */
void also_shift(struct decoded *d)
{
	unsigned int kind = d->reg & 7;
	bool rotate = kind < 4;
	bool through_carry = kind == 2 || kind == 3;
	bool certain = (d->opcode & 0xfe) == 0xd0;

	if ((d->opcode & 0xfe) == 0xc0)
		certain = d->immediate & (d->wide ? 63 : 31);
	/* Rotates change carry and overflow only, a count of 0 nothing. */
	d->effects->may_write_flags = true;
	d->effects->writes_flags = certain && !rotate;
	d->effects->reads_flags = through_carry;
}

/* shld, shrd by an immediate */
void also_shift_double(struct decoded *d)
{
	d->effects->may_write_flags = true;
	d->effects->writes_flags = d->immediate & (d->wide ? 63 : 31);
}

/* bt, bts, btr, btc with the number of the bit in a register: it is anywhere. */
void also_bit_string(struct decoded *d)
{
	if (d->mod == 3)
		return;
	d->effects->memory[0].size = 0;
	d->effects->address |= effects_parts(d, d->reg, effects_operand_size(d));
}

void also_lea(struct decoded *d)
{
	struct memory_operand *memory;
	unsigned int which = PART_64;

	if (d->mod == 3) {
		d->not_known = true;
		return;
	}
	d->effects->address = 0;
	memory = effects_modrm_memory(d, MEMORY_ADDRESS, 0);
	d->effects->address = 0;
	if (d->address32 || effects_operand_size(d) == 4)
		which = PART_32;
	if (effects_operand_size(d) == 2)
		which = PART_16;
	if (memory->base >= 0)
		d->effects->value |= REG_PARTS(memory->base, which);
	if (memory->index >= 0)
		d->effects->value |= REG_PARTS(memory->index, which);
}

/* Has an operand that is none. */
void also_nop(struct decoded *d)
{
	if (d->mod == 3)
		return;
	effects_modrm_memory(d, 0, 0);
	d->effects->address = 0;
}

/* An address without an access: prefetches and such */
void also_address_only(struct decoded *d)
{
	if (d->mod != 3)
		effects_modrm_memory(d, 0, 0);
}

/* ud0, ud1: for the handler of the exception, which looks at the registers. */
void also_undefined(struct decoded *d)
{
	if (d->mod == 3)
		return;
	d->effects->value |= effects_address_parts(d, effects_modrm_memory(d, 0, 0));
}

static void push_bytes(struct decoded *d, u16 size)
{
	effects_memory_at(d, RSP, -(s64)size, MEMORY_WRITE, size);
	d->effects->writes |= REG_PARTS(RSP, PART_64);
	d->effects->may_write |= REG_PARTS(RSP, PART_64);
}

static void pop_bytes(struct decoded *d, u16 size)
{
	effects_memory_at(d, RSP, 0, MEMORY_READ, size);
	d->effects->writes |= REG_PARTS(RSP, PART_64);
	d->effects->may_write |= REG_PARTS(RSP, PART_64);
}

void also_push(struct decoded *d)
{
	push_bytes(d, effects_stack_size(d));
}

void also_pop(struct decoded *d)
{
	struct memory_operand *memory = &d->effects->memory[0];

	/* The address is that after the stack pointer has moved. */
	if (d->effects->nr_memory && memory->base == RSP)
		memory->displacement += effects_stack_size(d);
	pop_bytes(d, effects_stack_size(d));
}

/* Near branches: the size of the operand is always 64 bits. */
void also_call(struct decoded *d)
{
	push_bytes(d, 8);
}

void also_ret(struct decoded *d)
{
	pop_bytes(d, 8);
}

void also_far_ret(struct decoded *d)
{
	pop_bytes(d, 2 * effects_operand_size(d));
}

void also_far_call(struct decoded *d)
{
	u16 size = 2 * effects_operand_size(d);

	effects_memory_at(d, RSP, -(s64)size, MEMORY_WRITE, size);
	d->effects->writes |= REG_PARTS(RSP, PART_64);
	d->effects->may_write |= REG_PARTS(RSP, PART_64);
}

void also_iret(struct decoded *d)
{
	pop_bytes(d, 5 * effects_operand_size(d));
}

void also_enter(struct decoded *d)
{
	u64 both = REG_PARTS(RBP, PART_64) | REG_PARTS(RSP, PART_64);

	if (d->operand16 || d->insn->immediate2.value) {
		d->not_known = true;
		return;
	}
	push_bytes(d, 8);
	d->effects->value |= both;
	d->effects->writes |= both;
	d->effects->may_write |= both;
}

void also_leave(struct decoded *d)
{
	u64 both = REG_PARTS(RBP, PART_64) | REG_PARTS(RSP, PART_64);

	if (d->operand16) {
		d->not_known = true;
		return;
	}
	effects_memory_at(d, RBP, 0, MEMORY_READ, 8);
	d->effects->value |= REG_PARTS(RBP, PART_64);
	d->effects->writes |= both;
	d->effects->may_write |= both;
}

/* mov between the accumulator and an absolute address */
void also_absolute(struct decoded *d)
{
	bool store = d->opcode & 2;
	u16 size = d->opcode & 1 ? effects_operand_size(d) : 1;
	struct memory_operand *memory;

	memory = effects_add_memory(d, store ? MEMORY_WRITE : MEMORY_READ, size);
	memory->segment = d->segment;
	memory->displacement = (u32)d->insn->moffset1.value;
	if (!d->address32)
		memory->displacement |= (s64)d->insn->moffset2.value << 32;
	effects_register(d, RAX, size, store ? R : W);
}

/* movslq; without REX.W a mov, of 16 bits with a prefix: read 32 then too */
void also_movsxd(struct decoded *d)
{
	if (d->effects->nr_memory && effects_operand_size(d) == 2)
		d->effects->memory[0].size = 2;
}

/* cbw, cwde, cdqe: the lower half of the accumulator into all of it */
void also_extend_accumulator(struct decoded *d)
{
	effects_register(d, RAX, effects_operand_size(d) / 2, R);
	effects_register(d, RAX, effects_operand_size(d), W);
}

/* mul, imul, div, idiv of bytes: with ah */
void also_multiply_bytes(struct decoded *d)
{
	effects_register(d, RAX, 1, R);
	effects_register(d, RAX, 2, W);
}

void also_divide_bytes(struct decoded *d)
{
	effects_register(d, RAX, 2, RW);
}

/* ah without a ModRM byte that says so: lahf, sahf */
void also_lahf(struct decoded *d)
{
	d->effects->writes |= REG_PARTS(RAX, PART_HIGH);
	d->effects->may_write |= REG_PARTS(RAX, PART_HIGH);
}

void also_sahf(struct decoded *d)
{
	d->effects->value |= REG_PARTS(RAX, PART_HIGH);
}

void also_xlat(struct decoded *d)
{
	if (d->address32) {
		d->not_known = true;
		return;
	}
	/* Somewhere from there: the size is not given. */
	effects_memory_at(d, RBX, 0, MEMORY_READ, 0);
	d->effects->memory[0].segment = d->segment;
	d->effects->address |= REG_PARTS(RAX, PART_BYTE);
	effects_register(d, RAX, 1, W);
}

/* syscall and sysret: the flags; the tables have the address, in rcx. */
void also_write_r11(struct decoded *d)
{
	effects_register(d, R11, 8, W);
}

void also_read_r11(struct decoded *d)
{
	effects_register(d, R11, 8, R);
}

/* loop*, jrcxz: a count of 32 bits with an address size prefix */
void also_count_branch(struct decoded *d)
{
	effects_register(d, RCX, d->address32 ? 4 : 8, d->opcode == 0xe3 ? R : RW);
}

/* monitor and such: an address in rax */
void also_at_rax(struct decoded *d)
{
	d->effects->address |= REG_PARTS(RAX, d->address32 ? PART_32 : PART_64);
	effects_add_memory(d, 0, 0)->base = RAX;
}

void also_clzero(struct decoded *d)
{
	effects_memory_at(d, RAX, 0, MEMORY_WRITE, 0);	/* the line around it */
}

void also_mask_move(struct decoded *d)
{
	effects_memory_at(d, RDI, 0, MEMORY_WRITE, 0);	/* of some bytes */
	d->effects->memory[0].segment = d->segment;
}

void also_cmpxchg_double(struct decoded *d)
{
	u16 size = d->wide ? 8 : 4;

	effects_register(d, RAX, size, MAY);
	effects_register(d, RDX, size, MAY);
	effects_register(d, RBX, size, R);
	effects_register(d, RCX, size, R);
	effects_modrm_memory(d, MEMORY_READ | MEMORY_WRITE, 2 * size);
}

/* movdir64b, enqcmd: ModRM.reg is the address of the destination. */
void also_store_line(struct decoded *d)
{
	effects_memory_at(d, d->reg, 0, MEMORY_WRITE, 64);
}

#define STRING_SOURCE		1u	/* rsi */
#define STRING_DESTINATION	2u	/* rdi, read */
#define STRING_STORE		4u	/* rdi, written */
#define STRING_LOAD_A		8u
#define STRING_READ_A		16u
#define STRING_PORT		32u
#define STRING_COMPARES		64u

static unsigned int string_kind(u8 opcode)
{
	switch (opcode & 0xfe) {
	case 0x6c:	/* ins */
		return STRING_STORE | STRING_PORT;
	case 0x6e:	/* outs */
		return STRING_SOURCE | STRING_PORT;
	case 0xa4:	/* movs */
		return STRING_SOURCE | STRING_STORE;
	case 0xa6:	/* cmps */
		return STRING_SOURCE | STRING_DESTINATION | STRING_COMPARES;
	case 0xaa:	/* stos */
		return STRING_STORE | STRING_READ_A;
	case 0xac:	/* lods */
		return STRING_SOURCE | STRING_LOAD_A;
	default:	/* scas */
		return STRING_DESTINATION | STRING_READ_A | STRING_COMPARES;
	}
}

/* One of the two pointers: it moves on. */
static void string_pointer(struct decoded *d, unsigned int reg, unsigned int access,
			   u16 size, bool repeated)
{
	effects_memory_at(d, reg, 0, access, repeated ? 0 : size);
	effects_register(d, reg, 8, repeated ? MAY : RW);
}

void also_string_insn(struct decoded *d)
{
	bool repeated = d->prefix == PREFIX_F3 || d->prefix == PREFIX_F2;
	unsigned int kind = string_kind(d->opcode);
	u16 size = d->opcode & 1 ? effects_operand_size(d) : 1;

	if (d->address32) {
		d->not_known = true;
		return;
	}
	if (kind & STRING_PORT) {
		size = size == 8 ? 4 : size;
		effects_register(d, RDX, 2, R);
		d->effects->other_written = true;
	}
	d->effects->other_read = true;	/* the direction flag */
	if (kind & STRING_SOURCE) {
		string_pointer(d, RSI, MEMORY_READ, size, repeated);
		d->effects->memory[0].segment = d->segment;
	}
	if (kind & STRING_DESTINATION)
		string_pointer(d, RDI, MEMORY_READ, size, repeated);
	if (kind & STRING_STORE)
		string_pointer(d, RDI, MEMORY_WRITE, size, repeated);
	if (kind & STRING_READ_A)
		effects_register(d, RAX, size, R);
	if (kind & STRING_LOAD_A)
		effects_register(d, RAX, size, repeated ? MAY : W);
	if (repeated)
		effects_register(d, RCX, 8, MAY);
	if (kind & STRING_COMPARES) {
		d->effects->may_write_flags = true;
		d->effects->writes_flags = !repeated;
	}
}

/* 0F 1E: endbr and other nops; rdssp is one if there is no shadow stack. */
void also_hint_1e(struct decoded *d)
{
	if (d->mod == 3 && d->prefix == PREFIX_F3 && (d->reg & 7) == 1) {
		effects_register(d, d->rm, d->wide ? 8 : 4, MAY);
		d->effects->other_read = true;
		return;
	}
	also_nop(d);
}

/* x87 instructions with memory: D8 to DF, by ModRM.reg */
static const u16 x87_memory[8][8] = {
	[0] = { [0 ... 7] = M(D) | R },
	[1] = { M(D) | R, 0, M(D) | W, M(D) | W, M(NONE) | R, M(W) | R, M(NONE) | W, M(W) | W },
	[2] = { [0 ... 7] = M(D) | R },
	[3] = { M(D) | R, M(D) | W, M(D) | W, M(D) | W, 0, M(T) | R, 0, M(T) | W },
	[4] = { [0 ... 7] = M(Q) | R },
	[5] = { M(Q) | R, M(Q) | W, M(Q) | W, M(Q) | W, M(NONE) | R, 0, M(NONE) | W, M(W) | W },
	[6] = { [0 ... 7] = M(W) | R },
	[7] = { M(W) | R, M(W) | W, M(W) | W, M(W) | W, M(T) | R, M(Q) | R, M(T) | W, M(Q) | W },
};

/* x87 instructions between registers: fcmov reads flags, fcomi and such write some. */
static void x87_registers(struct decoded *d)
{
	u8 reg = d->reg & 7;

	if ((d->opcode & 0xfe) == 0xda && reg < 4)
		d->effects->reads_flags = true;
	if ((d->opcode == 0xdb || d->opcode == 0xdf) && (reg == 5 || reg == 6))
		d->effects->may_write_flags = true;
	/* fnstsw %ax */
	if (d->opcode == 0xdf && d->insn->modrm.bytes[0] == 0xe0)
		effects_register(d, RAX, 2, W);
}

void also_x87(struct decoded *d)
{
	u16 operand = x87_memory[d->opcode & 7][d->reg & 7];

	if (d->mod == 3)
		x87_registers(d);
	else if (operand)
		effects_operand(d, operand);
	else
		d->not_known = true;
}
