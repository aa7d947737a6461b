// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: tasks that have left the list of tasks, and still run.
 *
 * Model: tools/testing/kernelx/model/transition.pml. [brackets] name its steps. There,
 * how many tasks are on their last way is one number for each set.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/kernelx.h>
#include <linux/percpu.h>
#include <linux/thread_info.h>

#include "transition.h"

/*
 * Tasks on their last way, in two sets: new ones join one of them, so that the other
 * one becomes empty under any load. Each task that dies is counted on the CPU where it
 * joins and on the one where it leaves, so that no two CPUs write to the same place.
 */
struct dying {
	unsigned long joined[2];
	unsigned long left[2];
};

static DEFINE_PER_CPU(struct dying, dying);
static unsigned int dying_now;

/* [exit_begin] The current task will be taken off the list of tasks. */
void kernelx_exit_begin(void)
{
	const unsigned int set = READ_ONCE(dying_now);

	/* 0 is for those who are in neither. */
	current_thread_info()->kernelx_dying = set + 1;
	this_cpu_inc(dying.joined[set]);
	/*
	 * Pairs with the first one in dying_left(): who does not find the task in the
	 * list finds it here. (tasklist_lock orders it as well.) And with the second
	 * one: who finds that it has left finds that it had joined.
	 */
	smp_mb();
}

/*
 * [exit_end] Preemption is disabled for good: it stays the current task of its CPU.
 *
 * A task that oopses on its way comes here as well: what is on its stack is never
 * returned to. Before it has joined, or when it has left, this does nothing. (One that
 * oopses when it has left can be preempted once more, unseen, in make_task_dead(), which
 * asks for a reboot.)
 */
void kernelx_exit_end(void)
{
	struct thread_info *info = current_thread_info();

	if (!info->kernelx_dying)
		return;
	this_cpu_inc(dying.left[info->kernelx_dying - 1]);
	info->kernelx_dying = 0;
}

/*
 * Were there tasks in the set at some time since this was called?
 *
 * CPUs go on counting meanwhile. So those that have left are counted first: who is
 * among them is among those that joined, and if these are no more, it is they, and all
 * of them have left. (As SRCU does; numbers that wrap make no difference.)
 */
static bool dying_left(unsigned int set)
{
	unsigned long joined = 0, left = 0;
	unsigned int cpu;

	/* Pairs with kernelx_exit_begin(). */
	smp_mb();
	for_each_possible_cpu(cpu)
		left += READ_ONCE(per_cpu(dying.left[set], cpu));
	/* Pairs with kernelx_exit_begin(). */
	smp_mb();
	for_each_possible_cpu(cpu)
		joined += READ_ONCE(per_cpu(dying.joined[set], cpu));
	return joined != left;
}

/**
 * kernelx_dying_gone() - are those gone that were not in the list of tasks?
 * @stage: 0 when the list has just been walked, then what was left there
 *
 * Tasks that begin to die later have been seen in the list. Those that are gone may
 * still be the current ones of CPUs.
 *
 * Return: true if all of them are.
 */
bool kernelx_dying_gone(unsigned int *stage)
{
	for (; *stage < 2; ++*stage) {
		if (dying_left(!dying_now))
			return false;
		WRITE_ONCE(dying_now, !dying_now);
	}
	return true;
}
