/* SPDX-License-Identifier: GPL-2.0 */
# Sites that one execution can pass one after the other, and tests for equality.
	.include "site.inc"

	# if (n > K) n = K
	global two_sites
	site eax rax knob=pair		# ; dependent by-function !by-loop
	cmpl %eax, %edi			# in 0
	jle 1f				# in 0
	site ecx rcx knob=pair		# in 0 ; dependent
	movl %ecx, (%rsi)		# in 1
1:	done
	end two_sites

	# One or the other.
	global either_site
	testl %edi, %edi
	je 1f
	site eax rax knob=either	# ; independent
	cmpl %eax, %esi			# in 2
	jg 2f				# in 2
	nop
2:	done
1:	site ecx rcx knob=either	# ; independent
	cmpl %ecx, %esi			# in 3
	jg 2b				# in 3
	done
	end either_site

	# In a loop, and done with before the next round.
	global loop_done
1:	site eax rax knob=done		# ; independent
	cmpl %eax, %edi			# in 4
	jg 1b				# in 4
	done
	end loop_done

	# In a loop that carries it around.
	global loop_carried
	xorl %ecx, %ecx
1:	site eax rax knob=carried	# in 5 ; dependent by-loop !by-function
	addl %eax, %ecx			# in 5
	decl %edi			# in 5
	jne 1b				# in 5
	cmpl %ecx, %esi			# in 5
	jg 2f				# in 5
	nop
2:	done
	end loop_carried

	# A function that is called with the value still needed has a site itself.
	global calls_site
	pushq %rbx
	site ebx rbx knob=nested	# ; dependent by-function by-callee !by-loop
	call has_site			# in 6
	cmpl %ebx, %eax			# in 6
	jg 1f				# in 6
	nop
1:	xorl %eax, %eax
	popq %rbx
	ret
	end calls_site

	local has_site
	site ecx rcx knob=nested	# ; independent
	cmpl %ecx, %edi			# in 7
	jg 1f				# in 7
	nop
1:	movl $0, %eax
	ret
	end has_site

	# Other knobs do not matter, if they are in no group with it.
	global two_knobs
	site eax rax knob=one		# ; independent
	site ecx rcx knob=other		# in 8 ; independent
	cmpl %eax, %edi			# in 8 9
	jg 1f				# in 8 9
	cmpl %ecx, %edi			# in 9
	jg 1f				# in 9
	nop
1:	done
	end two_knobs

	global one_group
	site eax rax knob=low		# ; dependent by-function
	cmpl %eax, %edi			# in 10
	jg 1f				# in 10
	site ecx rcx knob=high		# in 10 ; dependent
	cmpl %ecx, %edi			# in 11
	jg 1f				# in 11
	nop
1:	done
	end one_group

	# Out of line: one invocation can reach both.
	global clamps
	site ecx rcx knob=clamp		# ; dependent by-function
	cmpl %ecx, %edi			# in 12
	jle 1f				# in 12
	call limits			# in 12
1:	done
	end clamps

	local limits
	site eax rax knob=clamp		# ; independent
	movl %eax, (%rsi)		# in 13
	done
	end limits

	# Nobody knows what it calls, and somebody unknown can call the other site.
	global calls_anything
	pushq %rbx
	site ebx rbx knob=wild		# ; dependent by-callee indirect-call
	call *%rsi			# in 14
	cmpl %ebx, %edi			# in 14
	jg 1f				# in 14
	nop
1:	popq %rbx
	done
	end calls_anything

	local called_by_anybody
	site ecx rcx knob=wild		# ; independent
	cmpl %ecx, %edi			# in 15
	jg 1f				# in 15
	nop
1:	done
	end called_by_anybody

	.pushsection .data
	.quad called_by_anybody
	.popsection

	global equal_to_memory
	site eax rax knob=memory	# ; equality
	cmpl %eax, (%rdi)		# in 16
	jne 1f				# in 16
	nop
1:	done
	end equal_to_memory

	global equal_to_loaded
	movl (%rdi), %ecx
	incl %ecx
	site eax rax knob=loaded	# ; equality
	cmpl %eax, %ecx			# in 17
	sete %al			# in 17
	movl $0, %eax
	ret
	end equal_to_loaded

	# A counter that began here cannot be beyond it.
	global equal_to_counter
	xorl %ecx, %ecx
1:	incl %ecx
	site eax rax knob=counter	# ; !equality
	cmpl %eax, %ecx			# in 18
	jne 1b				# in 18
	done
	end equal_to_counter

	global less_or_equal
	site eax rax knob=less		# ; !equality
	cmpl %eax, (%rdi)		# in 19
	jle 1f				# in 19
	nop
1:	done
	end less_or_equal
