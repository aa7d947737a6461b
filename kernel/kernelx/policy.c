// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX policies: attach, detach, and the watchdog.
 *
 * To attach a policy is a transition: at its end, the sites of its knobs stay indirect
 * and ask it. To detach it is one, too, but that cannot fail: from the moment at which
 * nobody is asked any more, instances that begin take the fixed value, and those that
 * have begun keep theirs. If the transition cannot be completed, a worker tries again;
 * until it succeeds, the knobs are busy.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/cleanup.h>
#include <linux/ctype.h>
#include <linux/lockdep.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <trace/events/kernelx.h>

#include "internal.h"
#include "policy.h"
#include "transition.h"

/* Between two attempts to detach what could not be detached in time. */
#define LEAVE_PERIOD	msecs_to_jiffies(500)

/* Knobs of one policy: what fits into its list. */
#define MOST_KNOBS	(KERNELX_POLICY_KNOBS_LENGTH / 4)

static LIST_HEAD(policies);

/*
 * For each knob, how many policies have been attached to it; made with the first policy.
 * Read by who was asked after that.
 */
static u32 *epochs;

/* Tells the instances of a policy from those of another one. */
u32 kernelx_policy_epoch(const struct kernelx_knob *knob)
{
	return READ_ONCE(epochs[knob - kernelx_knobs]);
}

static void leave_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(leave_work, leave_again);

static const char * const stop_names[KERNELX_NR_POLICY_STOPS] = {
	[KERNELX_POLICY_ERRS]		= "erred-in-a-row",
	[KERNELX_POLICY_NO_ROOM]	= "instances-full",
};

/* --- what is asked for --- */

static bool is_name(const char *name)
{
	const size_t length = strnlen(name, KERNELX_POLICY_NAME_LENGTH);
	size_t i;

	for (i = 0; i < length; i++)
		if (!isalnum(name[i]) && !strchr("_-.", name[i]))
			return false;
	/* It is shown in a file of its own, and pinned as one. */
	return length && length < KERNELX_POLICY_NAME_LENGTH && name[0] != '.';
}

/**
 * kernelx_policy_check() - is this a policy at all?
 * @ops: what BPF gives
 *
 * Return: 0, or -EINVAL and a message.
 */
int kernelx_policy_check(const struct kernelx_policy_ops *ops)
{
	if (!is_name(ops->name)) {
		pr_notice_ratelimited("policy: \"%*pE\" is no name, wanted: 1 to %d of letters, digits, '_', '-', '.'\n",
				      (int)strnlen(ops->name, sizeof(ops->name)), ops->name,
				      KERNELX_POLICY_NAME_LENGTH - 1);
		return -EINVAL;
	}
	if (strnlen(ops->knobs, sizeof(ops->knobs)) == sizeof(ops->knobs)) {
		pr_notice_ratelimited("policy %s: its list of knobs does not end, wanted: at most %d bytes\n",
				      ops->name, KERNELX_POLICY_KNOBS_LENGTH - 1);
		return -EINVAL;
	}
	if (!ops->value || ops->flags) {
		pr_notice_ratelimited("policy %s: %s\n", ops->name,
				      ops->value ? "it has flags that are not known, wanted: 0" :
						   "it has no program \"value\"");
		return -EINVAL;
	}
	return 0;
}

static bool has_knob(const struct kernelx_policy *policy, unsigned int nr,
		     const struct kernelx_knob *knob)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (policy->uses[i].knob == knob)
			return true;
	return false;
}

/* Fill in the knobs that the policy names. */
static int add_knobs(struct kernelx_policy *policy, const struct kernelx_policy_ops *ops)
{
	const char *text = ops->knobs, *word;
	struct kernelx_knob *knob;
	unsigned int nr = 0;

	for (;;) {
		text = skip_spaces(text);
		if (!*text)
			break;
		word = text;
		while (*text && !isspace(*text))
			text++;
		knob = kernelx_find_named(word, text - word);
		if (!knob || has_knob(policy, nr, knob)) {
			pr_notice_ratelimited("policy %s: \"%*pE\" %s\n", ops->name,
					      (int)(text - word), word,
					      knob ? "is named twice" :
						     "names no knob of this kernel, see /sys/kernel/kernelx");
			return knob ? -EINVAL : -ENOENT;
		}
		/* Shorter words than any knob's name would be refused before. */
		policy->uses[nr].policy = policy;
		policy->uses[nr].knob = knob;
		policy->uses[nr].index = nr;
		nr++;
	}
	policy->nr = nr;
	if (nr)
		return 0;
	pr_notice_ratelimited("policy %s: it names no knob\n", ops->name);
	return -EINVAL;
}

/* What sites shall ask: once for each instance if it has several uses. */
static u32 asks_of(const struct kernelx_knob *knob)
{
	if (!(kernelx_knob_flags(knob) & KERNELX_DEPENDENT))
		return KERNELX_ASK_POLICY;
	if (kernelx_mode_of(knob) == KERNELX_MODE_IMMEDIATE)
		return KERNELX_ASK_POLICY | KERNELX_ASK_EACH;
	return KERNELX_ASK_POLICY | KERNELX_ASK_INSTANCE;
}

static int check_knob(const struct kernelx_policy *policy, const struct kernelx_knob *knob)
{
	const char *name = policy->ops->name;

	if (knob->broken) {
		pr_err_ratelimited("policy %s: %s cannot be turned: %s\n", name, knob->name,
				   knob->broken);
		return -EIO;
	}
	if (knob->context == KERNELX_CONTEXT_none) {
		pr_notice_ratelimited("policy %s: %s takes none: nobody has said in the catalogue what a policy could look at there\n",
				      name, knob->name);
		return -EOPNOTSUPP;
	}
	if (knob->stuck) {
		pr_notice_ratelimited("policy %s: %s: an earlier transition is still being undone\n",
				      name, knob->name);
		return -EBUSY;
	}
	if (knob->asks || knob->policy.leaving) {
		pr_notice_ratelimited("policy %s: %s has a policy: %s%s\n", name, knob->name,
				      knob->policy.name,
				      knob->policy.leaving ? ", which is being detached" : "");
		return -EBUSY;
	}
	if (asks_of(knob) & KERNELX_ASK_INSTANCE && !kernelx_instances_end(knob)) {
		pr_notice_ratelimited("policy %s: %s: a frame with a site is not known, so that nobody knows when instances end; mode immediate asks for each use\n",
				      name, knob->name);
		return -EOPNOTSUPP;
	}
	return kernelx_lease_check(knob, NULL);
}

/* --- transitions --- */

static int transition(struct kernelx_policy *policy, bool attach)
{
	struct kernelx_change *changes __free(kfree) =
		kcalloc(policy->nr, sizeof(*changes), GFP_KERNEL);
	unsigned int i;
	int ret;

	if (!changes)
		return -ENOMEM;
	for (i = 0; i < policy->nr; i++) {
		changes[i].knob = policy->uses[i].knob;
		changes[i].value = kernelx_get(policy->uses[i].knob);
		changes[i].asks = attach ? asks_of(policy->uses[i].knob) : 0;
	}
	ret = kernelx_transition(changes, policy->nr);
	if (ret != -EOPNOTSUPP || attach)
		return ret;
	/*
	 * Asked for each use, and a module that has come meanwhile has one where nothing
	 * more than that can be promised: it is not promised for several knobs, either.
	 */
	for (i = 0, ret = 0; i < policy->nr && !ret; i++)
		ret = kernelx_transition(&changes[i], 1);
	return ret;
}

static int prepare_state(struct kernelx_policy_use *use)
{
	struct kernelx_policy_state *state = &use->knob->policy;
	unsigned int cpu;

	if (!state->counters)
		state->counters = alloc_percpu(struct kernelx_policy_counters);
	if (!state->counters)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(state->counters, cpu), 0, sizeof(*state->counters));
	use->counters = state->counters;
	return 0;
}

/* From now on nobody is asked any more who has not been. */
static void forget(struct kernelx_policy *policy)
{
	unsigned int i;

	for (i = 0; i < policy->nr; i++)
		RCU_INIT_POINTER(policy->uses[i].knob->value->policy, NULL);
}

static int attach_locked(struct kernelx_policy *policy)
{
	struct kernelx_policy_use *use;
	bool instances = false;
	unsigned int i;
	int ret;

	for (i = 0; i < policy->nr; i++) {
		use = &policy->uses[i];
		ret = check_knob(policy, use->knob);
		if (!ret)
			ret = prepare_state(use);
		if (ret)
			return ret;
		instances |= asks_of(use->knob) & KERNELX_ASK_INSTANCE;
	}
	if (!epochs)
		epochs = kcalloc(kernelx_nr_knobs, sizeof(*epochs), GFP_KERNEL);
	if (!epochs)
		return -ENOMEM;
	ret = instances ? kernelx_instances_prepare() : 0;
	if (ret)
		return ret;
	for (i = 0; i < policy->nr; i++) {
		use = &policy->uses[i];
		strscpy(use->knob->policy.name, policy->ops->name);
		use->knob->policy.stop = KERNELX_POLICY_RUNS;
		WRITE_ONCE(epochs[use->knob - kernelx_knobs],
			   epochs[use->knob - kernelx_knobs] + 1);
		/* Pairs with rcu_dereference_sched() in kernelx_policy_value(). */
		rcu_assign_pointer(use->knob->value->policy, use);
	}
	ret = transition(policy, true);
	if (ret)
		forget(policy);
	else
		list_add_tail(&policy->list, &policies);
	return ret;
}

static void leave_work_fn(struct work_struct *work);

static void leave_irq_fn(struct irq_work *leave)
{
	struct kernelx_policy *policy = container_of(leave, struct kernelx_policy, leave);

	schedule_work(&policy->work);
}

/* Nobody can come by it any more, and nobody is in it. */
static void free_policy(struct kernelx_policy *policy)
{
	/* Those who were asking may have told the watchdog. */
	synchronize_rcu();
	irq_work_sync(&policy->leave);
	cancel_work_sync(&policy->work);
	kfree(policy);
}

/* Its programs have one set of variables: so it is attached once at a time. */
static int check_single(const struct kernelx_policy_ops *ops)
{
	struct kernelx_policy *policy;

	guard(mutex)(&kernelx_mutex);
	list_for_each_entry(policy, &policies, list) {
		if (policy->ops != ops)
			continue;
		pr_notice_ratelimited("policy %s: attached already, by another link\n", ops->name);
		return -EBUSY;
	}
	return 0;
}

/**
 * kernelx_policy_attach() - let a policy choose the values of its knobs
 * @ops: the policy; it stays until kernelx_policy_detach()
 * @link: by which it is attached
 *
 * Context: may sleep; takes kernelx_mutex, cpu_hotplug_lock, text_mutex.
 *
 * Return: 0; -EINVAL, -ENOENT (what it names), -EBUSY (a knob has a policy or is leased, or
 * a task uses its value for too long), -EOPNOTSUPP, -ENOMEM, -EINTR, -EIO, or the error of
 * its init program. Then all is as it was.
 */
int kernelx_policy_attach(const struct kernelx_policy_ops *ops, const void *link)
{
	struct kernelx_policy *policy;
	int ret;

	policy = kzalloc(struct_size(policy, uses, MOST_KNOBS), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	policy->nr = MOST_KNOBS;
	policy->ops = ops;
	policy->link = link;
	init_irq_work(&policy->leave, leave_irq_fn);
	INIT_WORK(&policy->work, leave_work_fn);
	ret = add_knobs(policy, ops);
	if (!ret)
		ret = check_single(ops);
	if (!ret && ops->init)
		ret = ops->init();
	if (ret) {
		kfree(policy);
		return ret < 0 ? ret : -EINVAL;
	}
	ret = mutex_lock_interruptible(&kernelx_mutex);
	if (!ret) {
		ret = attach_locked(policy);
		trace_kernelx_policy_attach(ops->name, ops->knobs, ret);
		mutex_unlock(&kernelx_mutex);
	}
	if (!ret)
		return 0;
	free_policy(policy);
	if (ops->exit)
		ops->exit();
	return ret;
}

/* Return: false if some knobs are still busy with it. */
static bool leave(struct kernelx_policy *policy)
{
	unsigned int i;

	lockdep_assert_held(&kernelx_mutex);
	/* Another policy may have its knobs by now. */
	if (policy->left)
		return true;
	policy->left = !transition(policy, false);
	for (i = 0; i < policy->nr; i++)
		policy->uses[i].knob->policy.leaving = !policy->left;
	return policy->left;
}

/* Those that are no longer in the list of policies. Their programs may be gone. */
static LIST_HEAD(leaving);

static void leave_again(struct work_struct *work)
{
	struct kernelx_policy *policy, *next;
	LIST_HEAD(gone);

	scoped_guard(mutex, &kernelx_mutex) {
		list_for_each_entry_safe(policy, next, &leaving, list)
			if (leave(policy))
				list_move(&policy->list, &gone);
		if (!list_empty(&leaving))
			schedule_delayed_work(&leave_work, LEAVE_PERIOD);
	}
	list_for_each_entry_safe(policy, next, &gone, list)
		free_policy(policy);
}

/* Return: false if the worker has to complete it, and frees it. */
static bool take_off(struct kernelx_policy *policy)
{
	enum kernelx_policy_stop why;

	lockdep_assert_held(&kernelx_mutex);
	list_del(&policy->list);
	forget(policy);
	leave(policy);
	why = READ_ONCE(policy->stop);
	trace_kernelx_policy_detach(policy->ops->name, policy->ops->knobs,
				    why ? stop_names[why] : "link");
	if (policy->left)
		return true;
	list_add_tail(&policy->list, &leaving);
	schedule_delayed_work(&leave_work, LEAVE_PERIOD);
	return false;
}

static struct kernelx_policy *find_policy(const struct kernelx_policy_ops *ops,
					  const void *link)
{
	struct kernelx_policy *policy;

	list_for_each_entry(policy, &policies, list)
		if (policy->ops == ops && policy->link == link)
			return policy;
	return NULL;
}

/**
 * kernelx_policy_detach() - a policy's link goes
 * @ops: the policy
 * @link: the link
 *
 * When it returns, no program of the policy runs or will run. Fixed values are in force
 * for all instances that begin from now on.
 *
 * Context: may sleep; takes what kernelx_policy_attach() takes.
 */
void kernelx_policy_detach(const struct kernelx_policy_ops *ops, const void *link)
{
	struct kernelx_policy *policy;
	bool left = false;

	scoped_guard(mutex, &kernelx_mutex) {
		policy = find_policy(ops, link);
		if (policy)
			left = take_off(policy);
	}
	/* The worker frees it, or the watchdog has been here first. */
	if (left)
		free_policy(policy);
	else
		synchronize_rcu();
	if (ops->exit)
		ops->exit();
}

/**
 * kernelx_policy_stop() - do not ask a policy any more
 * @policy: the policy, which cannot go away meanwhile: RCU
 * @why: for people
 *
 * Any context. It is detached soon; its link stays.
 */
void kernelx_policy_stop(struct kernelx_policy *policy, enum kernelx_policy_stop why)
{
	if (cmpxchg(&policy->stop, KERNELX_POLICY_RUNS, why) == KERNELX_POLICY_RUNS)
		irq_work_queue(&policy->leave);
}

/* In a work item of its own, which cannot wait for itself: so it is freed by another. */
static void leave_work_fn(struct work_struct *work)
{
	struct kernelx_policy *policy = container_of(work, struct kernelx_policy, work);
	unsigned int i;

	guard(mutex)(&kernelx_mutex);
	/* Its link went first. */
	if (find_policy(policy->ops, policy->link) != policy)
		return;
	pr_warn("policy %s is detached: %s (see .meta/<knob>/policy)\n", policy->ops->name,
		stop_names[policy->stop]);
	for (i = 0; i < policy->nr; i++)
		policy->uses[i].knob->policy.stop = policy->stop;
	if (!take_off(policy))
		return;
	list_add_tail(&policy->list, &leaving);
	mod_delayed_work(system_wq, &leave_work, 0);
}

/* --- what people see --- */

static unsigned long sum_of(const struct kernelx_policy_state *state, unsigned int counter)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(state->counters, cpu)->count[counter]);
	return sum;
}

/**
 * kernelx_policy_show() - the text of .meta/<subsystem>/<knob>/policy
 * @knob: the knob
 * @buf: of PAGE_SIZE bytes
 *
 * Context: may sleep; takes kernelx_mutex.
 *
 * Return: bytes written, or -EINTR.
 */
ssize_t kernelx_policy_show(const struct kernelx_knob *knob, char *buf)
{
	static const char * const names[] = {
#define COUNTER(name, text)	\
		[KERNELX_POLICY_##name] = #text,
		KERNELX_POLICY_COUNTERS(COUNTER)
#undef COUNTER
	};
	const struct kernelx_policy_state *state = &knob->policy;
	unsigned int i;
	int length;

	if (mutex_lock_killable(&kernelx_mutex))
		return -EINTR;
	length = sysfs_emit(buf, "policy %s\n",
			    knob->asks && !state->leaving ? state->name : "none");
	for (i = 0; i < ARRAY_SIZE(names) && state->counters; i++)
		length += sysfs_emit_at(buf, length, "%s %lu\n", names[i], sum_of(state, i));
	if (state->counters && (!knob->asks || state->leaving))
		length += sysfs_emit_at(buf, length, "last %s\n", state->name);
	if (state->leaving)
		length += sysfs_emit_at(buf, length, "leaving 1\n");
	if (state->stop)
		length += sysfs_emit_at(buf, length, "detached %s\n", stop_names[state->stop]);
	mutex_unlock(&kernelx_mutex);
	return length;
}
