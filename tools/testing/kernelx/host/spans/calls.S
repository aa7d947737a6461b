/* SPDX-License-Identifier: GPL-2.0 */
# Values that are passed to functions, and come back.
	.include "site.inc"

	# The caller waits in its span while the callee has the value.
	global passes
	site edi rdi			# ; pass !escapes independent
	call compares			# in 0
	done
	end passes

	local compares
	cmpl %edi, %esi
	setg %al
	movl $0, %eax
	ret
	end compares

	# Not an argument: rdx has it by chance.
	global leaves_over
	site edx rdx			# ; compare !escapes independent
	cmpl %edx, %esi			# in 1
	jg 1f				# in 1
	nop
1:	call compares
	done
	end leaves_over

	global keeps_over_call
	pushq %rbx
	site ebx rbx			# ; !escapes independent
	call nothing			# in 2
	cmpl %ebx, %eax			# in 2
	jg 1f				# in 2
	nop
1:	xorl %eax, %eax
	popq %rbx
	ret
	end keeps_over_call

	local nothing
	movl $3, %eax
	ret
	end nothing

	# The callee stores it.
	global passes_to_store
	site esi rsi			# ; pass escapes !indirect-call
	call stores			# in 3
	done
	end passes_to_store

	local stores
	movl %esi, (%rdi)
	done
	end stores

	# What the callee returns derives from it.
	global gets_back
	site edi rdi			# ; pass !escapes independent
	call increments			# in 4
	cmpl %eax, %esi			# in 4
	jg 1f				# in 4
	nop
1:	done
	end gets_back

	local increments
	leal 1(%rdi), %eax
	ret
	end increments

	# Through a callee's callee, by its tail call.
	global passes_on
	site edi rdi			# ; pass !escapes independent
	call passes_by_jump		# in 5
	cmpl %eax, %esi			# in 5
	jg 1f				# in 5
	nop
1:	done
	end passes_on

	local passes_by_jump
	movl $0, %esi
	jmp increments
	end passes_by_jump

	# Returned: the callers are in the span, their call included, from which the value comes
	# after returns_it() has left the stack, in a return thunk if there is one.
	local returns_it
	site eax rax			# ; return independent !unbounded !escapes
	ret				# in 6
	end returns_it

	global calls_returner
	nop
	call returns_it		# in 6
	cmpl %eax, %edi			# in 6
	jg 1f				# in 6
	nop
1:	done
	end calls_returner

	local jumps_to_returner
	jmp returns_it
	end jumps_to_returner

	global calls_jumper
	call jumps_to_returner		# in 6
	cmpl %eax, %edi			# in 6
	jg 1f				# in 6
	nop
1:	done
	end calls_jumper

	# The frame is gone: the callee is in the span itself.
	global jumps_away
	site edi rdi			# ; pass !escapes independent
	jmp compares_after_jump		# in 7
	end jumps_away

	local compares_after_jump
	cmpl %edi, %esi			# in 7
	jg 1f				# in 7
	nop
1:	movl $0, %eax
	ret
	end compares_after_jump

	# The seventh argument is on the stack.
	global passes_on_stack
	subq $8, %rsp
	site eax rax			# ; escapes
	pushq %rax			# in 8
	call takes_seven		# in 8
	xorl %edx, %edx
	addq $16, %rsp
	done
	end passes_on_stack

	local takes_seven
	movq 8(%rsp), %rax
	movq %rax, (%rdi)
	done
	end takes_seven

	# Nor is it one of the callee's callee.
	global leaves_over_twice
	site edx rdx			# ; compare !escapes independent
	cmpl %edx, %esi			# in 9
	jg 1f				# in 9
	nop
1:	call calls_comparer
	done
	end leaves_over_twice

	local calls_comparer
	call compares
	movl $0, %eax
	ret
	end calls_comparer

	# Into the cold part of a function and back.
	global has_cold_part
	site eax rax			# ; !escapes independent
	testl %edi, %edi		# in 10
	je has_cold_part.cold		# in 10
2:	cmpl %eax, %esi			# in 10
	jg 1f				# in 10
	nop
1:	done
	end has_cold_part

	.section .text.unlikely, "ax"
	.type has_cold_part.cold, @function
has_cold_part.cold:
	nop				# in 10
	jmp 2b				# in 10
	.size has_cold_part.cold, . - has_cold_part.cold
	.text
