// SPDX-License-Identifier: GPL-2.0
/*
 * expect of gone: the object has no function nowhere, which the stanza names in its line ...
 */
asm(".include \"site.inc\"");

void there(int *p);
void there(int *p)
{
	int v;

	asm volatile("site eax rax knob=gone" : "=a" (v));
	if (*p > v)
		*p = 0;
}
