/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KernelX thunks: the second half of every stub, one per register.
 *
 * In:	%reg	the site's record (struct kernelx_site)
 * Out:	%reg	the value for the current task, zero-extended; nothing else is
 *		changed but the flags
 *
 * Entered by a jump from a stub that was called in place of the site's move,
 * from any context in which a site can be.
 *
 * Every task has a slot, 0 or 1; the values in both are the same but while a
 * transition brings tasks over from one to the other. Who looks at a stack with a
 * thunk on it cannot know which of them is in the register already: such a task is
 * never brought over (see kernel/kernelx/instance.c). So a slot that all tasks have
 * left is not read either by one that was preempted in here.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <linux/version.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-branch.h>
#include <asm/percpu.h>

/* All of them are asserted in kernelx.c. */
#define KERNELX_SITE_VALUE	8	/* offsetof(struct kernelx_site, value) */
#define KERNELX_VALUE_ASK	12	/* offsetof(struct kernelx_value, ask) */
#ifdef CONFIG_SMP
#define KERNELX_TASK_SLOT	24	/* offsetof(struct thread_info, kernelx_slot) */
#else
#define KERNELX_TASK_SLOT	20
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define CURRENT_TASK	PER_CPU_VAR(current_task)
#else
#define CURRENT_TASK	PER_CPU_VAR(pcpu_hot + X86_current_task)
#endif

.macro KERNELX_THUNK reg:req reg32:req temp:req temp32:req
SYM_FUNC_START(kernelx_thunk_\reg)
	ANNOTATE_NOENDBR	/* exported, but only ever jumped to directly */
	push	%\temp
	movslq	KERNELX_SITE_VALUE(%\reg), %\temp
	lea	KERNELX_SITE_VALUE(%\reg, %\temp), %\temp
	/* Not pushed as \reg: objtool would take it for the caller's. */
	xchg	%\reg, %\temp
	push	%\temp
	mov	CURRENT_TASK, %\temp
	mov	KERNELX_TASK_SLOT(%\temp), %\temp32
	cmpl	$0, KERNELX_VALUE_ASK(%\reg, %\temp, 4)
	jne	1f
	movl	(%\reg, %\temp, 4), %\reg32
	lea	8(%rsp), %rsp
	pop	%\temp
	RET
1:	mov	8(%rsp), %\temp
	call	kernelx_thunk_ask
	mov	(%rsp), %\reg
	lea	16(%rsp), %rsp
	RET
SYM_FUNC_END(kernelx_thunk_\reg)
.endm

.section .text..kernelx, "ax"

	KERNELX_THUNK rax eax rcx ecx
	KERNELX_THUNK rbx ebx rcx ecx
	KERNELX_THUNK rcx ecx rax eax
	KERNELX_THUNK rdx edx rcx ecx
	KERNELX_THUNK rsi esi rcx ecx
	KERNELX_THUNK rdi edi rcx ecx
	KERNELX_THUNK rbp ebp rcx ecx
	KERNELX_THUNK r8 r8d rcx ecx
	KERNELX_THUNK r9 r9d rcx ecx
	KERNELX_THUNK r10 r10d rcx ecx
	KERNELX_THUNK r11 r11d rcx ecx
	KERNELX_THUNK r12 r12d rcx ecx
	KERNELX_THUNK r13 r13d rcx ecx
	KERNELX_THUNK r14 r14d rcx ecx
	KERNELX_THUNK r15 r15d rcx ecx

/*
 * In:	8(%rsp)	the site's record, and out: the value
 *
 * Changes no register. Keeps those that C may change, and the others beside them: what
 * stands at the stack pointer then is struct arch_kernelx_registers.
 */
SYM_FUNC_START_LOCAL(kernelx_thunk_ask)
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdi
	push	%rsi
	push	%rbp
	push	%rsp
	push	%rbx
	push	%rdx
	push	%rcx
	push	%rax
	mov	%rsp, %rdi
	call	kernelx_choose
	movl	%eax, %eax
	mov	%rax, 17*8(%rsp)
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rbx
	lea	8(%rsp), %rsp
	pop	%rbp
	pop	%rsi
	pop	%rdi
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	RET
SYM_FUNC_END(kernelx_thunk_ask)
