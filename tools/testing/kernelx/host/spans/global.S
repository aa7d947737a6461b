/* SPDX-License-Identifier: GPL-2.0 */
# single object: what is global may be called from others.
	.include "site.inc"

	global returns_to_others
	site eax rax			# ; return unbounded unknown-caller
	ret				# in 0
	end returns_to_others

	local returns_to_us
	site eax rax			# ; return !unbounded !unknown-caller
	ret				# in 1
	end returns_to_us

	global calls_ours
	call returns_to_us		# in 1
	cmpl %eax, %edi			# in 1
	jg 1f				# in 1
	nop
1:	done
	end calls_ours
