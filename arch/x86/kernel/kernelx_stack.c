// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX on x86-64: the instructions that a task will go on with.
 */
#include <linux/kernelx.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/unwind.h>

#include "../../../kernel/kernelx/arch.h"

/* From the linker script: the thunks, and the stubs of vmlinux. */
extern const char __kernelx_text_start[], __kernelx_text_end[];

bool arch_kernelx_in_thunk(unsigned long address)
{
	return address >= (unsigned long)__kernelx_text_start &&
	       address < (unsigned long)__kernelx_text_end;
}

/*
 * As arch_stack_walk_reliable(), which does not tell return addresses from those of
 * instructions that were interrupted. Of a call, the byte before the address that it
 * returns to is given: it is the call that a span contains, or does not.
 */
static bool walk(struct task_struct *task, kernelx_frame_fn visit, void *data)
{
	struct unwind_state state;
	unsigned long address;
	struct pt_regs *regs;

	for (unwind_start(&state, task, NULL, NULL);
	     !unwind_done(&state) && !unwind_error(&state);
	     unwind_next_frame(&state)) {
		regs = unwind_get_entry_regs(&state, NULL);
		if (regs && user_mode(regs))
			return true;
		/* None: code that nobody knows about. */
		address = unwind_get_return_address(&state);
		if (!address || !visit(address - !state.signal, data))
			return false;
	}
	return !unwind_error(&state);
}

/*
 * An interrupt of the kernel has a stack of its own, or that of an interrupt it interrupts.
 * Only one of user space is handled on the stack of the task (call_on_irqstack_cond()).
 */
bool arch_kernelx_interrupts_user(void)
{
	return in_hardirq() && on_thread_stack();
}

bool arch_kernelx_walk_stack(struct task_struct *task, kernelx_frame_fn visit,
			     void *data)
{
	bool complete;

	/* Dead, and its stack is gone: there is nothing that it goes on with. */
	if (!try_get_task_stack(task))
		return true;
	complete = walk(task, visit, data);
	put_task_stack(task);
	return complete;
}
