// SPDX-License-Identifier: GPL-2.0
/*
 * A live patch of a function of kernelx_instances that is executed all the time: what a
 * transition of the knobs that it uses is compared with.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

static void patched_in_loop(void)
{
	unsigned int i;

	for (i = 0; i < 20; i++)
		cpu_relax();
}

static struct klp_func functions[] = {
	{ .old_name = "in_loop", .new_func = patched_in_loop },
	{ }
};

static struct klp_object objects[] = {
	{ .name = "kernelx_instances", .funcs = functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init kernelx_livepatch_loop_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(kernelx_livepatch_loop_init);

static void __exit kernelx_livepatch_loop_exit(void)
{
}
module_exit(kernelx_livepatch_loop_exit);

MODULE_DESCRIPTION("KernelX test: a live patch of a busy function");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
