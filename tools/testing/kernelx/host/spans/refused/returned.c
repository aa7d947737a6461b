// SPDX-License-Identifier: GPL-2.0
/*
 * expect: returns+0x... is returned to callers that are not known at returns+0x...
 */
asm(".include \"site.inc\"");

int returns(void);
int returns(void)
{
	int v;

	asm volatile("site eax rax knob=unanswered" : "=a" (v));
	return v;
}

int (*pointer)(void) = returns;
