/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_X86_KERNELX_H
#define _ASM_X86_KERNELX_H

/*
 * A site on x86-64 is one of two instructions, of which 5 bytes are patched:
 *
 *	direct		b8+r imm32	mov  $value, %reg
 *	indirect	e8 rel32	call stub
 *
 * If the register is one of r8 to r15, a prefix of one byte precedes them that
 * is never written, 41: "mov $value, %r12d" becomes "rex.B call stub", for
 * which the prefix means nothing; and so it is for the breakpoint in between,
 * whose address is that of the byte after the prefix.
 *
 * A site is compiled as the direct form with the default value. The stub
 * stands in a section of its own and has the direct form's effect, by way of
 * memory:
 *
 *	stub:	lea  record(%rip), %reg
 *		jmp  kernelx_thunk_<reg>	# %reg = record->value->value; ret
 *
 * It is called, not jumped to, so that the return address lies in the function
 * that holds the site: a task that sleeps or is preempted in there has a
 * truthful stack trace. It clobbers nothing but %reg (and the flags, as every
 * asm statement may).
 *
 * inline: the compiler counts it as one instruction, not as the lines of text
 * that it is, when it decides what to inline.
 *
 * volatile: every use is an execution of its own. Else the compiler would
 * merge uses, hoist them out of loops or drop them, and a change would reach
 * some executions only. The output is 64 bits wide because a 32-bit move
 * clears the upper half: that makes the range check free and saves
 * extensions.
 *
 * The unwind hint is written by hand since this precedes <linux/objtool.h>:
 * type 5 is UNWIND_HINT_TYPE_FUNC (asserted in arch/x86/kernel/kernelx.c), and
 * its other fields are not looked at.
 *
 * Record (struct kernelx_site): three relative references, the range that the code
 * around the site was compiled for, and the number of the register with the object
 * that a policy may look at, or -1. That register is another one than the site's: a stub
 * has lost the latter's content when a policy is asked.
 *
 * The section is not called .text.kernelx, which linker scripts that gather
 * functions by their sections would take in. Its symbol, one for each object,
 * keeps stubs from being taken for the end of an unrelated function: by who
 * reads a trace, and by kprobes, which decodes functions to their end.
 */
#define __KERNELX_SITE(name, object)					\
		     "movl %[imm], %k[out]\n"				\
		     "771:\n\t"						\
		     ".pushsection __kernelx_sites, \"a\"\n\t"		\
		     ".balign 4\n"					\
		     "772:\t.long 771b - 5 - .\n\t"			\
		     ".long 773f - .\n\t"				\
		     ".long kernelx_value_" name " - .\n\t"		\
		     ".long %c[lo], %c[hi]\n\t"				\
		     object						\
		     ".popsection\n\t"					\
		     ".pushsection .text..kernelx, \"ax\"\n\t"		\
		     ".ifndef kernelx_stubs\n\t"			\
		     ".balign 16\n"					\
		     "kernelx_stubs:\n\t"				\
		     ".endif\n"						\
		     "773:\n\t"						\
		     ".pushsection .discard.unwind_hints\n\t"		\
		     ".long 773b - .\n\t"				\
		     ".short 0\n\t"					\
		     ".byte 0, 5, 0\n\t"				\
		     ".balign 4\n\t"					\
		     ".popsection\n\t"					\
		     "leaq 772b(%%rip), %q[out]\n\t"			\
		     "jmp kernelx_thunk_%V[out]\n\t"			\
		     ".popsection"

#define __KERNELX_READ(name, knob, v, least, most, expr)		\
	asm_inline volatile(__KERNELX_SITE(name, ".long -1\n\t")	\
		     : [out] "=r" (v)					\
		     : [imm] "i" ((unsigned int)(expr)),		\
		       [lo] "i" ((unsigned int)(least)),		\
		       [hi] "i" ((unsigned int)(most)))

/* The number of a register, as instructions encode it, from its name. */
#define __KERNELX_REGISTER						\
		     ".set .Lkernelx_register, 0\n\t"			\
		     ".irp name,rax,rcx,rdx,rbx,rsp,rbp,rsi,rdi,r8,r9,r10,r11,r12,r13,r14,r15\n\t" \
		     ".ifc \\name,%V[object]\n\t"			\
		     ".long .Lkernelx_register\n\t"			\
		     ".endif\n\t"					\
		     ".set .Lkernelx_register, .Lkernelx_register + 1\n\t" \
		     ".endr\n\t"

#define __KERNELX_READ_WITH(name, knob, v, pointer, least, most, expr)	\
	asm_inline volatile(__KERNELX_SITE(name, __KERNELX_REGISTER)	\
		     : [out] "=&r" (v)					\
		     : [imm] "i" ((unsigned int)(expr)),		\
		       [lo] "i" ((unsigned int)(least)),		\
		       [hi] "i" ((unsigned int)(most)),			\
		       [object] "r" (pointer))

#endif /* _ASM_X86_KERNELX_H */
