/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_TRANSITION_H
#define _KERNEL_KERNELX_TRANSITION_H

/*
 * The parts of a transition, and who calls whom:
 *
 *	transition.c	one knob or several from old to new, in a mode
 *	steps.c		arm, drain, settle, undo: modes instance and global
 *	drain.c		brings every task over
 *	dying.c		who is to be waited for, and in no list
 *	instance.c	which task takes which value
 *	status.c	what people see of it
 *
 * All run with kernelx_mutex held, but for what tasks themselves call in the last two.
 */

#include <linux/errno.h>
#include <linux/kernelx.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/types.h>

/* --- status.c --- */

enum kernelx_step {
	KERNELX_STEP_ARM,
	KERNELX_STEP_DRAIN,
	KERNELX_STEP_REFRESH,
	KERNELX_STEP_SETTLE,
	KERNELX_STEP_UNDO,
	KERNELX_STEP_DONE,
};

/* So many are named. */
#define KERNELX_NR_BLOCKERS	8

enum kernelx_obstacle {
	KERNELX_IN_SPAN,	/* a frame in a safe span */
	KERNELX_IN_THUNK,	/* a value on its way to a register */
	KERNELX_UNRELIABLE,	/* nobody knows what is on its stack */
	KERNELX_LATE_CPU,	/* does not answer */
	KERNELX_DYING,		/* no longer in the list of tasks */
	KERNELX_NOT_WAITING,	/* mode global: where a task must not sleep */
	KERNELX_NO_TIME,	/* nobody stayed in the way */
};

/**
 * struct kernelx_blocker - why a task cannot go over
 * @why:	the reason.
 * @pid:	of the task, or the number of the CPU.
 * @comm:	of the task.
 * @address:	where the frame is.
 * @knob:	in whose safe span.
 */
struct kernelx_blocker {
	enum kernelx_obstacle why;
	int pid;
	char comm[TASK_COMM_LEN];
	unsigned long address;
	const struct kernelx_knob *knob;
};

/* What is counted: what(name, text). The text is a line of the file stats. */
#define KERNELX_COUNTERS(what)						\
	what(IMMEDIATE,		immediate)				\
	what(INSTANCE,		instance)				\
	what(GLOBAL,		global)					\
	what(TIMED_OUT,		timed_out)				\
	what(CANCELLED,		cancelled)				\
	what(FAILED,		failed)					\
	what(UNDO_DELAYED,	undo_delayed)				\
	what(ROUNDS,		rounds)					\
	what(LOOKS,		stacks_walked)				\
	what(UNRELIABLE,	stacks_unreliable)			\
	what(LATE,		late_cpus)				\
	what(ASKED,		uses_asked)				\
	what(WAITED,		gate_waits)				\
	what(PASSED,		gate_passes)				\
	what(NO_RCU,		policies_not_asked)

enum kernelx_counter {
#define COUNTER(name, text) KERNELX_COUNT_##name,
	KERNELX_COUNTERS(COUNTER)
#undef COUNTER
	KERNELX_NR_COUNTERS
};

/* Any context. */
void kernelx_count(enum kernelx_counter counter);

void kernelx_status_begin(enum kernelx_mode mode);
void kernelx_status_step(enum kernelx_step step);
void kernelx_status_blockers(const struct kernelx_blocker *blockers,
			     unsigned int nr);
void kernelx_status_end(int ret);
void kernelx_status_undone(void);

/* How long a transition may take before it is undone. */
unsigned int kernelx_timeout_ms(void);

/* --- transition.c --- */

void kernelx_values_set(bool target);
void kernelx_asks_set(bool target);
int kernelx_refresh(void);
void kernelx_refresh_undo(void);

#ifdef CONFIG_KERNELX_SITES

/* --- steps.c --- */

int kernelx_steps(enum kernelx_mode mode);

/* An earlier transition is not undone yet. */
bool kernelx_undoing(void);

/* --- drain.c --- */

void kernelx_drain_passed(void);
bool kernelx_all_over(void);
int kernelx_drain(ktime_t deadline, bool may_cancel, bool all_ask, u32 *ticket);

/* --- instance.c --- */

void kernelx_slots_begin(enum kernelx_mode mode, unsigned long timeout);
void kernelx_slots_no_gate(void);
void kernelx_slots_undo(void);
void kernelx_slots_undone(void);
void kernelx_slots_revert(void);
void kernelx_ask(bool pending, bool all);
bool kernelx_pending(const struct task_struct *task);
void kernelx_go_over(struct task_struct *task);
bool kernelx_look(struct task_struct *task, struct kernelx_blocker *blocker);
u32 kernelx_gate_ticket(void);
bool kernelx_gate_open(u32 ticket);

/* --- dying.c --- */

bool kernelx_dying_gone(unsigned int *stage);

#else

static inline int kernelx_steps(enum kernelx_mode mode)
{
	return -EOPNOTSUPP;
}

static inline bool kernelx_undoing(void)
{
	return false;
}

#endif /* CONFIG_KERNELX_SITES */

#endif /* _KERNEL_KERNELX_TRANSITION_H */
