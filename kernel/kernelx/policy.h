/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_POLICY_H
#define _KERNEL_KERNELX_POLICY_H

/*
 * The parts of policies, and who calls whom:
 *
 *	policy_bpf.c		struct_ops: what BPF makes known
 *	policy.c		attach, detach, the watchdog
 *	policy_value.c		asks at a site
 *	policy_instance.c	which value an instance began with
 */

#include <linux/errno.h>
#include <linux/irq_work.h>
#include <linux/kernelx.h>
#include <linux/kernelx_policy.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rethook.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct arch_kernelx_registers;
struct kernelx_facts;
struct kernelx_policy;
struct kernelx_site;
struct seq_buf;

/* What is counted for a knob: what(name, text). The text is a line of its file policy. */
#define KERNELX_POLICY_COUNTERS(what)					\
	what(ASKED,		asked)					\
	what(OUT_OF_RANGE,	out_of_range)				\
	what(FAILED,		failed)					\
	what(RECURSION,		recursion)				\
	what(CONTEXT,		context)				\
	what(INSTANCES_FULL,	instances_full)

enum kernelx_policy_counter {
#define COUNTER(name, text) KERNELX_POLICY_##name,
	KERNELX_POLICY_COUNTERS(COUNTER)
#undef COUNTER
	KERNELX_NR_POLICY_COUNTERS
};

/* Why a policy is no longer asked though its link is there. */
enum kernelx_policy_stop {
	KERNELX_POLICY_RUNS,
	KERNELX_POLICY_ERRS,		/* out of range or failed, time after time */
	KERNELX_POLICY_NO_ROOM,		/* an instance could not be remembered */
	KERNELX_NR_POLICY_STOPS
};

struct kernelx_policy_counters {
	unsigned long count[KERNELX_NR_POLICY_COUNTERS];
};

/**
 * struct kernelx_policy_use - a policy that chooses the values of a knob
 * @policy:	the policy.
 * @knob:	the knob.
 * @counters:	those of the knob.
 * @index:	of the knob in the policy's list.
 * @in_a_row:	how often it has erred since it was right; about.
 */
struct kernelx_policy_use {
	struct kernelx_policy *policy;
	struct kernelx_knob *knob;
	struct kernelx_policy_counters __percpu *counters;
	u32 index;
	u32 in_a_row;
};

/**
 * struct kernelx_policy - a policy that is attached
 * @ops:	what BPF has registered.
 * @link:	by which link; a policy can have several, one after the other.
 * @list:	all of them; kernelx_mutex.
 * @stop:	it is no longer asked; set once.
 * @leave:	tells @work from any context.
 * @work:	detaches it, because of @stop.
 * @left:	and has done so.
 * @nr:		how many knobs.
 * @uses:	one for each of them.
 */
struct kernelx_policy {
	const struct kernelx_policy_ops *ops;
	const void *link;
	struct list_head list;
	enum kernelx_policy_stop stop;
	struct irq_work leave;
	struct work_struct work;
	bool left;
	unsigned int nr;
	struct kernelx_policy_use uses[] __counted_by(nr);
};

/* policy.c */
int kernelx_policy_check(const struct kernelx_policy_ops *ops);
int kernelx_policy_attach(const struct kernelx_policy_ops *ops, const void *link);
void kernelx_policy_detach(const struct kernelx_policy_ops *ops, const void *link);
u32 kernelx_policy_epoch(const struct kernelx_knob *knob);
void kernelx_policy_stop(struct kernelx_policy *policy, enum kernelx_policy_stop why);

/**
 * struct kernelx_instance - an instance and its value
 * @node:	the hook on the return of the function that it ends with.
 * @knob:	whose.
 * @epoch:	of the knob when it began.
 * @policy:	that chose it; it may be gone.
 * @site:	that it began with.
 * @slot:	where the return address of the function is that it began in.
 * @index:	of the knob in the policy's list.
 * @result:	what all of its uses get.
 * @level:	the context that it is in.
 */
struct kernelx_instance {
	struct rethook_node node;
	const struct kernelx_knob *knob;
	const struct kernelx_policy *policy;
	const struct kernelx_site *site;
	unsigned long slot;
	u32 epoch;
	u32 index;
	u32 result;
	u8 level;
};

/* policy_instance.c */
int kernelx_instances_prepare(void);
bool kernelx_instances_end(const struct kernelx_knob *knob);
bool kernelx_instance_find(const struct kernelx_site *site,
			   const struct arch_kernelx_registers *registers, u32 *result);
const struct kernelx_instance *
kernelx_instance_first(const struct kernelx_site *site,
		       const struct arch_kernelx_registers *registers,
		       const struct kernelx_policy *policy);
struct kernelx_instance *
kernelx_instance_begin(const struct kernelx_site *site,
		       const struct arch_kernelx_registers *registers,
		       const struct kernelx_policy_use *use);
void kernelx_instance_remember(struct kernelx_instance *instance, u32 result);

#endif /* _KERNEL_KERNELX_POLICY_H */
