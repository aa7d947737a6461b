// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of sites, facts and spans.
 */
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

#define SITE_SIZE	5

struct site *sites;
unsigned int nr_sites;
/* Take the function of a site as its span. */
static bool whole_functions;
bool follow;

/* The bytes between two symbols of the linker script. */
static const void *table_between(const char *section, size_t entry, u64 *address, size_t *count)
{
	char start[64], stop[64];
	u64 end;

	snprintf(start, sizeof(start), "__start_%s", section);
	snprintf(stop, sizeof(stop), "__stop_%s", section);
	*count = 0;
	if (!image_symbol(start, address) || !image_symbol(stop, &end))
		return NULL;
	*count = (end - *address) / entry;
	return image_bytes(*address, end - *address);
}

static int by_address(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static void read_site(struct site *site, u64 record, const struct kernelx_site *from)
{
	static const char prefix[] = "kernelx_value_";
	const u8 *bytes;
	u64 address = record + offsetof(struct kernelx_site, site) + (s64)from->site;

	site->record = record;
	site->start = address;
	site->end = address + SITE_SIZE;
	site->min = from->min;
	site->max = from->max;
	site->knob = image_name(record + offsetof(struct kernelx_site, value) + (s64)from->value);
	if (!strncmp(site->knob, prefix, strlen(prefix)))
		site->knob += strlen(prefix);
	site->function = image_function(address);
	bytes = image_bytes(address - 1, 6);
	if (!bytes || (bytes[1] & 0xf8) != 0xb8 || !site->function)
		fail("%s: no site at %llx", site->knob, (unsigned long long)address);
	memcpy(&site->value, bytes + 2, sizeof(site->value));
	site->reg = bytes[1] & 7;
	/* Without the prefix, the byte before belongs to another instruction. */
	for (u64 at = site->function->address; at < address; at += decode(at)->size) {
		if (!decode(at)->size)
			fail("%s: cannot decode %s", site->knob, image_name(at));
		if (at == address - 1 && bytes[0] == 0x41) {
			site->start--;
			site->reg += 8;
			break;
		}
	}
}

static struct site *site_of(u64 record)
{
	for (unsigned int i = 0; i < nr_sites; i++)
		if (sites[i].record == record)
			return &sites[i];
	return NULL;
}

static void add_span(struct site *site, u64 start, u64 end)
{
	site->spans = grow(site->spans, site->nr_spans, sizeof(*site->spans));
	site->spans[site->nr_spans++] = (struct range){ start, end };
}

static void read_facts(void)
{
	size_t count;
	u64 address;
	const struct kernelx_facts *facts = table_between(KERNELX_FACTS_SECTION, sizeof(*facts),
							  &address, &count);

	if (!facts)
		fail("the image has no section %s", KERNELX_FACTS_SECTION);
	for (size_t i = 0; i < count; i++, address += sizeof(*facts)) {
		struct site *site = site_of(address + offsetof(struct kernelx_facts, site) +
					    (s64)facts[i].site);

		if (!site)
			fail("facts %zu are of no site", i);
		if (facts[i].version != KERNELX_FACTS_VERSION)
			fail("facts have version %u, not %u", facts[i].version,
			     KERNELX_FACTS_VERSION);
		site->facts = &facts[i];
	}
}

static void read_spans(void)
{
	size_t count;
	u64 address;
	const struct kernelx_span *spans = table_between(KERNELX_SPANS_SECTION, sizeof(*spans),
							 &address, &count);

	if (!spans)
		fail("the image has no section %s", KERNELX_SPANS_SECTION);
	for (size_t i = 0; i < count; i++, address += sizeof(*spans)) {
		struct site *site = site_of(address + offsetof(struct kernelx_span, site) +
					    (s64)spans[i].site);
		u64 start = address + offsetof(struct kernelx_span, start) + (s64)spans[i].start;

		if (!site)
			fail("span %zu is of no site", i);
		add_span(site, start, start + spans[i].size);
	}
}

/* The middle of @range, where an instruction begins if it lies in one function. */
static u64 half(const struct range *range)
{
	u64 at = range->start;

	while (at < range->start + (range->end - range->start) / 2 && decode(at)->size)
		at += decode(at)->size;
	return at;
}

static void mutate_facts(struct site *site)
{
	struct kernelx_facts *facts = allocate(1, sizeof(*facts));

	if (!site->facts)
		return;
	*facts = *site->facts;
	facts->flags &= ~KERNELX_ESCAPES;
	facts->addend++;
	if (facts->frame)
		facts->frame += 8;
	site->facts = facts;
}

static void mutate(struct site *site, enum mutation mutation)
{
	struct range *last;

	if (mutation == MUTATE_FACTS)
		mutate_facts(site);
	if (!site->nr_spans)
		return;
	last = &site->spans[site->nr_spans - 1];
	switch (mutation) {
	case MUTATE_NONE:
	case MUTATE_FACTS:
		break;
	case MUTATE_SHRINK:
		if (site->nr_spans > 1)
			site->nr_spans--;
		else
			last->end = half(last);
		break;
	case MUTATE_HALVE:
		for (unsigned int i = 0; i < site->nr_spans; i++)
			site->spans[i].end = half(&site->spans[i]);
		break;
	case MUTATE_LATE:
		for (unsigned int i = 0; i < site->nr_spans; i++)
			site->spans[i].start = half(&site->spans[i]);
		break;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

bool site_covers(const struct site *site, u64 address)
{
	for (unsigned int i = 0; i < site->nr_spans; i++)
		if (address >= site->spans[i].start && address < site->spans[i].end)
			return true;
	return whole_functions && image_same_function(site->function, address);
}

static void add_caller(u64 address, void *context)
{
	struct callers *callers = context;

	callers->returns = grow(callers->returns, callers->count, sizeof(*callers->returns));
	callers->returns[callers->count++] = address;
}

const struct callers *callers_of(const struct symbol *function)
{
	static struct callers *all;
	struct callers *callers;

	for (callers = all; callers; callers = callers->next)
		if (callers->function == function)
			return callers;
	callers = allocate(1, sizeof(*callers));
	callers->function = function;
	image_callers(function, add_caller, callers);
	callers->next = all;
	all = callers;
	return callers;
}

/* The critical span begins with the bytes that are patched and ends with the first use. */
static void find_use(struct site *site)
{
	u64 at = site->start, from = site->end - SITE_SIZE;

	if (!site->facts || site->facts->use == KERNELX_USE_NONE ||
	    site->facts->use == KERNELX_USE_BRANCHES)
		return;
	while (decode(at)->size && at + decode(at)->size < from + site->facts->critical)
		at += decode(at)->size;
	site->use = at == site->start ? 0 : at;
}

void sites_read(enum table table, enum mutation mutation)
{
	size_t count;
	u64 address;
	const struct kernelx_site *records = table_between("__kernelx_sites", sizeof(*records),
							   &address, &count);

	if (!records || !count)
		fail("the image has no sites");
	sites = allocate(count, sizeof(*sites));
	nr_sites = (unsigned int)count;
	for (size_t i = 0; i < count; i++)
		read_site(&sites[i], address + i * sizeof(*records), &records[i]);
	qsort(sites, nr_sites, sizeof(*sites), by_address);
	if (table == TABLE_IMAGE) {
		read_facts();
		read_spans();
	}
	whole_functions = table == TABLE_FUNCTION;
	follow = table == TABLE_IMAGE;
	for (unsigned int i = 0; i < nr_sites; i++) {
		qsort(sites[i].spans, sites[i].nr_spans, sizeof(*sites[i].spans), by_start);
		mutate(&sites[i], mutation);
		find_use(&sites[i]);
		if (table == TABLE_IMAGE && !sites[i].facts)
			fail("%s: a site without facts", sites[i].knob);
	}
}
