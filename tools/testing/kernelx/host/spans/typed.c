// SPDX-License-Identifier: GPL-2.0
/*
 * What debug information says of functions: those that return nothing do not return what
 * is in rax by chance, and those with few arguments do not take what is in other
 * registers.
 *
 * "expect N: words" is about site N, as the words at a site of an assembly file.
 */
asm(".include \"site.inc\"");

/* Debug information does not have it: it takes what it likes, here what is in rax. */
asm(".pushsection .text\n"
	"local stores_rax\n"
	"movl %eax, (%rcx)\n"
	"xorl %ecx, %ecx\n"
	"ret\n"
	"end stores_rax\n"
	".popsection");

void returns_nothing(int n);
int returns_something(int n);
void passes_one(int n, void (*function)(int));
void leaves_register(int n);
void unknown(int n, int m);

/* expect 0: compare independent !unbounded !escapes */
void returns_nothing(int n)
{
	int v;

	asm volatile("site eax rax" : "=a" (v));
	asm volatile("cmpl %0, %1" : : "a" (v), "r" (n) : "cc");
}

/* expect 1: unbounded unknown-caller independent !escapes */
int returns_something(int n)
{
	int v;

	asm volatile("site eax rax" : "=a" (v));
	return v;
}

void (*pointer)(int) = returns_nothing;
int (*pointer_too)(int) = returns_something;

/* It takes two arguments, so that what is in rdx does not go to the function it calls. */
__attribute__((noipa)) void passes_one(int n, void (*function)(int))
{
	function(n);
}

/* expect 2: compare independent !escapes !indirect-call */
void leaves_register(int n)
{
	int v;

	asm volatile("site edx rdx" : "=d" (v));
	asm volatile("cmpl %0, %1" : : "d" (v), "r" (n) : "cc");
	passes_one(n, pointer);
	asm volatile("");
}

/* expect 3: escapes external-call dependent by-callee indirect-call !by-function */
void takes_register(int n);
void takes_register(int n)
{
	int v;

	asm volatile("site esi rsi" : "=S" (v));
	unknown(n, v);
	asm volatile("");
}

/* expect 4: escapes !external-call !indirect-call */
void stores_by_assembly(int *p);
void stores_by_assembly(int *p)
{
	int v;

	asm volatile("site eax rax" : "=a" (v));
	asm volatile("call stores_rax" : "+c" (p) : "a" (v) : "memory");
}
