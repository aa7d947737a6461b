/* SPDX-License-Identifier: GPL-2.0 */
# Values in registers that a function could change, over calls that keep them.
	.include "site.inc"

	# What asm statements call to let others run saves all registers.
	global over_thunk
	site ecx rcx			# ; !escapes independent !assembly
	call preempt_schedule_thunk	# in 0
	cmpl %ecx, %edi			# in 0
	jg 1f				# in 0
	nop
1:	done
	end over_thunk

	# And takes nothing.
	global before_thunk
	site edi rdi			# ; !escapes independent
	cmpl %edi, %esi			# in 1
	jg 1f				# in 1
	nop
1:	call preempt_schedule_thunk
	done
	end before_thunk

	.macro thunk name:req
	.globl \name
	.type \name, @function
\name:
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	call schedules
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	ret
	.size \name, . - \name
	.endm

	thunk preempt_schedule_thunk

	local schedules
	movl $0, %eax
	movl $0, %ecx
	movl $0, %edi
	movl $0, %r8d
	ret
	end schedules

	# The same by static calls, in this object or another.
	global over_static_call
	site eax rax			# ; !escapes independent !assembly
	decl %gs:4			# in 2
	je 2f				# in 2
1:	cmpl %eax, %edi			# in 2
	jg 3f				# in 2
	nop
3:	done
2:	call __SCT__preempt_schedule	# in 2
	jmp 1b				# in 2
	end over_static_call

	.globl __SCT__preempt_schedule
	.type __SCT__preempt_schedule, @function
__SCT__preempt_schedule:
	jmp preempt_schedule_thunk
	.size __SCT__preempt_schedule, . - __SCT__preempt_schedule

	global over_static_call_elsewhere
	site r8d r8			# ; !escapes independent !assembly
	call __SCT__preempt_schedule_notrace # in 3
	cmpl %r8d, %edi			# in 3
	jg 1f				# in 3
	nop
1:	done
	end over_static_call_elsewhere

	# One that a function stands behind keeps to the convention.
	global over_function
	site ecx rcx			# ; !escapes independent
	cmpl %ecx, %esi			# in 4
	jg 1f				# in 4
	nop
1:	call __SCT__cond_resched
	testb %cl, %cl
	done
	end over_function

	.globl __SCT__cond_resched
	.type __SCT__cond_resched, @function
__SCT__cond_resched:
	ret
	.size __SCT__cond_resched, . - __SCT__cond_resched

	# An address in the frame is kept as well.
	global address_over_thunk
	subq $24, %rsp
	movq %rsp, %rcx
	site eax rax			# ; !escapes independent !independent,frame
	movl %eax, 8(%rsp)		# in 5
	call preempt_schedule_thunk	# in 5
	movl 8(%rcx), %edx		# in 5
	cmpl %edx, %edi			# in 5
	jg 1f				# in 5
	nop
1:	addq $24, %rsp
	done
	end address_over_thunk

	# Whether other assembly keeps it, who knows: it may lead there, or elsewhere.
	global address_over_assembly
	subq $24, %rsp
	movq %rsp, %rsi
	site r9d r9			# ;
	movl %r9d, 8(%rsp)		# in 6
	call __put_user_nocheck_4	# in 6
	movl 8(%rsi), %edx		# in 6
	cmpl %edx, %edi			# in 6
	jg 1f				# in 6
	nop
1:	addq $24, %rsp
	done
	end address_over_assembly

	global store_over_assembly
	subq $24, %rsp
	movq %rsp, %rsi
	site r9d r9			# ;
	movl %r9d, 8(%rsp)		# in 7
	call __put_user_nocheck_4	# in 7
	movl $0, 8(%rsi)		# in 7
	movl 8(%rsp), %edx		# in 7
	cmpl %edx, %edi			# in 7
	jg 1f				# in 7
	nop
1:	addq $24, %rsp
	done
	end store_over_assembly
