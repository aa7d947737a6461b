// SPDX-License-Identifier: GPL-2.0
/*
 * expect: counts+0x... is only tested for equality at counts+0x...
 */
asm(".include \"site.inc\"");

void counts(int *n);
void counts(int *n)
{
	int v;

	asm volatile("site eax rax knob=unanswered" : "=a" (v));
	if (++*n == v)
		asm volatile("nop");
}
