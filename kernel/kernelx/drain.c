// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: bring every task over.
 *
 * In rounds. A round looks at those that cannot run meanwhile, one by one; has each
 * CPU look at its current task; and counts who is left. Of those there are ever
 * fewer: who has gone over stays there (but for mode global, see instance.c). From
 * the second round on, tasks look for themselves as well when they come by a site.
 *
 * The last round must find
 *	all tasks in the list over, idle tasks included, [count]
 *	those gone that were no longer in the list, [dying]
 *	and then the current task of every CPU over. [confirm]
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/swait.h>

#include "internal.h"
#include "transition.h"

/* Between rounds, in microseconds: the first pause, and the longest one. */
#define FIRST_PAUSE	50
#define LONGEST_PAUSE	4000

/* Only one drain at a time: kernelx_mutex. */
static struct kernelx_blocker blockers[KERNELX_NR_BLOCKERS];
static unsigned int nr_blockers;

/* The first ones are named; there may be more. */
static void add_blocker(const struct kernelx_blocker *blocker)
{
	if (nr_blockers < KERNELX_NR_BLOCKERS)
		blockers[nr_blockers++] = *blocker;
}

static void name_blocker(enum kernelx_obstacle why, int number)
{
	add_blocker(&(struct kernelx_blocker){ .why = why, .pid = number });
}

/* --- current tasks --- */

/**
 * struct cpu_look - a CPU that is asked to look at its current task
 * @csd:	how it is asked.
 * @blocker:	what was in the way when it last looked.
 * @answered:	the number of the question that it answered last.
 * @over:	its current task is over.
 */
struct cpu_look {
	call_single_data_t csd;
	struct kernelx_blocker blocker;
	unsigned int answered;
	bool over;
};

static void look_at_current(void *unused);

static DEFINE_PER_CPU(struct cpu_look, cpu_looks) = {
	.csd = CSD_INIT(look_at_current, NULL),
};

static unsigned int question;
/* Of the kind that an IPI may wake, whatever the configuration. */
static DECLARE_SWAIT_QUEUE_HEAD(answers);

/* In an interrupt, or with interrupts disabled. */
static void look_at_current(void *unused)
{
	struct cpu_look *look = this_cpu_ptr(&cpu_looks);
	unsigned int answer;

	/*
	 * This call is unlocked already. Who does not send another, since it saw it locked,
	 * has asked before: pairs with look_at_cpus().
	 */
	smp_mb();
	answer = READ_ONCE(question);
	/* Asked late, and again since: the answer may be read just now. */
	if (look->answered == answer)
		return;
	look->over = !kernelx_pending(current) ||
		     kernelx_look(current, &look->blocker);
	/* Pairs with the one in answered(). */
	smp_store_release(&look->answered, answer);
	swake_up_one(&answers);
}

static bool answered(unsigned int cpu)
{
	/* Pairs with the one in look_at_current(). */
	return smp_load_acquire(&per_cpu(cpu_looks, cpu).answered) == question;
}

static bool all_answered(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (!answered(cpu))
			return false;
	return true;
}

/*
 * Have every CPU look at its current task, and wait for their answers, but no
 * longer than until @deadline: a CPU that does not answer is in the way, as its task
 * may be. Its question stays with it, and it may answer it when the next one is
 * asked, which is as good.
 *
 * Return: true if all answered and all current tasks are over.
 */
static bool look_at_cpus(ktime_t deadline)
{
	bool over = true;
	unsigned int cpu;
	s64 left;

	lockdep_assert_cpus_held();
	WRITE_ONCE(question, question + 1);
	/*
	 * Who is found to be answering an earlier question, and so is not asked again,
	 * will see this one. Pairs with look_at_current().
	 */
	smp_mb();
	for_each_online_cpu(cpu)
		smp_call_function_single_async(cpu, &per_cpu(cpu_looks, cpu).csd);
	left = ktime_us_delta(deadline, ktime_get());
	swait_event_idle_timeout_exclusive(answers, all_answered(),
					   usecs_to_jiffies(max(left, 0)) + 1);
	for_each_online_cpu(cpu) {
		struct cpu_look *look = &per_cpu(cpu_looks, cpu);

		if (!answered(cpu)) {
			kernelx_count(KERNELX_COUNT_LATE);
			name_blocker(KERNELX_LATE_CPU, cpu);
			over = false;
		} else if (!look->over) {
			add_blocker(&look->blocker);
			over = false;
		}
	}
	return over;
}

/* --- other tasks --- */

/* The task cannot run, wake up or go to sleep meanwhile. */
static int look_at_stopped(struct task_struct *task, void *data)
{
	struct kernelx_blocker blocker;

	/* Its CPU looks at it. */
	if (task_curr(task))
		return 0;
	if (!kernelx_look(task, &blocker))
		add_blocker(&blocker);
	return 0;
}

static void look_at_task(struct task_struct *task)
{
	if (kernelx_pending(task))
		task_call_func(task, look_at_stopped, NULL);
}

static void look_at_idle(unsigned int cpu)
{
	struct task_struct *task = idle_task(cpu);

	/* Of a CPU that cannot be there. */
	if (!task)
		return;
	/* It does not run without cpu_hotplug_lock. */
	if (!cpu_online(cpu))
		kernelx_go_over(task);
	else
		look_at_task(task);
}

static void look_at_tasks(void)
{
	struct task_struct *process, *task;
	unsigned int cpu;

	scoped_guard(rcu)
		for_each_process_thread(process, task)
			look_at_task(task);
	for_each_possible_cpu(cpu)
		look_at_idle(cpu);
}

/* [count] Children come into the list as their parents are: see kernelx_copy_process(). */
bool kernelx_all_over(void)
{
	struct task_struct *process, *task;
	unsigned int cpu, left = 0;

	read_lock(&tasklist_lock);
	for_each_process_thread(process, task)
		left += kernelx_pending(task);
	read_unlock(&tasklist_lock);
	for_each_possible_cpu(cpu)
		left += idle_task(cpu) && kernelx_pending(idle_task(cpu));
	return !left;
}

/**
 * struct drain - what has been found out so far
 * @deadline:	when to give up.
 * @ticket:	of the gate, before all tasks in the list were found over.
 * @counted:	they were; those that had left it are still to be waited for.
 * @stage:	how far that is, for kernelx_dying_gone().
 */
struct drain {
	ktime_t deadline;
	u32 ticket;
	bool counted;
	unsigned int stage;
};

/* Return: true if it was the last one. */
static bool next_round(struct drain *drain)
{
	kernelx_count(KERNELX_COUNT_ROUNDS);
	nr_blockers = 0;
	guard(cpus_read_lock)();
	if (!drain->counted) {
		drain->ticket = kernelx_gate_ticket();
		look_at_tasks();
		if (!look_at_cpus(drain->deadline))
			return false;
		if (!kernelx_all_over()) {
			/* Nobody was in the way, but one has gone back since. */
			if (!nr_blockers && drain->ticket != kernelx_gate_ticket())
				name_blocker(KERNELX_NOT_WAITING, 0);
			return false;
		}
		drain->counted = true;
		drain->stage = 0;
	}
	/* From round to round: else it would have to find two moments in one. */
	if (!kernelx_dying_gone(&drain->stage)) {
		name_blocker(KERNELX_DYING, 0);
		return false;
	}
	if (look_at_cpus(drain->deadline))
		return true;
	drain->counted = false;
	return false;
}

/* All were over, but the gate did not open: for who reads the file transition. */
void kernelx_drain_passed(void)
{
	nr_blockers = 0;
	name_blocker(KERNELX_NOT_WAITING, 0);
	kernelx_status_blockers(blockers, nr_blockers);
}

/**
 * kernelx_drain() - bring every task over
 * @deadline: when to give up
 * @may_cancel: a signal ends it, too
 * @all_ask: tasks that are over ask, too: there is a gate
 * @ticket: for kernelx_gate_open(), if all are over
 *
 * Context: may sleep; kernelx_mutex is held, takes cpu_hotplug_lock.
 *
 * Return: 0, -EBUSY (the deadline), -EINTR (a signal).
 */
int kernelx_drain(ktime_t deadline, bool may_cancel, bool all_ask, u32 *ticket)
{
	struct drain drain = { .deadline = deadline };
	unsigned int pause = FIRST_PAUSE;

	lockdep_assert_held(&kernelx_mutex);
	while (!next_round(&drain)) {
		kernelx_status_blockers(blockers, nr_blockers);
		if (may_cancel && signal_pending(current))
			return -EINTR;
		if (ktime_after(ktime_get(), deadline)) {
			if (!nr_blockers) {
				name_blocker(KERNELX_NO_TIME, 0);
				kernelx_status_blockers(blockers, nr_blockers);
			}
			return -EBUSY;
		}
		kernelx_ask(true, all_ask);
		usleep_range(pause, pause + pause / 4);
		pause = min(2 * pause, LONGEST_PAUSE);
	}
	*ticket = drain.ticket;
	return 0;
}
