// SPDX-License-Identifier: GPL-2.0
/*
 * What else could change all sites at a moment: each write to the parameter "stops"
 * stops the machine once, for nothing.
 */
#include <linux/module.h>
#include <linux/stop_machine.h>

static int nothing(void *unused)
{
	return 0;
}

static int stop(const char *text, const struct kernel_param *parameter)
{
	return stop_machine(nothing, NULL, NULL);
}

static const struct kernel_param_ops stop_ops = {
	.set = stop,
};
module_param_cb(stops, &stop_ops, NULL, 0200);
MODULE_PARM_DESC(stops, "write anything: stop the machine");

MODULE_DESCRIPTION("KernelX benchmark: stop_machine");
MODULE_LICENSE("GPL");
