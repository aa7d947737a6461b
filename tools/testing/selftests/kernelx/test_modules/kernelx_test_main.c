// SPDX-License-Identifier: GPL-2.0
/*
 * A module with sites of real knobs: its constants are those of the kernel's
 * headers, which the catalogue has annotated.
 *
 * /sys/kernel/debug/kernelx_test/
 *   values	what the module's code computes from its sites
 *   init	the same, as the module's __init code saw it
 *   registers	a site per register: the value, and whether all else was kept
 *   faults	of the threads that "start" began: calls, and wrong results
 *   traces	of the stacks in thunks, see kernelx_test_traces.c
 *   control	dump, warn, oops: make the kernel print a stack; start, stop:
 *		threads that execute sites all the time, one for each CPU; probe,
 *		unprobe: take their stack traces in thunks
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/uaccess.h>

#include "kernelx_test.h"

static bool fail_init;
module_param(fail_init, bool, 0);
MODULE_PARM_DESC(fail_init, "end initialisation with an error");

static struct dentry *directory;
static struct kernelx_test_values init_values;
static struct task_struct **threads;	/* by CPU */
static DEFINE_MUTEX(threads_mutex);
static atomic_long_t calls, faults;

/* Of its own, and with a place to patch for ftrace: livepatch replaces it. */
noinline void kernelx_test_compute(struct kernelx_test_values *values)
{
	values->swap_cluster_max = SWAP_CLUSTER_MAX;
	values->readahead = VM_READAHEAD_PAGES;
	values->def_priority = DEF_PRIORITY;
}

static void __init compute_in_init(struct kernelx_test_values *values)
{
	values->swap_cluster_max = SWAP_CLUSTER_MAX;
	values->readahead = VM_READAHEAD_PAGES;
	values->def_priority = DEF_PRIORITY;
}

static void show_values(struct seq_file *file,
			const struct kernelx_test_values *values)
{
	seq_printf(file, "swap_cluster_max %lu\nreadahead %lu\ndef_priority %lu\n",
		   values->swap_cluster_max, values->readahead,
		   values->def_priority);
}

static int values_show(struct seq_file *file, void *unused)
{
	struct kernelx_test_values values;

	kernelx_test_compute(&values);
	show_values(file, &values);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(values);

static int init_show(struct seq_file *file, void *unused)
{
	show_values(file, &init_values);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(init);

static int registers_show(struct seq_file *file, void *unused)
{
	unsigned int i;

	for (i = 0; i < kernelx_test_nr_registers(); i++) {
		unsigned long value = 0;
		const char *name = kernelx_test_register(i, &value);

		seq_printf(file, "%s %lu\n", name ?: "damaged", value);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

static int traces_show(struct seq_file *file, void *unused)
{
	kernelx_test_show_traces(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(traces);

static int faults_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "%ld %ld\n", atomic_long_read(&calls),
		   atomic_long_read(&faults));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(faults);

/* The range of mm/swap_cluster_max: no other value may ever come out. */
#define LEAST	1
#define MOST	1024

/* Nothing but sites, in all registers, until it is told to stop. */
static int execute_sites(void *unused)
{
	const unsigned int nr = kernelx_test_nr_registers();
	unsigned long value, wrong = 0, count = 0;
	unsigned int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < nr; i++) {
			value = 0;
			if (!kernelx_test_register(i, &value) ||
			    value < LEAST || value > MOST)
				wrong++;
		}
		count += nr;
		if (count % (nr * 64) == 0)
			cond_resched();
		/* Idle most of the time: the CPUs of a VM share few real ones. */
		if (count % (nr * 4096) == 0)
			usleep_range(1000, 2000);
	}
	atomic_long_add(count, &calls);
	atomic_long_add(wrong, &faults);
	return 0;
}

static void stop_threads(void)
{
	unsigned int cpu;

	guard(mutex)(&threads_mutex);
	for_each_possible_cpu(cpu) {
		if (threads[cpu])
			kthread_stop(threads[cpu]);
		threads[cpu] = NULL;
	}
}

static int start_threads(void)
{
	struct task_struct *thread;
	unsigned int cpu;

	guard(mutex)(&threads_mutex);
	guard(cpus_read_lock)();
	for_each_online_cpu(cpu) {
		if (threads[cpu])
			continue;
		thread = kthread_create_on_cpu(execute_sites, NULL, cpu,
					       "kernelx_test/%u");
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		threads[cpu] = thread;
		wake_up_process(thread);
	}
	return 0;
}

/* KASAN would report it first, with a stack dump of its own. */
static noinline __no_sanitize_address void dereference_null(void)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	WRITE_ONCE(*nowhere, 1);
}

static ssize_t control_write(struct file *file, const char __user *text,
			     size_t size, loff_t *position)
{
	char word[16] = "";
	int ret = 0;

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, text, size))
		return -EFAULT;
	if (sysfs_streq(word, "dump"))
		dump_stack();
	else if (sysfs_streq(word, "warn"))
		WARN(1, "a warning that a test asked for\n");
	else if (sysfs_streq(word, "oops"))
		dereference_null();
	else if (sysfs_streq(word, "start"))
		ret = start_threads();
	else if (sysfs_streq(word, "stop"))
		stop_threads();
	else if (sysfs_streq(word, "probe"))
		ret = kernelx_test_probe();
	else if (sysfs_streq(word, "unprobe"))
		kernelx_test_unprobe();
	else
		ret = -EINVAL;
	return ret ?: size;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static int __init kernelx_test_init(void)
{
	compute_in_init(&init_values);
	if (fail_init)
		return -ENODEV;
	threads = kcalloc(nr_cpu_ids, sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	directory = debugfs_create_dir("kernelx_test", NULL);
	debugfs_create_file("values", 0400, directory, NULL, &values_fops);
	debugfs_create_file("init", 0400, directory, NULL, &init_fops);
	debugfs_create_file("registers", 0400, directory, NULL, &registers_fops);
	debugfs_create_file("faults", 0400, directory, NULL, &faults_fops);
	debugfs_create_file("traces", 0400, directory, NULL, &traces_fops);
	debugfs_create_file("control", 0200, directory, NULL, &control_fops);
	return 0;
}
module_init(kernelx_test_init);

static void __exit kernelx_test_exit(void)
{
	debugfs_remove(directory);
	stop_threads();
	kernelx_test_unprobe();
	kfree(threads);
}
module_exit(kernelx_test_exit);

MODULE_DESCRIPTION("KernelX test: a module with sites");
MODULE_LICENSE("GPL");
