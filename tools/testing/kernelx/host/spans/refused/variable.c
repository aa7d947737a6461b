// SPDX-License-Identifier: GPL-2.0
/*
 * expect: latches+0x... escapes at latches+0x... (somewhere)
 */
asm(".include \"site.inc\"");

int somewhere;

void latches(void);
void latches(void)
{
	int v;

	asm volatile("site eax rax knob=unanswered" : "=a" (v));
	somewhere = v;
}
