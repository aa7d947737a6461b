/* SPDX-License-Identifier: GPL-2.0 */
# Values in the frame.
	.include "site.inc"

	global spilled
	subq $24, %rsp
	site eax rax			# ; !escapes independent
	movl %eax, 8(%rsp)		# in 0
	xorl %eax, %eax			# in 0
	movl 8(%rsp), %ecx		# in 0
	cmpl %ecx, %edi			# in 0
	jg 1f				# in 0
	nop
1:	movl $0, %ecx
	addq $24, %rsp
	ret
	end spilled

	# A slot that is overwritten as a whole is not needed any more.
	global overwritten
	subq $24, %rsp
	site eax rax			# ; !escapes independent
	movl %eax, 8(%rsp)		# in 1
	movl 8(%rsp), %ecx		# in 1
	cmpl %ecx, %edi			# in 1
	jg 1f				# in 1
	movl $0, 8(%rsp)
1:	movl $0, 8(%rsp)
	movl 8(%rsp), %ecx
	xorl %eax, %eax
	addq $24, %rsp
	ret
	end overwritten

	# One byte of it is written: the rest is still there.
	global patched
	subq $24, %rsp
	site eax rax			# ; !escapes independent
	movl %eax, 8(%rsp)		# in 2
	movb $0, 8(%rsp)		# in 2
	movl 8(%rsp), %ecx		# in 2
	cmpl %ecx, %edi			# in 2
	jg 1f				# in 2
	nop
1:	xorl %eax, %eax
	addq $24, %rsp
	ret
	end patched

	# The same slot by push, rsp and rbp.
	global pushed
	pushq %rbp
	movq %rsp, %rbp
	site eax rax			# ; store !escapes independent
	pushq %rax			# in 3
	xorl %eax, %eax			# in 3
	movq -8(%rbp), %rcx		# in 3
	cmpq %rcx, %rdi			# in 3
	jg 1f				# in 3
	nop				# in 3
1:	popq %rcx			# in 3
	movl $0, %ecx
	popq %rbp
	ret
	end pushed

	# Known elsewhere: needed until nobody can look any more, and out of our hands.
	global exposed
	subq $24, %rsp
	site eax rax			# ; escapes address-taken
	movl %eax, 4(%rsp)		# in 4
	leaq 4(%rsp), %rdi		# in 4
	movq %rdi, (%rsi)		# in 4
	call takes_pointer		# in 4
	xorl %eax, %eax
	addq $24, %rsp
	ret
	end exposed

	# The slot below what is known elsewhere is a spilled register.
	global beside
	subq $24, %rsp
	site eax rax			# ; !escapes !address-taken independent
	movl %eax, (%rsp)		# in 5
	leaq 8(%rsp), %rdi		# in 5
	call takes_pointer		# in 5
	movl (%rsp), %ecx		# in 5
	cmpl %ecx, %eax			# in 5
	jg 1f				# in 5
	nop
1:	xorl %eax, %eax
	addq $24, %rsp
	ret
	end beside

	# An element of an array: which, nobody knows.
	global indexed
	subq $40, %rsp
	site eax rax			# ; !escapes independent !independent,frame
	movl %eax, 8(%rsp,%rdi,4)	# in 6
	movl 24(%rsp), %ecx		# in 6
	cmpl %ecx, %esi			# in 6
	jg 1f				# in 6
	nop
1:	xorl %eax, %eax
	addq $40, %rsp
	ret
	end indexed

	# A frame that is aligned: slots are known, their distance to the top is not.
	global aligned
	pushq %rbp
	movq %rsp, %rbp
	andq $-32, %rsp
	subq $32, %rsp
	site eax rax			# ; frame_0 independent !escapes !unbounded
	movl %eax, 8(%rsp)		# in 7
	movl 8(%rsp), %ecx		# in 7
	cmpl %ecx, %esi			# in 7
	jg 1f				# in 7
	nop
1:	movl 16(%rsp), %edx
	testl %edx, %edx
	xorl %edx, %edx
	xorl %eax, %eax
	leave
	ret
	end aligned

	local takes_pointer
	movl 8(%rdi), %eax
	ret
	end takes_pointer

	# Stored and loaded as a spilled register is, but copied, too.
	global copied_as_bytes
	subq $40, %rsp
	site eax rax			# ; address-taken,frame independent
	movl %eax, (%rsp)		# in 8
	movl (%rsp), %r8d		# in 8
	movq %rsp, %rsi			# in 8
	leaq 16(%rsp), %rdi		# in 8
	movl $1, %ecx			# in 8
	rep movsl			# in 8
	movl 16(%rsp), %edx		# in 8
	cmpl %edx, %r9d			# in 8
	jg 1f				# in 8
	nop
1:	xorl %eax, %eax
	xorl %edx, %edx
	addq $40, %rsp
	ret
	end copied_as_bytes

	# The same, but the array begins elsewhere, and nobody has its address.
	global indexed_spill
	subq $104, %rsp
	site eax rax			# ; !escapes independent !independent,frame
	movl %eax, 16(%rsp)		# in 9
	movl 16(%rsp), %r8d		# in 9
	movl 16(%rsp,%rdi,4), %edx	# in 9
	cmpl %edx, %r9d			# in 9
	jg 1f				# in 9
	nop
1:	xorl %eax, %eax
	xorl %edx, %edx
	addq $104, %rsp
	ret
	end indexed_spill

	# Flags on their way to a register: it takes them before anybody can look.
	global saves_flags
	pushq %rbx
	subq $32, %rsp
	site eax rax			# ; !escapes !address-taken independent
	cmpl %eax, %edi			# in 10
	pushfq				# in 10
	popq %rbx			# in 10
	leaq 16(%rsp), %rdi		# in 10
	call takes_pointer		# in 10
	testl $1, %ebx			# in 10
	je 1f				# in 10
	nop
1:	addq $32, %rsp
	popq %rbx
	done
	end saves_flags

	# Here somebody can.
	global shows_flags
	pushq %rbx
	subq $32, %rsp
	site eax rax			# ; escapes
	cmpl %eax, %edi			# in 11
	leaq 16(%rsp), %rdi		# in 11
	pushfq				# in 11
	call takes_pointer		# in 11
	popq %rbx			# in 11
	testl $1, %ebx			# in 11
	je 1f				# in 11
	nop
1:	addq $32, %rsp
	popq %rbx
	done
	end shows_flags
