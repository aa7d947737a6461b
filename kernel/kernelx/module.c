// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: modules carry sites too.
 *
 * A module's sites are brought to the values in force before any of its code
 * runs, and forgotten before its text goes away.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>

#include "sites.h"

static unsigned int nr_sites(const struct module *mod)
{
	return mod->arch.kernelx_sites_size / sizeof(struct kernelx_site);
}

static bool in_module(unsigned long address, void *mod)
{
	return within_module(address, mod);
}

static bool in_module_init(unsigned long address, void *mod)
{
	return within_module_init(address, mod);
}

static int module_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct module *mod = data;
	int ret = 0;

	if (!mod->arch.kernelx_sites)
		return NOTIFY_OK;
	switch (event) {
	case MODULE_STATE_COMING:
		ret = kernelx_sites_add(mod->arch.kernelx_sites,
					nr_sites(mod), mod);
		break;
	case MODULE_STATE_LIVE:
		/* Its __init text is freed after this. */
		kernelx_sites_remove(in_module_init, mod);
		break;
	case MODULE_STATE_GOING:
		kernelx_sites_remove(in_module, mod);
		break;
	}
	return notifier_from_errno(ret);
}

/*
 * Before those who write to a module's text when it comes (kprobes set by
 * tracers): they must find its sites reserved and settled.
 */
static struct notifier_block module_notifier = {
	.notifier_call = module_event,
	.priority = 2,
};

static int __init watch_modules(void)
{
	return register_module_notifier(&module_notifier);
}
early_initcall(watch_modules);

/*
 * The part of kernelx_reserved() for modules. Needs no registration: a
 * module's records live as long as its text.
 *
 * Includes stubs. They are the last in a module that has a symbol, and to
 * prepare a probe there, kprobes decodes instructions from the symbol to the
 * end of the module's text, padding and all, and has no care not to read on.
 */
bool kernelx_module_reserved(const void *start, const void *end)
{
	const struct kernelx_site *sites;
	const struct module *mod;
	unsigned int i;

	guard(rcu)();
	guard(preempt)();
	mod = __module_text_address((unsigned long)start);
	if (!mod)
		return false;
	sites = mod->arch.kernelx_sites;
	for (i = 0; i < nr_sites(mod); i++)
		if (kernelx_site_overlaps(&sites[i], start, end) ||
		    kernelx_stub_overlaps(&sites[i], start, end))
			return true;
	return false;
}
