/* SPDX-License-Identifier: GPL-2.0 */
# Pointers into the frame, and what is not a plain slot of it.
	.include "site.inc"

	# A pointer that walks through an array.
	global walks
	subq $40, %rsp
	site eax rax			# ;
	movl %eax, 8(%rsp)		# in 0
	movq %rsp, %rcx			# in 0
	leaq 32(%rsp), %rdx		# in 0
1:	movl (%rcx), %r8d		# in 0
	cmpl %r8d, %edi			# in 0
	jg 2f				# in 0
	addq $4, %rcx			# in 0
	cmpq %rdx, %rcx			# in 0
	jne 1b				# in 0
2:	addq $40, %rsp
	done
	end walks

	# A pointer to one of two.
	global points_to_either
	subq $40, %rsp
	site eax rax			# ;
	movl %eax, 8(%rsp)		# in 1
	leaq 8(%rsp), %rcx		# in 1
	testl %edi, %edi		# in 1
	je 1f				# in 1
	leaq 16(%rsp), %rcx		# in 1
1:	movl (%rcx), %r8d		# in 1
	cmpl %r8d, %edi			# in 1
	jg 2f				# in 1
	nop
2:	addq $40, %rsp
	done
	end points_to_either

	# There is no slot but elements.
	global only_elements
	subq $40, %rsp
	site eax rax			# ; independent !independent,frame
	movl %eax, 8(%rsp,%rdi,4)	# in 2
	movl 8(%rsp,%rsi,4), %ecx	# in 2
	cmpl %ecx, %edi			# in 2
	jg 1f				# in 2
	nop
1:	addq $40, %rsp
	done
	end only_elements

	# A frame of a size that is computed.
	global grows
	pushq %rbp
	movq %rsp, %rbp
	subq %rdi, %rsp
	site eax rax			# ; independent,frame
	movl %eax, (%rsp)		# in 3
	movl (%rsp), %ecx		# in 3
	cmpl %ecx, %esi			# in 3
	jg 1f				# in 3
	nop				# in 3
1:	movq %rbp, %rsp			# in 3
	popq %rbp			# in 3
	xorl %eax, %eax			# in 3
	xorl %edx, %edx			# in 3
	ret				# in 3
	end grows

	# What a push reads can be where the stack pointer is.
	global pushes_memory
	subq $8, %rsp
	site ecx rcx			# ; escapes
	movq %rcx, (%rsp)		# in 4
	pushq (%rsp)			# in 4
	popq %rax			# in 4
	movl %eax, (%rdi)		# in 4
	addq $8, %rsp
	done
	end pushes_memory

	# More arguments on the stack than sixteen slots.
	global passes_structure
	subq $136, %rsp
	site eax rax			# ; escapes
	movq %rax, 96(%rsp)		# in 5
	call takes_structure		# in 5
	xorl %edx, %edx
	addq $136, %rsp
	done
	end passes_structure

	local takes_structure
	movq 104(%rsp), %rax
	movq %rax, (%rdi)
	done
	end takes_structure

	# Assembly takes what it likes: here it is the value to store, in rax.
	global stores_by_assembly
	movq %rdi, %rcx
	site eax rax			# ; escapes
	call __put_user_4		# in 6
	done
	end stores_by_assembly

	# What runs instead of an instruction finds what was there before it.
	global keeps_in_alternative
	site eax rax			# ; escapes
771:	xorl %eax, %eax			# in 7
772:	movl %eax, (%rdi)		# in 7
	done
	end keeps_in_alternative

	instead incl %eax

	global keeps_in_fault
	site eax rax			# ; escapes
771:	movl (%rsi), %eax		# in 8
	done
772:	movl %eax, (%rdi)		# in 8
	done
	end keeps_in_fault

	.pushsection __ex_table, "a"
	.balign 4
	.long 771b - ., 772b - ., 0
	.popsection

	# Into the function behind.
	global falls_through
	site eax rax			# ; escapes unbounded indirect-jump
	nop				# in 9
	end falls_through

	.type behind, @function
behind:	movl %eax, (%rdi)
	done
	.size behind, . - behind
