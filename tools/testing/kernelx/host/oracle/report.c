// SPDX-License-Identifier: GPL-2.0
/*
 * What was found, and how much was looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

#define HASH_BITS	16

struct entry {
	struct entry *next;
	struct finding finding;
};

struct address {
	struct address *next;
	const struct site *site;
	u64 address;
};

struct tally {
	unsigned long states;
	unsigned long entered;	/* of them, from the function's entry */
	unsigned int addresses;
	bool found;
};

static struct entry *entries[1 << HASH_BITS];
static struct address *addresses[1 << HASH_BITS];
static unsigned int nr_addresses;
static unsigned long lengths[MAX_STEPS + 1];
static unsigned long ends[NR_ENDS], nr_states, stepped, entered, returned, values;
static struct tally *tallies;

static const char *const end_names[NR_ENDS] = {
	[END_DIVERGED] = "control flow parted",
	[END_RETURN] = "returned to a caller not followed",
	[END_TAIL_CALL] = "tail call",
	[END_NORETURN] = "call that does not return",
	[END_FAULT] = "fault",
	[END_TRAP] = "ud2 or the like",
	[END_UNKNOWN] = "instruction not emulated",
	[END_LIMIT] = "limit of steps",
	[END_INDIRECT] = "indirect jump",
	[END_STACK] = "stack pointer depends on the value",
};

static const char *const violation_names[NR_VIOLATIONS] = {
	[VIOLATION_REGISTER] = "register",
	[VIOLATION_FLAG] = "flag",
	[VIOLATION_STACK] = "stack",
	[VIOLATION_ESCAPE] = "escape",
	[VIOLATION_ARGUMENT] = "argument",
	[VIOLATION_FRAME] = "frame",
	[VIOLATION_USE] = "use",
};

static struct tally *tally(const struct site *site)
{
	if (!tallies)
		tallies = allocate(nr_sites, sizeof(*tallies));
	return &tallies[site - sites];
}

static size_t bucket_of(const struct site *site, u64 address, u64 more)
{
	return mix(address ^ mix(more) ^ mix((u64)(site - sites))) >> (64 - HASH_BITS);
}

static bool is_violation(const struct finding *f)
{
	/* A callee need not take what is in a register. */
	return f->kind != VIOLATION_ARGUMENT || options.strict_arguments;
}

void report_finding(const struct finding *finding)
{
	size_t bucket = bucket_of(finding->site, finding->address,
				  (u64)finding->place * NR_VIOLATIONS + finding->kind);
	struct entry *entry;

	for (entry = entries[bucket]; entry; entry = entry->next) {
		struct finding *f = &entry->finding;

		if (f->kind == finding->kind && f->site == finding->site &&
		    f->address == finding->address && f->place == finding->place) {
			f->count++;
			f->entered |= finding->entered;
			return;
		}
	}
	entry = allocate(1, sizeof(*entry));
	entry->finding = *finding;
	entry->next = entries[bucket];
	entries[bucket] = entry;
	if (is_violation(finding))
		tally(finding->site)->found = true;
}

void report_checked(const struct site *site, u64 address)
{
	size_t bucket = bucket_of(site, address, 0);
	struct address *a;

	for (a = addresses[bucket]; a; a = a->next)
		if (a->site == site && a->address == address)
			return;
	a = allocate(1, sizeof(*a));
	a->site = site;
	a->address = address;
	a->next = addresses[bucket];
	addresses[bucket] = a;
	nr_addresses++;
	tally(site)->addresses++;
}

void report_run(const struct site *site, const struct run_result *result)
{
	struct tally *t = tally(site);

	t->states++;
	t->entered += run.entered;
	nr_states++;
	ends[result->end]++;
	lengths[result->length]++;
	stepped += result->calls;
	entered += result->entered;
	returned += result->returned;
	values += result->returned_value;
}

static unsigned int length_below(unsigned int percent)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i <= MAX_STEPS; i++) {
		sum += lengths[i];
		if (sum * 100 > nr_states * percent)
			return i;
	}
	return 0;
}

static int by_site_and_address(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;

	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void print_place(const struct finding *f)
{
	switch (f->kind) {
	case VIOLATION_REGISTER:
	case VIOLATION_ARGUMENT:
		printf("%s", register_names[f->place]);
		break;
	case VIOLATION_FLAG:
		printf("%s", flag_names[f->place]);
		break;
	case VIOLATION_STACK:
		printf("slot at frame address %+lld", (long long)f->place);
		break;
	default:
		break;
	}
}

static void print_finding(const struct finding *f)
{
	char text[128];

	decode_print(f->address, text, sizeof(text));
	printf("%s: %s: site %s", violation_names[f->kind], f->site->knob,
	       image_name(f->site->start));
	printf(", at %s (%llx: %s) ", image_name(f->address), (unsigned long long)f->address,
	       text);
	print_place(f);
	printf(" %#llx or %#llx", (unsigned long long)f->a, (unsigned long long)f->b);
	if (f->kind == VIOLATION_ARGUMENT)
		printf(", to %s", f->reader ? image_name(f->reader) : "a pointer");
	else if (f->reader)
		printf(", for %s", image_name(f->reader));
	printf(", %u times%s%s\n", f->count, f->depth ? ", in a callee" : "",
	       f->entered ? "" : ", started at the site only");
}

static unsigned int print_findings(void)
{
	unsigned int count = 0, nr_violations = 0, printed[NR_VIOLATIONS] = { 0 };
	const struct finding **list = NULL;

	for (size_t i = 0; i < 1 << HASH_BITS; i++) {
		for (struct entry *entry = entries[i]; entry; entry = entry->next) {
			list = grow(list, count, sizeof(*list));
			list[count++] = &entry->finding;
		}
	}
	if (count)
		qsort(list, count, sizeof(*list), by_site_and_address);
	for (unsigned int i = 0; i < count; i++) {
		nr_violations += is_violation(list[i]);
		if (printed[list[i]->kind]++ < options.reports &&
		    (is_violation(list[i]) || options.verbose))
			print_finding(list[i]);
	}
	for (unsigned int i = 0; i < NR_VIOLATIONS; i++)
		if (printed[i])
			printf("%-10s %6u%s\n", violation_names[i], printed[i],
			       i == VIOLATION_ARGUMENT && !options.strict_arguments ?
			       " (not counted: a callee need not take them)" : "");
	free(list);
	return nr_violations;
}

static unsigned int span_instructions(const struct site *site)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < site->nr_spans; i++)
		for (u64 at = site->spans[i].start; at < site->spans[i].end && decode(at)->size;
		     at += decode(at)->size)
			count++;
	return count;
}

static void print_sites(void)
{
	printf("%-34s %-44s %7s %7s %9s %9s\n", "knob", "site", "states", "entry", "span",
	       "needed");
	for (unsigned int i = 0; i < nr_sites; i++) {
		const struct site *s = &sites[i];
		const struct tally *t = tally(s);

		printf("%-34s %-44s %7lu %7lu %9u %9u\n", s->knob, image_name(s->start), t->states,
		       t->entered, span_instructions(s), t->addresses);
	}
}

/* Of the spans, how much was seen to be needed? */
static void print_spans(void)
{
	unsigned int count = 0, needed = 0;

	for (unsigned int i = 0; i < nr_sites; i++) {
		if (!tally(&sites[i])->states)
			continue;
		count += span_instructions(&sites[i]);
		needed += tally(&sites[i])->addresses;
	}
	if (count)
		printf("spans have %u instructions, %u were seen to need a value\n", count, needed);
}

unsigned int report_print(void)
{
	unsigned int covered = 0, noticed = 0, nr_violations;

	if (options.verbose)
		print_sites();
	nr_violations = print_findings();
	for (unsigned int i = 0; i < nr_sites; i++) {
		const struct site *s = &sites[i];

		covered += tally(s)->states >= options.states;
		noticed += tally(s)->found;
		if (s->uncovered)
			printf("not covered: %s at %s: %s\n", s->knob, image_name(s->start),
			       s->uncovered);
	}
	printf("%u sites, %u covered, %lu states\n", nr_sites, covered, nr_states);
	printf("trace length from the site on: median %u, 90 %% below %u, longest %u\n",
	       length_below(50), length_below(90), length_below(99));
	printf("calls: %lu stepped over, %lu entered; %lu returns into callers\n", stepped, entered,
	       returned);
	printf("returns of a value that differs, not followed: %lu\n", values);
	for (unsigned int i = 0; i < NR_ENDS; i++)
		if (ends[i])
			printf("  ended by %-36s %8lu (%.1f %%)\n", end_names[i], ends[i],
			       100.0 * (double)ends[i] / (double)nr_states);
	print_spans();
	printf("%u addresses checked, %u violations, at %u sites\n", nr_addresses, nr_violations,
	       noticed);
	return nr_violations;
}
