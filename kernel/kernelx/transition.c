// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: one knob, or several, from old to new values.
 *
 * A knob's own mode is what somebody chose for it, or else what is needed so that no
 * instance mixes values: immediate if it is known that an instance uses the knob
 * once, instance if not. Several knobs change in the strongest of their modes, and in
 * mode instance at least, so that all of them change for a task at once.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/printk.h>

#include "internal.h"
#include "transition.h"

/**
 * kernelx_mode_of() - the mode in which a knob changes by itself
 * @knob: the knob
 *
 * Any context; it changes when somebody writes to its file, and when modules come
 * and go.
 *
 * Return: not KERNELX_MODE_DEFAULT.
 */
enum kernelx_mode kernelx_mode_of(const struct kernelx_knob *knob)
{
	enum kernelx_mode mode = READ_ONCE(knob->mode);

	if (mode != KERNELX_MODE_DEFAULT)
		return mode;
	/* A variable is read by every use of its own. */
	if (!IS_ENABLED(CONFIG_KERNELX_SITES))
		return KERNELX_MODE_IMMEDIATE;
	return kernelx_knob_flags(knob) & KERNELX_DEPENDENT ?
		KERNELX_MODE_INSTANCE : KERNELX_MODE_IMMEDIATE;
}

static bool differs(const struct kernelx_change *change)
{
	return change->value != change->knob->old || change->asks != change->knob->asks;
}

/*
 * Of a change from or to a policy, in what it is not like that of a value: instances do
 * not differ in it, so that no two of them can overlap.
 */
static enum kernelx_mode mode_of_change(const struct kernelx_change *change)
{
	const u32 asks = change->asks | change->knob->asks;

	if (!asks)
		return change->mode ?: kernelx_mode_of(change->knob);
	return asks & KERNELX_ASK_INSTANCE ? KERNELX_MODE_INSTANCE : KERNELX_MODE_IMMEDIATE;
}

/* Of those that become another one. */
static enum kernelx_mode mode_of(const struct kernelx_change *changes,
				 unsigned int nr)
{
	enum kernelx_mode mode = KERNELX_MODE_IMMEDIATE;
	unsigned int i, different = 0;

	for (i = 0; i < nr; i++) {
		if (!differs(&changes[i]))
			continue;
		mode = max(mode, mode_of_change(&changes[i]));
		different++;
	}
	if (different > 1 && IS_ENABLED(CONFIG_KERNELX_SITES))
		mode = max(mode, KERNELX_MODE_INSTANCE);
	return different ? mode : KERNELX_MODE_DEFAULT;
}

/* Return: 0, or an error and a message. */
static int check(const struct kernelx_knob *knob, enum kernelx_mode mode)
{
	if (kernelx_undoing() &&
	    (knob->stuck || mode != KERNELX_MODE_IMMEDIATE)) {
		pr_notice_ratelimited("%s: an earlier transition is still being undone (see /sys/kernel/kernelx/transition), the value stays %u\n",
				      knob->name, kernelx_get(knob));
		return -EBUSY;
	}
	if (mode != KERNELX_MODE_IMMEDIATE &&
	    kernelx_knob_flags(knob) & KERNELX_UNBOUNDED) {
		pr_notice_ratelimited("%s: its value goes where no span can list it, so mode %s cannot be promised, the value stays %u; mode immediate could\n",
				      knob->name, kernelx_mode_name(mode),
				      kernelx_get(knob));
		return -EOPNOTSUPP;
	}
	return kernelx_sites_check(knob);
}

/**
 * kernelx_values_set() - which values are in force
 * @target: the new ones, or else the old ones
 *
 * One store for each knob: with all of its sites indirect, this is the point at which
 * all uses change that do not distinguish tasks.
 */
void kernelx_values_set(bool target)
{
	struct kernelx_knob *knob;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		u32 value = target ? knob->target : knob->old;

		if (!knob->writing)
			continue;
		/* Pairs with the loads in thunks, or in <asm-generic/kernelx.h>. */
		WRITE_ONCE(knob->value->both, value | (u64)value << 32);
		WRITE_ONCE(knob->value->value, value);
	}
}

/**
 * kernelx_asks_set() - which knobs have policies
 * @target: as the transition wants it, or else as it was
 *
 * Sites of those stay indirect when they settle.
 */
void kernelx_asks_set(bool target)
{
	struct kernelx_knob *knob;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		if (!knob->writing)
			continue;
		if (target)
			knob->asks = knob->asks_target;
		knob->slot_asks[0] = knob->asks;
		knob->slot_asks[1] = knob->asks;
		WRITE_ONCE(knob->value->ask[0], knob->asks);
		WRITE_ONCE(knob->value->ask[1], knob->asks);
	}
}

/* The hooks of all knobs before @end that change, from the new to the old values. */
static void refresh_back(const struct kernelx_knob *end)
{
	struct kernelx_knob *knob;
	int ret;

	for (knob = kernelx_knobs; knob < end; knob++) {
		if (!knob->writing || !knob->refresh || knob->target == knob->old)
			continue;
		ret = knob->refresh(knob->target, knob->old);
		if (ret)
			pr_err("%s: latched state cannot go back to %u (error %d)\n",
			       knob->name, knob->old, ret);
	}
}

/**
 * kernelx_refresh_undo() - let latched state follow back to the old values
 *
 * Context: may sleep; kernelx_mutex is held.
 */
void kernelx_refresh_undo(void)
{
	refresh_back(kernelx_knobs + kernelx_nr_knobs);
}

/**
 * kernelx_refresh() - let latched state follow the knobs that change
 *
 * State that is copied from a site meanwhile has the new value already; in mode global
 * some may get the old one, and then it is done again, which changes nothing else.
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0, or the error of a hook; then latched state is as it was.
 */
int kernelx_refresh(void)
{
	struct kernelx_knob *knob;
	int ret;

	kernelx_for_each_knob(knob) {
		if (!knob->writing || !knob->refresh || knob->target == knob->old)
			continue;
		ret = knob->refresh(knob->old, knob->target);
		if (!ret)
			continue;
		pr_err("%s: latched state cannot follow to %u (error %d), the value stays %u\n",
		       knob->name, knob->target, ret, knob->old);
		refresh_back(knob);
		return ret;
	}
	return 0;
}

static void write_all(bool target)
{
	kernelx_sites_arm();
	kernelx_values_set(target);
	kernelx_asks_set(target);
	kernelx_sites_settle();
}

/* Sites first, then the state that was latched from them. */
static int immediate(void)
{
	int ret;

	kernelx_status_step(KERNELX_STEP_ARM);
	write_all(true);
	kernelx_status_step(KERNELX_STEP_REFRESH);
	ret = kernelx_refresh();
	if (ret) {
		kernelx_status_step(KERNELX_STEP_UNDO);
		write_all(false);
	}
	return ret;
}

/**
 * kernelx_transition() - bring knobs to other values, all of them or none
 * @changes: each knob once, with a value in its range
 * @nr: how many
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0, or a negative error with everything as it was: see kernelx_change().
 */
int kernelx_transition(const struct kernelx_change *changes, unsigned int nr)
{
	enum kernelx_mode mode;
	unsigned int i;
	int ret;

	lockdep_assert_held(&kernelx_mutex);
	/* Of one that is being undone, it is the same. */
	for (i = 0; i < nr; i++)
		changes[i].knob->old = kernelx_get(changes[i].knob);
	mode = mode_of(changes, nr);
	if (mode == KERNELX_MODE_DEFAULT)
		return 0;
	for (i = 0; i < nr; i++) {
		if (!differs(&changes[i]))
			continue;
		ret = check(changes[i].knob, mode);
		if (ret)
			return ret;
	}
	for (i = 0; i < nr; i++) {
		if (!differs(&changes[i]))
			continue;
		changes[i].knob->target = changes[i].value;
		changes[i].knob->asks_target = changes[i].asks;
		changes[i].knob->writing = true;
	}
	kernelx_status_begin(mode);
	ret = mode == KERNELX_MODE_IMMEDIATE ? immediate() : kernelx_steps(mode);
	kernelx_status_end(ret);
	for (i = 0; i < nr; i++)
		changes[i].knob->writing = false;
	return ret;
}
