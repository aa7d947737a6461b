// SPDX-License-Identifier: GPL-2.0
/*
 * A module built from another catalogue than the kernel's: to it, the default of
 * mm/swap_cluster_max is another. It must be refused.
 */
#include <linux/module.h>

static unsigned long value;

static int __init kernelx_foreign_init(void)
{
	WRITE_ONCE(value, KERNELX(mm_swap_cluster_max, 1, 1024, 33ul));
	return 0;
}
module_init(kernelx_foreign_init);

static void __exit kernelx_foreign_exit(void)
{
	WRITE_ONCE(value, KERNELX(mm_swap_cluster_max, 1, 1024, 33ul));
}
module_exit(kernelx_foreign_exit);

MODULE_DESCRIPTION("KernelX test: a module from another catalogue");
MODULE_LICENSE("GPL");
