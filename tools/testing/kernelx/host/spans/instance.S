/* SPDX-License-Identifier: GPL-2.0 */
# Functions that a stanza names as the instance: whole is in the function entire, part in
# outer, which calls it, twice in both of two functions.
	.include "site.inc"

	# From the first instruction to the last, wherever the value is.
	global entire
	pushq %rbx			# in 0
	movl %edi, %ebx			# in 0
1:	site eax rax knob=whole		# in 0 ; dependent by-stanza !by-loop !by-function
	cmpl %eax, %ebx			# in 0
	jg 1b				# in 0
	popq %rbx			# in 0
	xorl %eax, %eax		# in 0
	ret				# in 0
	end entire

	# A function with the name of another and more is another.
	global entire_other
	nop
	xorl %eax, %eax
	ret
	end entire_other

	# What the compiler has made of one has its name, a dot and more.
	local entire.isra.0
	nop				# in 0
	xorl %eax, %eax		# in 0
	ret				# in 0
	end entire.isra.0

	# The site is in what the function calls.
	global outer
	nop				# in 1
	call inner			# in 1
	nop				# in 1
	xorl %eax, %eax		# in 1
	ret				# in 1
	end outer

	local inner
	nop
	site ecx rcx knob=part		# ; dependent by-stanza by-callee !by-loop
	cmpl %ecx, %edi			# in 1
	jg 1f				# in 1
	nop
1:	xorl %eax, %eax
	ret
	end inner

	# Two functions that do not call each other.
	global one
	site eax rax knob=twice		# in 2 3 ; dependent by-stanza by-span
	cmpl %eax, %edi			# in 2 3
	jg 1f				# in 2 3
	nop				# in 2 3
1:	xorl %eax, %eax		# in 2 3
	ret				# in 2 3
	end one

	global two
	site ecx rcx knob=twice		# in 2 3 ; dependent by-stanza by-span
	cmpl %ecx, %edi			# in 2 3
	jg 1f				# in 2 3
	nop				# in 2 3
1:	xorl %eax, %eax		# in 2 3
	ret				# in 2 3
	end two
