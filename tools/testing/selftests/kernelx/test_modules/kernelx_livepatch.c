// SPDX-License-Identifier: GPL-2.0
/*
 * A live patch whose replacement functions have sites of their own: one for a
 * function of kernelx_test that has sites too, one for a function of the kernel
 * that has none (it shows /proc/cmdline).
 */
#include <linux/livepatch.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/seq_file.h>
#include <linux/swap.h>

#include "kernelx_test.h"

/* Added to each value, so that one sees whose code computed it. */
#define PATCHED 1000000

static void patched_compute(struct kernelx_test_values *values)
{
	values->swap_cluster_max = SWAP_CLUSTER_MAX + PATCHED;
	values->readahead = VM_READAHEAD_PAGES + PATCHED;
	values->def_priority = DEF_PRIORITY + PATCHED;
}

static int patched_cmdline(struct seq_file *file, void *unused)
{
	seq_printf(file, "swap_cluster_max %lu\n", SWAP_CLUSTER_MAX);
	return 0;
}

static struct klp_func vmlinux_functions[] = {
	{ .old_name = "cmdline_proc_show", .new_func = patched_cmdline },
	{ }
};

static struct klp_func test_functions[] = {
	{ .old_name = "kernelx_test_compute", .new_func = patched_compute },
	{ }
};

static struct klp_object objects[] = {
	{ .funcs = vmlinux_functions },
	{ .name = "kernelx_test", .funcs = test_functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init kernelx_livepatch_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(kernelx_livepatch_init);

static void __exit kernelx_livepatch_exit(void)
{
}
module_exit(kernelx_livepatch_exit);

MODULE_DESCRIPTION("KernelX test: a live patch with sites");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
