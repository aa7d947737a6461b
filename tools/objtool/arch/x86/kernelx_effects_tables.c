// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What x86 instructions do: the opcodes
 *
 * The one-byte map and the one that 0F precedes are arrays. What depends on more than
 * the opcode, and other maps, are in lists: the first entry that fits counts.
 */
#include "kernelx_effects.h"

#define ALU(opcode, access, f, a)							\
	[(opcode)] = { { E(B) | (access), G(B) | R }, f, a },				\
	[(opcode) + 1] = { { E(V) | (access), G(V) | R }, f, a },			\
	[(opcode) + 2] = { { G(B) | (access), E(B) | R }, f, a },			\
	[(opcode) + 3] = { { G(V) | (access), E(V) | R }, f, a }

#define ALU_IMMEDIATE(opcode, access, f, a)						\
	[(opcode) + 4] = { { A(B) | (access) }, f, a },					\
	[(opcode) + 5] = { { A(V) | (access) }, f, a }

#define CARRY		(READS_FLAGS | NEW_FLAGS)

/* 80, 81, 83 */
#define ALU_GROUP(size)									\
	[0] = { { E(size) | RW }, NEW_FLAGS },						\
	[1] = { { E(size) | RW }, NEW_FLAGS, also_or_immediate },			\
	[2] = { { E(size) | RW }, CARRY },						\
	[3] = { { E(size) | RW }, CARRY },						\
	[4] = { { E(size) | RW }, NEW_FLAGS, also_and_immediate },			\
	[5] = { { E(size) | RW }, NEW_FLAGS },						\
	[6] = { { E(size) | RW }, NEW_FLAGS },						\
	[7] = { { E(size) | R }, NEW_FLAGS }

static const struct rule alu_bytes[8] = { ALU_GROUP(B) };
static const struct rule alu[8] = { ALU_GROUP(V) };

static const struct rule pop_group[8] = {
	[0] = { { E(S) | W }, 0, also_pop },
};

/* The others abort or begin a transaction. */
static const struct rule mov_bytes_group[8] = {
	[0] = { { E(B) | W } },
};

static const struct rule mov_group[8] = {
	[0] = { { E(V) | W } },
};

/* F6: test, not, neg, mul, imul, div, idiv */
static const struct rule unary_bytes[8] = {
	[0 ... 1] = { { E(B) | R }, NEW_FLAGS },
	[2] = { { E(B) | RW } },
	[3] = { { E(B) | RW }, NEW_FLAGS },
	[4 ... 5] = { { E(B) | R }, NEW_FLAGS, also_multiply_bytes },
	[6 ... 7] = { { E(B) | R }, NEW_FLAGS, also_divide_bytes },
};

static const struct rule unary[8] = {
	[0 ... 1] = { { E(V) | R }, NEW_FLAGS },
	[2] = { { E(V) | RW } },
	[3] = { { E(V) | RW }, NEW_FLAGS },
	[4 ... 5] = { { E(V) | R, A(V) | RW, D(V) | W }, NEW_FLAGS },
	[6 ... 7] = { { E(V) | R, A(V) | RW, D(V) | RW }, NEW_FLAGS },
};

/* inc and dec keep the carry. */
static const struct rule inc_bytes_group[8] = {
	[0 ... 1] = { { E(B) | RW }, SOME_FLAGS },
};

static const struct rule inc_group[8] = {
	[0 ... 1] = { { E(V) | RW }, SOME_FLAGS },
	[2] = { { E(Q) | TARGET }, 0, also_call },
	[3] = { { M(FAR) | R }, OTHER, also_far_call },
	[4] = { { E(Q) | TARGET } },
	[5] = { { M(FAR) | R }, OTHER },
	[6] = { { E(S) | R }, 0, also_push },
};

static const struct rule one_byte[256] = {
	ALU(0x00, RW, NEW_FLAGS, NULL),
	ALU_IMMEDIATE(0x00, RW, NEW_FLAGS, NULL),
	ALU(0x08, RW, NEW_FLAGS, NULL),
	ALU_IMMEDIATE(0x08, RW, NEW_FLAGS, also_or_immediate),
	ALU(0x10, RW, CARRY, NULL),
	ALU_IMMEDIATE(0x10, RW, CARRY, NULL),
	ALU(0x18, RW, CARRY, also_same_registers_sbb),
	ALU_IMMEDIATE(0x18, RW, CARRY, NULL),
	ALU(0x20, RW, NEW_FLAGS, NULL),
	ALU_IMMEDIATE(0x20, RW, NEW_FLAGS, also_and_immediate),
	ALU(0x28, RW, NEW_FLAGS, also_same_registers),
	ALU_IMMEDIATE(0x28, RW, NEW_FLAGS, NULL),
	ALU(0x30, RW, NEW_FLAGS, also_same_registers),
	ALU_IMMEDIATE(0x30, RW, NEW_FLAGS, NULL),
	ALU(0x38, R, NEW_FLAGS, NULL),
	ALU_IMMEDIATE(0x38, R, NEW_FLAGS, NULL),
	[0x50 ... 0x57] = { { Z(S) | R }, 0, also_push },
	[0x58 ... 0x5f] = { { Z(S) | W }, 0, also_pop },
	[0x63] = { { G(V) | W, E(D) | R }, 0, also_movsxd },
	[0x68] = { { 0 }, 0, also_push },
	[0x69] = { { G(V) | W, E(V) | R }, NEW_FLAGS },
	[0x6a] = { { 0 }, 0, also_push },
	[0x6b] = { { G(V) | W, E(V) | R }, NEW_FLAGS },
	[0x6c ... 0x6f] = { { 0 }, 0, also_string_insn },
	[0x70 ... 0x7f] = { { 0 }, READS_FLAGS },
	[0x80] = { .group = alu_bytes },
	[0x81] = { .group = alu },
	[0x83] = { .group = alu },
	[0x84] = { { E(B) | R, G(B) | R }, NEW_FLAGS },
	[0x85] = { { E(V) | R, G(V) | R }, NEW_FLAGS },
	[0x86] = { { E(B) | RW, G(B) | RW } },
	[0x87] = { { E(V) | RW, G(V) | RW } },
	[0x88] = { { E(B) | W, G(B) | R } },
	[0x89] = { { E(V) | W, G(V) | R } },
	[0x8a] = { { G(B) | W, E(B) | R } },
	[0x8b] = { { G(V) | W, E(V) | R } },
	[0x8c] = { { E(VW) | W }, OTHER_READ },
	[0x8d] = { { G(V) | W }, 0, also_lea },
	[0x8e] = { { E(W) | R }, OTHER_WRITTEN },
	[0x8f] = { .group = pop_group },
	[0x90 ... 0x97] = { { Z(V) | RW, A(V) | RW } },
	[0x98] = { { 0 }, 0, also_extend_accumulator },
	[0x99] = { { A(V) | R, D(V) | W } },
	[0x9b] = { { 0 }, OTHER },
	[0x9c] = { { 0 }, READS_FLAGS | OTHER_READ, also_push },
	[0x9d] = { { 0 }, NEW_FLAGS | OTHER_WRITTEN, also_pop },
	[0x9e] = { { 0 }, SOME_FLAGS, also_sahf },
	[0x9f] = { { 0 }, READS_FLAGS, also_lahf },
	[0xa0 ... 0xa3] = { { 0 }, 0, also_absolute },
	[0xa4 ... 0xa7] = { { 0 }, 0, also_string_insn },
	[0xa8] = { { A(B) | R }, NEW_FLAGS },
	[0xa9] = { { A(V) | R }, NEW_FLAGS },
	[0xaa ... 0xaf] = { { 0 }, 0, also_string_insn },
	[0xb0 ... 0xb7] = { { Z(B) | W } },
	[0xb8 ... 0xbf] = { { Z(V) | W } },
	[0xc0] = { { E(B) | RW }, 0, also_shift },
	[0xc1] = { { E(V) | RW }, 0, also_shift },
	[0xc2 ... 0xc3] = { { 0 }, 0, also_ret },
	[0xc6] = { .group = mov_bytes_group },
	[0xc7] = { .group = mov_group },
	[0xc8] = { { 0 }, 0, also_enter },
	[0xc9] = { { 0 }, 0, also_leave },
	[0xca ... 0xcb] = { { 0 }, OTHER_WRITTEN, also_far_ret },
	/* What the handlers of exceptions do is not in here. */
	[0xcc ... 0xcd] = { { 0 }, OTHER },
	[0xcf] = { { 0 }, NEW_FLAGS | OTHER_WRITTEN, also_iret },
	[0xd0] = { { E(B) | RW }, 0, also_shift },
	[0xd1] = { { E(V) | RW }, 0, also_shift },
	[0xd2] = { { E(B) | RW, C(B) | R }, 0, also_shift },
	[0xd3] = { { E(V) | RW, C(B) | R }, 0, also_shift },
	[0xd7] = { { 0 }, 0, also_xlat },
	[0xd8 ... 0xdf] = { { 0 }, OTHER, also_x87 },
	[0xe0 ... 0xe1] = { { 0 }, READS_FLAGS, also_count_branch },
	[0xe2 ... 0xe3] = { { 0 }, 0, also_count_branch },
	[0xe4] = { { A(B) | W }, OTHER },
	[0xe5] = { { A(Z) | W }, OTHER },
	[0xe6] = { { A(B) | R }, OTHER_WRITTEN },
	[0xe7] = { { A(Z) | R }, OTHER_WRITTEN },
	[0xe8] = { { 0 }, 0, also_call },
	[0xe9] = { { 0 }, NOTHING },
	[0xeb] = { { 0 }, NOTHING },
	[0xec] = { { D(W) | R, A(B) | W }, OTHER },
	[0xed] = { { D(W) | R, A(Z) | W }, OTHER },
	[0xee] = { { D(W) | R, A(B) | R }, OTHER_WRITTEN },
	[0xef] = { { D(W) | R, A(Z) | R }, OTHER_WRITTEN },
	[0xf4] = { { 0 }, OTHER },
	[0xf5] = { { 0 }, READS_FLAGS | SOME_FLAGS },
	[0xf6] = { .group = unary_bytes },
	[0xf7] = { .group = unary },
	[0xf8 ... 0xf9] = { { 0 }, SOME_FLAGS },
	[0xfa ... 0xfd] = { { 0 }, OTHER_WRITTEN },
	[0xfe] = { .group = inc_bytes_group },
	[0xff] = { .group = inc_group },
};

/* 0F 00 */
static const struct rule descriptor_group[8] = {
	[0 ... 1] = { { E(VW) | W }, OTHER_READ },
	[2 ... 3] = { { E(W) | R }, OTHER },
	[4 ... 5] = { { E(W) | R }, SOME_FLAGS | OTHER_READ },
	[6] = { { E(W) | R }, OTHER_WRITTEN },
};

static const struct rule bit_group[8] = {
	[4] = { { E(V) | R }, SOME_FLAGS },
	[5 ... 7] = { { E(V) | RW }, SOME_FLAGS },
};

/* Those that no prefix changes, other than that of the size of operands. */
static const struct rule two_byte[256] = {
	[0x00] = { .group = descriptor_group },
	[0x02 ... 0x03] = { { G(V) | MAY, E(VW) | R }, SOME_FLAGS | OTHER_READ },
	[0x05] = { { C(Q) | W }, READS_FLAGS | SOME_FLAGS | OTHER, also_write_r11 },
	[0x06] = { { 0 }, OTHER_WRITTEN },
	[0x07] = { { C(Q) | R }, NEW_FLAGS | OTHER, also_read_r11 },
	[0x08 ... 0x09] = { { 0 }, OTHER_WRITTEN },
	[0x0b] = { { 0 }, OTHER },
	[0x0d] = { { 0 }, 0, also_address_only },
	[0x18] = { { 0 }, 0, also_address_only },
	[0x19] = { { 0 }, 0, also_nop },
	[0x1d] = { { 0 }, 0, also_nop },
	[0x1e] = { { 0 }, 0, also_hint_1e },
	[0x1f] = { { 0 }, 0, also_nop },
	[0x30] = { { A(D) | R, D(D) | R, C(D) | R }, OTHER_WRITTEN },
	[0x31] = { { A(D) | W, D(D) | W }, OTHER_READ },
	[0x32 ... 0x33] = { { C(D) | R, A(D) | W, D(D) | W }, OTHER_READ },
	[0x40 ... 0x4f] = { { G(V) | RW, E(V) | R }, READS_FLAGS },
	[0x80 ... 0x8f] = { { 0 }, READS_FLAGS },
	[0x90 ... 0x9f] = { { E(B) | W }, READS_FLAGS },
	[0xa0] = { { 0 }, OTHER_READ, also_push },
	[0xa1] = { { 0 }, OTHER_WRITTEN, also_pop },
	[0xa2] = { { A(D) | RW, C(D) | RW, D(D) | W, BX(D) | W }, OTHER },
	[0xa3] = { { E(V) | R, G(V) | R }, SOME_FLAGS, also_bit_string },
	[0xa4] = { { E(V) | RW, G(V) | R }, 0, also_shift_double },
	[0xa5] = { { E(V) | RW, G(V) | R, C(B) | R }, SOME_FLAGS },
	[0xa8] = { { 0 }, OTHER_READ, also_push },
	[0xa9] = { { 0 }, OTHER_WRITTEN, also_pop },
	[0xab] = { { E(V) | RW, G(V) | R }, SOME_FLAGS, also_bit_string },
	[0xac] = { { E(V) | RW, G(V) | R }, 0, also_shift_double },
	[0xad] = { { E(V) | RW, G(V) | R, C(B) | R }, SOME_FLAGS },
	[0xaf] = { { G(V) | RW, E(V) | R }, NEW_FLAGS },
	[0xb0] = { { E(B) | MAY, G(B) | R, A(B) | MAY }, NEW_FLAGS },
	[0xb1] = { { E(V) | MAY, G(V) | R, A(V) | MAY }, NEW_FLAGS },
	[0xb2] = { { G(V) | W, M(FAR) | R }, OTHER_WRITTEN },
	[0xb3] = { { E(V) | RW, G(V) | R }, SOME_FLAGS, also_bit_string },
	[0xb4 ... 0xb5] = { { G(V) | W, M(FAR) | R }, OTHER_WRITTEN },
	[0xb6] = { { G(V) | W, E(B) | R } },
	[0xb7] = { { G(V) | W, E(W) | R } },
	[0xb9] = { { G(Q) | R, REG(Q) | R }, OTHER, NULL },
	[0xba] = { .group = bit_group },
	[0xbb] = { { E(V) | RW, G(V) | R }, SOME_FLAGS, also_bit_string },
	[0xbc ... 0xbd] = { { G(V) | MAY, E(V) | R }, NEW_FLAGS },
	[0xbe] = { { G(V) | W, E(B) | R } },
	[0xbf] = { { G(V) | W, E(W) | R } },
	[0xc0] = { { E(B) | RW, G(B) | RW }, NEW_FLAGS },
	[0xc1] = { { E(V) | RW, G(V) | RW }, NEW_FLAGS },
	[0xc8 ... 0xcf] = { { Z(V) | RW } },
	[0xff] = { { G(Q) | R, REG(Q) | R }, OTHER, NULL },
};

/* Part of an opcode map, or some of its encodings */
struct range {
	u8 first;
	u8 last;
	u8 where;		/* encodings and prefixes */
	u16 modrm;		/* 0, or which ones */
	struct rule rule;
};

#define NP		0x01
#define P66		0x02
#define PF3		0x04
#define PF2		0x08
#define ALL_PREFIXES	(NP | P66 | PF3 | PF2)
#define L		LEGACY
#define LV		(LEGACY | VEX)
#define LVE		(LEGACY | VEX | EVEX)

#define EXACT		0x100
#define IN_REGISTER	0x200
#define IN_MEMORY	0x400
#define ANY_REG		0x800

#define MODRM(byte)	(EXACT | (byte))
#define REGISTER(reg)	(IN_REGISTER | (reg))
#define MEMORY(reg)	(IN_MEMORY | (reg))
#define REGISTERS	(IN_REGISTER | ANY_REG)
#define MEMORIES	(IN_MEMORY | ANY_REG)

static const struct range map_1[] = {
	/* Descriptor tables, virtualisation (unknown), and what has no operands */
	{ 0x01, 0x01, L | NP | P66, MEMORY(0), { { M(T) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP | P66, MEMORY(1), { { M(T) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP | P66, MEMORY(2), { { M(T) | R }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP | P66, MEMORY(3), { { M(T) | R }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP | P66, MEMORY(4), { { M(W) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP | P66, REGISTER(4), { { E(V) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | PF3, MEMORY(5), { { M(Q) | RW }, SOME_FLAGS | OTHER } },
	{ 0x01, 0x01, L | NP | P66, MEMORY(6), { { M(W) | R }, OTHER } },
	{ 0x01, 0x01, L | NP | P66, REGISTER(6), { { E(W) | R }, OTHER } },
	{ 0x01, 0x01, L | NP, MEMORY(7), { { 0 }, OTHER_WRITTEN, also_address_only } },
	{ 0x01, 0x01, L | NP, MODRM(0xc6), { { A(D) | R, C(D) | R, D(D) | R }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xc8), { { C(D) | R, D(D) | R }, OTHER, also_at_rax } },
	{ 0x01, 0x01, L | NP, MODRM(0xc9), { { A(D) | R, C(D) | R }, OTHER } },
	{ 0x01, 0x01, L | NP, MODRM(0xca), { { 0 }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xcb), { { 0 }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xd0), { { C(D) | R, A(D) | W, D(D) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP, MODRM(0xd1), { { A(D) | R, C(D) | R, D(D) | R }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xd6), { { 0 }, NEW_FLAGS | OTHER_READ } },
	{ 0x01, 0x01, L | NP, MODRM(0xdc), { { 0 }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xdd), { { 0 }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xdf), { { C(D) | R }, OTHER_WRITTEN, also_at_rax } },
	{ 0x01, 0x01, L | NP, MODRM(0xe8), { { 0 }, OTHER } },
	{ 0x01, 0x01, L | PF3, MODRM(0xe8), { { 0 }, OTHER } },
	{ 0x01, 0x01, L | NP, MODRM(0xee), { { C(D) | R, A(D) | W, D(D) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP, MODRM(0xef), { { A(D) | R, C(D) | R, D(D) | R }, OTHER_WRITTEN } },
	{ 0x01, 0x01, L | NP, MODRM(0xf8), { { 0 }, OTHER } },
	{ 0x01, 0x01, L | NP, MODRM(0xf9), { { A(D) | W, D(D) | W, C(D) | W }, OTHER_READ } },
	{ 0x01, 0x01, L | NP, MODRM(0xfa), { { C(D) | R, D(D) | R }, OTHER, also_at_rax } },
	{ 0x01, 0x01, L | NP, MODRM(0xfb), { { A(D) | R, C(D) | R, BX(D) | R }, OTHER } },
	{ 0x01, 0x01, L | NP, MODRM(0xfc), { { 0 }, 0, also_clzero } },
	{ 0x01, 0x01, L | NP, MODRM(0xfe), { { A(Q) | R, C(D) | R, D(D) | R }, OTHER } },
	{ 0x01, 0x01, L | NP, MODRM(0xff), { { 0 }, OTHER } },

	{ 0x1c, 0x1c, L | NP, MEMORY(0), { { 0 }, 0, also_address_only } },
	{ 0x1c, 0x1c, L | NP, 0, { { 0 }, 0, also_nop } },
	/* Control and debug registers: ModRM.mod does not count. */
	{ 0x20, 0x21, L | NP, REGISTERS, { { REG(Q) | W }, SOME_FLAGS | OTHER_READ } },
	{ 0x22, 0x23, L | NP, REGISTERS, { { REG(Q) | R }, SOME_FLAGS | OTHER_WRITTEN } },
	{ 0x78, 0x78, L | NP, 0, { { E(Q) | MAY, G(Q) | R }, NEW_FLAGS | OTHER_READ } },
	{ 0x79, 0x79, L | NP, 0, { { G(Q) | R, E(Q) | R }, NEW_FLAGS | OTHER_WRITTEN } },
	/* State of the FPU and such */
	{ 0xae, 0xae, L | NP, MEMORY(0), { { M(FX) | W }, OTHER } },
	{ 0xae, 0xae, L | NP, MEMORY(1), { { M(FX) | R }, OTHER } },
	{ 0xae, 0xae, LV | NP, MEMORY(2), { { M(D) | R }, OTHER_WRITTEN } },
	{ 0xae, 0xae, LV | NP, MEMORY(3), { { M(D) | W }, OTHER_READ } },
	{ 0xae, 0xae, L | NP, MEMORY(4), { { M(NONE) | RW, A(D) | R, D(D) | R }, OTHER } },
	{ 0xae, 0xae, L | NP, MEMORY(5), { { M(NONE) | R, A(D) | R, D(D) | R }, OTHER } },
	{ 0xae, 0xae, L | NP, MEMORY(6), { { M(NONE) | RW, A(D) | R, D(D) | R }, OTHER } },
	{ 0xae, 0xae, L | P66, MEMORY(6), { { 0 }, OTHER_WRITTEN, also_address_only } },
	{ 0xae, 0xae, L | PF3, MEMORY(6), { { M(Q) | RW }, NEW_FLAGS | OTHER } },
	{ 0xae, 0xae, L | NP | P66, MEMORY(7), { { 0 }, OTHER_WRITTEN, also_address_only } },
	{ 0xae, 0xae, L | PF3, REGISTER(0), { { REG(Y) | W }, OTHER_READ } },
	{ 0xae, 0xae, L | PF3, REGISTER(1), { { REG(Y) | W }, OTHER_READ } },
	{ 0xae, 0xae, L | PF3, REGISTER(2), { { REG(Y) | R }, OTHER_WRITTEN } },
	{ 0xae, 0xae, L | PF3, REGISTER(3), { { REG(Y) | R }, OTHER_WRITTEN } },
	{ 0xae, 0xae, L | PF3, REGISTER(4), { { REG(Y) | R }, OTHER_WRITTEN } },
	{ 0xae, 0xae, L | PF3, MEMORY(4), { { M(Y) | R }, OTHER_WRITTEN } },
	{ 0xae, 0xae, L | PF3, REGISTER(5), { { REG(Y) | R }, OTHER } },
	{ 0xae, 0xae, L | PF3, REGISTER(6), { { REG(Q) | TARGET }, OTHER_WRITTEN } },
	{ 0xae, 0xae, L | P66 | PF2, REGISTER(6),
	  { { REG(D) | R, A(D) | R, D(D) | R }, NEW_FLAGS | OTHER } },
	{ 0xae, 0xae, L | NP, REGISTER(5), { { 0 }, NOTHING } },
	{ 0xae, 0xae, L | NP, REGISTER(6), { { 0 }, NOTHING } },
	{ 0xae, 0xae, L | NP, REGISTER(7), { { 0 }, NOTHING } },
	{ 0xb8, 0xb8, L | PF3, 0, { { G(V) | W, E(V) | R }, NEW_FLAGS } },
	{ 0xb9, 0xb9, L | ALL_PREFIXES, MEMORIES, { { G(Q) | R }, OTHER, also_undefined } },
	{ 0xff, 0xff, L | ALL_PREFIXES, MEMORIES, { { G(Q) | R }, OTHER, also_undefined } },
	{ 0xc3, 0xc3, L | NP, 0, { { M(Y) | W, G(Y) | R } } },
	{ 0xc7, 0xc7, L | ALL_PREFIXES, MEMORY(1), { { 0 }, SOME_FLAGS, also_cmpxchg_double } },
	{ 0xc7, 0xc7, L | NP, MEMORY(3), { { M(NONE) | R, A(D) | R, D(D) | R }, OTHER } },
	{ 0xc7, 0xc7, L | NP, MEMORY(4), { { M(NONE) | RW, A(D) | R, D(D) | R }, OTHER } },
	{ 0xc7, 0xc7, L | NP, MEMORY(5), { { M(NONE) | RW, A(D) | R, D(D) | R }, OTHER } },
	{ 0xc7, 0xc7, L | NP | PF3, MEMORY(6), { { M(Q) | R }, NEW_FLAGS | OTHER } },
	{ 0xc7, 0xc7, L | P66, MEMORY(6), { { M(Q) | RW }, NEW_FLAGS | OTHER } },
	{ 0xc7, 0xc7, L | NP, MEMORY(7), { { M(Q) | W }, NEW_FLAGS | OTHER_READ } },
	{ 0xc7, 0xc7, L | NP | P66, REGISTER(6), { { REG(V) | W }, NEW_FLAGS | OTHER_READ } },
	{ 0xc7, 0xc7, L | NP | P66, REGISTER(7), { { REG(V) | W }, NEW_FLAGS | OTHER_READ } },
	{ 0xc7, 0xc7, L | PF3, REGISTER(7), { { REG(Q) | W }, OTHER_READ } },

	/* Vectors */
	{ 0x10, 0x10, LVE | ALL_PREFIXES, 0, { { VEC | RW, U(XS) | R } } },
	{ 0x11, 0x11, LVE | ALL_PREFIXES, 0, { { VEC | R, U(XS) | W } } },
	{ 0x12, 0x12, LVE | NP | P66, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x12, 0x12, LVE | PF3, 0, { { VEC | W, U(X) | R } } },
	{ 0x12, 0x12, LVE | PF2, 0, { { VEC | W, U(DUP) | R } } },
	{ 0x13, 0x13, LVE | NP | P66, 0, { { VEC | R, M(Q) | W } } },
	{ 0x14, 0x15, LVE | NP | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x16, 0x16, LVE | NP | P66, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x16, 0x16, LVE | PF3, 0, { { VEC | W, U(X) | R } } },
	{ 0x17, 0x17, LVE | NP | P66, 0, { { VEC | R, M(Q) | W } } },
	{ 0x28, 0x28, LVE | NP | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0x29, 0x29, LVE | NP | P66, 0, { { VEC | R, U(X) | W } } },
	{ 0x2a, 0x2a, L | NP | P66, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x2a, 0x2a, LVE | PF3 | PF2, 0, { { VEC | RW, E(Y) | R } } },
	{ 0x2b, 0x2b, LVE | NP | P66, 0, { { VEC | R, M(X) | W } } },
	{ 0x2c, 0x2d, L | NP, 0, { { VEC | W, U(Q) | R } } },
	{ 0x2c, 0x2d, L | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0x2c, 0x2d, LVE | PF3, 0, { { G(Y) | W, U(D) | R }, OTHER_READ } },
	{ 0x2c, 0x2d, LVE | PF2, 0, { { G(Y) | W, U(Q) | R }, OTHER_READ } },
	{ 0x2e, 0x2f, LVE | NP, 0, { { VEC | R, U(D) | R }, NEW_FLAGS } },
	{ 0x2e, 0x2f, LVE | P66, 0, { { VEC | R, U(Q) | R }, NEW_FLAGS } },
	{ 0x41, 0x47, VEX | NP | P66, REGISTERS, { { VEC | RW } } },
	{ 0x4a, 0x4b, VEX | NP | P66, REGISTERS, { { VEC | RW } } },
	{ 0x50, 0x50, LV | NP | P66, REGISTERS, { { G(D) | W, VEC | R } } },
	{ 0x51, 0x51, LVE | ALL_PREFIXES, 0, { { VEC | RW, U(XS) | R } } },
	{ 0x52, 0x53, LV | NP | PF3, 0, { { VEC | RW, U(XS) | R } } },
	{ 0x54, 0x56, LVE | NP | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x57, 0x57, LVE | NP | P66, 0, { { VEC | RW, U(X) | R }, 0, also_same_vectors } },
	{ 0x58, 0x59, LVE | ALL_PREFIXES, 0, { { VEC | RW, U(XS) | R } } },
	{ 0x5a, 0x5a, LVE | NP, 0, { { VEC | W, U(X2) | R } } },
	{ 0x5a, 0x5a, LVE | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0x5a, 0x5a, LVE | PF3, 0, { { VEC | RW, U(D) | R } } },
	{ 0x5a, 0x5a, LVE | PF2, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x5b, 0x5b, LVE | NP | P66 | PF3, 0, { { VEC | W, U(X) | R } } },
	{ 0x5c, 0x5f, LVE | ALL_PREFIXES, 0, { { VEC | RW, U(XS) | R } } },
	{ 0x60, 0x62, L | NP, 0, { { VEC | RW, U(D) | R } } },
	{ 0x63, 0x6b, L | NP, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x60, 0x6d, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x6e, 0x6e, L | NP, 0, { { VEC | W, E(Y) | R } } },
	{ 0x6e, 0x6e, LVE | P66, 0, { { VEC | W, E(Y) | R } } },
	{ 0x6f, 0x6f, L | NP, 0, { { VEC | W, U(Q) | R } } },
	{ 0x6f, 0x6f, LVE | P66 | PF3, 0, { { VEC | W, U(X) | R } } },
	{ 0x6f, 0x6f, EVEX | PF2, 0, { { VEC | W, U(X) | R } } },
	{ 0x70, 0x70, L | NP, 0, { { VEC | W, U(Q) | R } } },
	{ 0x70, 0x70, LVE | P66 | PF3 | PF2, 0, { { VEC | W, U(X) | R } } },
	{ 0x71, 0x73, L | NP | P66, REGISTERS, { { VEC | RW } } },
	{ 0x71, 0x73, VEX | P66, REGISTERS, { { VEC | RW } } },
	{ 0x71, 0x73, EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x74, 0x76, L | NP, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x74, 0x76, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x77, 0x77, LV | NP, 0, { { 0 }, OTHER_WRITTEN } },
	{ 0x78, 0x79, EVEX | PF3, 0, { { G(Y) | W, U(D) | R }, OTHER_READ } },
	{ 0x78, 0x79, EVEX | PF2, 0, { { G(Y) | W, U(Q) | R }, OTHER_READ } },
	{ 0x7b, 0x7b, EVEX | PF3 | PF2, 0, { { VEC | RW, E(Y) | R } } },
	{ 0x7c, 0x7d, LV | P66 | PF2, 0, { { VEC | RW, U(X) | R } } },
	{ 0x7e, 0x7e, L | NP, 0, { { VEC | R, E(Y) | W } } },
	{ 0x7e, 0x7e, LVE | P66, 0, { { VEC | R, E(Y) | W } } },
	{ 0x7e, 0x7e, LVE | PF3, 0, { { VEC | W, U(Q) | R } } },
	{ 0x7f, 0x7f, L | NP, 0, { { VEC | R, U(Q) | W } } },
	{ 0x7f, 0x7f, LVE | P66 | PF3, 0, { { VEC | R, U(X) | W } } },
	{ 0x7f, 0x7f, EVEX | PF2, 0, { { VEC | R, U(X) | W } } },
	/* Mask registers; in memory with 1, 2, 4 or 8 bytes */
	{ 0x90, 0x90, VEX | NP | P66, 0, { { VEC | W, U(NONE) | R } } },
	{ 0x91, 0x91, VEX | NP | P66, 0, { { VEC | R, M(NONE) | W } } },
	{ 0x92, 0x92, VEX | NP | P66 | PF2, 0, { { VEC | W, REG(Y) | R } } },
	{ 0x93, 0x93, VEX | NP | P66 | PF2, 0, { { VEC | R, G(Y) | W } } },
	{ 0x98, 0x99, VEX | NP | P66, REGISTERS, { { VEC | R }, NEW_FLAGS } },
	{ 0xc2, 0xc2, LVE | ALL_PREFIXES, 0, { { VEC | RW, U(XS) | R } } },
	{ 0xc4, 0xc4, L | NP, 0, { { VEC | RW, E(DW) | R } } },
	{ 0xc4, 0xc4, LVE | P66, 0, { { VEC | RW, E(DW) | R } } },
	{ 0xc5, 0xc5, L | NP, REGISTERS, { { VEC | R, G(D) | W } } },
	{ 0xc5, 0xc5, LVE | P66, REGISTERS, { { VEC | R, G(D) | W } } },
	{ 0xc6, 0xc6, LVE | NP | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xd0, 0xd0, LV | P66 | PF2, 0, { { VEC | RW, U(X) | R } } },
	{ 0xd6, 0xd6, LVE | P66, 0, { { VEC | R, U(Q) | W } } },
	{ 0xd6, 0xd6, L | PF3 | PF2, REGISTERS, { { VEC | RW } } },
	{ 0xd7, 0xd7, L | NP, REGISTERS, { { VEC | R, G(D) | W } } },
	{ 0xd7, 0xd7, LV | P66, REGISTERS, { { VEC | R, G(D) | W } } },
	{ 0xe6, 0xe6, LVE | PF3, 0, { { VEC | W, U(X2) | R } } },
	{ 0xe6, 0xe6, LVE | P66 | PF2, 0, { { VEC | W, U(X) | R } } },
	{ 0xe7, 0xe7, L | NP, 0, { { VEC | R, M(Q) | W } } },
	{ 0xe7, 0xe7, LVE | P66, 0, { { VEC | R, M(X) | W } } },
	{ 0xf0, 0xf0, LV | PF2, 0, { { VEC | W, M(X) | R } } },
	{ 0xf7, 0xf7, L | NP, REGISTERS, { { VEC | R }, 0, also_mask_move } },
	{ 0xf7, 0xf7, LV | P66, REGISTERS, { { VEC | R }, 0, also_mask_move } },
	/* The count of a shift has 128 bits, whatever the size of the vector. */
	{ 0xd1, 0xd3, LVE | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0xe1, 0xe2, LVE | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0xf1, 0xf3, LVE | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0xef, 0xef, L | NP, 0, { { VEC | RW, U(Q) | R }, 0, also_same_vectors } },
	{ 0xef, 0xef, LVE | P66, 0, { { VEC | RW, U(X) | R }, 0, also_same_vectors } },
	{ 0xd1, 0xfe, L | NP, 0, { { VEC | RW, U(Q) | R } } },
	{ 0xd1, 0xfe, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
};

static const struct range map_2[] = {
	/* General registers */
	{ 0x80, 0x81, L | P66, 0, { { G(Q) | R, M(O) | R }, NEW_FLAGS | OTHER } },
	{ 0x82, 0x82, L | P66, 0, { { G(Q) | R, M(O) | R }, OTHER_WRITTEN } },
	{ 0xf0, 0xf0, L | NP | P66, 0, { { G(V) | W, M(V) | R } } },
	{ 0xf1, 0xf1, L | NP | P66, 0, { { M(V) | W, G(V) | R } } },
	{ 0xf0, 0xf0, L | PF2, 0, { { G(Y) | RW, E(B) | R } } },
	{ 0xf1, 0xf1, L | PF2, 0, { { G(Y) | RW, E(V) | R } } },
	{ 0xf6, 0xf6, L | P66 | PF3, 0, { { G(Y) | RW, E(Y) | R }, READS_FLAGS | SOME_FLAGS } },
	{ 0xf6, 0xf6, L | NP, 0, { { M(Y) | W, G(Y) | R }, OTHER } },
	{ 0xf5, 0xf5, L | P66, 0, { { M(Y) | W, G(Y) | R }, OTHER } },
	{ 0xf8, 0xf8, L | P66, 0, { { M(CACHELINE) | R }, 0, also_store_line } },
	{ 0xf8, 0xf8, L | PF2 | PF3, 0,
	  { { M(CACHELINE) | R }, NEW_FLAGS | OTHER, also_store_line } },
	{ 0xf9, 0xf9, L | NP, 0, { { M(Y) | W, G(Y) | R } } },
	{ 0xf2, 0xf2, VEX | NP, 0, { { G(Y) | W, H(Y) | R, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, REGISTER(1), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, REGISTER(2), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, REGISTER(3), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, MEMORY(1), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, MEMORY(2), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf3, 0xf3, VEX | NP, MEMORY(3), { { H(Y) | W, E(Y) | R }, NEW_FLAGS } },
	{ 0xf5, 0xf5, VEX | NP, 0, { { G(Y) | W, E(Y) | R, H(Y) | R }, NEW_FLAGS } },
	{ 0xf5, 0xf5, VEX | PF3 | PF2, 0, { { G(Y) | W, E(Y) | R, H(Y) | R } } },
	{ 0xf6, 0xf6, VEX | PF2, 0, { { G(Y) | W, H(Y) | W, E(Y) | R, D(Y) | R } } },
	{ 0xf7, 0xf7, VEX | NP, 0, { { G(Y) | W, E(Y) | R, H(Y) | R }, NEW_FLAGS } },
	{ 0xf7, 0xf7, VEX | P66 | PF3 | PF2, 0, { { G(Y) | W, E(Y) | R, H(Y) | R } } },

	/* Vectors */
	{ 0x00, 0x0b, L | NP, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x00, 0x0d, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x0e, 0x0f, VEX | P66, 0, { { VEC | R, U(X) | R }, NEW_FLAGS } },
	{ 0x00, 0x00, EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x10, 0x10, L | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x14, 0x15, L | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x13, 0x13, VEX | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x16, 0x16, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x17, 0x17, LV | P66, 0, { { VEC | R, U(X) | R }, NEW_FLAGS } },
	{ 0x18, 0x18, VEX | P66, 0, { { VEC | W, U(D) | R } } },
	{ 0x19, 0x19, VEX | P66, 0, { { VEC | W, U(Q) | R } } },
	{ 0x1a, 0x1a, VEX | P66, 0, { { VEC | W, U(O) | R } } },
	{ 0x1c, 0x1e, L | NP, 0, { { VEC | W, U(Q) | R } } },
	{ 0x1c, 0x1e, LV | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0x20, 0x20, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x21, 0x21, LVE | P66, 0, { { VEC | W, U(X4) | R } } },
	{ 0x22, 0x22, LVE | P66, 0, { { VEC | W, U(X8) | R } } },
	{ 0x23, 0x23, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x24, 0x24, LVE | P66, 0, { { VEC | W, U(X4) | R } } },
	{ 0x25, 0x25, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x28, 0x29, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x2a, 0x2a, LVE | P66, 0, { { VEC | W, M(X) | R } } },
	{ 0x2b, 0x2b, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	/* Masked: some of the bytes */
	{ 0x2c, 0x2d, VEX | P66, 0, { { VEC | RW, M(NONE) | R } } },
	{ 0x2e, 0x2f, VEX | P66, 0, { { VEC | R, M(NONE) | RW } } },
	{ 0x8c, 0x8c, VEX | P66, 0, { { VEC | RW, M(NONE) | R } } },
	{ 0x8e, 0x8e, VEX | P66, 0, { { VEC | R, M(NONE) | RW } } },
	{ 0x30, 0x30, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x31, 0x31, LVE | P66, 0, { { VEC | W, U(X4) | R } } },
	{ 0x32, 0x32, LVE | P66, 0, { { VEC | W, U(X8) | R } } },
	{ 0x33, 0x33, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x34, 0x34, LVE | P66, 0, { { VEC | W, U(X4) | R } } },
	{ 0x35, 0x35, LVE | P66, 0, { { VEC | W, U(X2) | R } } },
	{ 0x36, 0x36, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x37, 0x41, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x38, 0x40, EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x45, 0x47, VEX | EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x49, 0x49, VEX | NP, MODRM(0xc0), { { 0 }, OTHER_WRITTEN } },
	{ 0x50, 0x53, VEX | EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x58, 0x58, VEX | P66, 0, { { VEC | W, U(D) | R } } },
	{ 0x59, 0x59, VEX | P66, 0, { { VEC | W, U(Q) | R } } },
	{ 0x5a, 0x5a, VEX | P66, 0, { { VEC | W, M(O) | R } } },
	{ 0x78, 0x78, VEX | EVEX | P66, 0, { { VEC | W, U(B) | R } } },
	{ 0x79, 0x79, VEX | EVEX | P66, 0, { { VEC | W, U(W) | R } } },
	{ 0x7a, 0x7b, EVEX | P66, 0, { { VEC | W, REG(D) | R } } },
	{ 0x7c, 0x7c, EVEX | P66, 0, { { VEC | W, REG(Y) | R } } },
	/* Fused multiplication and addition; the odd ones from 9 are scalar. */
	{ 0x99, 0x99, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0x9b, 0x9b, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0x9d, 0x9d, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0x9f, 0x9f, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xa9, 0xa9, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xab, 0xab, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xad, 0xad, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xaf, 0xaf, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xb9, 0xb9, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xbb, 0xbb, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xbd, 0xbd, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0xbf, 0xbf, VEX | P66, 0, { { VEC | RW, U(Y) | R } } },
	{ 0x96, 0x9f, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xa6, 0xaf, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xb4, 0xbf, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xc8, 0xcd, L | NP, 0, { { VEC | RW, U(X) | R } } },
	{ 0xcf, 0xcf, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xdb, 0xdb, LV | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0xdc, 0xdf, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
};

static const struct range map_3[] = {
	{ 0xf0, 0xf0, VEX | PF2, 0, { { G(Y) | W, E(Y) | R } } },

	/* Vectors */
	{ 0x00, 0x02, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x04, 0x06, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x08, 0x09, LV | P66, 0, { { VEC | W, U(X) | R } } },
	{ 0x0a, 0x0a, LV | P66, 0, { { VEC | RW, U(D) | R } } },
	{ 0x0b, 0x0b, LV | P66, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x0c, 0x0e, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x0f, 0x0f, L | NP, 0, { { VEC | RW, U(Q) | R } } },
	{ 0x0f, 0x0f, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x14, 0x14, LVE | P66, 0, { { VEC | R, E(DB) | W } } },
	{ 0x15, 0x15, LVE | P66, 0, { { VEC | R, E(DW) | W } } },
	{ 0x16, 0x16, LVE | P66, 0, { { VEC | R, E(Y) | W } } },
	{ 0x17, 0x17, LVE | P66, 0, { { VEC | R, E(D) | W } } },
	{ 0x18, 0x18, VEX | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0x19, 0x19, VEX | P66, 0, { { VEC | R, U(O) | W } } },
	{ 0x1d, 0x1d, VEX | P66, 0, { { VEC | R, U(X2) | W } } },
	{ 0x20, 0x20, LVE | P66, 0, { { VEC | RW, E(DB) | R } } },
	{ 0x21, 0x21, LVE | P66, 0, { { VEC | RW, U(D) | R } } },
	{ 0x22, 0x22, LVE | P66, 0, { { VEC | RW, E(Y) | R } } },
	{ 0x25, 0x25, EVEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x38, 0x38, VEX | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0x39, 0x39, VEX | P66, 0, { { VEC | R, U(O) | W } } },
	{ 0x40, 0x40, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x41, 0x41, LV | P66, 0, { { VEC | RW, U(O) | R } } },
	{ 0x42, 0x42, LV | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x44, 0x44, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x46, 0x46, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x4a, 0x4c, VEX | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0x60, 0x60, LV | P66, 0, { { VEC | RW, U(O) | R, A(Y) | R, D(Y) | R }, NEW_FLAGS } },
	{ 0x61, 0x61, LV | P66, 0,
	  { { C(D) | W, U(O) | R, A(Y) | R, D(Y) | R }, NEW_FLAGS | OTHER_READ } },
	{ 0x62, 0x62, LV | P66, 0, { { VEC | RW, U(O) | R }, NEW_FLAGS } },
	{ 0x63, 0x63, LV | P66, 0, { { C(D) | W, U(O) | R }, NEW_FLAGS | OTHER_READ } },
	{ 0xcc, 0xcc, L | NP, 0, { { VEC | RW, U(X) | R } } },
	{ 0xce, 0xcf, LVE | P66, 0, { { VEC | RW, U(X) | R } } },
	{ 0xdf, 0xdf, LV | P66, 0, { { VEC | W, U(X) | R } } },
};

static bool modrm_fits(const struct decoded *d, u16 modrm)
{
	u8 byte = d->insn->modrm.bytes[0];

	if (!modrm)
		return true;
	if (modrm & EXACT)
		return byte == (modrm & 0xff);
	if (!(modrm & (d->mod == 3 ? IN_REGISTER : IN_MEMORY)))
		return false;
	return modrm & ANY_REG || X86_MODRM_REG(byte) == (modrm & 7);
}

static bool fits(const struct decoded *d, const struct range *range)
{
	return d->opcode >= range->first && d->opcode <= range->last &&
	       range->where & d->encoding && range->where & 1 << d->prefix &&
	       modrm_fits(d, range->modrm);
}

static const struct rule *find(const struct decoded *d, const struct range *ranges,
			       unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (fits(d, &ranges[i]))
			return &ranges[i].rule;
	return NULL;
}

#define FIND(d, ranges) find(d, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static const struct rule *choose(const struct decoded *d, const struct rule *rule)
{
	if (rule->group)
		rule = &rule->group[d->reg & 7];
	if (rule->operand[0] || rule->flags || rule->also)
		return rule;
	return NULL;
}

const struct rule *effects_rule(const struct decoded *d)
{
	static const struct rule nothing = { .flags = NOTHING };
	const struct rule *rule;

	switch (d->map) {
	case 0:
		/* nop, pause; xchg of r8 with rax if there is REX.B */
		if (d->opcode == 0x90 && d->opcode_reg == RAX)
			return &nothing;
		return choose(d, &one_byte[d->opcode]);
	case 1:
		rule = FIND(d, map_1);
		if (!rule && d->encoding == LEGACY)
			rule = choose(d, &two_byte[d->opcode]);
		return rule;
	case 2:
		return FIND(d, map_2);
	default:
		return FIND(d, map_3);
	}
}
