// SPDX-License-Identifier: GPL-2.0
/*
 * A site in each register, with as much as possible around it that must not
 * change: a stub gives the value to its own register and touches no other, in
 * any form of the site.
 */
#include <linux/kernel.h>
#include <linux/swap.h>

#include "kernelx_test.h"

/* Their values are in registers before and after the site. */
#define KEEP								\
	do {								\
		asm volatile("" : "+r" (a), "+r" (b), "+r" (c),	\
			     "+r" (d), "+r" (e), "+r" (f),		\
			     "+r" (g), "+r" (h), "+r" (i),		\
			     "+r" (j), "+r" (k));			\
	} while (0)

#define PATTERN(n)	((n) * 0x0101010101010101ul)

/*
 * The register is chosen here, and so KERNELX() cannot be used; the default is
 * compared with the knob's when the module is loaded.
 */
#define REGISTER(reg)							\
static noinline bool in_##reg(unsigned long *value)			\
{									\
	register unsigned long v asm(#reg);				\
	unsigned long a = PATTERN(1), b = PATTERN(2), c = PATTERN(3);	\
	unsigned long d = PATTERN(4), e = PATTERN(5), f = PATTERN(6);	\
	unsigned long g = PATTERN(7), h = PATTERN(8), i = PATTERN(9);	\
	unsigned long j = PATTERN(10), k = PATTERN(11);			\
									\
	KEEP;								\
	__KERNELX_READ("mm_swap_cluster_max", mm_swap_cluster_max,	\
		       v, 1, 1024, 32);					\
	KEEP;								\
	*value = v;							\
	return a == PATTERN(1) && b == PATTERN(2) && c == PATTERN(3) &&	\
	       d == PATTERN(4) && e == PATTERN(5) && f == PATTERN(6) &&	\
	       g == PATTERN(7) && h == PATTERN(8) && i == PATTERN(9) &&	\
	       j == PATTERN(10) && k == PATTERN(11);			\
}

REGISTER(rax)
REGISTER(rbx)
REGISTER(rcx)
REGISTER(rdx)
REGISTER(rsi)
REGISTER(rdi)
REGISTER(rbp)
REGISTER(r8)
REGISTER(r9)
REGISTER(r10)
REGISTER(r11)
REGISTER(r12)
REGISTER(r13)
REGISTER(r14)
REGISTER(r15)

#define ENTRY(reg) { #reg, in_##reg }

static const struct {
	const char *name;
	bool (*read)(unsigned long *value);
} registers[] = {
	ENTRY(rax), ENTRY(rbx), ENTRY(rcx), ENTRY(rdx), ENTRY(rsi), ENTRY(rdi),
	ENTRY(rbp), ENTRY(r8), ENTRY(r9), ENTRY(r10), ENTRY(r11), ENTRY(r12),
	ENTRY(r13), ENTRY(r14), ENTRY(r15),
};

unsigned int kernelx_test_nr_registers(void)
{
	return ARRAY_SIZE(registers);
}

/* Return: the register's name, or NULL if another one was changed. */
const char *kernelx_test_register(unsigned int number, unsigned long *value)
{
	return registers[number].read(value) ? registers[number].name : NULL;
}
