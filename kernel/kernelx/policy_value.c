// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX policies: a value for an instance, asked for at a site.
 *
 * Runs in whatever context the site is in. Whatever goes wrong, the fixed value is in
 * force, and why is counted.
 */
#include <linux/cleanup.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <trace/events/kernelx.h>

#include "arch.h"
#include "internal.h"
#include "policy.h"
#include "spans.h"
#include "transition.h"

/* So often may a policy err without being right in between. */
#define ERRORS_IN_A_ROW	1000

/* Contexts that interrupt each other: task, softirq, hardirq, NMI. */
#define LEVEL_NMI	3
#define NR_LEVELS	4

/* A policy is being asked there: what it does may come by a site itself. */
static DEFINE_PER_CPU(u8[NR_LEVELS], asking);

static void count(const struct kernelx_policy_use *use,
		  enum kernelx_policy_counter counter)
{
	this_cpu_inc(use->counters->count[counter]);
}

/* The value is not what it should be. */
static noinline void refuse(struct kernelx_policy_use *use,
			    enum kernelx_policy_counter counter, s64 result)
{
	const u32 in_a_row = READ_ONCE(use->in_a_row) + 1;

	count(use, counter);
	trace_kernelx_policy_error(use->knob, use->policy->ops->name, result);
	WRITE_ONCE(use->in_a_row, in_a_row);
	if (in_a_row >= ERRORS_IN_A_ROW)
		kernelx_policy_stop(use->policy, KERNELX_POLICY_ERRS);
}

static u32 checked(struct kernelx_policy_use *use, s64 result, u32 fixed)
{
	const struct kernelx_knob *knob = use->knob;

	if (likely(result >= knob->min && result <= knob->max)) {
		if (unlikely(READ_ONCE(use->in_a_row)))
			WRITE_ONCE(use->in_a_row, 0);
		return result;
	}
	refuse(use, result < 0 ? KERNELX_POLICY_FAILED : KERNELX_POLICY_OUT_OF_RANGE, result);
	return fixed;
}

static void add_object(struct kernelx_policy_ctx *ctx, void *object)
{
	switch (ctx->knob->context) {
#define KERNELX_CONTEXT(tag)		\
	case KERNELX_CONTEXT_##tag:	\
		ctx->tag = object;	\
		break;
#include <linux/kernelx_contexts.h>
#undef KERNELX_CONTEXT
	default:
		break;
	}
}

static __always_inline u32 ask(struct kernelx_policy_use *use, struct kernelx_policy_ctx *ctx,
			       const struct kernelx_site *site,
			       const struct arch_kernelx_registers *registers, u32 fixed)
{
	ctx->knob = use->knob;
	ctx->site = (unsigned long)arch_kernelx_site_start(site);
	ctx->index = use->index;
	ctx->value = fixed;
	ctx->default_value = use->knob->default_value;
	/* The objects: not before, as this is much of what a simple policy costs. */
	memset_after(ctx, 0, first_value);
	if (ctx->knob->context != KERNELX_CONTEXT_none)
		add_object(ctx, arch_kernelx_object(site, registers));
	count(use, KERNELX_POLICY_ASKED);
	return checked(use, use->policy->ops->value(ctx), fixed);
}

/* Can the instance of a use at this site have another one? */
static bool may_be_one_of_several(const struct kernelx_site *site)
{
	const struct kernelx_facts *facts = kernelx_site_facts(site);

	return !facts || facts->flags & KERNELX_DEPENDENT;
}

/*
 * What @ctx says about the instance, which is remembered if it may have another use.
 * Return: false if it cannot be; then it must keep the fixed value.
 */
static noinline_for_stack notrace bool
begin_instance(struct kernelx_policy_use *use, struct kernelx_policy_ctx *ctx,
	       const struct kernelx_site *site,
	       const struct arch_kernelx_registers *registers,
	       struct kernelx_instance **instance)
{
	const struct kernelx_instance *first;

	first = kernelx_instance_first(site, registers, use->policy);
	if (first) {
		ctx->begins = 0;
		ctx->first_index = first->index;
		ctx->first_value = first->result;
	}
	/* Of this knob and its group, the instance has no other use. */
	if (!may_be_one_of_several(site))
		return true;
	*instance = kernelx_instance_begin(site, registers, use);
	if (*instance)
		return true;
	count(use, KERNELX_POLICY_INSTANCES_FULL);
	kernelx_policy_stop(use->policy, KERNELX_POLICY_NO_ROOM);
	return false;
}

/* With a hook on its return, no instance could be remembered (hooked_below()). */
NOKPROBE_SYMBOL(begin_instance);

/**
 * kernelx_policy_value() - the value for an instance, from the knob's policy
 * @site: where it is asked for
 * @registers: there
 * @asked: KERNELX_ASK_*
 *
 * Any context that a site can be in: takes no lock, allocates nothing, does not sleep.
 *
 * Return: the value that the policy chose, or the fixed one.
 */
notrace u32 kernelx_policy_value(const struct kernelx_site *site,
				 const struct arch_kernelx_registers *registers, u32 asked)
{
	const struct kernelx_value *value = kernelx_site_value(site);
	const u8 level = interrupt_context_level();
	struct kernelx_instance *instance = NULL;
	struct kernelx_policy_use *use;
	struct kernelx_policy_ctx ctx;
	u32 result;

	/* Without it, nobody may even look which policy there is. */
	if (unlikely(!rcu_is_watching())) {
		kernelx_count(KERNELX_COUNT_NO_RCU);
		return READ_ONCE(value->value);
	}
	if (asked & KERNELX_ASK_INSTANCE &&
	    kernelx_instance_find(site, registers, &result))
		return result;
	result = READ_ONCE(value->value);
	guard(preempt_notrace)();
	/* Pairs with rcu_assign_pointer() in policy.c. */
	use = rcu_dereference_sched(value->policy);
	if (unlikely(!use || READ_ONCE(use->policy->stop)))
		return result;
	if (unlikely(level == LEVEL_NMI)) {
		count(use, KERNELX_POLICY_CONTEXT);
		return result;
	}
	if (unlikely(this_cpu_read(asking[level]))) {
		count(use, KERNELX_POLICY_RECURSION);
		return result;
	}
	this_cpu_write(asking[level], 1);
	ctx.begins = !(asked & KERNELX_ASK_EACH);
	ctx.first_index = use->index;
	ctx.first_value = result;
	if (!(asked & KERNELX_ASK_INSTANCE) ||
	    begin_instance(use, &ctx, site, registers, &instance)) {
		result = ask(use, &ctx, site, registers, result);
		if (instance)
			kernelx_instance_remember(instance, result);
	}
	this_cpu_write(asking[level], 0);
	return result;
}

NOKPROBE_SYMBOL(kernelx_policy_value);
