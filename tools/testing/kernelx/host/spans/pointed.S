/* SPDX-License-Identifier: GPL-2.0 */
# What others do with values in the frame, by its address.
	.include "site.inc"

	# The same, and the frame is gone.
	.macro done_24
	addq $24, %rsp
	done
	.endm

	# A callee is seen to read it: that is no assumption.
	global reads
	subq $24, %rsp
	site eax rax			# ; escapes !address-taken independent
	movl %eax, 8(%rsp)		# in 0
	movq %rsp, %rdi			# in 0
	call reads_second		# in 0
	done_24
	end reads

	local reads_second
	cmpl %esi, 8(%rdi)
	setg %al
	movl $0, %eax
	ret
	end reads_second

	# It reads something else, and that is all that is known of it.
	global reads_other
	subq $24, %rsp
	site eax rax			# ; escapes address-taken independent
	movl %eax, 12(%rsp)		# in 1
	movq %rsp, %rdi			# in 1
	call reads_second		# in 1
	done_24
	end reads_other

	# By a callee of the callee, which gets a pointer to a part; the last by a jump.
	global reads_deeper
	subq $24, %rsp
	site eax rax			# ; escapes !address-taken independent
	movl %eax, 12(%rsp)		# in 2
	movq %rsp, %rdi			# in 2
	call passes_part		# in 2
	done_24
	end reads_deeper

	local passes_part
	pushq %rbx
	movq %rdi, %rbx
	call nothing
	leaq 4(%rbx), %rdi
	popq %rbx
	jmp reads_second
	end passes_part

	local nothing
	movl $3, %eax
	ret
	end nothing

	# It comes back.
	global gets_back
	subq $24, %rsp
	site eax rax			# ; escapes !address-taken independent
	movl %eax, 8(%rsp)		# in 3
	movq %rsp, %rdi			# in 3
	call returns_second		# in 3
	cmpl %eax, %esi			# in 3
	jg 1f				# in 3
	nop
1:	done_24
	end gets_back

	local returns_second
	movl 8(%rdi), %eax
	incl %eax
	ret
	end returns_second

	# ... in another place of the structure.
	global gets_back_in_place
	subq $24, %rsp
	site eax rax			# ; escapes !address-taken independent
	movl %eax, 8(%rsp)		# in 4
	movq %rsp, %rdi			# in 4
	call copies_second		# in 4
	movl (%rsp), %ecx		# in 4
	cmpl %ecx, %esi			# in 4
	jg 1f				# in 4
	nop
1:	done_24
	end gets_back_in_place

	local copies_second
	movl 8(%rdi), %ecx
	movl %ecx, (%rdi)
	movl $0, %eax
	ret
	end copies_second

	# Tested for equality by who reads it.
	global is_tested
	subq $24, %rsp
	site eax rax			# ; escapes equality !address-taken independent
	movl %eax, 8(%rsp)		# in 5
	movq %rsp, %rdi			# in 5
	call tests_second		# in 5
	done_24
	end is_tested

	local tests_second
	movl 8(%rdi), %ecx
	cmpl %ecx, counter(%rip)
	movl $0, %eax
	je 1f
	movl $1, %eax
1:	ret
	end tests_second

	# What is behind a pointer from anywhere can be the frame, until it is read.
	global looks_by_pointer
	subq $24, %rsp
	movq %rsi, %rbx
	site eax rax			# ; escapes address-taken independent
	movl %eax, 8(%rsp)		# in 6
	movq %rsp, %rdi			# in 6
	movq %rdi, keeper(%rip)		# in 6
	call nothing			# in 6
	nop				# in 6
	movl (%rbx), %ecx		# in 6
	done_24
	end looks_by_pointer

	# The task is not there, nor are variables.
	global looks_at_task
	subq $24, %rsp
	movq %gs:const_pcpu_hot(%rip), %rbx
	site eax rax			# ; escapes address-taken independent
	movl %eax, 8(%rsp)		# in 7
	movq %rsp, %rdi			# in 7
	movq %rdi, keeper(%rip)		# in 7
	call nothing			# in 7
	nop
	movl 8(%rbx), %ecx
	movq %rbx, %rcx
	movl 8(%rcx), %ecx
	movl counter(%rip), %ecx
	done_24
	end looks_at_task

	# An index without a base can be any address.
	global looks_by_index
	subq $24, %rsp
	movq %rsi, %rbx
	site eax rax			# ; escapes address-taken independent
	movl %eax, 8(%rsp)		# in 8
	movq %rsp, %rdi			# in 8
	movq %rdi, keeper(%rip)		# in 8
	call nothing			# in 8
	nop				# in 8
	movl (,%rbx,8), %ecx		# in 8
	done_24
	end looks_by_index

	# A pointer to the task on one way only.
	global looks_at_either
	subq $24, %rsp
	movq %rsi, %rbx
	testl %ecx, %ecx
	je 1f
	movq %gs:const_pcpu_hot(%rip), %rbx
1:	site eax rax			# ; escapes address-taken independent
	movl %eax, 8(%rsp)		# in 9
	movq %rsp, %rdi			# in 9
	movq %rdi, keeper(%rip)		# in 9
	call nothing			# in 9
	nop				# in 9
	movl 8(%rbx), %ecx		# in 9
	done_24
	end looks_at_either

	# Any other call can find what was kept; the scheduler does not look.
	global calls_another
	subq $24, %rsp
	site eax rax			# ; escapes address-taken independent
	movl %eax, 8(%rsp)		# in 10
	movl 8(%rsp), %ecx		# in 10
	movq %rsp, %rdi			# in 10
	movq %rdi, keeper(%rip)		# in 10
	call nothing			# in 10
	call nothing			# in 10
	nop
	call __SCT__cond_resched
	done_24
	end calls_another

	# Elements of an array that are read again: no other slot depends on them.
	global keeps_in_array
	subq $104, %rsp
	site eax rax			# ; !escapes independent !independent,frame
	movl %eax, 8(%rsp,%rdi,4)	# in 11
	movl 8(%rsp,%rsi,4), %ecx	# in 11
	cmpl %ecx, %edi			# in 11
	jg 1f				# in 11
	nop
1:	addq $104, %rsp
	done
	end keeps_in_array

	# Another place, far away, that may be one of them for all that is known.
	global keeps_in_long_array
	subq $232, %rsp
	site eax rax			# ; !escapes independent,frame
	movl %eax, 8(%rsp,%rdi,4)	# in 12
	movl 208(%rsp), %ecx		# in 12
	cmpl %ecx, %edi			# in 12
	jg 1f				# in 12
	nop
1:	addq $232, %rsp
	done
	end keeps_in_long_array

	# Functions of which it is known what they do, wherever they are.
	global sets_timer
	site esi rsi			# ; escapes !external-call !by-callee independent
	call mod_timer			# in 13
	done
	end sets_timer

	global converts
	site edi rdi			# ; !escapes !external-call !by-callee independent
	call __msecs_to_jiffies		# in 14
	cmpl %eax, counter(%rip)	# in 14
	jg 1f				# in 14
	nop
1:	done
	end converts

	# Softirqs are in instances of their own, and so is who preempts.
	local interrupts
	pushq %rbx
	site ebx rbx knob=softirq	# ; !by-callee independent
	call enables			# in 15
	cmpl %ebx, counter(%rip)	# in 15
	jg 1f				# in 15
	nop
1:	popq %rbx
	done
	end interrupts

	local enables
	call do_softirq
	movl $0, %eax
	ret
	end enables

	local do_softirq
	call *%rdi
	ret
	end do_softirq

	.data
	.quad interrupts
	.bss
counter: .skip 8
keeper:	.skip 8
	.section .note.GNU-stack, "", @progbits
