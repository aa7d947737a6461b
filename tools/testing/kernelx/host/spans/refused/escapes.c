// SPDX-License-Identifier: GPL-2.0
/*
 * expect: knob test/unanswered: the value of the site at latches+0x... escapes at latches+0x... (struct outer.inner.limit): the stanza must say what is done about that: `state refresh HOOK' or `state benign "reason"'
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
