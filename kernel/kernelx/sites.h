/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_SITES_H
#define _KERNEL_KERNELX_SITES_H

#include <linux/types.h>

#include "arch.h"

struct module;

/* sites.c, for module.c */
int kernelx_sites_add(const struct kernelx_site *sites, unsigned int nr,
		      const struct module *mod);
void kernelx_sites_remove(bool (*gone)(unsigned long address, void *data),
			  void *data);

/* module.c, for sites.c */
#ifdef CONFIG_MODULES
bool kernelx_module_reserved(const void *start, const void *end);
#else
static inline bool kernelx_module_reserved(const void *start, const void *end)
{
	return false;
}
#endif

/* Does a site's instruction have a byte in the range, @end included? */
static inline bool kernelx_site_overlaps(const struct kernelx_site *site,
					 const void *start, const void *end)
{
	return arch_kernelx_site_start(site) <= end &&
	       kernelx_site_address(site) + arch_kernelx_site_size() > start;
}

static inline bool kernelx_stub_overlaps(const struct kernelx_site *site,
					 const void *start, const void *end)
{
	return kernelx_site_stub(site) <= end &&
	       kernelx_site_stub(site) + arch_kernelx_stub_size() > start;
}

#endif /* _KERNEL_KERNELX_SITES_H */
