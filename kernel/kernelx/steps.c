// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: the steps of modes instance and global.
 *
 *	arm	all sites become indirect; they still return the old values
 *	drain	task by task goes over to the new ones (drain.c)
 *	refresh	latched state follows
 *	settle	the new values are the ones in force; all sites become direct
 *
 * Until it settles, everything can be undone: the tasks that have gone over are
 * brought back in the same way, and the sites settle with the old values. If some of
 * them cannot be brought back in time, the writer does not wait for them: the old
 * values are in force, the tasks in question go on with the new ones, and a worker
 * tries from time to time until there are none. Meanwhile the knobs are busy.
 *
 * Model: tools/testing/kernelx/model/transition.pml. [brackets] name its steps.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/delay.h>
#include <linux/error-injection.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "internal.h"
#include "transition.h"

/* Between two attempts to finish what could not be undone in time. */
#define UNDO_PERIOD	msecs_to_jiffies(500)

/* How long each of them may take, in milliseconds: other writers wait meanwhile. */
#define UNDO_BUDGET	100

/* Between two attempts at the gate, in microseconds: who is in the way has to run. */
#define GATE_PAUSE	50

static void finish_undo(struct work_struct *work);

/* Scheduled while knobs are still marked as changing and nobody holds the mutex. */
static DECLARE_DELAYED_WORK(undo_work, finish_undo);
static bool undoing;

bool kernelx_undoing(void)
{
	lockdep_assert_held(&kernelx_mutex);
	return undoing;
}

static ktime_t deadline_in(unsigned int ms)
{
	return ktime_add_ms(ktime_get(), ms);
}

/*
 * Each step can be made to fail (Documentation/fault-injection/), which is how its
 * being undone is tested.
 */

/* [arm] */
static noinline int step_arm(void)
{
	kernelx_status_step(KERNELX_STEP_ARM);
	kernelx_sites_arm();
	return 0;
}
ALLOW_ERROR_INJECTION(step_arm, ERRNO);

/* [drain] */
static noinline int step_drain(enum kernelx_mode mode, ktime_t deadline, u32 *ticket)
{
	kernelx_status_step(KERNELX_STEP_DRAIN);
	/* Not before all sites are indirect: who is over must not use a direct one. */
	if (mode == KERNELX_MODE_GLOBAL)
		kernelx_ask(true, true);
	return kernelx_drain(deadline, true, mode == KERNELX_MODE_GLOBAL, ticket);
}
ALLOW_ERROR_INJECTION(step_drain, ERRNO);

/* [refresh] */
static noinline int step_refresh(void)
{
	kernelx_status_step(KERNELX_STEP_REFRESH);
	return kernelx_refresh();
}
ALLOW_ERROR_INJECTION(step_refresh, ERRNO);

/* From now on it does not matter which slot a task has: both hold the same. */
static void agree(void)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob)
		if (knob->writing)
			WRITE_ONCE(knob->changing, false);
}

/* [settle] Nothing can fail from here. */
static void settle(bool target)
{
	kernelx_values_set(target);
	kernelx_asks_set(target);
	agree();
	kernelx_sites_settle();
	/*
	 * Nobody is deciding any more, see [ask_again]. If each site stays with a policy,
	 * no text was written, so it is not left to that.
	 */
	kick_all_cpus_sync();
}

static void set_stuck(bool stuck)
{
	struct kernelx_knob *knob;

	undoing = stuck;
	kernelx_for_each_knob(knob)
		if (knob->writing)
			knob->stuck = stuck;
}

/* [undo] Return: false if there are tasks that are not where they are wanted. */
static bool bring_back(ktime_t deadline)
{
	u32 ticket;

	if (kernelx_drain(deadline, false, false, &ticket))
		return false;
	kernelx_slots_undone();
	settle(false);
	/* Tasks that were over may have latched new values, until just now. */
	kernelx_refresh_undo();
	return true;
}

static void finish_undo(struct work_struct *work)
{
	struct kernelx_knob *knob;

	guard(mutex)(&kernelx_mutex);
	kernelx_for_each_knob(knob)
		knob->writing = knob->stuck;
	if (bring_back(deadline_in(UNDO_BUDGET))) {
		set_stuck(false);
		kernelx_status_undone();
	} else {
		schedule_delayed_work(&undo_work, UNDO_PERIOD);
	}
	kernelx_for_each_knob(knob)
		knob->writing = false;
}

static void undo(enum kernelx_mode mode, unsigned int timeout)
{
	kernelx_status_step(KERNELX_STEP_UNDO);
	if (mode == KERNELX_MODE_GLOBAL) {
		/* No task has taken a new value: only those in thunks matter. */
		kernelx_slots_revert();
		agree();
		/* Only we open it, so some number will be the right one. */
		while (!kernelx_gate_open(kernelx_gate_ticket()))
			cpu_relax();
		kernelx_slots_no_gate();
	} else {
		kernelx_slots_undo();
	}
	/* They were asked for the other direction, or by the gate. */
	kernelx_ask(true, false);
	if (bring_back(deadline_in(timeout)))
		return;
	kernelx_count(KERNELX_COUNT_UNDO_DELAYED);
	set_stuck(true);
	schedule_delayed_work(&undo_work, UNDO_PERIOD);
}

static int go_over(enum kernelx_mode mode, ktime_t deadline, bool *refreshed)
{
	u32 ticket;
	int ret;

	for (;;) {
		ret = step_drain(mode, deadline, &ticket);
		/* Again, if an instance with old values came in between. */
		if (!ret)
			ret = step_refresh();
		if (ret)
			return ret;
		*refreshed = true;
		/* In mode instance it is open. */
		if (kernelx_gate_open(ticket))
			return 0;
		kernelx_drain_passed();
		if (signal_pending(current))
			return -EINTR;
		if (ktime_after(ktime_get(), deadline))
			return -EBUSY;
		usleep_range(GATE_PAUSE, 2 * GATE_PAUSE);
	}
}

/**
 * kernelx_steps() - bring the knobs whose sites are written to their new values
 * @mode: instance or global
 *
 * Context: may sleep; kernelx_mutex is held, takes cpu_hotplug_lock, text_mutex and
 * what refresh hooks take.
 *
 * Return: 0; -EBUSY (not over in time), -EINTR (a signal), -EIO (a bug that an earlier
 * transition had), an error of a refresh hook.
 * Then the old values are in force.
 */
int kernelx_steps(enum kernelx_mode mode)
{
	const unsigned int timeout = kernelx_timeout_ms();
	const ktime_t deadline = deadline_in(timeout);
	bool refreshed = false;
	int ret;

	if (!kernelx_all_over()) {
		pr_err("a task was left behind by an earlier transition, nothing is changed\n");
		return -EIO;
	}
	kernelx_slots_begin(mode, msecs_to_jiffies(timeout));
	ret = step_arm();
	if (!ret)
		ret = go_over(mode, deadline, &refreshed);
	if (!ret) {
		kernelx_status_step(KERNELX_STEP_SETTLE);
		settle(true);
		return 0;
	}
	if (refreshed)
		kernelx_refresh_undo();
	undo(mode, timeout);
	return ret;
}
