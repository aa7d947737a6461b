/* SPDX-License-Identifier: GPL-2.0 */
# Assumptions: one case for each reason, and the same without it.
	.include "site.inc"

	global to_unknown_function
	site edi rdi			# ; escapes indirect-call
	call *%rsi			# in 0
	xorl %edx, %edx			# in 0
	cmpl %eax, %ecx			# in 0
	je 1f				# in 0
	nop
1:	done
	end to_unknown_function

	# r9 has it, but nothing was ever put into r8: there are not so many arguments.
	global not_an_argument
	xorl %edi, %edi
	call known
	site r9d r9			# ; !escapes !indirect-call independent
	call *%rbx
	done
	end not_an_argument

	local known
	movl $0, %edi
	movl $0, %esi
	movl $0, %edx
	movl $0, %ecx
	movl $0, %r8d
	movl $0, %r9d
	movl $0, %eax
	ret
	end known

	global to_other_object
	site edi rdi			# ; escapes external-call
	call external			# in 2
	done
	end to_other_object

	global to_unknown_instruction
	site eax rax			# ; escapes unknown-instruction
	vmcall				# in 3
	movl $0, %eax			# in 3
	movl $0, %edx			# in 3
	ret				# in 3
	end to_unknown_instruction

	# Somebody has the address of this function.
	local called_by_pointer
	site eax rax			# ; return unbounded unknown-caller
	ret				# in 4
	end called_by_pointer

	.pushsection .data
	.quad called_by_pointer
	.popsection

	global to_vector_register
	site eax rax			# ; escapes other-register
	movd %eax, %xmm0		# in 5
	done
	end to_vector_register

	# Assembly that C calls with its registers kept.
	global around_assembly
	site ecx rcx			# ; assembly escapes external-call
	call __put_user_nocheck_4	# in 6
	cmpl %ecx, %edi			# in 6
	je 1f				# in 6
	nop
1:	done
	end around_assembly

	global jumps_anywhere
	site edi rdi			# ; escapes indirect-call unbounded indirect-jump
	jmp *%rsi			# in 7
	end jumps_anywhere

	global recursive
	site edi rdi			# ; escapes recursion
	call calls_itself		# in 8
	done
	end recursive

	local calls_itself
	testl %edi, %edi
	je 1f
	decl %edi
	call calls_itself
1:	movl $0, %eax
	ret
	end calls_itself

	# A static call: any function.
	global to_static_call
	site edi rdi			# ; escapes indirect-call
	call __SCT__something		# in 9
	done
	end to_static_call

	.globl __SCT__something
	.type __SCT__something, @function
__SCT__something:
	ret
	.size __SCT__something, . - __SCT__something

	# People see it, and nothing else.
	global to_observer
	site esi rsi			# ; !escapes independent
	call _printk			# in 10
	done
	end to_observer

	# Called by code that is no function.
	local returns_to_code
	site eax rax			# ; return unbounded unknown-caller
	ret				# in 11
	end returns_to_code

code:	call returns_to_code
	ret

	# BPF programs call it by its name.
	global kfunc
	site eax rax			# ; return unbounded unknown-caller
	ret				# in 12
	end kfunc

	.pushsection .BTF_ids, "a"
	.type __BTF_ID__func__kfunc__12, @object
__BTF_ID__func__kfunc__12:
	.zero 4
	.size __BTF_ID__func__kfunc__12, 4
	.popsection

	# To the middle of another function.
	global jumps_to_middle
	site edi rdi			# ; unbounded indirect-jump
	jmp middle			# in 13
	end jumps_to_middle

	local has_middle
	xorl %edi, %edi
middle:	cmpl %edi, %esi
	jg 1f
	nop
1:	done
	end has_middle

	# Where our own argument on the stack was, there is that of the next.
	global jumps_with_stack
	site eax rax			# ; escapes unbounded
	movq %rax, 8(%rsp)		# in 14
	xorl %eax, %eax			# in 14
	jmp takes_one_on_stack		# in 14
	end jumps_with_stack

	local takes_one_on_stack
	movq 8(%rsp), %rax
	cmpq %rax, %rdi
	jg 1f
	nop
1:	done
	end takes_one_on_stack

	# With KASAN, a function's address is in its frame, for reports.
	local described
	subq $40, %rsp
	movq $0x41b58ab3, 8(%rsp)
	movq $0, 16(%rsp)
	movq $described, 24(%rsp)
	site eax rax			# ; return !unbounded !unknown-caller
	addq $40, %rsp			# in 15
	ret				# in 15
	end described

	global calls_described
	call described			# in 15
	cmpl %eax, %edi			# in 15
	jg 1f				# in 15
	nop
1:	done
	end calls_described

	# What else puts it there may be about to have it called.
	local puts_itself
	subq $40, %rsp
	movq $0x41b58ab2, 8(%rsp)
	movq $puts_itself, 24(%rsp)
	site eax rax			# ; return unbounded unknown-caller
	addq $40, %rsp			# in 16
	ret				# in 16
	end puts_itself

	# Nor is it a description if it is not where that has it.
	local puts_itself_elsewhere
	subq $40, %rsp
	movq $0x41b58ab3, 8(%rsp)
	movq $puts_itself_elsewhere, 32(%rsp)
	site eax rax			# ; return unbounded unknown-caller
	addq $40, %rsp			# in 17
	ret				# in 17
	end puts_itself_elsewhere
