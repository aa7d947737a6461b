// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: knobs by name, and the one entry point for a change.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include <trace/events/kernelx.h>

/* What it protects: see internal.h. */
DEFINE_MUTEX(kernelx_mutex);

/* The knob whose name is @length bytes of a text, or NULL. */
struct kernelx_knob *kernelx_find_named(const char *text, size_t length)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob)
		if (strlen(knob->name) == length && !memcmp(knob->name, text, length))
			return knob;
	return NULL;
}

/**
 * kernelx_find_knob() - find a knob by name
 * @name: "<subsystem>/<name>"
 *
 * Any context. Knobs live as long as the kernel.
 *
 * Return: the knob, or NULL.
 */
struct kernelx_knob *kernelx_find_knob(const char *name)
{
	return kernelx_find_named(name, strlen(name));
}
EXPORT_SYMBOL_IF_KUNIT(kernelx_find_knob);

/* The knob that the sites of @value belong to, or NULL. */
struct kernelx_knob *kernelx_knob_of(const struct kernelx_value *value)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob)
		if (knob->value == value)
			return knob;
	return NULL;
}

/**
 * kernelx_get() - the value of a knob
 * @knob: the knob
 *
 * Any context. A change that is under way shows its new value from the moment
 * at which sites begin to return it.
 *
 * Return: the value, in the knob's unit.
 */
u32 kernelx_get(const struct kernelx_knob *knob)
{
	return READ_ONCE(knob->value->value);
}
EXPORT_SYMBOL_IF_KUNIT(kernelx_get);

/* Return: 0, or -ERANGE and a message that says what would be right. */
int kernelx_check_range(const struct kernelx_knob *knob, u64 value)
{
	if (value >= knob->min && value <= knob->max)
		return 0;
	pr_notice_ratelimited("%s: %llu is outside %u..%u (%s), the value stays %u\n",
			      knob->name, value, knob->min, knob->max,
			      knob->unit, kernelx_get(knob));
	return -ERANGE;
}

/* Nobody else holds the knob. Return: 0, or an error and a message. */
static int check_free(const struct kernelx_knob *knob, const struct kernelx_lease *lease)
{
	if (knob->broken) {
		pr_err_ratelimited("%s: cannot be turned: %s\n", knob->name, knob->broken);
		return -EIO;
	}
	if (knob->asks || knob->policy.leaving) {
		pr_notice_ratelimited("%s: policy %s chooses its value; detach that first, the value stays %u\n",
				      knob->name, knob->policy.name, kernelx_get(knob));
		return -EBUSY;
	}
	return kernelx_lease_check(knob, lease);
}

static void remember_who(struct kernelx_knob *knob)
{
	knob->changed.when = ktime_to_ms(ktime_get_real());
	knob->changed.pid = task_tgid_nr(current);
	knob->changed.uid = from_kuid(&init_user_ns, current_uid());
	strscpy(knob->changed.comm, current->comm);
}

/**
 * kernelx_change_locked() - change knobs, all of them or none
 * @changes: each knob once, with a value in its range
 * @nr: how many
 * @lease: who asks, if it holds knobs; or NULL
 *
 * Context: may sleep; kernelx_mutex is held, takes cpu_hotplug_lock, text_mutex.
 *
 * Return: as kernelx_change().
 */
int kernelx_change_locked(const struct kernelx_change *changes, unsigned int nr,
			  const struct kernelx_lease *lease)
{
	const ktime_t start = ktime_get();
	unsigned int i;
	int ret = 0;

	lockdep_assert_held(&kernelx_mutex);
	for (i = 0; i < nr; i++)
		changes[i].knob->old = kernelx_get(changes[i].knob);
	for (i = 0; i < nr && !ret; i++)
		ret = check_free(changes[i].knob, lease);
	if (!ret)
		ret = kernelx_transition(changes, nr);
	for (i = 0; i < nr; i++) {
		if (!ret && changes[i].value != changes[i].knob->old)
			remember_who(changes[i].knob);
		trace_kernelx_knob_set(changes[i].knob, changes[i].knob->old,
				       changes[i].value,
				       ktime_to_ns(ktime_sub(ktime_get(), start)), ret);
	}
	return ret;
}

/**
 * kernelx_change() - change knobs, all of them or none
 * @changes: each knob once
 * @nr: how many
 *
 * When it returns 0, every site of these knobs in the kernel and in all modules
 * holds its new value, and latched state has followed. On an error, everything is as
 * it was. How consistent the change is, their modes say. Who may change a knob is for
 * the caller to check.
 *
 * Context: may sleep; takes kernelx_mutex, cpu_hotplug_lock, text_mutex.
 *
 * Return: 0, -ERANGE (outside a knob's range), -EBUSY (a task uses the old value for
 * longer than a transition may take, or an earlier one is still being undone),
 * -EOPNOTSUPP (the mode cannot be promised for a knob), -EIO (a site does not hold
 * what it should, see the log), -EINTR (a signal), or an error of a refresh hook.
 */
int kernelx_change(const struct kernelx_change *changes, unsigned int nr)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = kernelx_check_range(changes[i].knob, changes[i].value);
		if (ret)
			return ret;
	}
	if (mutex_lock_interruptible(&kernelx_mutex))
		return -EINTR;
	ret = kernelx_change_locked(changes, nr, NULL);
	mutex_unlock(&kernelx_mutex);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(kernelx_change);

/**
 * kernelx_set() - change a knob
 * @knob: the knob
 * @value: the new value, in the knob's unit
 *
 * Return: as kernelx_change().
 */
int kernelx_set(struct kernelx_knob *knob, u32 value)
{
	const struct kernelx_change change = { .knob = knob, .value = value };

	return kernelx_change(&change, 1);
}
EXPORT_SYMBOL_IF_KUNIT(kernelx_set);
