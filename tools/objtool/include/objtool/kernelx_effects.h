/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_EFFECTS_H
#define _OBJTOOL_KERNELX_EFFECTS_H

#include <stdbool.h>
#include <linux/types.h>

/*
 * What an instruction does to registers, flags and memory, as far as the flow of
 * values needs it.
 *
 * General registers are told apart in parts, because a write of 8 or 16 bits keeps
 * the rest of the register, while one of 32 bits clears the upper half. A set of
 * parts is a 64-bit mask, 4 bits a register, in the order of their encoding.
 */
#define EFFECTS_REGS		16

#define PART_BYTE		1u	/* bits 0 to 7 */
#define PART_HIGH		2u	/* bits 8 to 15 */
#define PART_WORD		4u	/* bits 16 to 31 */
#define PART_UPPER		8u	/* bits 32 to 63 */
#define PART_16			(PART_BYTE | PART_HIGH)
#define PART_32			(PART_16 | PART_WORD)
#define PART_64			(PART_32 | PART_UPPER)

#define REG_PARTS(reg, parts)	((u64)(parts) << (4 * (reg)))
#define ALL_REG_PARTS		(~0ULL)

#define MEMORY_READ		1u
#define MEMORY_WRITE		2u
#define MEMORY_ADDRESS		4u	/* lea: the address is the result */

/**
 * struct memory_operand - one piece of memory that an instruction refers to
 * @access:	MEMORY_*; 0 if the operand is none (a prefetch, a nop).
 * @base:	register, or -1.
 * @index:	register, or -1.
 * @scale:	1, 2, 4 or 8, if there is an index.
 * @rip:	relative to the next instruction: @base is -1.
 * @segment:	fs or gs: not the address that the registers give.
 * @size:	bytes; 0 if it is not known: it may be anything around that address then
 *		(repeated string operations, state saving, bit strings, an address of 32
 *		bits, a vector of which a mask chooses elements).
 * @displacement: sign-extended. For a push it is -8 (or -2): before the stack pointer
 *		moves.
 */
struct memory_operand {
	u8 access;
	s8 base;
	s8 index;
	u8 scale;
	bool rip;
	bool segment;
	u16 size;
	s64 displacement;
};

/**
 * struct effects - what an instruction does
 * @value:	parts whose value is read other than to form an address: all results of
 *		the instruction may depend on them.
 * @address:	parts that are read to form the address of a memory operand, or of an
 *		indirect branch.
 * @writes:	parts that hold a new value afterwards, whatever it was before and
 *		whichever way the instruction goes. Where it may be the old one, as with
 *		cmov or a shift by 0, that is in @value as well.
 * @may_write:	parts that may hold a new value afterwards; includes @writes.
 * @reads_flags: a status flag is an input.
 * @writes_flags: all status flags that any instruction tests (carry, zero, sign,
 *		overflow, parity) are new or undefined afterwards.
 * @may_write_flags: some of them may be; includes @writes_flags.
 * @constant:	the results do not depend on @value although it is read as an encoding
 *		(xor %eax,%eax, sub, pxor; and $0; or $-1 of a register): @value is empty then.
 *		Not sbb: its result depends on the carry, but not on @value, which is empty.
 * @other_read:	reads state that is not general registers, flags or memory: x87, vector,
 *		mask, segment, control or model specific registers, ports.
 * @other_written: writes such state.
 * @unknown:	not in the tables. Everything is set so that nothing is missed: all parts
 *		are values, all may be written, none is written for sure, memory may be.
 * @nr_memory:	how many of @memory are used. A call's push of the return address is one;
 *		what a called function does is not in here.
 * @memory:	memory operands, implicit ones (push, pop, string instructions) too.
 */
struct effects {
	u64 value;
	u64 address;
	u64 writes;
	u64 may_write;
	bool reads_flags;
	bool writes_flags;
	bool may_write_flags;
	bool constant;
	bool other_read;
	bool other_written;
	bool unknown;
	unsigned int nr_memory;
	struct memory_operand memory[2];
};

struct insn;

/**
 * arch_insn_effects() - what an instruction does
 * @insn: decoded, 64-bit mode
 * @effects: where the answer goes
 *
 * rsp is a register like others here: a push reads it (as an address) and writes it.
 * Calls, returns and jumps have only the effects of the instruction itself.
 */
void arch_insn_effects(const struct insn *insn, struct effects *effects);

#endif /* _OBJTOOL_KERNELX_EFFECTS_H */
