/* SPDX-License-Identifier: GPL-2.0 */
# single object
# Functions that go on in others by jumps: the compiler splits them.
	.include "site.inc"

	# What the callee goes on in has a site.
	global calls_split
	subq $8, %rsp
	site ecx rcx knob=split		# ; dependent by-function
	cmpl %ecx, %esi			# in 0
	jg 1f				# in 0
	addq $8, %rsp
	done
1:	movl $0, %ecx			# in 0
	call head			# in 0
	incl (%rdx)
	addq $8, %rsp
	done
	end calls_split

	local head
	testl %edi, %edi
	je 1f
	jmp rest
1:	done
	end head

	local rest
	site eax rax knob=split		# ; independent
	cmpl %eax, %edi			# in 1
	jle 1f				# in 1
	incl (%rsi)
1:	done
	end rest

	# The frame is gone: from one part to the next.
	global jumps_to_split
	site ecx rcx knob=jump		# ; dependent by-function !unbounded
	cmpl %ecx, %edi			# in 2
	jle 1f				# in 2
	jmp first_part			# in 2
1:	done
	end jumps_to_split

	local first_part
	testl %esi, %esi		# in 2
	je 1f				# in 2
	incl (%rdx)			# in 2
	jmp last_part			# in 2
1:	done
	end first_part

	local last_part
	incl (%rdx)			# in 2
	site eax rax knob=jump		# in 2 ; dependent by-span
	cmpl %eax, %edi			# in 3
	jle 1f				# in 3
	incl (%rsi)
1:	done
	end last_part

	# The callee comes first: its instance lasts until ours.
	global after_split
	pushq %rbx
	call head_before		# in 4 5
	movl $1, %ebx			# in 4 5
	site ecx rcx knob=before	# in 4 5 ; dependent by-function
	cmpl %ecx, %edi			# in 4
	jle 1f				# in 4
	nop
1:	popq %rbx
	done
	end after_split

	local head_before
	incl (%rdx)
	jmp rest_before
	end head_before

	local rest_before
	site eax rax knob=before	# ; dependent by-function
	cmpl %eax, %edi			# in 5
	jle 1f				# in 5
	incl (%rsi)
1:	incl (%rsi)
	done
	end rest_before

	# What the callee calls in turn is an instance of its own.
	global calls_caller
	subq $8, %rsp
	site ecx rcx knob=called	# ; independent !by-function
	cmpl %ecx, %esi			# in 6
	jg 1f				# in 6
	addq $8, %rsp
	done
1:	movl $0, %ecx
	call caller
	addq $8, %rsp
	done
	end calls_caller

	local caller
	subq $8, %rsp
	call callee
	addq $8, %rsp
	done
	end caller

	local callee
	site eax rax knob=called	# ; independent
	cmpl %eax, %edi			# in 7
	jle 1f				# in 7
	incl (%rsi)
1:	done
	end callee
