// SPDX-License-Identifier: GPL-2.0
/*
 * Instances that are hard to keep apart: each reads two knobs that belong together,
 * several times, and looks whether it has seen two versions of them.
 *
 * The knobs are net/hystart_delay_min and net/hystart_delay_max, which nothing else
 * reads in a guest without network traffic. Who runs the test changes them together,
 * from 4000 and 16000 to 8000 and 32000 and back.
 *
 * /sys/kernel/debug/kernelx_instances/
 *   results	of all instances until now: how many there were, how many mixed two
 *		versions, how many saw one of the other version in progress, how many
 *		saw values of neither version
 *   sleep_us	how long threads of start sleep in their spans
 *   control	start N: N threads for each CPU, timers, and threads that come and go;
 *		stop: no more of all this; sleep, wake: a thread stays in a span;
 *		behind, wake: a thread stays in a function behind the span, and then begins
 *		another instance in a function that it calls;
 *		hide, wake: a thread sleeps where its stack cannot be unwound;
 *		late N: the last CPU answers no interrupt for N ms
 *		hook, unhook: return probes on the thunks
 *		delay, unhook: others, on functions that return a value, which take their time
 */
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/objtool.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/version.h>

/* As the catalogue has them. */
#define FIRST	KERNELX(net_hystart_delay_min, 0, 10000000, (4000U))
#define SECOND	KERNELX(net_hystart_delay_max, 0, 10000000, (16000U))

/* The two versions, by the values of the first knob. */
#define OLD	4000
#define NEW	8000
#define RATIO	4	/* of the second to the first, in both of them */

enum kind {
	IN_LOOP, RECURSE, RECURSIVE, DEEP, RETURNED, SPILLED, REVERSED, SLEEPING,
	STAYING, BRIEF, NR_KINDS
};

struct results {
	unsigned long instances;
	unsigned long mixtures;
	unsigned long mixtures_of[NR_KINDS];
	unsigned long overlaps;
	unsigned long strange;
};

static DEFINE_PER_CPU(struct results, results);
static atomic_t in_progress[2];
static struct dentry *directory;

/*
 * What is derived from a value goes into branches only: a value that is stored would
 * have left the instance.
 */
static noinline void found_less(enum kind kind)
{
	this_cpu_inc(results.mixtures);
	this_cpu_inc(results.mixtures_of[kind]);
}

static noinline void found_more(enum kind kind)
{
	this_cpu_inc(results.mixtures);
	this_cpu_inc(results.mixtures_of[kind]);
}

static noinline void found_overlap(void)
{
	this_cpu_inc(results.overlaps);
}

static noinline void found_strange(void)
{
	this_cpu_inc(results.strange);
}

/* An instance has begun, and has read the first knob. */
static noinline void enter(unsigned int first)
{
	this_cpu_inc(results.instances);
	if (first < OLD) {
		found_strange();
	} else if (first < NEW) {
		atomic_inc(&in_progress[0]);
		if (atomic_read(&in_progress[1]))
			found_overlap();
	} else {
		atomic_inc(&in_progress[1]);
		if (atomic_read(&in_progress[0]))
			found_overlap();
	}
	if ((first > OLD && first < NEW) || first > NEW)
		found_strange();
}

/* It is about to end: still in the span of the value. */
static noinline void leave(unsigned int first)
{
	if (first < NEW)
		atomic_dec(&in_progress[0]);
	else
		atomic_dec(&in_progress[1]);
}

/*
 * Not for equality: that is a hazard of its own, which the build wants an answer for.
 * In two functions, or the compiler makes it one.
 */
static __always_inline void same(unsigned int first, unsigned int again,
				 enum kind kind)
{
	if (again < first)
		found_less(kind);
	else if (again > first)
		found_more(kind);
}

static __always_inline void compare(unsigned int first, unsigned int second,
				    enum kind kind)
{
	same(RATIO * first, second, kind);
}

/* --- kinds of instances --- */

static noinline void in_loop(void)
{
	unsigned int first = FIRST;
	unsigned int i;

	enter(first);
	for (i = 0; i < 20; i++) {
		compare(first, SECOND, IN_LOOP);
		same(first, FIRST, IN_LOOP);
		cpu_relax();
	}
	leave(first);
	/* No tail call: this function is on the stack until the end. */
	barrier();
}

/* Nine instances, one within the other. */
static noinline void recurse(unsigned int depth)
{
	unsigned int first = FIRST;

	if (depth)
		recurse(depth - 1);
	compare(first, SECOND, RECURSE);
}

static noinline void recursive(void)
{
	unsigned int first = FIRST;

	enter(first);
	recurse(8);
	same(first, FIRST, RECURSIVE);
	leave(first);
	barrier();
}

/* Passed up as a returned value, through functions that have no site. */
static noinline unsigned int level_0(void)
{
	return SECOND;
}

#define LEVEL(n, next)							\
static noinline unsigned int level_##n(void)				\
{									\
	unsigned int second = level_##next();				\
									\
	barrier();							\
	return second;							\
}

LEVEL(1, 0)
LEVEL(2, 1)
LEVEL(3, 2)
LEVEL(4, 3)
LEVEL(5, 4)
LEVEL(6, 5)
LEVEL(7, 6)
LEVEL(8, 7)
LEVEL(9, 8)
LEVEL(10, 9)

static noinline void deep(void)
{
	unsigned int first = FIRST;

	enter(first);
	compare(first, level_10(), DEEP);
	leave(first);
	barrier();
}

static noinline unsigned int read_first(void)
{
	return FIRST;
}

static noinline unsigned int read_second(void)
{
	return SECOND;
}

/* Both come from functions that are left before the values meet. */
static noinline void returned(void)
{
	unsigned int first = read_first();
	unsigned int second;

	enter(first);
	second = read_second();
	compare(first, second, RETURNED);
	leave(first);
	barrier();
}

/* No register survives: the value waits on the stack. */
static noinline void spilled(void)
{
	unsigned int first = FIRST;
	unsigned int second;

	enter(first);
	asm volatile("" : : : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
		     "r11", "r12", "r13", "r14", "r15", "memory");
	second = SECOND;
	asm volatile("" : : : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
		     "r11", "r12", "r13", "r14", "r15", "memory");
	compare(first, second, SPILLED);
	leave(first);
	barrier();
}

/* The other one first, and the instance ends with the one it began with. */
static noinline void reversed(void)
{
	unsigned int second = SECOND;
	unsigned int first = FIRST;

	enter(first);
	compare(first, second, REVERSED);
	same(second, SECOND, REVERSED);
	leave(first);
	barrier();
}

static noinline void sleeping(unsigned int us)
{
	unsigned int first = FIRST;

	enter(first);
	usleep_range(us, 2 * us);
	compare(first, SECOND, SLEEPING);
	same(first, FIRST, SLEEPING);
	leave(first);
	barrier();
}

/* So short that most of its time is on the way of the first value to its register. */
static noinline void brief(void)
{
	unsigned int first = FIRST;

	compare(first, SECOND, BRIEF);
}

static void briefly(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		brief();
}

static DEFINE_MUTEX(some_mutex);

static void sleeping_with_mutex(unsigned int us)
{
	guard(mutex)(&some_mutex);
	sleeping(us);
}

static void without_preemption(void)
{
	guard(preempt)();
	in_loop();
}

static void without_softirqs(void)
{
	local_bh_disable();
	deep();
	local_bh_enable();
}

static void without_interrupts(void)
{
	unsigned long flags;

	local_irq_save(flags);
	reversed();
	local_irq_restore(flags);
}

static void (* const kinds[])(void) = {
	in_loop, recursive, deep, returned, spilled, reversed,
	without_preemption, without_softirqs, without_interrupts,
};

/* --- who executes them --- */

static unsigned int sleep_us = 100;

static void execute(unsigned long round)
{
	unsigned int i;

	/* Too often for an interrupt with a policy that is slow. */
	briefly();
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		kinds[i]();
	if (round % 64 == 0)
		sleeping(READ_ONCE(sleep_us));
	if (round % 512 == 0)
		sleeping_with_mutex(READ_ONCE(sleep_us));
}

static int execute_always(void *unused)
{
	unsigned long round;

	for (round = 0; !kthread_should_stop(); round++) {
		execute(round);
		cond_resched();
	}
	return 0;
}

/* A task that is new, executes a few, and is gone. */
static int execute_once(void *unused)
{
	execute(64);
	module_put_and_kthread_exit(0);
}

static int make_tasks(void *unused)
{
	while (!kthread_should_stop()) {
		__module_get(THIS_MODULE);
		if (IS_ERR(kthread_run(execute_once, NULL, "kernelx_once")))
			module_put(THIS_MODULE);
		usleep_range(5000, 10000);
	}
	return 0;
}

/* In hard interrupts, and in soft ones. */
#define TIMER_PERIOD	ms_to_ktime(1)

static DEFINE_PER_CPU(struct hrtimer, hard_timers);
static DEFINE_PER_CPU(struct hrtimer, soft_timers);
static bool timers_stop;

static enum hrtimer_restart execute_in_interrupt(struct hrtimer *timer)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i] != without_softirqs || !in_hardirq())
			kinds[i]();
	hrtimer_forward_now(timer, TIMER_PERIOD);
	return READ_ONCE(timers_stop) ? HRTIMER_NORESTART : HRTIMER_RESTART;
}

static void start_timer(struct hrtimer *timer, enum hrtimer_mode mode)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	hrtimer_setup(timer, execute_in_interrupt, CLOCK_MONOTONIC, mode);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, mode);
	timer->function = execute_in_interrupt;
#endif
	hrtimer_start(timer, TIMER_PERIOD, mode);
}

static void start_timers(void *unused)
{
	start_timer(this_cpu_ptr(&hard_timers), HRTIMER_MODE_REL_PINNED_HARD);
	start_timer(this_cpu_ptr(&soft_timers), HRTIMER_MODE_REL_PINNED_SOFT);
}

#define MOST_THREADS	256

/* Only one writer of control at a time. */
static DEFINE_MUTEX(control_mutex);
static struct task_struct *threads[MOST_THREADS];
static unsigned int nr_threads;

static int add_thread(int (*function)(void *), int cpu)
{
	struct task_struct *thread;

	if (nr_threads == MOST_THREADS)
		return -ENOSPC;
	thread = kthread_create(function, NULL, "kernelx_%u", nr_threads);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	if (cpu >= 0)
		kthread_bind(thread, cpu);
	threads[nr_threads++] = thread;
	wake_up_process(thread);
	return 0;
}

static int start(unsigned int per_cpu)
{
	unsigned int cpu, i;
	int ret = 0;

	if (nr_threads)
		return -EBUSY;
	guard(cpus_read_lock)();
	WRITE_ONCE(timers_stop, false);
	for_each_online_cpu(cpu)
		for (i = 0; i < per_cpu && !ret; i++)
			ret = add_thread(execute_always, cpu);
	if (!ret)
		ret = add_thread(make_tasks, -1);
	if (!ret)
		on_each_cpu(start_timers, NULL, 1);
	return ret;
}

static void stop(void)
{
	unsigned int cpu;

	WRITE_ONCE(timers_stop, true);
	for_each_possible_cpu(cpu) {
		if (per_cpu(hard_timers, cpu).function)
			hrtimer_cancel(per_cpu_ptr(&hard_timers, cpu));
		if (per_cpu(soft_timers, cpu).function)
			hrtimer_cancel(per_cpu_ptr(&soft_timers, cpu));
	}
	while (nr_threads)
		kthread_stop(threads[--nr_threads]);
}

/* --- what is in the way of a transition --- */

static DECLARE_WAIT_QUEUE_HEAD(sleepers);
static atomic_t nr_asleep, nr_sleepers;
static bool may_wake;

static noinline void wait_to_wake(void)
{
	atomic_inc(&nr_asleep);
	wait_event_idle(sleepers, READ_ONCE(may_wake));
}

static noinline int stay_in_span(void *unused)
{
	unsigned int first = FIRST;

	enter(first);
	wait_to_wake();
	compare(first, SECOND, STAYING);
	leave(first);
	barrier();
	atomic_dec(&nr_sleepers);
	module_put_and_kthread_exit(0);
}

static noinline void begin_another(void)
{
	wait_to_wake();
	spilled();
	barrier();
}

/* No value is needed any more while it waits, but the function has not returned. */
static noinline int stay_behind_span(void *unused)
{
	unsigned int first = FIRST;

	enter(first);
	compare(first, SECOND, STAYING);
	leave(first);
	begin_another();
	atomic_dec(&nr_sleepers);
	module_put_and_kthread_exit(0);
}

/* objtool makes no unwind data for it. */
static noinline int hide_stack(void *unused)
{
	wait_to_wake();
	atomic_dec(&nr_sleepers);
	module_put_and_kthread_exit(0);
}

STACK_FRAME_NON_STANDARD(hide_stack);

static int fall_asleep(int (*function)(void *), const char *name)
{
	int asleep = atomic_read(&nr_asleep);
	struct task_struct *thread;

	WRITE_ONCE(may_wake, false);
	atomic_inc(&nr_sleepers);
	__module_get(THIS_MODULE);
	thread = kthread_run(function, NULL, "%s", name);
	if (IS_ERR(thread)) {
		module_put(THIS_MODULE);
		atomic_dec(&nr_sleepers);
		return PTR_ERR(thread);
	}
	while (atomic_read(&nr_asleep) == asleep)
		msleep(20);
	msleep(20);
	return 0;
}

/* All of them. */
static void wake(void)
{
	WRITE_ONCE(may_wake, true);
	wake_up_all(&sleepers);
	while (atomic_read(&nr_sleepers))
		msleep(20);
}

static bool is_late;

static int be_late(void *ms)
{
	local_irq_disable();
	WRITE_ONCE(is_late, true);
	mdelay((unsigned long)ms);
	local_irq_enable();
	module_put_and_kthread_exit(0);
}

static int late(unsigned int ms)
{
	struct task_struct *thread;

	__module_get(THIS_MODULE);
	thread = kthread_create(be_late, (void *)(unsigned long)ms, "kernelx_late");
	if (IS_ERR(thread)) {
		module_put(THIS_MODULE);
		return PTR_ERR(thread);
	}
	kthread_bind(thread, num_online_cpus() - 1);
	WRITE_ONCE(is_late, false);
	/* Not to be late ourselves. */
	set_cpus_allowed_ptr(current, cpumask_of(0));
	wake_up_process(thread);
	while (!READ_ONCE(is_late))
		msleep(20);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	return 0;
}

/* --- hooks on returns, below that of the function with the site --- */

static const char * const thunks[] = {
	"kernelx_thunk_rax", "kernelx_thunk_rbx", "kernelx_thunk_rcx", "kernelx_thunk_rdx",
	"kernelx_thunk_rsi", "kernelx_thunk_rdi", "kernelx_thunk_rbp", "kernelx_thunk_r8",
	"kernelx_thunk_r9", "kernelx_thunk_r10", "kernelx_thunk_r11", "kernelx_thunk_r12",
	"kernelx_thunk_r13", "kernelx_thunk_r14", "kernelx_thunk_r15",
};

static struct kretprobe probes[ARRAY_SIZE(thunks)];
static unsigned int nr_probes;

static void unhook(void)
{
	while (nr_probes)
		unregister_kretprobe(&probes[--nr_probes]);
}

static int hook(void)
{
	int ret = 0;

	while (!ret && nr_probes < ARRAY_SIZE(thunks)) {
		probes[nr_probes] = (struct kretprobe){ .kp.symbol_name = thunks[nr_probes] };
		ret = register_kretprobe(&probes[nr_probes]);
		nr_probes += !ret;
	}
	if (ret)
		unhook();
	return ret;
}

#define RETURN_TAKES_US	200

/* The function has left the stack, and its caller has not got the value yet. */
static int take_time(struct kretprobe_instance *instance, struct pt_regs *registers)
{
	udelay(RETURN_TAKES_US);
	return 0;
}

static int delay(void)
{
	/* By name: of a function whose address is taken, nobody knows the callers. */
	static const char *const functions[] = {
		"kernelx_instances:read_first", "kernelx_instances:level_5",
	};
	int ret = 0;

	if (nr_probes)
		return -EBUSY;
	while (!ret && nr_probes < ARRAY_SIZE(functions)) {
		probes[nr_probes] = (struct kretprobe){
			.kp.symbol_name = functions[nr_probes],
			.handler = take_time,
		};
		ret = register_kretprobe(&probes[nr_probes]);
		nr_probes += !ret;
	}
	if (ret)
		unhook();
	return ret;
}

/* --- files --- */

static int results_show(struct seq_file *file, void *unused)
{
	struct results sum = {};
	unsigned int cpu, kind;

	for_each_possible_cpu(cpu) {
		const struct results *one = per_cpu_ptr(&results, cpu);

		sum.instances += READ_ONCE(one->instances);
		sum.mixtures += READ_ONCE(one->mixtures);
		for (kind = 0; kind < NR_KINDS; kind++)
			sum.mixtures_of[kind] += READ_ONCE(one->mixtures_of[kind]);
		sum.overlaps += READ_ONCE(one->overlaps);
		sum.strange += READ_ONCE(one->strange);
	}
	seq_printf(file, "%lu %lu %lu %lu\n", sum.instances, sum.mixtures,
		   sum.overlaps, sum.strange);
	for (kind = 0; kind < NR_KINDS; kind++)
		seq_printf(file, "%s %lu", kind ? "" : "mixtures by kind:",
			   sum.mixtures_of[kind]);
	seq_puts(file, "\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static ssize_t control_write(struct file *file, const char __user *text, size_t size,
			     loff_t *position)
{
	unsigned int number = 0;
	char line[32] = "";
	char word[16] = "";

	if (size >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, text, size))
		return -EFAULT;
	if (sscanf(line, "%15s %u", word, &number) < 1)
		return -EINVAL;
	guard(mutex)(&control_mutex);
	if (!strcmp(word, "start"))
		return start(number) ?: size;
	if (!strcmp(word, "sleep"))
		return fall_asleep(stay_in_span, "kernelx_sleeper") ?: size;
	if (!strcmp(word, "behind"))
		return fall_asleep(stay_behind_span, "kernelx_behind") ?: size;
	if (!strcmp(word, "hide"))
		return fall_asleep(hide_stack, "kernelx_hidden") ?: size;
	if (!strcmp(word, "hook"))
		return hook() ?: size;
	if (!strcmp(word, "delay"))
		return delay() ?: size;
	if (!strcmp(word, "late"))
		return late(number) ?: size;
	if (!strcmp(word, "stop"))
		stop();
	else if (!strcmp(word, "wake"))
		wake();
	else if (!strcmp(word, "unhook"))
		unhook();
	else
		return -EINVAL;
	return size;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

/* --- a policy that comes by a site of its knob --- */

static struct tracepoint *printed;

/* Whoever prints from BPF. */
static void read_when_printed(void *unused, const char *text)
{
	spilled();
}

static void find_printed(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "bpf_trace_printk"))
		printed = tracepoint;
}

static int __init kernelx_instances_init(void)
{
	int ret;

	for_each_kernel_tracepoint(find_printed, NULL);
	if (printed) {
		ret = tracepoint_probe_register(printed, read_when_printed, NULL);
		if (ret)
			return ret;
	}
	directory = debugfs_create_dir("kernelx_instances", NULL);
	debugfs_create_file("results", 0400, directory, NULL, &results_fops);
	debugfs_create_file("control", 0200, directory, NULL, &control_fops);
	debugfs_create_u32("sleep_us", 0600, directory, &sleep_us);
	return 0;
}
module_init(kernelx_instances_init);

static void __exit kernelx_instances_exit(void)
{
	debugfs_remove(directory);
	unhook();
	wake();
	stop();
	if (printed) {
		tracepoint_probe_unregister(printed, read_when_printed, NULL);
		tracepoint_synchronize_unregister();
	}
}
module_exit(kernelx_instances_exit);

MODULE_DESCRIPTION("KernelX test: instances with dependent sites");
MODULE_LICENSE("GPL");
