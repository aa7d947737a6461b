// SPDX-License-Identifier: GPL-2.0
/*
 * expect: latches+0x... escapes at latches+0x... (struct holder.last.limits)
 */
asm(".include \"site.inc\"");

struct holder {
	struct {
		long number;
		char name[24];
	} first;
	union {
		long as_long;
		char as_bytes[8];
	};
	struct {
		char *name;
		unsigned int limits[4];
	} last;
};

void latches(int n, struct holder *holder);
void latches(int n, struct holder *holder)
{
	int v;

	asm volatile("site eax rax knob=unanswered" : "=a" (v));
	holder->last.limits[1] = v;
}
