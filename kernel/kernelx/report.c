// SPDX-License-Identifier: GPL-2.0
/*
 * What a bug report must say: which knobs were not at their default.
 */
#include <linux/kernel.h>
#include <linux/printk.h>

#include "internal.h"

/* Leaves room for a prefix in a line of the log. */
#define LINE_LENGTH 400

/**
 * kernelx_print_state() - print the knobs that are not at their default
 * @log_lvl: level to print with
 *
 * One line, or none if all knobs are at their default. For oopses: any context,
 * takes no lock.
 */
void kernelx_print_state(const char *log_lvl)
{
	const struct kernelx_knob *knob;
	unsigned int left_out = 0;
	char line[LINE_LENGTH];
	size_t length = 0;

	kernelx_for_each_knob(knob) {
		u32 value = kernelx_get(knob);
		/* Or it is just being detached, and still matters. */
		bool policy = knob->asks;
		size_t needed;

		if (value == knob->default_value && !policy)
			continue;
		needed = snprintf(line + length, sizeof(line) - length, " %s=%u%s%s%s",
				  knob->name, value, policy ? "(policy " : "",
				  policy ? knob->policy.name : "", policy ? ")" : "");
		if (needed < sizeof(line) - length)
			length += needed;
		else
			left_out++;
	}
	line[length] = '\0';
	if (left_out)
		printk("%sKernelX:%s and %u more\n", log_lvl, line, left_out);
	else if (length)
		printk("%sKernelX:%s\n", log_lvl, line);
}
