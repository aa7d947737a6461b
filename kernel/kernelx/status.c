// SPDX-License-Identifier: GPL-2.0
/*
 * What people see of transitions: the files transition, transition_timeout_ms and
 * stats, and tracepoints.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/capability.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <trace/events/kernelx.h>

#include "internal.h"
#include "transition.h"

#define DEFAULT_TIMEOUT	1000
#define LONGEST_TIMEOUT	60000

static unsigned int timeout = DEFAULT_TIMEOUT;

static DEFINE_PER_CPU(unsigned long[KERNELX_NR_COUNTERS], counters);

/**
 * struct status - the transition under way, or the last one
 * @known:	there has been one.
 * @mode:	of it.
 * @step:	that it is in.
 * @result:	0 or an error, when it has ended.
 * @begin:	when it began, and ...
 * @end:	... when it ended.
 * @knobs:	which, with what they had and what they shall have.
 * @nr_blockers: how many tasks were in the way when last looked ...
 * @blockers:	... and which.
 */
struct status {
	bool known;
	enum kernelx_mode mode;
	enum kernelx_step step;
	int result;
	ktime_t begin;
	ktime_t end;
	char knobs[512];
	unsigned int nr_blockers;
	struct kernelx_blocker blockers[KERNELX_NR_BLOCKERS];
};

/* The lock is for readers, who do not wait until a transition has ended. */
static struct status status;
static DEFINE_SPINLOCK(status_lock);

/* The status is that of one that is being undone; this one, of others, is not shown. */
static bool unshown;

void kernelx_count(enum kernelx_counter counter)
{
	this_cpu_inc(counters[counter]);
}

unsigned int kernelx_timeout_ms(void)
{
	return READ_ONCE(timeout);
}

static const char * const mode_names[] = {
	[KERNELX_MODE_DEFAULT]		= "default",
	[KERNELX_MODE_IMMEDIATE]	= "immediate",
	[KERNELX_MODE_INSTANCE]		= "instance",
	[KERNELX_MODE_GLOBAL]		= "global",
};

const char *kernelx_mode_name(enum kernelx_mode mode)
{
	return mode_names[mode];
}

/**
 * kernelx_parse_mode() - read a mode
 * @text: its name, or "default"
 * @length: of the text
 * @mode: where it goes
 *
 * Return: 0; -EINVAL (there is none of that name), -EOPNOTSUPP (this kernel has it not).
 */
int kernelx_parse_mode(const char *text, size_t length, enum kernelx_mode *mode)
{
	enum kernelx_mode i;

	for (i = KERNELX_MODE_DEFAULT; i <= KERNELX_MODE_GLOBAL; i++) {
		if (!kernelx_is_word(text, length, kernelx_mode_name(i)))
			continue;
		if (!IS_ENABLED(CONFIG_KERNELX_SITES) && i > KERNELX_MODE_IMMEDIATE)
			return -EOPNOTSUPP;
		*mode = i;
		return 0;
	}
	return -EINVAL;
}

static const char * const step_names[] = {
	[KERNELX_STEP_ARM]	= "arm",
	[KERNELX_STEP_DRAIN]	= "drain",
	[KERNELX_STEP_REFRESH]	= "refresh",
	[KERNELX_STEP_SETTLE]	= "settle",
	[KERNELX_STEP_UNDO]	= "undo",
	[KERNELX_STEP_DONE]	= "done",
};

/* --- for the steps: kernelx_mutex is held --- */

/* "mm/a 1 to 2, mm/b 3 to 4"; what does not fit is counted. */
static void name_knobs(char *text, size_t size)
{
	const struct kernelx_knob *knob;
	unsigned int left_out = 0;
	size_t length = 0;

	text[0] = '\0';
	/* Room for the number of those left out. */
	size -= sizeof(", and 4294967295 more");
	kernelx_for_each_knob(knob) {
		size_t needed;

		if (!knob->writing)
			continue;
		needed = snprintf(text + length, size - length, "%s%s %u to %u",
				  length ? ", " : "", knob->name, knob->old,
				  knob->target);
		if (needed < size - length) {
			length += needed;
		} else {
			text[length] = '\0';
			left_out++;
		}
	}
	if (left_out)
		sprintf(text + length, ", and %u more", left_out);
}

void kernelx_status_begin(enum kernelx_mode mode)
{
	static const enum kernelx_counter by_mode[] = {
		[KERNELX_MODE_IMMEDIATE]	= KERNELX_COUNT_IMMEDIATE,
		[KERNELX_MODE_INSTANCE]		= KERNELX_COUNT_INSTANCE,
		[KERNELX_MODE_GLOBAL]		= KERNELX_COUNT_GLOBAL,
	};

	lockdep_assert_held(&kernelx_mutex);
	kernelx_count(by_mode[mode]);
	unshown = kernelx_undoing();
	if (unshown)
		return;
	scoped_guard(spinlock, &status_lock) {
		status.known = true;
		status.mode = mode;
		status.step = KERNELX_STEP_ARM;
		status.result = 0;
		status.begin = ktime_get();
		status.nr_blockers = 0;
		name_knobs(status.knobs, sizeof(status.knobs));
	}
	trace_kernelx_transition_begin(kernelx_mode_name(mode), status.knobs);
}

void kernelx_status_step(enum kernelx_step step)
{
	if (unshown)
		return;
	scoped_guard(spinlock, &status_lock)
		status.step = step;
	trace_kernelx_transition_step(step_names[step]);
}

void kernelx_status_blockers(const struct kernelx_blocker *blockers,
			     unsigned int nr)
{
	guard(spinlock)(&status_lock);
	/* While it is undone, those that count are the ones that made it fail. */
	if (status.step == KERNELX_STEP_UNDO && status.nr_blockers && !status.result)
		return;
	status.nr_blockers = min(nr, KERNELX_NR_BLOCKERS);
	memcpy(status.blockers, blockers, status.nr_blockers * sizeof(*blockers));
}

/* Names that tasks gave themselves, and addresses without one, do not go out as they are. */
static void name_task(const struct kernelx_blocker *blocker, char *text, size_t size)
{
	snprintf(text, size, "%*pE[%d]", (int)strnlen(blocker->comm, TASK_COMM_LEN),
		 blocker->comm, blocker->pid);
}

static void name_place(const struct kernelx_blocker *blocker, char *text, size_t size)
{
	unsigned long symbol_size, offset;

	if (kallsyms_lookup_size_offset(blocker->address, &symbol_size, &offset))
		snprintf(text, size, "%pS", (void *)blocker->address);
	else
		strscpy(text, "code without a name", size);
}

/* "bash[12] at vfs_read+0x12/0x30 in a span of mm/readahead" */
static void describe(const struct kernelx_blocker *blocker, char *text, size_t size)
{
	char place[KSYM_SYMBOL_LEN], task[4 * TASK_COMM_LEN + 16];

	name_place(blocker, place, sizeof(place));
	name_task(blocker, task, sizeof(task));
	switch (blocker->why) {
	case KERNELX_IN_SPAN:
		snprintf(text, size, "%s at %s in a span of %s", task, place,
			 blocker->knob->name);
		break;
	case KERNELX_IN_THUNK:
		snprintf(text, size, "%s at %s reads a knob", task, place);
		break;
	case KERNELX_UNRELIABLE:
		snprintf(text, size, "%s has a stack that cannot be relied upon, behind %s",
			 task, place);
		break;
	case KERNELX_LATE_CPU:
		snprintf(text, size, "CPU %d does not answer", blocker->pid);
		break;
	case KERNELX_DYING:
		snprintf(text, size, "a task that exits");
		break;
	case KERNELX_NO_TIME:
		strscpy(text, "no task for long: the time was over before all had been seen", size);
		break;
	case KERNELX_NOT_WAITING:
		strscpy(text, "uses that cannot wait take the old value (gate_passes in stats)",
			size);
		break;
	}
}

void kernelx_status_end(int ret)
{
	struct kernelx_blocker first;
	unsigned int nr;
	char blocker[KSYM_SYMBOL_LEN + 256] = "";
	u64 duration;

	if (ret)
		kernelx_count(ret == -EBUSY ? KERNELX_COUNT_TIMED_OUT :
			      ret == -EINTR ? KERNELX_COUNT_CANCELLED :
					      KERNELX_COUNT_FAILED);
	if (unshown)
		return;
	scoped_guard(spinlock, &status_lock) {
		status.end = ktime_get();
		status.result = ret;
		if (!kernelx_undoing())
			status.step = KERNELX_STEP_DONE;
		if (!ret)
			status.nr_blockers = 0;
		nr = status.nr_blockers;
		first = status.blockers[0];
		duration = ktime_to_ns(ktime_sub(status.end, status.begin));
	}
	trace_kernelx_transition_end(ret, duration);
	if (!ret)
		return;
	if (nr)
		describe(&first, blocker, sizeof(blocker));
	if (ret == -EBUSY)
		pr_notice_ratelimited("%s: not in %u ms (transition_timeout_ms), nothing is changed; in the way: %s\n",
				      status.knobs, kernelx_timeout_ms(), blocker);
}

/* By the worker: of the one that is shown. */
void kernelx_status_undone(void)
{
	unshown = false;
	kernelx_status_step(KERNELX_STEP_DONE);
}

/* --- files --- */

static ssize_t transition_show(struct kobject *kobj, struct kobj_attribute *attribute,
			       char *buf)
{
	static struct status copy;
	static DEFINE_MUTEX(copy_mutex);
	unsigned int i;
	char line[KSYM_SYMBOL_LEN + 256];
	ktime_t end;
	int length;

	/* The mode of the file does not stop a root without capabilities. */
	if (!capable(CAP_SYSLOG))
		return -EPERM;
	guard(mutex)(&copy_mutex);
	scoped_guard(spinlock, &status_lock)
		copy = status;
	if (!copy.known)
		return sysfs_emit(buf, "none yet\n");
	end = copy.step == KERNELX_STEP_DONE ? copy.end : ktime_get();
	length = sysfs_emit(buf, "knobs %s\nmode %s\nstep %s\nresult %d\nelapsed_us %lld\n",
			    copy.knobs, mode_names[copy.mode], step_names[copy.step],
			    copy.result, ktime_us_delta(end, copy.begin));
	for (i = 0; i < copy.nr_blockers; i++) {
		describe(&copy.blockers[i], line, sizeof(line));
		length += sysfs_emit_at(buf, length, "blocker %s\n", line);
	}
	return length;
}

static ssize_t transition_timeout_ms_show(struct kobject *kobj,
					  struct kobj_attribute *attribute, char *buf)
{
	return sysfs_emit(buf, "%u\n", kernelx_timeout_ms());
}

static ssize_t transition_timeout_ms_store(struct kobject *kobj,
					   struct kobj_attribute *attribute,
					   const char *buf, size_t count)
{
	u64 value;
	int ret;

	ret = kernelx_may_write("transition_timeout_ms");
	if (ret)
		return ret;
	ret = count < PAGE_SIZE ? kernelx_parse_value(buf, count, &value) : -EINVAL;
	if (!ret && (!value || value > LONGEST_TIMEOUT))
		ret = -ERANGE;
	if (ret) {
		pr_notice_ratelimited("transition_timeout_ms: \"%*pE\" is refused, wanted: 1..%u (ms), it stays %u\n",
				      (int)min_t(size_t, count - (buf[count - 1] == '\n'), 40),
				      buf, LONGEST_TIMEOUT, kernelx_timeout_ms());
		return ret;
	}
	WRITE_ONCE(timeout, value);
	return count;
}

static unsigned long sum_of(enum kernelx_counter counter)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(counters, cpu)[counter]);
	return sum;
}

static ssize_t stats_show(struct kobject *kobj, struct kobj_attribute *attribute,
			  char *buf)
{
	static const char * const names[] = {
#define COUNTER(name, text)	\
		[KERNELX_COUNT_##name] = #text,
		KERNELX_COUNTERS(COUNTER)
#undef COUNTER
	};
	unsigned int i;
	int length = 0;

	for (i = 0; i < KERNELX_NR_COUNTERS; i++)
		length += sysfs_emit_at(buf, length, "%s %lu\n", names[i],
					sum_of(i));
	return length;
}

/* Who is in the way, and where its code is, is for the privileged. */
static struct kobj_attribute transition_file = __ATTR_RO_MODE(transition, 0400);
static struct kobj_attribute timeout_file = __ATTR_RW_MODE(transition_timeout_ms, 0644);
static struct kobj_attribute stats_file = __ATTR_RO_MODE(stats, 0444);

const struct attribute *kernelx_root_files[] = {
	&transition_file.attr,
	&timeout_file.attr,
	&stats_file.attr,
	NULL
};
