/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_ARCH_H
#define _KERNEL_KERNELX_ARCH_H

#include <linux/types.h>

/**
 * struct kernelx_site - record of one site, made by KERNELX() when compiled
 * @site:	where the bytes are that are patched, relative to this field.
 * @stub:	where its stub is, relative to this field.
 * @value:	the struct kernelx_value of its knob, relative to this field.
 * @min:	least value that the code around it was compiled for.
 * @max:	greatest value that it was compiled for.
 * @object: the register that holds the object a policy may look at, or -1.
 *
 * Read-only; a stub points at its record, so records are never moved or
 * sorted.
 */
struct kernelx_site {
	s32 site;
	s32 stub;
	s32 value;
	u32 min;
	u32 max;
	s32 object;
};

static inline void *kernelx_site_address(const struct kernelx_site *site)
{
	return (void *)&site->site + site->site;
}

static inline void *kernelx_site_stub(const struct kernelx_site *site)
{
	return (void *)&site->stub + site->stub;
}

static inline struct kernelx_value *
kernelx_site_value(const struct kernelx_site *site)
{
	return (void *)&site->value + site->value;
}

/**
 * enum kernelx_form - what the text at a site is
 * @KERNELX_FORM_BAD:		neither of the two: somebody else wrote there.
 * @KERNELX_FORM_DIRECT:	the value is in the instruction.
 * @KERNELX_FORM_INDIRECT:	a call of the site's stub.
 */
enum kernelx_form {
	KERNELX_FORM_BAD,
	KERNELX_FORM_DIRECT,
	KERNELX_FORM_INDIRECT,
};

/* Bytes that are written at a site's address. */
unsigned int arch_kernelx_site_size(void);

/* Bytes of a stub. */
unsigned int arch_kernelx_stub_size(void);

/* Where the instruction begins: before its address if it has a prefix. */
const void *arch_kernelx_site_start(const struct kernelx_site *site);

/**
 * arch_kernelx_read_site() - decode the text at a site
 * @site:	the site
 * @value:	where the value goes if the form is direct
 *
 * Any context; the text may not be freed meanwhile.
 *
 * Return: the form.
 */
enum kernelx_form arch_kernelx_read_site(const struct kernelx_site *site,
					 u32 *value);

/**
 * arch_kernelx_write_begin() - start a batch of site writes
 *
 * Between this and arch_kernelx_write_end(), all sites of a batch must be
 * given in ascending order of their addresses. May sleep; takes
 * cpu_hotplug_lock (but while the system boots) and text_mutex.
 */
void arch_kernelx_write_begin(void);

/* Queue a change to the indirect form. */
void arch_kernelx_write_indirect(const struct kernelx_site *site);

/* Queue a change from the indirect to the direct form with @value. */
void arch_kernelx_write_direct(const struct kernelx_site *site, u32 value);

/*
 * Carry the batch out. When it returns, every CPU executes what was written;
 * before, each executes either the old or the new form of each site.
 */
void arch_kernelx_write_end(void);

struct task_struct;

/* Return: true to be told of more. */
typedef bool (*kernelx_frame_fn)(unsigned long address, void *data);

/**
 * arch_kernelx_walk_stack() - the instructions that a task will go on with
 * @task:	the current one, or one that cannot run meanwhile
 * @visit:	called for each frame, from the latest on: with the address of the
 *		instruction that was interrupted, or of the last byte of the call
 *		that has not returned. All stacks of an interrupted task belong to it.
 * @data:	for @visit
 *
 * Any context. Of the current task, the frames of this function and its callers
 * come first.
 *
 * Return: true if all frames were visited; false if @visit wanted no more, or if the
 * stack cannot be relied upon.
 */
bool arch_kernelx_walk_stack(struct task_struct *task, kernelx_frame_fn visit,
			     void *data);

/*
 * In an IPI: has it interrupted user space? Then the stacks of the current task have
 * nothing but the way of an interrupt to here, and that has no site (kernelx_kunit.c).
 * May say no where it has.
 */
bool arch_kernelx_interrupts_user(void);

/*
 * Is a value of a site on its way to the register there? Stubs count or do not: they
 * only know the site, not the value.
 */
bool arch_kernelx_in_thunk(unsigned long address);

struct arch_kernelx_registers;
struct rethook_node;

/* --- for policies: at a site that asks --- */

/* The record of the site. */
const struct kernelx_site *
arch_kernelx_asking_site(const struct arch_kernelx_registers *registers);

/* The object that a policy may look at, or NULL. */
void *arch_kernelx_object(const struct kernelx_site *site,
			  const struct arch_kernelx_registers *registers);

/**
 * arch_kernelx_return_slot() - where the return address of a site's function is
 * @registers: at the site
 * @frame: bytes from the stack pointer to the canonical frame address, not 0
 *
 * Return: its address.
 */
unsigned long arch_kernelx_return_slot(const struct arch_kernelx_registers *registers,
				       unsigned int frame);

/* The address itself. @hooked: something else is called before it. */
unsigned long arch_kernelx_return_address(unsigned long slot, bool *hooked);

/* The same of the caller of the function that returns through @slot, or 0 if unknown. */
unsigned long arch_kernelx_outer_slot(unsigned long slot);

/**
 * arch_kernelx_hook_return() - let a function return by way of rethook
 * @node: the hook
 * @slot: where its return address is
 *
 * Any context with preemption disabled, in a function that the one in question called.
 */
void arch_kernelx_hook_return(struct rethook_node *node, unsigned long slot);

#endif /* _KERNEL_KERNELX_ARCH_H */
