/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where capstone 4 is wrong, or means something else, and why that is so. The order is
 * that of the kinds.
 */

#define UPPER_HALVES	0x8888888888888888ULL
#define BITS_16_TO_31	0x4444444444444444ULL
#define ALL_OF(reg)	REG_PARTS(reg, PART_64)

struct exception {
	enum aspect kind;
	const char *form;	/* pattern */
	u64 parts;		/* only if no other parts differ */
};

static const struct exception exceptions[] = {
	/* ud1 does have a ModRM byte. */
	{ LENGTH, "ud2b", 0 },

	/* An operand that a nop does not use */
	{ READ, "nop *", ALL_REG_PARTS },
	/* The address counts as far as it is in the result. */
	{ READ, "lea r32,*", UPPER_HALVES },
	/* A selector has 16 bits. */
	{ READ, "mov r16,r32", BITS_16_TO_31 },
	/* The mask of components is in edx:eax. */
	{ READ, "xsave*", UPPER_HALVES },
	{ READ, "xrstor*", UPPER_HALVES },
	/* The old stack pointer is lost. */
	{ READ, "leave", ALL_OF(4) },

	/* test does not write: capstone's a8 and a9 do. */
	{ WRITE, "test r*,i*", ALL_OF(0) },
	/* Of rdx:rax, only rdx is new. */
	{ WRITE, "cdq", ALL_OF(0) },
	{ WRITE, "cqo", ALL_OF(0) },

	/* These pop. */
	{ KILL, "retf*", ALL_OF(4) },
	{ KILL, "iret*", ALL_OF(4) },

	/* A prefetch has no result. */
	{ FLAGS_WRITE, "prefetchw *", 0 },
	/* Of lzcnt, capstone has no flags: two are written, the others undefined. */
	{ FLAGS_KILL, "lzcnt *", 0 },

	/* The address is that after the pop; what objtool says is for the one before. */
	{ MEMORY, "pop m*", 0 },

	/* The other operand of pop (%rsp) has the address that is looked for. */
	{ MEMORY_ACCESS, "pop m*", 0 },
	/* Capstone has some immediate forms of test as if they wrote. */
	{ MEMORY_ACCESS, "test m*,i*", 0 },
	/* What is stored is not read as well, vectors (r128, r256, r512) neither. */
	{ MEMORY_ACCESS, "set* m8", 0 },
	{ MEMORY_ACCESS, "movnti m*,r*", 0 },
	{ MEMORY_ACCESS, "fnstcw m16", 0 },
	{ MEMORY_ACCESS, "fistp m32", 0 },
	{ MEMORY_ACCESS, "*mov* m*,r128", 0 },
	{ MEMORY_ACCESS, "*mov* m*,r256", 0 },
	{ MEMORY_ACCESS, "*mov* m*,r512", 0 },
	/* Neither reads nor writes what is there. */
	{ MEMORY_ACCESS, "nop m*", 0 },
	{ MEMORY_ACCESS, "prefetch* m8", 0 },
	{ MEMORY_ACCESS, "invlpg m8", 0 },
	{ MEMORY_ACCESS, "clflush* m8", 0 },
	{ MEMORY_ACCESS, "clwb m8", 0 },

	/* A bit string: anywhere around the address */
	{ MEMORY_SIZE, "bt* m*,r*", 0 },
	/* As often as rcx says */
	{ MEMORY_SIZE, "rep*", 0 },
	/* It depends on the state. */
	{ MEMORY_SIZE, "xsave*", 0 },
	{ MEMORY_SIZE, "xrstor*", 0 },
	/* 512 bytes */
	{ MEMORY_SIZE, "fxsave*", 0 },
	{ MEMORY_SIZE, "fxrstor*", 0 },
	/* 32 bits and a selector: 48 bits without REX.W */
	{ MEMORY_SIZE, "ljmp m80", 0 },
	/* 16 bits always */
	{ MEMORY_SIZE, "fnstsw m32", 0 },
};

static unsigned long exceptions_used[NR(exceptions)];
