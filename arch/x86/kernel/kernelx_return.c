// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX on x86-64: what a policy needs of the frame and the registers at a site.
 */
#include <linux/ftrace.h>
#include <linux/kernelx.h>
#include <linux/kprobes.h>
#include <linux/rethook.h>
#include <linux/sched.h>
#include <linux/stddef.h>
#include <asm/ptrace.h>
#include <asm/unwind.h>

#include "../../../kernel/kernelx/arch.h"

/**
 * struct arch_kernelx_registers - what kernelx_thunk.S has on the stack when it asks
 * @reg:	by the number that instructions have for them; that of the stack pointer
 *		is not its own.
 * @thunk:	return address to the thunk.
 * @site:	the record; the value when it returns.
 * @temporary:	the register that the thunk uses.
 * @address:	return address to the function that the site is in.
 */
struct arch_kernelx_registers {
	unsigned long reg[16];
	unsigned long thunk;
	const struct kernelx_site *site;
	unsigned long temporary;
	unsigned long address;
};

static_assert(offsetof(struct arch_kernelx_registers, site) == 17 * 8);
static_assert(sizeof(struct arch_kernelx_registers) == 20 * 8);

const struct kernelx_site *arch_kernelx_asking_site(const struct arch_kernelx_registers *registers)
{
	return registers->site;
}

void *arch_kernelx_object(const struct kernelx_site *site,
			  const struct arch_kernelx_registers *registers)
{
	if (site->object < 0 || site->object >= ARRAY_SIZE(registers->reg))
		return NULL;
	return (void *)registers->reg[site->object];
}

/* Behind what the call of the stub and what followed pushed is the stack of the site. */
unsigned long arch_kernelx_return_slot(const struct arch_kernelx_registers *registers,
				       unsigned int frame)
{
	return (unsigned long)(registers + 1) + frame - sizeof(long);
}

/* Tracers, and other instances, put their own address there and remember the true one. */
unsigned long arch_kernelx_return_address(unsigned long slot, bool *hooked)
{
	const unsigned long found = READ_ONCE_NOCHECK(*(unsigned long *)slot);
	unsigned long address = found, hook;
	struct llist_node *node = NULL;
	int index = 0;

	/* Either may have come first. */
	do {
		hook = address;
		address = ftrace_graph_ret_addr(current, &index, address,
						(unsigned long *)slot);
		if (is_rethook_trampoline(address))
			address = rethook_find_ret_addr(current, slot, &node);
	} while (address != hook);
	*hooked = address != found;
	return address;
}

unsigned long arch_kernelx_outer_slot(unsigned long slot)
{
	struct unwind_state state;

	/* The frame of the caller: its stack begins behind the slot. */
	unwind_start(&state, current, NULL, (unsigned long *)slot);
	if (unwind_done(&state) || unwind_error(&state) || state.sp != slot + sizeof(long))
		return 0;
	unwind_next_frame(&state);
	/* Nothing is returned to what was interrupted. */
	if (unwind_done(&state) || unwind_error(&state) || state.regs)
		return 0;
	return (unsigned long)unwind_get_return_address_ptr(&state);
}

/* Its own return must have no hook: that would be the older one, and come first. */
notrace void arch_kernelx_hook_return(struct rethook_node *node, unsigned long slot)
{
	struct pt_regs regs;

	/* Nothing else of it is looked at. */
	regs.sp = slot;
	rethook_hook(node, &regs, false);
}

NOKPROBE_SYMBOL(arch_kernelx_hook_return);
