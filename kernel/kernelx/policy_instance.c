// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX policies: which value an instance of a dependent knob began with.
 *
 * An instance lasts until the function that it began in returns, or the one that a value
 * is returned to, and so on. It is remembered by a hook on that return (rethook, as
 * kretprobes use it), so that it is forgotten just then, and a stack with it is still
 * unwound reliably. What belongs to it:
 *  - uses of the knob in the frame that it began in, or that the value is returned to;
 *  - uses in functions that those call, unless that is the same function once more.
 * An interrupt on the same stack has instances of its own.
 *
 * When a policy is attached, no instance is under way that has the fixed value and is
 * not remembered: the transition has waited for them. When it is gone, instances keep
 * what they began with, and the next transition waits for them, too.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/container_of.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rethook.h>
#include <linux/sched.h>

#include "arch.h"
#include "internal.h"
#include "policy.h"
#include "spans.h"

/* Instances that can be remembered at a time: for tasks that sleep in one. */
#define INSTANCES_PER_CPU	256
#define MIN_INSTANCES		1024

/* Made with the first policy that needs it, and never freed. */
static struct rethook *hook;

/**
 * kernelx_instances_end() - is it known of all sites of a knob when their instances end?
 * @knob: the knob
 *
 * Context: kernelx_mutex is held.
 */
bool kernelx_instances_end(const struct kernelx_knob *knob)
{
	const struct kernelx_facts *facts;
	unsigned int i;

	lockdep_assert_held(&kernelx_mutex);
	for (i = 0; i < knob->nr_sites; i++) {
		facts = kernelx_site_facts(knob->sites[i]);
		if (!facts || (facts->flags & KERNELX_DEPENDENT && !facts->frame))
			return false;
	}
	return true;
}

/* It is all in the node, which rethook recycles. */
static void instance_ends(struct rethook_node *node, void *data,
			  unsigned long address, struct pt_regs *regs)
{
}

/**
 * kernelx_instances_prepare() - make room for instances
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0 or -ENOMEM.
 */
int kernelx_instances_prepare(void)
{
	struct rethook *made;

	lockdep_assert_held(&kernelx_mutex);
	if (hook)
		return 0;
	made = rethook_alloc(NULL, instance_ends, sizeof(struct kernelx_instance),
			     max(INSTANCES_PER_CPU * num_possible_cpus(), MIN_INSTANCES));
	if (IS_ERR(made))
		return PTR_ERR(made);
	/* Read by who was asked for it in a transition that begins later. */
	WRITE_ONCE(hook, made);
	return 0;
}

static bool belongs(const struct kernelx_instance *instance,
		    const struct kernelx_site *site, unsigned long slot)
{
	if (slot == instance->slot || slot == instance->node.frame)
		return true;
	/* In a function that is called; or in the same one, once more. */
	return kernelx_site_function(site) != kernelx_site_function(instance->site);
}

/* The next older one that a use at the site belongs to, or NULL. */
static const struct kernelx_instance *
next_instance(const struct llist_node **node, const struct kernelx_site *site,
	      unsigned long slot)
{
	const struct rethook *mine = READ_ONCE(hook);
	const u8 level = interrupt_context_level();
	const struct kernelx_instance *instance;

	while (*node) {
		instance = container_of(*node, struct kernelx_instance, node.llist);
		*node = (*node)->next;
		/* One of an earlier policy may not have come to its return yet. */
		if (instance->node.rethook == mine && instance->level == level &&
		    instance->epoch == kernelx_policy_epoch(instance->knob) &&
		    belongs(instance, site, slot))
			return instance;
	}
	return NULL;
}

static unsigned long slot_of_site(const struct kernelx_site *site,
				  const struct arch_kernelx_registers *registers)
{
	const struct kernelx_facts *facts = kernelx_site_facts(site);

	/* Without a frame, nobody knows when it ends. */
	if (!facts || !facts->frame)
		return 0;
	return arch_kernelx_return_slot(registers, facts->frame);
}

/**
 * kernelx_instance_find() - has the current instance a value?
 * @site: where a value is needed
 * @registers: there
 * @result: where the value goes
 *
 * Any context.
 *
 * Return: true if it has one.
 */
bool kernelx_instance_find(const struct kernelx_site *site,
			   const struct arch_kernelx_registers *registers, u32 *result)
{
	const struct llist_node *node = current->rethooks.first;
	const struct kernelx_instance *instance;
	unsigned long slot;

	if (!node)
		return false;
	slot = slot_of_site(site, registers);
	while ((instance = next_instance(&node, site, slot))) {
		if (instance->knob->value != kernelx_site_value(site))
			continue;
		*result = instance->result;
		return true;
	}
	return false;
}

NOKPROBE_SYMBOL(kernelx_instance_find);

/**
 * kernelx_instance_first() - what a policy chose first for the current instance
 * @site: where a value is needed
 * @registers: there
 * @policy: the policy
 *
 * Any context.
 *
 * Return: the instance of that knob, or NULL if it begins just now.
 */
const struct kernelx_instance *
kernelx_instance_first(const struct kernelx_site *site,
		       const struct arch_kernelx_registers *registers,
		       const struct kernelx_policy *policy)
{
	const struct kernelx_instance *instance, *first = NULL;
	const struct llist_node *node = current->rethooks.first;
	unsigned long slot;

	if (!node)
		return NULL;
	slot = slot_of_site(site, registers);
	while ((instance = next_instance(&node, site, slot)))
		if (instance->policy == policy)
			first = instance;
	return first;
}

NOKPROBE_SYMBOL(kernelx_instance_first);

static bool begins_there(const struct kernelx_hit *hit, void *site)
{
	return hit->site != site;
}

/* Is a value of the site needed at this address? */
static bool lives_at(unsigned long address, const struct kernelx_site *site)
{
	return !kernelx_spans_at(address, begins_there, (void *)site);
}

/*
 * The return that ends an instance: beyond those with which a value is returned. Return: 0
 * if that cannot be hooked. A hook below another one would be called before it, and what
 * hooks returns takes them to come in the order of the stack.
 */
static unsigned long last_slot(const struct kernelx_site *site, unsigned long slot)
{
	unsigned long address;
	bool hooked;

	while (slot) {
		address = arch_kernelx_return_address(slot, &hooked);
		if (address && !lives_at(address, site))
			return slot;
		if (!address || hooked)
			return 0;
		slot = arch_kernelx_outer_slot(slot);
	}
	return 0;
}

/*
 * Has somebody hooked the return of what runs below the function, such as that of a thunk?
 * Hooks must be as the stack is, so there can be none for the function any more.
 */
static __always_inline bool hooked_below(unsigned long slot)
{
	const unsigned long here = (unsigned long)__builtin_frame_address(0);
	const struct llist_node *node = current->rethooks.first;
	unsigned long frame;

	if (!node)
		return false;
	frame = container_of(node, struct rethook_node, llist)->frame;
	return frame >= here && frame < slot;
}

/**
 * kernelx_instance_begin() - remember that an instance begins
 * @site: that it begins with
 * @registers: there
 * @use: the policy of the knob
 *
 * Any context with preemption disabled.
 *
 * Return: the instance, or NULL if it cannot be remembered.
 */
notrace struct kernelx_instance *
kernelx_instance_begin(const struct kernelx_site *site,
		       const struct arch_kernelx_registers *registers,
		       const struct kernelx_policy_use *use)
{
	struct kernelx_instance *instance;
	struct rethook_node *node;
	unsigned long slot, last;

	slot = slot_of_site(site, registers);
	last = last_slot(site, slot);
	if (!last || hooked_below(last))
		return NULL;
	node = rethook_try_get(READ_ONCE(hook));
	if (!node)
		return NULL;
	instance = container_of(node, struct kernelx_instance, node);
	instance->knob = use->knob;
	instance->epoch = kernelx_policy_epoch(use->knob);
	instance->policy = use->policy;
	instance->site = site;
	instance->slot = slot;
	instance->index = use->index;
	instance->level = interrupt_context_level();
	instance->result = READ_ONCE(use->knob->value->value);
	arch_kernelx_hook_return(node, last);
	return instance;
}

NOKPROBE_SYMBOL(kernelx_instance_begin);

/* From now on all uses of the instance get @result. */
void kernelx_instance_remember(struct kernelx_instance *instance, u32 result)
{
	instance->result = result;
}
