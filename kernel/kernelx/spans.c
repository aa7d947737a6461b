// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: what objtool found out about the sites of vmlinux and of the
 * modules that are loaded, and looking it up.
 *
 * objtool writes two sections, see <linux/kernelx_spans.h>. Facts, one for each
 * site, are in the order of the sites. Spans are sorted here by address, in
 * place. They overlap, so bisection alone does not find all that contain an
 * address: beside the table there is, for each span, how far it and those before
 * it reach.
 *
 * Images come and go with kernelx_mutex held. Look-ups hold no lock: the list is
 * RCU's, and what is in it does not change.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/bsearch.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <asm/sections.h>

#include "internal.h"
#include "spans.h"

/* From the linker script; the spans can be written until mark_rodata_ro(). */
extern const struct kernelx_site __start___kernelx_sites[];
extern const struct kernelx_site __stop___kernelx_sites[];
extern const struct kernelx_facts __start___kernelx_facts[];
extern const struct kernelx_facts __stop___kernelx_facts[];
extern struct kernelx_span __start___kernelx_spans[];
extern struct kernelx_span __stop___kernelx_spans[];

/* Written with kernelx_mutex held, read with it or in an RCU section. */
static LIST_HEAD(images);

static struct kernelx_image vmlinux;

/* This kernel was built without objtool's tables. Written before modules load. */
static bool vmlinux_unknown __ro_after_init;

/* --- one image --- */

static bool has_site(const struct kernelx_tables *tables,
		     const struct kernelx_site *site)
{
	const unsigned long offset = (unsigned long)site -
				     (unsigned long)tables->sites;

	return offset < tables->sites_size && offset % sizeof(*site) == 0;
}

/**
 * kernelx_tables_check() - can these tables be used?
 * @tables: the sections of an image
 * @name: of the image
 *
 * Each site must have its facts, in the order of sites, and each span a site. The
 * version is looked at first: it stands at the same place in every version.
 *
 * Return: 0, or -ENOEXEC and a message that says why not.
 */
int kernelx_tables_check(const struct kernelx_tables *tables, const char *name)
{
	const unsigned int nr_facts = tables->facts_size / sizeof(*tables->facts);
	const unsigned int nr = kernelx_nr_sites(tables);
	unsigned int i;

	if (tables->facts_size > offsetof(struct kernelx_facts, version) &&
	    tables->facts->version != KERNELX_FACTS_VERSION) {
		pr_err("%s: facts of version %u about its sites, this kernel knows version %u: built with another objtool?\n",
		       name, tables->facts->version, KERNELX_FACTS_VERSION);
		return -ENOEXEC;
	}
	if (tables->sites_size % sizeof(*tables->sites) ||
	    tables->facts_size % sizeof(*tables->facts) ||
	    tables->spans_size % sizeof(*tables->spans) || nr_facts != nr) {
		pr_err("%s: facts about %u sites, but it has %u: built without objtool?\n",
		       name, nr_facts, nr);
		return -ENOEXEC;
	}
	for (i = 0; i < nr; i++) {
		if (tables->facts[i].version == KERNELX_FACTS_VERSION &&
		    kernelx_facts_site(&tables->facts[i]) == &tables->sites[i])
			continue;
		pr_err("%s: facts %u are not those of site %u: built with another objtool?\n",
		       name, i, i);
		return -ENOEXEC;
	}
	for (i = 0; i < kernelx_nr_spans(tables); i++) {
		if (has_site(tables, kernelx_span_site(&tables->spans[i])))
			continue;
		pr_err("%s: span %u belongs to no site: built with another objtool?\n",
		       name, i);
		return -ENOEXEC;
	}
	return 0;
}

/* By address; what begins at the same one, in a fixed order. */
static int compare_spans(const void *a, const void *b)
{
	const struct kernelx_span *first = a, *second = b;
	const unsigned long start = kernelx_span_start(first);
	const unsigned long other = kernelx_span_start(second);

	if (start != other)
		return start < other ? -1 : 1;
	if (first->size != second->size)
		return first->size < second->size ? -1 : 1;
	return kernelx_span_site(first) < kernelx_span_site(second) ? -1 :
	       kernelx_span_site(first) > kernelx_span_site(second);
}

/* References are relative to where they stand. */
static void swap_spans(void *a, void *b, int size)
{
	struct kernelx_span *first = a, *second = b;
	const struct kernelx_span old = *first;
	const int delta = b - a;

	first->start = second->start + delta;
	first->size = second->size;
	first->site = second->site + delta;
	second->start = old.start - delta;
	second->size = old.size;
	second->site = old.site - delta;
}

/* Tables that were checked; nobody looks anything up in them yet. */
void kernelx_tables_sort(const struct kernelx_tables *tables)
{
	sort(tables->spans, kernelx_nr_spans(tables), sizeof(*tables->spans),
	     compare_spans, swap_spans);
}

/* Return: the last byte of a span; of an empty one, where it would begin. */
static unsigned long last_byte(const struct kernelx_span *span)
{
	return kernelx_span_start(span) + span->size - !!span->size;
}

/* Where the function of a site begins, or the part of it that the compiler put apart. */
static unsigned long function_of(const struct kernelx_site *site)
{
	const unsigned long address = (unsigned long)kernelx_site_address(site);
	unsigned long size, offset;

	if (!kallsyms_lookup_size_offset(address, &size, &offset))
		return address;
	return address - offset;
}

static int compare_ends(const void *a, const void *b)
{
	const unsigned long first = *(const unsigned long *)a, second = *(const unsigned long *)b;

	return first < second ? -1 : first > second;
}

/**
 * kernelx_image_index() - make look-ups in an image possible
 * @image: its tables are checked and sorted
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int kernelx_image_index(struct kernelx_image *image)
{
	const struct kernelx_tables *tables = &image->tables;
	const unsigned int nr_spans = kernelx_nr_spans(tables);
	const unsigned int nr_sites = kernelx_nr_sites(tables);
	unsigned long reach = 0;
	unsigned int i;

	image->reach = kvmalloc_array(nr_spans, sizeof(*image->reach), GFP_KERNEL);
	image->knobs = kvmalloc_array(nr_sites, sizeof(*image->knobs), GFP_KERNEL);
	image->functions = kvmalloc_array(nr_sites, sizeof(*image->functions), GFP_KERNEL);
	image->ends = kvmalloc_array(nr_sites, sizeof(*image->ends), GFP_KERNEL);
	if (!image->reach || !image->knobs || !image->functions || !image->ends) {
		kernelx_image_free_index(image);
		return -ENOMEM;
	}
	for (i = 0; i < nr_spans; i++) {
		reach = max(reach, last_byte(&tables->spans[i]));
		image->reach[i] = reach;
	}
	for (i = 0; i < nr_sites; i++) {
		image->knobs[i] = kernelx_knob_of(kernelx_site_value(&tables->sites[i]));
		image->functions[i] = function_of(&tables->sites[i]);
		image->ends[i] = (unsigned long)kernelx_site_address(&tables->sites[i]) +
				 arch_kernelx_site_size() - 1;
	}
	sort(image->ends, nr_sites, sizeof(*image->ends), compare_ends, NULL);
	return 0;
}

void kernelx_image_free_index(struct kernelx_image *image)
{
	kvfree(image->reach);
	kvfree(image->knobs);
	kvfree(image->functions);
	kvfree(image->ends);
	image->reach = NULL;
	image->knobs = NULL;
	image->functions = NULL;
	image->ends = NULL;
}

/* Pairs with kernelx_spans_forget_init(); who sees it late finds more, not less. */
static bool text_gone(const struct kernelx_image *image, unsigned long address)
{
	return READ_ONCE(image->init_gone) &&
	       address - image->init_start < image->init_size;
}

/**
 * kernelx_image_hit() - all there is to say about one span
 * @image: in which it is
 * @number: of the span
 * @hit: where it goes
 *
 * Return: false if the span does not count (any more).
 */
bool kernelx_image_hit(const struct kernelx_image *image, unsigned int number,
		       struct kernelx_hit *hit)
{
	const struct kernelx_tables *tables = &image->tables;
	unsigned int i;

	hit->span = &tables->spans[number];
	hit->site = kernelx_span_site(hit->span);
	i = hit->site - tables->sites;
	hit->facts = &tables->facts[i];
	hit->knob = image->knobs[i];
	return hit->knob && !text_gone(image, kernelx_span_start(hit->span)) &&
	       !text_gone(image, (unsigned long)kernelx_site_address(hit->site));
}

/**
 * kernelx_image_find() - the safe spans of an image that contain an address
 * @image: an image with its index
 * @address: the address
 * @fn: called for each, from the last one to begin to the first
 * @data: for @fn
 *
 * Return: false if @fn did not want to be told of more.
 */
bool kernelx_image_find(const struct kernelx_image *image, unsigned long address,
			kernelx_hit_fn fn, void *data)
{
	const struct kernelx_span *spans = image->tables.spans;
	unsigned int from = 0, to = kernelx_nr_spans(&image->tables);
	struct kernelx_hit hit;

	/* The first that begins behind the address ... */
	while (from < to) {
		unsigned int middle = from + (to - from) / 2;

		if (kernelx_span_start(&spans[middle]) <= address)
			from = middle + 1;
		else
			to = middle;
	}
	/* ... and down from there, as long as any can contain it. */
	while (from && image->reach[--from] >= address) {
		if (address - kernelx_span_start(&spans[from]) >= spans[from].size)
			continue;
		if (kernelx_image_hit(image, from, &hit) && !fn(&hit, data))
			return false;
	}
	return true;
}

/* As kernelx_site_ends_at(), in one image with its index. */
bool kernelx_image_site_ends_at(const struct kernelx_image *image, unsigned long address)
{
	return bsearch(&address, image->ends, kernelx_nr_sites(&image->tables),
		       sizeof(address), compare_ends) && !text_gone(image, address);
}

/* --- all images --- */

static struct kernelx_image *find_image(const struct kernelx_site *sites)
{
	struct kernelx_image *image;

	lockdep_assert_held(&kernelx_mutex);
	list_for_each_entry(image, &images, list)
		if (image->tables.sites == sites)
			return image;
	return NULL;
}

/**
 * kernelx_spans_init() - the tables of vmlinux
 *
 * Before its sites are registered. A kernel without them works, but knows
 * nothing about any site, and says so.
 */
void __init kernelx_spans_init(void)
{
	struct kernelx_tables *tables = &vmlinux.tables;
	int ret;

	tables->sites = __start___kernelx_sites;
	tables->facts = __start___kernelx_facts;
	tables->spans = __start___kernelx_spans;
	tables->sites_size = (void *)__stop___kernelx_sites - (void *)tables->sites;
	tables->facts_size = (void *)__stop___kernelx_facts - (void *)tables->facts;
	tables->spans_size = (void *)__stop___kernelx_spans - (void *)tables->spans;
	/* What init_section_contains() goes by. */
	vmlinux.init_start = (unsigned long)__init_begin;
	vmlinux.init_size = __init_end - __init_begin;

	ret = kernelx_tables_check(tables, "vmlinux");
	if (!ret) {
		kernelx_tables_sort(tables);
		ret = kernelx_image_index(&vmlinux);
	}
	if (ret) {
		pr_warn("nothing is known about where values go (error %d): every knob of the kernel counts as dependent, escapes, unbounded\n",
			ret);
		vmlinux_unknown = true;
		return;
	}
	guard(mutex)(&kernelx_mutex);
	list_add_tail_rcu(&vmlinux.list, &images);
}

/**
 * kernelx_spans_prepare() - check and sort the tables of a module
 * @tables: its sections
 * @name: of the module
 *
 * While they can be written. Nothing has to be undone if the module is not
 * loaded after all.
 *
 * Return: 0, or -ENOEXEC and a message.
 */
int kernelx_spans_prepare(const struct kernelx_tables *tables, const char *name)
{
	int ret;

	/* A module cannot have more than the kernel it was built for. */
	if (vmlinux_unknown && !tables->facts_size)
		return 0;
	ret = kernelx_tables_check(tables, name);
	if (!ret)
		kernelx_tables_sort(tables);
	return ret;
}

/**
 * kernelx_spans_add() - let look-ups find the spans of a module
 * @tables: its sections, which kernelx_spans_prepare() has seen
 * @init_start: of text that will be freed
 * @init_size: its bytes
 *
 * Context: may sleep; takes kernelx_mutex.
 *
 * Return: 0 or -ENOMEM.
 */
int kernelx_spans_add(const struct kernelx_tables *tables,
		      unsigned long init_start, unsigned long init_size)
{
	struct kernelx_image *image;
	int ret;

	if (!tables->facts_size)
		return 0;
	image = kzalloc(sizeof(*image), GFP_KERNEL);
	if (!image)
		return -ENOMEM;
	image->tables = *tables;
	image->init_start = init_start;
	image->init_size = init_size;
	ret = kernelx_image_index(image);
	if (ret) {
		kfree(image);
		return ret;
	}
	guard(mutex)(&kernelx_mutex);
	list_add_tail_rcu(&image->list, &images);
	return 0;
}

/**
 * kernelx_spans_forget_init() - text that ran once goes away
 * @sites: of the image
 *
 * Something else may come to its addresses. No waiting for look-ups that are
 * under way: they do not read that text, and may still find it.
 *
 * Context: may sleep; takes kernelx_mutex.
 */
void kernelx_spans_forget_init(const struct kernelx_site *sites)
{
	struct kernelx_image *image;

	guard(mutex)(&kernelx_mutex);
	image = find_image(sites);
	if (image)
		WRITE_ONCE(image->init_gone, true);
}

/**
 * kernelx_spans_remove() - a module goes, and its tables with it
 * @sites: of the module
 *
 * When it returns, no look-up finds them any more or is still in them.
 *
 * Context: may sleep; takes kernelx_mutex.
 */
void kernelx_spans_remove(const struct kernelx_site *sites)
{
	struct kernelx_image *image;

	scoped_guard(mutex, &kernelx_mutex) {
		image = find_image(sites);
		if (!image)
			return;
		list_del_rcu(&image->list);
	}
	/* Look-ups that found it in the list; not with the mutex held. */
	synchronize_rcu();
	kernelx_image_free_index(image);
	kfree(image);
}

/**
 * kernelx_spans_at() - the safe spans that contain an address
 * @address: of an instruction. Of a return address, give the byte before it: the
 *	call is in the span of a value that it receives or that outlives it, but
 *	what follows need not be.
 * @fn: called for each, in no order; what it is given is valid until it returns,
 *	or as long as the module cannot go. It runs in an RCU section: it must
 *	not sleep.
 * @data: for @fn
 *
 * Any context in which RCU is watching, which includes NMIs and breakpoints:
 * takes no lock and allocates nothing. Finds nothing in vmlinux before early
 * initcalls, nor in a kernel without tables: ask kernelx_knob_flags() whether
 * that is all there is to find.
 *
 * Return: false if @fn did not want to be told of more.
 */
bool kernelx_spans_at(unsigned long address, kernelx_hit_fn fn, void *data)
{
	const struct kernelx_image *image;

	/* Against kernelx_spans_remove(). */
	guard(rcu)();
	list_for_each_entry_rcu(image, &images, list)
		if (!kernelx_image_find(image, address, fn, data))
			return false;
	return true;
}

/**
 * kernelx_site_ends_at() - is it the last byte of a site?
 * @address: of a return address, the byte before it
 *
 * A frame that returns to behind a site is that of its stub, of the thunk, or of what
 * stands in for them meanwhile, such as a return thunk: the value is on its way.
 *
 * Any context, as kernelx_spans_at(), which says what is not found.
 */
bool kernelx_site_ends_at(unsigned long address)
{
	const struct kernelx_image *image;

	guard(rcu)();
	list_for_each_entry_rcu(image, &images, list)
		if (kernelx_image_site_ends_at(image, address))
			return true;
	return false;
}

/**
 * kernelx_spans_of() - the safe spans of all sites of a knob
 * @knob: the knob
 * @fn: called for each, ordered by address within vmlinux, then within each
 *	module
 * @data: for @fn
 *
 * Context: kernelx_mutex is held, so @fn may sleep.
 *
 * Return: false if @fn did not want to be told of more.
 */
bool kernelx_spans_of(const struct kernelx_knob *knob, kernelx_hit_fn fn,
		      void *data)
{
	const struct kernelx_image *image;
	struct kernelx_hit hit;
	unsigned int i;

	lockdep_assert_held(&kernelx_mutex);
	list_for_each_entry(image, &images, list)
		for (i = 0; i < kernelx_nr_spans(&image->tables); i++)
			if (kernelx_image_hit(image, i, &hit) &&
			    hit.knob == knob && !fn(&hit, data))
				return false;
	return true;
}

/**
 * kernelx_site_facts() - what is known of a site
 * @site: the site's record
 *
 * Any context, as kernelx_spans_at(), in which the site's module cannot go.
 *
 * Return: the facts, or NULL if nothing is known.
 */
const struct kernelx_facts *kernelx_site_facts(const struct kernelx_site *site)
{
	const struct kernelx_image *image;

	/* Against images of other modules that go meanwhile. */
	guard(rcu)();
	list_for_each_entry_rcu(image, &images, list)
		/* One for each site, in their order: no need to search. */
		if (has_site(&image->tables, site))
			return &image->tables.facts[site - image->tables.sites];
	return NULL;
}

/**
 * kernelx_site_function() - the function that a site is in
 * @site: the site's record
 *
 * Any context, as kernelx_site_facts().
 *
 * Return: where it begins, or 0 if nothing is known of the site.
 */
unsigned long kernelx_site_function(const struct kernelx_site *site)
{
	const struct kernelx_image *image;

	guard(rcu)();
	list_for_each_entry_rcu(image, &images, list)
		if (has_site(&image->tables, site))
			return image->functions[site - image->tables.sites];
	return 0;
}

/**
 * kernelx_knob_flags() - the class of a knob
 * @knob: the knob
 *
 * What holds of any of the sites that it has now; it changes when modules come
 * and go. Any context; with kernelx_mutex held it does not change.
 *
 * Return: KERNELX_DEPENDENT, ... and the reasons KERNELX_WIDE_...;
 * KERNELX_UNKNOWN is part of it if nothing is known of a site.
 */
u32 kernelx_knob_flags(const struct kernelx_knob *knob)
{
	return READ_ONCE(knob->flags);
}
