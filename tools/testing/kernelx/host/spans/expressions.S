/* SPDX-License-Identifier: GPL-2.0 */
# State expressions: what is used, as a function of the value.
	.include "site.inc"

	global scaled
	site eax rax			# ; compare_4096*V+0_64_critical_12
	shlq $12, %rax			# in 0
	cmpq %rax, %rdi			# in 0
	jg 1f				# in 0
	nop
1:	done
	end scaled

	global added
	site eax rax			# ; compare_1*V-2_32
	subl $2, %eax			# in 1
	cmpl %eax, %edi			# in 1
	jg 1f				# in 1
	nop
1:	done
	end added

	global addressed
	site eax rax			# ; compare_5*V+7_64
	leaq 7(%rax,%rax,4), %rdx	# in 2
	cmpq %rdx, %rdi			# in 2
	jg 1f				# in 2
	nop
1:	done
	end addressed

	global multiplied
	site eax rax			# ; compare_10*V+0_32
	imull $10, %eax, %edx		# in 3
	cmpl %edx, %edi			# in 3
	jg 1f				# in 3
	nop
1:	done
	end multiplied

	global doubled
	site eax rax			# ; compare_-2*V+0_64
	addq %rax, %rax			# in 4
	negq %rax			# in 4
	cmpq %rax, %rdi			# in 4
	jg 1f				# in 4
	nop
1:	done
	end doubled

	# In 32 bits 2^24 times 4096 would not be what is compared.
	global overflowing
	site eax rax			# ; combine_1*V+0_32
	shll $24, %eax			# in 5
	cmpl %eax, %edi			# in 5
	jg 1f				# in 5
	nop
1:	done
	end overflowing

	global counted
	site ecx rcx			# ; shift_1*V+0_8 escapes
	shll %cl, %edi			# in 6
	movl %edi, (%rsi)		# in 6
	done
	end counted

	# A register that holds something else by the way is no part of it.
	global aside
	site eax rax			# ; store_1*V+1_32
	movl $3, %ecx			# in 7
	incl %eax			# in 7
	movl %eax, (%rdi)		# in 7
	done
	end aside

	global branching
	site eax rax			# ; branches 1*V+0
	testl %edi, %edi		# in 8
	je 1f				# in 8
	movl %eax, (%rsi)		# in 8
	done
1:	movl %eax, (%rdx)		# in 8
	done
	end branching

	# Above 32 bits, and what is not what it seems.
	global shifted_far
	site eax rax			# ; compare_4294967296*V+0_64
	shlq $32, %rax			# in 9
	cmpq %rax, %rdi			# in 9
	jg 1f				# in 9
	nop
1:	done
	end shifted_far

	global negative_in_32_bits
	site eax rax			# ; compare_0*V+0_64
	negl %eax			# in 10
	cmpq %rax, %rdi			# in 10
	jg 1f				# in 10
	nop
1:	done
	end negative_in_32_bits

	global below_zero_in_32_bits
	site eax rax			# ; compare_0*V+0_64
	subl $5, %eax			# in 11
	cmpq %rax, %rdi			# in 11
	jg 1f				# in 11
	nop
1:	done
	end below_zero_in_32_bits

	global part_replaced
	site eax rax			# ; branches_0*V+0
	movb $7, %al			# in 12
	cmpl %eax, %edi			# in 12
	jg 1f				# in 12
	nop
1:	done
	end part_replaced

	# The accumulator, extended by its sign: the whole of it is what is used.
	global extended
	site eax rax			# ; divide_250*V+0_64
	imull $250, %eax, %eax		# in 13
	xorl %edx, %edx			# in 13
	cltq				# in 13
	divq %rdi			# in 13
	cmpq %rax, %rsi			# in 13
	jg 1f				# in 13
	nop
1:	done
	end extended

	# The product of 32 bits is not the value times the factor: it is V that is used.
	global multiplied_too_far
	site eax rax			# ; multiply_1*V+0_32
	imull $0x1000000, %eax, %eax	# in 14
	cltq				# in 14
	cmpq %rax, %rdi			# in 14
	jg 1f				# in 14
	nop
1:	done
	end multiplied_too_far

	# Of 32 bits, but not of 31: half of the products are negative then.
	global multiplied_to_the_sign
	site eax rax			# ; combine_1048575*V+0_32
	imull $0xfffff, %eax, %eax	# in 15
	cltq				# in 15
	cmpq %rax, %rdi			# in 15
	jg 1f				# in 15
	nop
1:	done
	end multiplied_to_the_sign

	global extended_below_zero
	site eax rax			# ; combine_1*V-5_32
	subl $5, %eax			# in 16
	cltq				# in 16
	cmpq %rax, %rdi			# in 16
	jg 1f				# in 16
	nop
1:	done
	end extended_below_zero

	global extended_from_16
	site eax rax			# ; compare_3*V+0_32
	imull $3, %eax, %eax		# in 17
	cwtl				# in 17
	cmpl %eax, %edi			# in 17
	jg 1f				# in 17
	nop
1:	done
	end extended_from_16

	global extended_from_too_far
	site eax rax			# ; combine_0*V+0_16
	imull $250, %eax, %eax		# in 18
	cwtl				# in 18
	cmpl %eax, %edi			# in 18
	jg 1f				# in 18
	nop
1:	done
	end extended_from_too_far

	# Another register than the one that is extended.
	global extended_aside
	site ecx rcx			# ; compare_1*V+0_32
	movl %edi, %eax			# in 19
	cltq				# in 19
	cmpl %ecx, %esi			# in 19
	jg 1f				# in 19
	nop
1:	done
	end extended_aside

	global exchanged
	site edx rdx			# ; combine_1*V+0_32
	xchgl %eax, %edx		# in 20
	cmpl %eax, %esi			# in 20
	jg 1f				# in 20
	nop
1:	done
	end exchanged
