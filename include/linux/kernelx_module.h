/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNELX_MODULE_H
#define _LINUX_KERNELX_MODULE_H

/*
 * For the <asm/module.h> of an architecture with KernelX sites: its struct
 * mod_arch_specific has a struct kernelx_tables with the name kernelx, and its
 * module_finalize() calls kernelx_module_finalize().
 */
#ifdef CONFIG_KERNELX_SITES

#include <linux/elf.h>
#include <asm-generic/module.h>

struct kernelx_facts;
struct kernelx_site;
struct kernelx_span;
struct module;

/**
 * struct kernelx_tables - the sections of an image that are about its sites
 * @sites:	the records.
 * @facts:	what objtool found out about each, see <linux/kernelx_spans.h>.
 * @spans:	the parts of their safe spans.
 * @sites_size:	bytes.
 * @facts_size:	bytes.
 * @spans_size:	bytes.
 */
struct kernelx_tables {
	const struct kernelx_site *sites;
	const struct kernelx_facts *facts;
	struct kernelx_span *spans;
	unsigned int sites_size;
	unsigned int facts_size;
	unsigned int spans_size;
};

int kernelx_module_finalize(const Elf_Ehdr *hdr, const Elf_Shdr *sechdrs,
			    struct module *mod);

#endif /* CONFIG_KERNELX_SITES */

#endif /* _LINUX_KERNELX_MODULE_H */
