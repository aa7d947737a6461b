// SPDX-License-Identifier: GPL-2.0
/*
 * expect: knob test/unanswered: the value of the site at latches+0x... escapes at latches+0x... (somewhere): the stanza must say ...
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
