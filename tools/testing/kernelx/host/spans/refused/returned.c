// SPDX-License-Identifier: GPL-2.0
/*
 * expect: knob test/unanswered: the value of the site at returns+0x... is returned to callers that are not known at returns+0x...: the stanza must say ...
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
