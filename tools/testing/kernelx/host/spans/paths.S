/* SPDX-License-Identifier: GPL-2.0 */
# Ways through a function that no jump shows: tables, alternatives, static keys, faults.
	.include "site.inc"

	global has_table
	site ecx rcx			# ; branches_1*V+0 !escapes !unbounded independent
	jmp *table(,%rdi,8)		# in 0
1:	cmpl %ecx, %esi			# in 0
	jg 3f				# in 0
	nop
3:	done
2:	cmpl %ecx, %esi			# in 0
	jl 3b				# in 0
	jmp 3b
	end has_table

	.pushsection .rodata
table:	.quad 1b, 2b
	.popsection

	# Either the original or the replacement runs, at the place of the original.
	global has_alternative
	site ecx rcx			# ; !escapes independent
771:	movl %edi, %edx			# in 1
772:	cmpl %edx, %esi			# in 1
	jg 1f				# in 1
	nop
1:	done
	end has_alternative

	instead movl %ecx, %edx

	# A replacement that is shorter, in which the value is gone.
	global loses_in_alternative
	site ecx rcx			# ; !escapes independent
771:	movl %ecx, %edx			# in 2
	nop				# in 2
	nop				# in 2
772:	cmpl %edx, %esi			# in 2
	jg 1f				# in 2
	nop
1:	done
	end loses_in_alternative

	instead movl %edi, %edx

	global has_static_key
	site ecx rcx			# ; !escapes independent
771:	nopl 8(%rax,%rax)		# in 3
	done
772:	cmpl %ecx, %esi			# in 3
	jg 1f				# in 3
	nop
1:	done
	end has_static_key

	.pushsection __jump_table, "aw"
	.balign 8
	.long 771b - ., 772b - .
	.quad key - .
	.popsection
	.pushsection .data
key:	.quad 0
	.popsection

	global may_fault
	site ecx rcx			# ; !escapes independent
771:	movl (%rdi), %eax		# in 4
	done
772:	cmpl %ecx, %esi			# in 4
	jg 1f				# in 4
	nop
1:	done
	end may_fault

	.pushsection __ex_table, "a"
	.balign 4
	.long 771b - ., 772b - ., 0
	.popsection

	# What runs until alternatives are patched stands aside. It is in no span, but leads on.
	global has_aside
	site ecx rcx			# ; !escapes !unbounded independent
771:	jmp 775f			# in 5
772:	done
776:	cmpl %ecx, %esi			# in 5
	jg 1f				# in 5
	nop
1:	done
	end has_aside

	.pushsection .altinstr_aux, "ax"
775:	testb $1, key(%rip)
	jnz 776b
	jmp 772b
	.popsection
	instead jmp 772b

	# It takes no argument that nothing takes after it.
	global calls_aside
	site esi rsi			# ; !escapes !unbounded independent
	call leads_aside
	ret
	end calls_aside

	local leads_aside
	movl %edi, %eax
771:	jmp 775f
772:	ret
776:	xorl %eax, %eax
	ret
	end leads_aside

	.pushsection .altinstr_aux, "ax"
775:	testb $1, key(%rip)
	jnz 776b
	jmp 772b
	.popsection
	instead jmp 772b
