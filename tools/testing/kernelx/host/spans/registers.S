/* SPDX-License-Identifier: GPL-2.0 */
# Values in registers: until the last use, through copies, whole and in parts.
	.include "site.inc"

	global compared
	site eax rax			# ; site_0 compare_1*V+0_32 independent !escapes
	cmpl %eax, %edi			# in 0
	jg 1f				# in 0
	movl $1, %ecx
1:	done
	end compared

	global unused
	site ecx rcx			# ; none independent
	movl $2, %ecx
	done
	end unused

	global copied
	site eax rax			# ; compare 1*V+0 independent
	movl %eax, %ecx			# in 2
	xorl %eax, %eax			# in 2
	cmpl %ecx, %edi			# in 2
	setg %al			# in 2
	done
	end copied

	# A 32-bit write ends the value, an 8-bit one leaves the rest of it.
	global cleared
	site ecx rcx			# ; independent
	movb $1, %cl			# in 3
	movl %ecx, %edx			# in 3
	movl $0, %ecx			# in 3
	cmpl %edx, %edi			# in 3
	jne 1f				# in 3
	nop
1:	movl %ecx, %edx
	done
	end cleared

	global high_byte
	site ecx rcx			# ; independent
	movb $0, %cl			# in 4
	movb %ch, %dl			# in 4
	movb $0, %ch			# in 4
	shrl $16, %ecx			# in 4
	cmpb %dl, %dil			# in 4
	je 1f				# in 4
	nop
1:	done
	end high_byte

	# What only looks like a use.
	global idioms
	site ecx rcx			# ; independent
	cmpl %ecx, %edi			# in 5
	ja 1f				# in 5
	xorl %ecx, %ecx
	addl %ecx, %edi
1:	done
	end idioms

	# The address is derived, what is found there is not.
	global address
	site ecx rcx			# ; address independent !escapes
	movl (%rdi,%rcx,4), %edx	# in 6
	movl %edx, (%rsi)
	done
	end address

	global escapes_to_memory
	site ecx rcx			# ; store escapes !indirect-call
	movl %ecx, (%rdi)		# in 7
	done
	end escapes_to_memory

	global selected
	site ecx rcx			# ; compare escapes
	movl $5, %edx			# in 8
	cmpl %ecx, %edi			# in 8
	cmovg %esi, %edx		# in 8
	movl %edx, (%r8)		# in 8
	done
	end selected

	# r8 to r15 have a prefix that is not patched.
	global prefixed
	site r9d r9			# ; r9_compare_1*V+0_32_critical_8 independent
	cmpl %r9d, %edi			# in 9
	jb 1f				# in 9
	nop
1:	done
	end prefixed

	global exchanged
	site ecx rcx			# ; independent
	xchgl %ecx, %edx		# in 10
	nop				# in 10
	cmpl %edx, %edi			# in 10
	je 1f				# in 10
	nop
1:	done
	end exchanged

	global divided
	site ecx rcx			# ; divide escapes
	movl %edi, %eax			# in 11
	xorl %edx, %edx			# in 11
	divl %ecx			# in 11
	nop				# in 11
	movl %edx, (%rsi)		# in 11
	done
	end divided

	# The product is 0 whatever the value, but who would know.
	global carried
	site ecx rcx			# ; independent
	addl %ecx, %edi			# in 12
	movl $0, %edx			# in 12
	adcl $0, %edx			# in 12
	cmpl $1, %edx			# in 12
	je 1f				# in 12
	nop
1:	done
	end carried

	# A write of a part ends the value there only: cmov, and whatever reads all, sees the rest.
	global partly_set
	site edx rdx			# ; escapes
	cmpl %esi, %edi			# in 13
	sete %dl			# in 13
	cmovel %esi, %edx		# in 13
	movl %edx, (%r8)		# in 13
	done
	end partly_set

	global partly_moved
	site edx rdx			# ; escapes
	movw %si, %dx			# in 14
	cmpl %esi, %edi			# in 14
	cmovel %edx, %esi		# in 14
	movl %esi, (%r8)		# in 14
	done
	end partly_moved

	# Of a cmov of 32 bits the upper half is 0, whichever way it goes; of one of 16 it stays.
	global moved_narrowly
	site edx rdx			# ; escapes
	cmpl %esi, %edi			# in 15
	cmovew %si, %dx			# in 15
	shrl $16, %edx			# in 15
	movl %edx, (%r8)		# in 15
	done
	end moved_narrowly
