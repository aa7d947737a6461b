// SPDX-License-Identifier: GPL-2.0
/*
 * expect: latches+0x... escapes at latches+0x... (struct outer.inner.limit)
 */
asm(".include \"site.inc\"");

struct inner {
	long first;
	unsigned int limit;
};

struct outer {
	long other;
	struct inner inner;
};

struct holder {
	long other;
	struct outer *outer;
};

void latches(int n, struct holder *holder);
void latches(int n, struct holder *holder)
{
	int v;

	asm volatile("site eax rax knob=unanswered" : "=a" (v));
	holder->outer->inner.limit = v;
}
