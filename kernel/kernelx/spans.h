/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_SPANS_H
#define _KERNEL_KERNELX_SPANS_H

#include <linux/kernelx_module.h>
#include <linux/kernelx_spans.h>
#include <linux/list.h>
#include <linux/types.h>

#include "arch.h"

struct kernelx_knob;

/**
 * struct kernelx_image - the sites of vmlinux or of a module, ready for look-ups
 * @tables:	its sections. Facts are in the order of sites, one for each;
 *		spans are sorted by address.
 * @reach:	for each span, the last address in it or in one before it. Spans
 *		overlap: where this is less than an address, no span further
 *		down contains it.
 * @knobs:	for each site, its knob; NULL if it has none, and the image is
 *		about to be refused.
 * @functions:	for each site, where its function begins.
 * @ends:	the last bytes of all sites, ascending.
 * @init_start:	of text that is freed when the image has been initialised.
 * @init_size:	its bytes.
 * @init_gone:	it has been freed: nothing in it counts any more.
 * @list:	all images; RCU.
 *
 * But for @init_gone nothing changes once it is in the list.
 */
struct kernelx_image {
	struct kernelx_tables tables;
	unsigned long *reach;
	struct kernelx_knob **knobs;
	unsigned long *functions;
	unsigned long *ends;
	unsigned long init_start;
	unsigned long init_size;
	bool init_gone;
	struct list_head list;
};

/**
 * struct kernelx_hit - a safe span that an address is in
 * @knob:	whose value is needed there.
 * @site:	where the value came in.
 * @facts:	what is known of that site.
 * @span:	the part of its safe span.
 */
struct kernelx_hit {
	struct kernelx_knob *knob;
	const struct kernelx_site *site;
	const struct kernelx_facts *facts;
	const struct kernelx_span *span;
};

/* Return: true to be told of more. */
typedef bool (*kernelx_hit_fn)(const struct kernelx_hit *hit, void *data);

static inline const struct kernelx_site *
kernelx_facts_site(const struct kernelx_facts *facts)
{
	return (void *)&facts->site + facts->site;
}

static inline unsigned long kernelx_span_start(const struct kernelx_span *span)
{
	return (unsigned long)&span->start + span->start;
}

static inline const struct kernelx_site *
kernelx_span_site(const struct kernelx_span *span)
{
	return (void *)&span->site + span->site;
}

static inline unsigned int kernelx_nr_sites(const struct kernelx_tables *tables)
{
	return tables->sites_size / sizeof(struct kernelx_site);
}

static inline unsigned int kernelx_nr_spans(const struct kernelx_tables *tables)
{
	return tables->spans_size / sizeof(struct kernelx_span);
}

/* What every look-up is made of; for tests too. */
int kernelx_tables_check(const struct kernelx_tables *tables, const char *name);
void kernelx_tables_sort(const struct kernelx_tables *tables);
int kernelx_image_index(struct kernelx_image *image);
void kernelx_image_free_index(struct kernelx_image *image);
bool kernelx_image_find(const struct kernelx_image *image, unsigned long address,
			kernelx_hit_fn fn, void *data);
bool kernelx_image_site_ends_at(const struct kernelx_image *image, unsigned long address);
bool kernelx_image_hit(const struct kernelx_image *image, unsigned int number,
		       struct kernelx_hit *hit);

/* Images that come and go, for sites.c and module.c */
void kernelx_spans_init(void);
int kernelx_spans_prepare(const struct kernelx_tables *tables, const char *name);
int kernelx_spans_add(const struct kernelx_tables *tables,
		      unsigned long init_start, unsigned long init_size);
void kernelx_spans_forget_init(const struct kernelx_site *sites);
void kernelx_spans_remove(const struct kernelx_site *sites);

/* Look-ups, for everybody */
bool kernelx_spans_at(unsigned long address, kernelx_hit_fn fn, void *data);
bool kernelx_spans_of(const struct kernelx_knob *knob, kernelx_hit_fn fn,
		      void *data);
const struct kernelx_facts *kernelx_site_facts(const struct kernelx_site *site);
unsigned long kernelx_site_function(const struct kernelx_site *site);
bool kernelx_site_ends_at(unsigned long address);

#endif /* _KERNEL_KERNELX_SPANS_H */
