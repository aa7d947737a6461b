// SPDX-License-Identifier: GPL-2.0
/*
 * Boot parameters: kernelx.<subsystem>.<knob>=<value>
 *
 * Early parameters: the sites are patched before anything that is not part of
 * setting up the architecture can execute them.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/init.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

/* A value that cannot be had is reported, and the default stays. */
static int __init set_at_boot(struct kernelx_knob *knob, const char *text)
{
	u64 value = knob->default_value;
	int ret = 0;

	if (!text || strcmp(text, "default"))
		ret = kernelx_parse_value(text ?: "", text ? strlen(text) : 0,
					  &value);
	if (ret) {
		pr_err("%s: boot parameter \"%s\" is %s, wanted: %u..%u (%s), the value stays %u\n",
		       knob->name, text ?: "",
		       ret == -EINVAL ? "not a number" : "out of range",
		       knob->min, knob->max, knob->unit, kernelx_get(knob));
		return 0;
	}
	if (!kernelx_check_range(knob, value))
		kernelx_sites_set_early(knob, value);
	return 0;
}

#define KERNELX_KNOB(symbol, subsystem, knob, def, least, most, step, latched,	\
		     object, place, text)						\
	extern struct kernelx_value kernelx_value_##symbol;			\
	static int __init param_##symbol(char *text_)				\
	{									\
		return set_at_boot(kernelx_knob_of(&kernelx_value_##symbol),	\
				   text_);					\
	}									\
	early_param("kernelx." subsystem "." knob, param_##symbol);
#include "catalogue.h"

/* "kernelx.mm.readahead" to "mm/readahead"; false if it is none of ours. */
static bool __init name_of_param(const char *param, char *name, size_t size)
{
	static const char prefix[] __initconst = "kernelx.";

	if (strncmp(param, prefix, sizeof(prefix) - 1))
		return false;
	strscpy(name, param + sizeof(prefix) - 1, size);
	strreplace(name, '.', '/');
	/* The kernel takes one for the other in names of parameters. */
	strreplace(name, '-', '_');
	return true;
}

static int __init check_param(char *param, char *value, const char *doing,
			      void *unused)
{
	char name[64];

	if (!name_of_param(param, name, sizeof(name)))
		return 0;
	if (!kernelx_find_knob(name))
		pr_err("boot parameter %s: this kernel has no knob %s, see /sys/kernel/kernelx\n",
		       param, name);
	else if (strchr(param, '/'))
		pr_err("boot parameter %s: ignored, write it with a dot: kernelx.<subsystem>.<knob>\n",
		       param);
	return 0;
}

/* A mistyped parameter must not go unnoticed: nothing else would report it. */
static int __init check_params(void)
{
	char *line = kstrdup(saved_command_line, GFP_KERNEL);

	if (!line)
		return -ENOMEM;
	parse_args("kernelx", line, NULL, 0, 0, 0, NULL, check_param);
	kfree(line);
	return 0;
}
late_initcall(check_params);
