/* SPDX-License-Identifier: GPL-2.0 */
# single object
# Sites of a knob in two functions: what lies between one and the other.
	.include "site.inc"

	# A callee with a site, called before ours: from the call on, as the callee may have
	# left the stack and not be back yet. It is in the callee's instance, too.
	global before_ours
	pushq %rbx
	call first_half			# in 0 1
	movl $1, %ebx			# in 0 1
	site ecx rcx knob=clamp		# in 0 1 ; dependent by-function
	cmpl %ecx, %edi			# in 0
	jle 1f				# in 0
	nop
1:	popq %rbx
	done
	end before_ours

	local first_half
	site eax rax knob=clamp		# ; dependent by-function
	cmpl %eax, %edi			# in 1
	jle 1f				# in 1
	incl (%rsi)
1:	incl (%rsi)
	incl (%rdx)
	done
	end first_half

	# A jump to a function with a site: our frame is gone before that comes.
	global tail_ours
	site ecx rcx knob=tail		# ; dependent by-function
	cmpl %ecx, %edi			# in 2
	jle 1f				# in 2
	jmp second_half			# in 2
1:	done
	end tail_ours

	local second_half
	incl (%rsi)			# in 2
	incl (%rdx)			# in 2
	site eax rax knob=tail		# in 2
	cmpl %eax, %edi			# in 3
	jle 1f				# in 3
	incl (%rsi)
1:	done
	end second_half

	# What is called in another object may have a site, if a header puts them there.
	global calls_elsewhere
	subq $8, %rsp
	site ecx rcx knob=elsewhere	# ; dependent by-function
	cmpl %ecx, %esi			# in 4
	jg 1f				# in 4
	addq $8, %rsp
	done
1:	movl $0, %ecx			# in 4
	incl (%rdx)			# in 4
	call slow_elsewhere		# in 4
	addq $8, %rsp
	done
	end calls_elsewhere

	# But not of a knob that stands in one source only.
	global calls_others
	subq $8, %rsp
	site ecx rcx knob=here		# ; !by-function
	cmpl %ecx, %esi			# in 5
	jg 1f				# in 5
	addq $8, %rsp
	done
1:	movl $0, %ecx
	call slow_elsewhere
	addq $8, %rsp
	done
	end calls_others

	# A callee that stands before its caller, which adds to the callee's span, and what
	# that calls meanwhile, when the callee has been looked at.
	local first_of_all
	site eax rax knob=early		# ; dependent by-function by-callee
	cmpl %eax, %edi			# in 6
	jle 1f				# in 6
	incl (%rsi)
1:	incl (%rsi)
	incl (%rdx)
	done
	end first_of_all

	global after_all
	pushq %rbx
	call first_of_all		# in 6 7
	movl $1, %ebx			# in 6 7
	call leads_there		# in 6 7
	site ecx rcx knob=early		# in 6 7 ; dependent by-function by-callee
	cmpl %ecx, %edi			# in 7
	jle 1f				# in 7
	nop
1:	popq %rbx
	done
	end after_all

	local leads_there
	subq $8, %rsp
	call is_there
	incl (%rsi)
	addq $8, %rsp
	done
	end leads_there

	local is_there
	site eax rax knob=early
	cmpl %eax, %edi			# in 8
	jle 1f				# in 8
	incl (%rsi)
1:	incl (%rdx)
	done
	end is_there
