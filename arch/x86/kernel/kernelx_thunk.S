/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KernelX thunks: the second half of every stub, one per register.
 *
 * In:	%reg	the site's record (struct kernelx_site)
 * Out:	%reg	the value in force, zero-extended; nothing else is changed
 *
 * Entered by a jump from a stub that was called in place of the site's move,
 * from any context in which a site can be. Reading the value is one load: the
 * writer's store to it is the point at which all sites of the knob change.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/nospec-branch.h>

/* offsetof(struct kernelx_site, value), asserted in kernelx.c */
#define KERNELX_SITE_VALUE 8

.macro KERNELX_THUNK reg:req reg32:req temp:req
SYM_FUNC_START(kernelx_thunk_\reg)
	ANNOTATE_NOENDBR	/* exported, but only ever jumped to directly */
	push	%\temp
	movslq	KERNELX_SITE_VALUE(%\reg), %\temp
	movl	KERNELX_SITE_VALUE(%\reg, %\temp), %\reg32
	pop	%\temp
	RET
SYM_FUNC_END(kernelx_thunk_\reg)
.endm

.section .text..kernelx, "ax"

	KERNELX_THUNK rax eax rcx
	KERNELX_THUNK rbx ebx rcx
	KERNELX_THUNK rcx ecx rax
	KERNELX_THUNK rdx edx rcx
	KERNELX_THUNK rsi esi rcx
	KERNELX_THUNK rdi edi rcx
	KERNELX_THUNK rbp ebp rcx
	KERNELX_THUNK r8 r8d rcx
	KERNELX_THUNK r9 r9d rcx
	KERNELX_THUNK r10 r10d rcx
	KERNELX_THUNK r11 r11d rcx
	KERNELX_THUNK r12 r12d rcx
	KERNELX_THUNK r13 r13d rcx
	KERNELX_THUNK r14 r14d rcx
	KERNELX_THUNK r15 r15d rcx
