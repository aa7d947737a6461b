/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What x86 instructions do: what the tables are made of */
#ifndef _OBJTOOL_X86_KERNELX_EFFECTS_H
#define _OBJTOOL_X86_KERNELX_EFFECTS_H

#include <asm/insn.h>
#include <objtool/kernelx_effects.h>

enum {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R11 = 11
};

/* Encodings of an opcode */
#define LEGACY		0x10
#define VEX		0x20
#define EVEX		0x40

/* The prefixes that are part of an opcode, in the order of VEX.pp */
enum {
	PREFIX_NONE, PREFIX_66, PREFIX_F3, PREFIX_F2
};

/* An operand of a rule: access, size and place */
#define R		0x0001	/* read */
#define W		0x0002	/* written */
#define RW		(R | W)
#define MAY		0x0004	/* kept or written: the old value is an input */
#define TARGET		0x0008	/* of a branch: a register is read as an address */
#define ACCESS_MASK	0x000f

enum {
	SIZE_NONE,		/* not known */
	SIZE_B,			/* 1 */
	SIZE_W,			/* 2 */
	SIZE_D,			/* 4 */
	SIZE_Q,			/* 8 */
	SIZE_T,			/* 10 */
	SIZE_O,			/* 16 */
	SIZE_V,			/* operand size: 2, 4, 8 */
	SIZE_Z,			/* the same, 4 instead of 8 */
	SIZE_Y,			/* 4, 8 with REX.W or VEX.W */
	SIZE_S,			/* stack: 8, 2 with operand size prefix */
	SIZE_DB,		/* 1 in memory, 4 in a register */
	SIZE_DW,		/* 2 in memory, 4 in a register */
	SIZE_VW,		/* 2 in memory, operand size in a register */
	SIZE_FAR,		/* operand size and 2 */
	SIZE_X,			/* vector: 16, 32, 64 */
	SIZE_X2,		/* half of it */
	SIZE_X4,
	SIZE_X8,
	SIZE_XS,		/* vector, or scalar with F3 (4) or F2 (8) */
	SIZE_DUP,		/* movddup: 8, 32, 64 */
	SIZE_CACHELINE,		/* 64 */
	SIZE_FX,		/* 512 */
};

#define SIZE_SHIFT	4
#define SIZE_MASK	0x1f

enum {
	PLACE_NONE,
	PLACE_E,		/* ModRM.rm: general register or memory */
	PLACE_M,		/* ModRM.rm: memory */
	PLACE_R,		/* ModRM.rm: general register */
	PLACE_G,		/* ModRM.reg: general register */
	PLACE_Z,		/* low bits of the opcode: general register */
	PLACE_H,		/* VEX.vvvv: general register */
	PLACE_A,		/* rax */
	PLACE_C,		/* rcx */
	PLACE_D,		/* rdx */
	PLACE_BX,		/* rbx */
	PLACE_V,		/* a vector register, or other state */
	PLACE_U,		/* ModRM.rm: vector register or memory */
};

#define PLACE_SHIFT	9

/* Nothing may expand the size before it is pasted. */
#define E(size)		(PLACE_E << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define M(size)		(PLACE_M << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define REG(size)	(PLACE_R << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define G(size)		(PLACE_G << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define Z(size)		(PLACE_Z << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define H(size)		(PLACE_H << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define A(size)		(PLACE_A << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define C(size)		(PLACE_C << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define D(size)		(PLACE_D << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define BX(size)	(PLACE_BX << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define U(size)		(PLACE_U << PLACE_SHIFT | SIZE_##size << SIZE_SHIFT)
#define VEC		(PLACE_V << PLACE_SHIFT)

/* Flags of a rule */
#define NOTHING		0x01	/* known, although nothing else is set */
#define READS_FLAGS	0x02
#define NEW_FLAGS	0x04	/* all status flags */
#define SOME_FLAGS	0x08
#define OTHER_READ	0x10
#define OTHER_WRITTEN	0x20
#define OTHER		(OTHER_READ | OTHER_WRITTEN)

struct decoded;

struct rule {
	u16 operand[4];
	u16 flags;
	void (*also)(struct decoded *d);
	const struct rule *group;	/* 8, by ModRM.reg */
};

/* An instruction, taken apart */
struct decoded {
	const struct insn *insn;
	struct effects *effects;
	u8 map;			/* 0, 1 (0F), 2 (0F38), 3 (0F3A) */
	u8 opcode;
	u8 encoding;		/* LEGACY, VEX or EVEX */
	u8 prefix;
	bool operand16;		/* prefix 66 */
	bool address32;		/* prefix 67 */
	bool segment;
	bool rex;
	bool wide;		/* REX.W, VEX.W */
	bool broadcast;
	bool masked;		/* some elements only */
	bool not_known;
	u8 mod;
	u8 reg;			/* with REX.R */
	u8 rm;			/* with REX.B; the base if there is a SIB byte */
	u8 index;		/* with REX.X */
	u8 opcode_reg;
	u8 vvvv;
	u8 vector;		/* bytes */
	s64 immediate;
};

/* Operands, for the functions that rules name */
u16 effects_operand_size(const struct decoded *d);
u16 effects_stack_size(const struct decoded *d);
u64 effects_parts(const struct decoded *d, unsigned int reg, u16 size);
u64 effects_address_parts(const struct decoded *d, const struct memory_operand *memory);
void effects_operand(struct decoded *d, u16 operand);
void effects_register(struct decoded *d, unsigned int reg, u16 size, unsigned int access);
struct memory_operand *effects_add_memory(struct decoded *d, unsigned int access, u16 size);
void effects_memory_at(struct decoded *d, unsigned int reg, s64 displacement,
		       unsigned int access, u16 size);
struct memory_operand *effects_modrm_memory(struct decoded *d, unsigned int access, u16 size);

/* The rule of an instruction, or NULL */
const struct rule *effects_rule(const struct decoded *d);

/* What a rule cannot say */
void also_x87(struct decoded *d);
void also_same_registers(struct decoded *d);
void also_same_registers_sbb(struct decoded *d);
void also_same_vectors(struct decoded *d);
void also_and_immediate(struct decoded *d);
void also_or_immediate(struct decoded *d);
void also_shift(struct decoded *d);
void also_shift_double(struct decoded *d);
void also_bit_string(struct decoded *d);
void also_lea(struct decoded *d);
void also_nop(struct decoded *d);
void also_address_only(struct decoded *d);
void also_undefined(struct decoded *d);
void also_push(struct decoded *d);
void also_pop(struct decoded *d);
void also_call(struct decoded *d);
void also_ret(struct decoded *d);
void also_far_ret(struct decoded *d);
void also_far_call(struct decoded *d);
void also_iret(struct decoded *d);
void also_enter(struct decoded *d);
void also_leave(struct decoded *d);
void also_absolute(struct decoded *d);
void also_extend_accumulator(struct decoded *d);
void also_multiply_bytes(struct decoded *d);
void also_divide_bytes(struct decoded *d);
void also_movsxd(struct decoded *d);
void also_write_r11(struct decoded *d);
void also_read_r11(struct decoded *d);
void also_lahf(struct decoded *d);
void also_sahf(struct decoded *d);
void also_xlat(struct decoded *d);
void also_count_branch(struct decoded *d);
void also_at_rax(struct decoded *d);
void also_clzero(struct decoded *d);
void also_mask_move(struct decoded *d);
void also_cmpxchg_double(struct decoded *d);
void also_store_line(struct decoded *d);
void also_string_insn(struct decoded *d);
void also_hint_1e(struct decoded *d);

#endif
