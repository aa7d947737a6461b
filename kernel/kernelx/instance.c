// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: which task takes which value.
 *
 * Every task has a slot, 0 or 1, and a knob a value for each of them. In quiet times all
 * tasks have the same slot, and both values are the same. A transition puts the new
 * values into the slot that nobody has, and the tasks go over to it, one by one: each
 * when nothing on its stack depends on a value that it has read, which is when no
 * frame is in a safe span of a knob that changes. So no instance mixes values, however
 * its sites are nested, and what interrupts a task on its stack does as the task does.
 *
 * A use that was preempted between reading the slot and reading the value is on the
 * stack of its task, which does not go over until then. So when a slot has been left by
 * all tasks, nobody is about to read it, and it can be written for the next transition.
 *
 * Who takes a task over:
 *  - the writer, if the task cannot run meanwhile;
 *  - an IPI, if it is the current one of a CPU;
 *  - the task itself when it comes by a site, if asked to (ask): so it comes over
 *    even if it is in a span whenever anybody else looks.
 * The first two see, on a stack that has just read a value, the thunk, or that a site has
 * been called; the third one is in the thunk, and has not read it yet.
 *
 * Mode global needs more: old and new instances must not overlap. There, a task that
 * has gone over has no instance at all, and the gate is closed: if it comes by a site,
 * it begins an instance, so it waits until the gate opens. Where it must not wait, it
 * goes back, takes the old value, and says so by a number in the gate, which opens only
 * for the number that was there before all tasks were seen to be over.
 *
 * Model: tools/testing/kernelx/model/transition.pml. [brackets] name its steps.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <linux/wait.h>

#include "internal.h"
#include "arch.h"
#include "spans.h"
#include "transition.h"

/* In the gate, beside the number of instances that began though it was closed. */
#define GATE_CLOSED	BIT(31)

/* For how long a task sleeps at the gate before it looks for itself. */
#define GATE_PERIOD	(HZ / 200 + 1)

/* The slot with the new values, or, in quiet times, the one that all tasks have. */
static u32 new_slot __read_mostly;

/*
 * Where tasks are wanted: that one, or the other if the transition is undone. Read with
 * interrupts disabled; after it has changed, every CPU answers an IPI before the
 * tasks are counted (kernelx_drain()).
 */
static u32 wanted_slot __read_mostly;

static enum kernelx_mode mode_now __read_mostly;

static atomic_t gate = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(gate_queue);

/* Must not wait for itself. */
static struct task_struct *writer;

/*
 * In jiffies: then nobody waits any more. Who waits may hold what the writer, or an
 * old instance, cannot go on without.
 */
static unsigned long gate_deadline;

/* --- slots --- */

static u32 slot_of(const struct task_struct *task)
{
	return READ_ONCE(task_thread_info(task)->kernelx_slot);
}

static void set_slot(struct task_struct *task, u32 slot)
{
	WRITE_ONCE(task_thread_info(task)->kernelx_slot, slot);
}

/* Is the task still to go over? Any context. */
bool kernelx_pending(const struct task_struct *task)
{
	return slot_of(task) != READ_ONCE(wanted_slot);
}

/* [go_over] The task is the current one and interrupts are disabled, or it cannot run. */
void kernelx_go_over(struct task_struct *task)
{
	set_slot(task, READ_ONCE(wanted_slot));
}

/**
 * kernelx_slots_begin() - a new transition, for which no task has gone over yet
 * @mode: instance or global
 * @timeout: in jiffies, for how long tasks may wait
 *
 * [begin] Puts the new values of the knobs that change where nobody reads.
 *
 * Context: kernelx_mutex is held; all sites of knobs that change are direct.
 */
void kernelx_slots_begin(enum kernelx_mode mode, unsigned long timeout)
{
	struct kernelx_knob *knob;

	lockdep_assert_held(&kernelx_mutex);
	WRITE_ONCE(writer, current);
	WRITE_ONCE(gate_deadline, jiffies + timeout);
	WRITE_ONCE(mode_now, mode);
	atomic_set(&gate, mode == KERNELX_MODE_GLOBAL ? GATE_CLOSED : 0);
	WRITE_ONCE(new_slot, !new_slot);
	WRITE_ONCE(wanted_slot, new_slot);
	kernelx_for_each_knob(knob) {
		if (!knob->writing)
			continue;
		WRITE_ONCE(knob->value->slots[new_slot], knob->target);
		/* Of a policy, too. */
		knob->slot_asks[new_slot] = knob->asks_target;
		WRITE_ONCE(knob->value->ask[new_slot], knob->asks_target);
		WRITE_ONCE(knob->changing, true);
	}
}

/*
 * Mode global is left: from now on tasks look for themselves as in mode instance. They
 * are not wanted back: an interrupt that passed the gate has put its task where it was,
 * underneath a thunk that may have read the new slot. Such a task must be looked at.
 */
void kernelx_slots_no_gate(void)
{
	WRITE_ONCE(mode_now, KERNELX_MODE_INSTANCE);
}

/* [turn_back] In mode instance: from now on tasks are wanted where they were. */
void kernelx_slots_undo(void)
{
	WRITE_ONCE(wanted_slot, !new_slot);
}

/* All tasks are back, so the slot with the new values is the one that nobody has. */
void kernelx_slots_undone(void)
{
	WRITE_ONCE(new_slot, wanted_slot);
}

/* In mode global, no task has read a new value, and from now on there is none. */
void kernelx_slots_revert(void)
{
	struct kernelx_knob *knob;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob)
		if (knob->writing)
			WRITE_ONCE(knob->value->slots[new_slot], knob->old);
}

static void set_ask(struct kernelx_knob *knob, u32 slot, bool ask)
{
	WRITE_ONCE(knob->value->ask[slot],
		   knob->slot_asks[slot] | (ask ? KERNELX_ASK_TRANSITION : 0));
}

/**
 * kernelx_ask() - who shall look for itself when it comes by a site
 * @pending: tasks that are still to go over
 * @all: others, too
 *
 * Those are first, for all knobs: once the former are asked, they go over, and must
 * not find a knob for which they are not asked.
 *
 * Context: kernelx_mutex is held.
 */
void kernelx_ask(bool pending, bool all)
{
	struct kernelx_knob *knob;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		if (!knob->writing)
			continue;
		set_ask(knob, wanted_slot, all);
	}
	/* Thunks on other CPUs read them in the opposite order. */
	smp_wmb();
	kernelx_for_each_knob(knob) {
		if (!knob->writing)
			continue;
		set_ask(knob, !wanted_slot, pending || all);
	}
}

/* --- looking at a stack --- */

/**
 * struct look - what is known while a stack is walked
 * @blocker:	where the obstacle goes.
 * @own:	what to make of the next frame, if it is the current task that looks
 *		for itself.
 */
struct look {
	struct kernelx_blocker *blocker;
	enum { BEFORE_THUNK, THUNK, BEHIND_THUNK } own;
};

static bool unchanged(const struct kernelx_hit *hit, void *data)
{
	struct look *look = data;

	if (!READ_ONCE(hit->knob->changing))
		return true;
	look->blocker->knob = hit->knob;
	look->blocker->why = KERNELX_IN_SPAN;
	return false;
}

static bool free_of_values(unsigned long address, void *data)
{
	struct look *look = data;

	look->blocker->address = address;
	if (arch_kernelx_in_thunk(address)) {
		if (look->own == BEHIND_THUNK) {
			/* [thunk] It may have read the value, which is nowhere else. */
			look->blocker->why = KERNELX_IN_THUNK;
			return false;
		}
		look->own = THUNK;
		return true;
	}
	/* kernelx_choose() and what it calls to look: before the thunk that asked. */
	if (look->own == BEFORE_THUNK)
		return true;
	/*
	 * [thunk] The thunk has been left, by way of a return thunk or of what somebody hooked
	 * to its return, and the value is in a register, but its use has not come yet. The
	 * site that has asked to look is another matter.
	 */
	if (look->own == BEHIND_THUNK && kernelx_site_ends_at(address)) {
		look->blocker->why = KERNELX_IN_THUNK;
		return false;
	}
	look->own = BEHIND_THUNK;
	return kernelx_spans_at(address, unchanged, look);
}

static bool walk(struct task_struct *task, struct look *look)
{
	kernelx_count(KERNELX_COUNT_LOOKS);
	look->blocker->why = KERNELX_UNRELIABLE;
	look->blocker->address = 0;
	look->blocker->knob = NULL;
	if (arch_kernelx_walk_stack(task, free_of_values, look) &&
	    look->own == BEHIND_THUNK) {
		kernelx_go_over(task);
		return true;
	}
	if (look->blocker->why == KERNELX_UNRELIABLE)
		kernelx_count(KERNELX_COUNT_UNRELIABLE);
	look->blocker->pid = task_pid_nr(task);
	strscpy(look->blocker->comm, task->comm);
	return false;
}

/**
 * kernelx_look() - take a task over if nothing on its stack depends on a value
 * @task: the current one, with interrupts disabled, in an IPI; or one that cannot
 *	run meanwhile
 * @blocker: what is in the way, if it is not taken over
 *
 * Return: true if it has been taken over.
 */
bool kernelx_look(struct task_struct *task, struct kernelx_blocker *blocker)
{
	struct look look = { .blocker = blocker, .own = BEHIND_THUNK };

	if (task == current && arch_kernelx_interrupts_user()) {
		kernelx_go_over(task);
		return true;
	}
	return walk(task, &look);
}

/* In a thunk that has not read the value yet; interrupts are disabled. */
static bool look_for_itself(void)
{
	struct kernelx_blocker blocker;
	struct look look = { .blocker = &blocker, .own = BEFORE_THUNK };

	return walk(current, &look);
}

/* --- choosing --- */

/* A use in any context may ask; but in few may it sleep. */
static bool may_wait(void)
{
#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
	if (current->non_block_count)
		return false;
#endif
	/* Without a count, nobody knows whether preemption is disabled. */
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) && preemptible() &&
	       !rcu_preempt_depth() && !is_idle_task(current) &&
	       /* The drain waits for those. */
	       !(current->flags & PF_EXITING) &&
	       current != READ_ONCE(writer) &&
	       /* To sleep would submit it, under the feet of who is filling it. */
	       !current->plug &&
	       time_before(jiffies, READ_ONCE(gate_deadline)) &&
	       READ_ONCE(current->__state) == TASK_RUNNING;
}

/* Return: false if the task has to wait at the gate. */
static bool choose_global(const struct kernelx_value *value, bool waits, u32 *result)
{
	const u32 slot = READ_ONCE(new_slot);
	u32 state = atomic_read(&gate);

	*result = READ_ONCE(value->slots[!slot]);
	if (!(state & GATE_CLOSED)) {
		*result = READ_ONCE(value->slots[slot]);
		return true;
	}
	if (slot_of(current) != slot)
		return !waits || !look_for_itself();
	/* It has no instance: this is the beginning of one. */
	if (waits)
		return false;
	/* [pass] */
	do {
		if (!(state & GATE_CLOSED)) {
			*result = READ_ONCE(value->slots[slot]);
			return true;
		}
	} while (!atomic_try_cmpxchg(&gate, &state, state + 1));
	set_slot(current, !slot);
	kernelx_count(KERNELX_COUNT_PASSED);
	return true;
}

static bool choose(const struct kernelx_value *value, bool waits, u32 *result)
{
	/*
	 * [ask_again] What it was asked for may be over since it came here, and the next
	 * transition may have begun, whose sites are not armed yet. If it is still
	 * asked now, settle, which waits for us, is to come.
	 */
	if (!(READ_ONCE(value->ask[slot_of(current)]) & KERNELX_ASK_TRANSITION)) {
		*result = READ_ONCE(value->slots[slot_of(current)]);
		return true;
	}
	if (READ_ONCE(mode_now) == KERNELX_MODE_GLOBAL)
		return choose_global(value, waits, result);
	/* [look_for_itself] */
	if (kernelx_pending(current))
		look_for_itself();
	*result = READ_ONCE(value->slots[slot_of(current)]);
	return true;
}

/* What a transition has chosen for the current task. */
static notrace u32 transition_value(const struct kernelx_value *value)
{
	unsigned long flags;
	bool waits, chosen;
	u32 result;

	kernelx_count(KERNELX_COUNT_ASKED);
	for (;;) {
		waits = may_wait();
		/* No IPI may look at the stack between looking and taking. */
		local_irq_save(flags);
		chosen = choose(value, waits, &result);
		local_irq_restore(flags);
		if (chosen)
			return result;
		kernelx_count(KERNELX_COUNT_WAITED);
		/*
		 * An interrupt on this stack can pass the gate, and this task no
		 * longer follows then: so it sleeps for a short time only and
		 * looks again.
		 */
		wait_event_timeout(gate_queue,
				   !(atomic_read(&gate) & GATE_CLOSED),
				   GATE_PERIOD);
	}
}

NOKPROBE_SYMBOL(transition_value);

/* A function of its own, so that an instance with a policy need not save what this one needs. */
static noinline notrace u32 choose_in_transition(const struct kernelx_site *site,
						 const struct arch_kernelx_registers *registers)
{
	const struct kernelx_value *value = kernelx_site_value(site);
	const u32 result = transition_value(value);
	/* Nobody else takes it over from here on, as it is in a thunk. */
	const u32 asked = READ_ONCE(value->ask[slot_of(current)]);

	if (asked & KERNELX_ASK_POLICY)
		return kernelx_policy_value(site, registers, asked);
	return result;
}

NOKPROBE_SYMBOL(choose_in_transition);

/* Called by thunks only; declared here since C has no other use for it. */
u32 kernelx_choose(const struct arch_kernelx_registers *registers);

/**
 * kernelx_choose() - the value for the current task, at a site that has to ask
 * @registers: at the site
 *
 * Any context that a site can be in, NMIs too: takes no lock, allocates nothing. It
 * sleeps in mode global, and only where that is possible.
 *
 * Return: the value.
 */
notrace u32 kernelx_choose(const struct arch_kernelx_registers *registers)
{
	const struct kernelx_site *site = arch_kernelx_asking_site(registers);
	const u32 asked = READ_ONCE(kernelx_site_value(site)->ask[slot_of(current)]);

	if (likely((asked & (KERNELX_ASK_POLICY | KERNELX_ASK_TRANSITION)) == KERNELX_ASK_POLICY))
		return kernelx_policy_value(site, registers, asked);
	return choose_in_transition(site, registers);
}

NOKPROBE_SYMBOL(kernelx_choose);

/* --- the gate --- */

/* Before all tasks are seen to be over; for kernelx_gate_open(). */
u32 kernelx_gate_ticket(void)
{
	return atomic_read(&gate);
}

/**
 * kernelx_gate_open() - from now on instances begin with the next values
 * @ticket: what was in the gate before all tasks were seen to be over
 *
 * [open] The atomic point of mode global. Any context that may wake tasks.
 *
 * Return: false if an instance has begun with the old values since.
 */
bool kernelx_gate_open(u32 ticket)
{
	/* A full barrier: the next values were written before. */
	if (atomic_cmpxchg(&gate, ticket, ticket & ~GATE_CLOSED) != ticket)
		return false;
	wake_up_all(&gate_queue);
	return true;
}

/* --- tasks that come and go --- */

/**
 * kernelx_copy_process() - a task is about to become visible
 * @child: the task
 *
 * [fork] Called with tasklist_lock held for writing and interrupts disabled: who
 * then finds all tasks in the list over, finds this one over, too. Its stack is
 * empty, so it could go over by itself; but as its parent was seen or was not, so
 * is it.
 */
void kernelx_copy_process(struct task_struct *child)
{
	set_slot(child, slot_of(current));
}
