// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: modules carry sites too.
 *
 * A module's sites are brought to the values in force before any of its code
 * runs, and forgotten before its text goes away. So is what is known of them.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "sites.h"
#include "spans.h"

/**
 * kernelx_module_finalize() - find, check and sort what is about sites
 * @hdr: the module, as it was read
 * @sechdrs: its sections, where they are now
 * @mod: the module
 *
 * For the module_finalize() of an architecture: references have been resolved,
 * and nothing is read-only yet.
 *
 * Return: 0, or -ENOEXEC and a message.
 */
int kernelx_module_finalize(const Elf_Ehdr *hdr, const Elf_Shdr *sechdrs,
			    struct module *mod)
{
	const char *names = (void *)hdr + sechdrs[hdr->e_shstrndx].sh_offset;
	struct kernelx_tables *tables = &mod->arch.kernelx;
	const Elf_Shdr *section;

	for (section = sechdrs; section < sechdrs + hdr->e_shnum; section++) {
		const char *name = names + section->sh_name;

		if (!strcmp(name, "__kernelx_sites")) {
			tables->sites = (void *)section->sh_addr;
			tables->sites_size = section->sh_size;
		} else if (!strcmp(name, KERNELX_FACTS_SECTION)) {
			tables->facts = (void *)section->sh_addr;
			tables->facts_size = section->sh_size;
		} else if (!strcmp(name, KERNELX_SPANS_SECTION)) {
			tables->spans = (void *)section->sh_addr;
			tables->spans_size = section->sh_size;
		}
	}
	return kernelx_spans_prepare(tables, mod->name);
}

static int module_coming(const struct module *mod)
{
	const struct kernelx_tables *tables = &mod->arch.kernelx;
	int ret;

	ret = kernelx_spans_add(tables,
				(unsigned long)mod->mem[MOD_INIT_TEXT].base,
				mod->mem[MOD_INIT_TEXT].size);
	if (ret)
		return ret;
	ret = kernelx_sites_add(tables->sites, kernelx_nr_sites(tables), mod);
	/* Who refuses a module is not told that it goes. */
	if (ret)
		kernelx_spans_remove(tables->sites);
	return ret;
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

	if (!mod->arch.kernelx.sites)
		return NOTIFY_OK;
	switch (event) {
	case MODULE_STATE_COMING:
		ret = module_coming(mod);
		break;
	case MODULE_STATE_LIVE:
		/* Its __init text is freed after this. */
		kernelx_sites_remove(in_module_init, mod);
		kernelx_spans_forget_init(mod->arch.kernelx.sites);
		break;
	case MODULE_STATE_GOING:
		kernelx_sites_remove(in_module, mod);
		kernelx_spans_remove(mod->arch.kernelx.sites);
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
	sites = mod->arch.kernelx.sites;
	for (i = 0; i < kernelx_nr_sites(&mod->arch.kernelx); i++)
		if (kernelx_site_overlaps(&sites[i], start, end) ||
		    kernelx_stub_overlaps(&sites[i], start, end))
			return true;
	return false;
}
