// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: knobs by name, and the one entry point for a change.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/printk.h>
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

static int change_locked(const struct kernelx_change *changes, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!changes[i].knob->broken)
			continue;
		pr_err_ratelimited("%s: cannot be turned: %s\n",
				   changes[i].knob->name, changes[i].knob->broken);
		return -EIO;
	}
	return kernelx_transition(changes, nr);
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
	ktime_t start = ktime_get();
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = kernelx_check_range(changes[i].knob, changes[i].value);
		if (ret)
			return ret;
	}
	if (mutex_lock_interruptible(&kernelx_mutex))
		return -EINTR;
	ret = change_locked(changes, nr);
	for (i = 0; i < nr; i++)
		trace_kernelx_knob_set(changes[i].knob, changes[i].knob->old,
			       changes[i].value,
			       ktime_to_ns(ktime_sub(ktime_get(), start)), ret);
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
