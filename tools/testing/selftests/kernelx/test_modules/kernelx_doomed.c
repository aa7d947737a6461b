// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that ends, and oopses on the way: in the function that the parameter "at"
 * names. When the module is there, the thread is dead for ever.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

static char *at;
module_param(at, charp, 0);
MODULE_PARM_DESC(at, "the function");

static struct task_struct *doomed;
static bool reached;

/* KASAN would report it first. Nothing of what is on the stack is ever returned to. */
static void notrace __no_sanitize_address
oops(unsigned long ip, unsigned long parent, struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	int *nowhere = NULL;

	if (current != READ_ONCE(doomed))
		return;
	WRITE_ONCE(reached, true);
	OPTIMIZER_HIDE_VAR(nowhere);
	WRITE_ONCE(*nowhere, 1);
}

static struct ftrace_ops ops = {
	.func = oops,
};

static int end(void *unused)
{
	return 0;
}

static int __init kernelx_doomed_init(void)
{
	struct task_struct *thread;
	unsigned int tenths;
	int ret;

	ret = ftrace_set_filter(&ops, at, strlen(at), 1);
	if (ret)
		return ret;
	ret = register_ftrace_function(&ops);
	if (ret)
		return ret;
	thread = kthread_create(end, NULL, "kernelx_doomed");
	if (IS_ERR(thread)) {
		unregister_ftrace_function(&ops);
		return PTR_ERR(thread);
	}
	WRITE_ONCE(doomed, get_task_struct(thread));
	wake_up_process(thread);
	/* That it is off its CPU for good is told by nothing. */
	for (tenths = 0; tenths < 100 && READ_ONCE(thread->__state) != TASK_DEAD; tenths++)
		msleep(100);
	msleep(100);
	unregister_ftrace_function(&ops);
	put_task_struct(thread);
	return READ_ONCE(reached) ? 0 : -ENOENT;
}
module_init(kernelx_doomed_init);

static void __exit kernelx_doomed_exit(void)
{
}
module_exit(kernelx_doomed_exit);

MODULE_DESCRIPTION("KernelX test: an oops in a task that ends");
MODULE_LICENSE("GPL");
