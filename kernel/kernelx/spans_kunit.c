// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for KernelX: tables of facts and spans, made up ones in which
 * everything that may occur does, and those of this kernel.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "internal.h"
#include "spans.h"

#define NR_SITES	4
#define MAX_SPANS	64
#define TEXT_SIZE	256

/*
 * References are relative: what they refer to must be as near as in a real image.
 * The text is only addresses. More is looked up than what has spans, for the
 * bytes before and behind.
 */
static struct {
	u8 text[TEXT_SIZE];
	struct kernelx_site sites[NR_SITES];
	struct kernelx_facts facts[NR_SITES];
	struct kernelx_span spans[MAX_SPANS];
} made;

struct made_span {
	unsigned int start;
	unsigned int size;
	unsigned int site;
};

static void refer(s32 *field, unsigned long target)
{
	*field = target - (unsigned long)field;
}

static unsigned long text_at(unsigned int offset)
{
	return (unsigned long)made.text + offset;
}

/* Sites of the first knob, at the first bytes of the text, and their facts. */
static void make_tables(struct kernelx_tables *tables, unsigned int nr_spans)
{
	unsigned int i;

	memset(&made, 0, sizeof(made));
	for (i = 0; i < NR_SITES; i++) {
		refer(&made.sites[i].site, text_at(i));
		refer(&made.sites[i].value, (unsigned long)kernelx_knobs[0].value);
		made.facts[i].site = (long)&made.sites[i] - (long)&made.facts[i];
		made.facts[i].version = KERNELX_FACTS_VERSION;
		made.facts[i].flags = BIT(i);
	}
	*tables = (struct kernelx_tables) {
		.sites = made.sites,
		.facts = made.facts,
		.spans = made.spans,
		.sites_size = sizeof(made.sites),
		.facts_size = sizeof(made.facts),
		.spans_size = nr_spans * sizeof(made.spans[0]),
	};
}

static void make_span(unsigned int number, unsigned long start, unsigned int size,
		      unsigned int site)
{
	struct kernelx_span *span = &made.spans[number];

	refer(&span->start, start);
	span->size = size;
	refer(&span->site, (unsigned long)&made.sites[site]);
}

static void free_index(void *image)
{
	kernelx_image_free_index(image);
}

/* It is used after the test has returned: to free what it has. */
static struct kernelx_image *new_image(struct kunit *test, unsigned int nr_spans)
{
	struct kernelx_image *image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, image);
	make_tables(&image->tables, nr_spans);
	return image;
}

/* What is done to the tables of every image, in this order. */
static void make_image(struct kunit *test, struct kernelx_image *image)
{
	KUNIT_ASSERT_EQ(test, 0, kernelx_tables_check(&image->tables, "kunit"));
	kernelx_tables_sort(&image->tables);
	KUNIT_ASSERT_EQ(test, 0, kernelx_image_index(image));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_index, image));
}

/* --- what a look-up finds, against a look at every span --- */

struct found {
	struct kunit *test;
	unsigned long address;
	u64 spans;
	unsigned int stop_after;
	unsigned int calls;
};

static bool note_hit(const struct kernelx_hit *hit, void *data)
{
	struct found *found = data;
	struct kunit *test = found->test;
	unsigned int number = hit->span - made.spans;

	KUNIT_EXPECT_PTR_EQ(test, hit->site, kernelx_span_site(hit->span));
	KUNIT_EXPECT_PTR_EQ(test, hit->knob, &kernelx_knobs[0]);
	KUNIT_EXPECT_EQ(test, hit->facts->flags, BIT(hit->site - made.sites));
	KUNIT_EXPECT_FALSE_MSG(test, found->spans & BIT_ULL(number),
			       "span %u is found twice", number);
	found->spans |= BIT_ULL(number);
	found->calls++;
	return found->calls != found->stop_after;
}

static u64 find(struct kunit *test, const struct kernelx_image *image,
		unsigned long address)
{
	struct found found = { .test = test, .address = address };

	KUNIT_EXPECT_TRUE(test, kernelx_image_find(image, address, note_hit, &found));
	return found.spans;
}

static u64 find_slowly(const struct kernelx_image *image, unsigned long address)
{
	u64 spans = 0;
	unsigned int i;

	for (i = 0; i < kernelx_nr_spans(&image->tables); i++)
		if (address - kernelx_span_start(&made.spans[i]) < made.spans[i].size)
			spans |= BIT_ULL(i);
	return spans;
}

static void expect_all_found(struct kunit *test, const struct kernelx_image *image)
{
	unsigned int i;

	/* The text, and the tables behind it as what is none. */
	for (i = 0; i < 2 * TEXT_SIZE; i++)
		KUNIT_EXPECT_EQ_MSG(test, find_slowly(image, text_at(i)),
				    find(test, image, text_at(i)), "at %u", i);
	KUNIT_EXPECT_EQ(test, 0, find(test, image, 0));
	KUNIT_EXPECT_EQ(test, 0, find(test, image, text_at(0) - 1));
	KUNIT_EXPECT_EQ(test, 0, find(test, image, ULONG_MAX));
}

struct span_case {
	const char *name;
	unsigned int nr;
	struct made_span spans[8];
};

static const struct span_case span_cases[] = {
	{ "none", 0 },
	{ "one", 1, { { 10, 5, 0 } } },
	{ "one byte", 1, { { 10, 1, 0 } } },
	{ "of no byte", 1, { { 10, 0, 0 } } },
	{ "all of the text", 1, { { 0, TEXT_SIZE, 0 } } },
	{ "the first and the last byte", 2, { { 0, 1, 0 }, { TEXT_SIZE - 1, 1, 1 } } },
	{ "apart", 2, { { 10, 5, 0 }, { 20, 5, 1 } } },
	{ "adjacent", 3, { { 10, 5, 0 }, { 15, 5, 1 }, { 20, 5, 2 } } },
	{ "overlapping", 3, { { 10, 8, 0 }, { 15, 8, 1 }, { 20, 8, 2 } } },
	{ "identical", 3, { { 10, 5, 0 }, { 10, 5, 1 }, { 10, 5, 2 } } },
	{ "identical of one site", 2, { { 10, 5, 0 }, { 10, 5, 0 } } },
	{ "nested", 4, { { 10, 50, 0 }, { 20, 30, 1 }, { 30, 10, 2 }, { 34, 1, 3 } } },
	{ "nested with one beginning", 3, { { 10, 5, 0 }, { 10, 50, 1 }, { 10, 20, 2 } } },
	{ "nested with one end", 3, { { 10, 50, 0 }, { 40, 20, 1 }, { 59, 1, 2 } } },
	{ "a long one before many", 8,
	  { { 0, 200, 0 }, { 10, 1, 1 }, { 12, 1, 2 }, { 14, 1, 3 }, { 16, 1, 1 },
	    { 100, 1, 2 }, { 102, 0, 3 }, { 150, 60, 1 } } },
	{ "unsorted", 6,
	  { { 90, 5, 0 }, { 10, 50, 1 }, { 40, 9, 2 }, { 0, 3, 3 }, { 41, 60, 0 },
	    { 10, 2, 1 } } },
	{ "backwards", 4, { { 60, 9, 3 }, { 50, 9, 2 }, { 40, 9, 1 }, { 30, 90, 0 } } },
};

static void span_case_name(const struct span_case *spans, char *name)
{
	strscpy(name, spans->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(spans, span_cases, span_case_name);

static void spans_are_found(struct kunit *test)
{
	const struct span_case *wanted = test->param_value;
	struct kernelx_image *image = new_image(test, wanted->nr);
	unsigned int i;

	for (i = 0; i < wanted->nr; i++)
		make_span(i, text_at(wanted->spans[i].start), wanted->spans[i].size,
			  wanted->spans[i].site);
	make_image(test, image);
	expect_all_found(test, image);
}

/* Not by comparison: what is in a span, and what no longer is. */
static void a_span_has_ends(struct kunit *test)
{
	struct kernelx_image *image = new_image(test, 2);

	make_span(0, text_at(15), 5, 1);
	make_span(1, text_at(10), 5, 0);
	make_image(test, image);
	KUNIT_EXPECT_EQ(test, 0, find(test, image, text_at(9)));
	KUNIT_EXPECT_EQ(test, 1, find(test, image, text_at(10)));
	KUNIT_EXPECT_EQ(test, 1, find(test, image, text_at(14)));
	KUNIT_EXPECT_EQ(test, 2, find(test, image, text_at(15)));
	KUNIT_EXPECT_EQ(test, 2, find(test, image, text_at(19)));
	KUNIT_EXPECT_EQ(test, 0, find(test, image, text_at(20)));
}

/* The address behind it is 0. */
static void a_span_may_end_where_addresses_do(struct kunit *test)
{
	struct kernelx_image *image = new_image(test, 2);

	make_span(0, ULONG_MAX - 9, 10, 1);
	make_span(1, text_at(10), 5, 0);
	make_image(test, image);
	KUNIT_EXPECT_EQ(test, 0, find(test, image, ULONG_MAX - 10));
	KUNIT_EXPECT_EQ(test, 2, find(test, image, ULONG_MAX - 9));
	KUNIT_EXPECT_EQ(test, 2, find(test, image, ULONG_MAX));
	KUNIT_EXPECT_EQ(test, 0, find(test, image, 0));
	KUNIT_EXPECT_EQ(test, 1, find(test, image, text_at(10)));
}

static void random_spans_are_found(struct kunit *test)
{
	struct made_span *spans;
	struct rnd_state state;
	unsigned int round, i, j;

	spans = kunit_kcalloc(test, MAX_SPANS, sizeof(*spans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, spans);
	prandom_seed_state(&state, 3);
	for (round = 0; round < 50; round++) {
		const unsigned int nr = prandom_u32_state(&state) % (MAX_SPANS + 1);
		struct kernelx_image image = { };

		make_tables(&image.tables, nr);
		for (i = 0; i < nr; i++) {
			spans[i].start = prandom_u32_state(&state) % TEXT_SIZE;
			spans[i].size = prandom_u32_state(&state) %
					(TEXT_SIZE - spans[i].start) / (1 + i % 8);
			spans[i].site = prandom_u32_state(&state) % NR_SITES;
			make_span(i, text_at(spans[i].start), spans[i].size,
				  spans[i].site);
		}
		kernelx_tables_sort(&image.tables);

		/* Each is still there, as often as before, and in order. */
		for (i = 0; i < nr; i++) {
			int count = 0;

			for (j = 0; j < nr; j++) {
				const struct kernelx_span *span = &made.spans[j];

				count += kernelx_span_start(span) == text_at(spans[i].start) &&
					 span->size == spans[i].size &&
					 kernelx_span_site(span) == &made.sites[spans[i].site];
				count -= !memcmp(&spans[i], &spans[j], sizeof(spans[i]));
			}
			KUNIT_EXPECT_EQ(test, 0, count);
			if (i)
				KUNIT_EXPECT_LE(test, kernelx_span_start(&made.spans[i - 1]),
						kernelx_span_start(&made.spans[i]));
		}
		KUNIT_ASSERT_EQ(test, 0, kernelx_image_index(&image));
		expect_all_found(test, &image);
		kernelx_image_free_index(&image);
	}
}

static void a_lookup_can_be_ended(struct kunit *test)
{
	struct found found = { .test = test, .stop_after = 2 };
	struct kernelx_image *image = new_image(test, 3);

	make_span(0, text_at(10), 5, 0);
	make_span(1, text_at(10), 6, 1);
	make_span(2, text_at(10), 7, 2);
	make_image(test, image);
	KUNIT_EXPECT_FALSE(test, kernelx_image_find(image, text_at(12), note_hit,
						    &found));
	KUNIT_EXPECT_EQ(test, 2, found.calls);
}

/* Neither what is in it, nor what depends on sites that are in it. */
static void freed_text_does_not_count(struct kunit *test)
{
	struct kernelx_image *image = new_image(test, 3);

	make_span(0, text_at(10), 20, 0);	/* the site is freed */
	make_span(1, text_at(11), 20, 1);	/* stays */
	make_span(2, text_at(100), 20, 1);	/* is freed */
	refer(&made.sites[0].site, text_at(99));
	make_image(test, image);
	image->init_start = text_at(99);
	image->init_size = 2;
	KUNIT_EXPECT_EQ(test, 3, find(test, image, text_at(20)));
	KUNIT_EXPECT_EQ(test, 4, find(test, image, text_at(105)));
	image->init_gone = true;
	KUNIT_EXPECT_EQ(test, 2, find(test, image, text_at(20)));
	KUNIT_EXPECT_EQ(test, 0, find(test, image, text_at(105)));
}

/* Sites are one after the other here, so that the ends of all are, too. */
static void sites_end_at_their_last_byte(struct kunit *test)
{
	struct kernelx_image *image = new_image(test, 0);
	const unsigned int first = arch_kernelx_site_size() - 1;
	unsigned int i;

	refer(&made.sites[2].site, text_at(99));
	make_image(test, image);
	for (i = 0; i < TEXT_SIZE; i++) {
		const bool ends = i == first || i == first + 1 || i == first + 3 ||
				  i == 99 + first;

		KUNIT_EXPECT_EQ_MSG(test, ends, kernelx_image_site_ends_at(image, text_at(i)),
				    "at %u", i);
	}
	image->init_start = text_at(99);
	image->init_size = 20;
	KUNIT_EXPECT_TRUE(test, kernelx_image_site_ends_at(image, text_at(99 + first)));
	image->init_gone = true;
	KUNIT_EXPECT_FALSE(test, kernelx_image_site_ends_at(image, text_at(99 + first)));
	KUNIT_EXPECT_TRUE(test, kernelx_image_site_ends_at(image, text_at(first)));
}

/* --- tables that cannot be used; the messages are in the log --- */

static int check(const struct kernelx_tables *tables)
{
	return kernelx_tables_check(tables, "kunit: wrong on purpose");
}

static void other_versions_are_refused(struct kunit *test)
{
	struct kernelx_tables tables;
	unsigned int i;

	make_tables(&tables, 0);
	KUNIT_EXPECT_EQ(test, 0, check(&tables));
	for (i = 0; i < NR_SITES; i++) {
		made.facts[i].version = KERNELX_FACTS_VERSION + 1;
		KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
		made.facts[i].version = KERNELX_FACTS_VERSION - 1;
		KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
		made.facts[i].version = KERNELX_FACTS_VERSION;
		KUNIT_EXPECT_EQ(test, 0, check(&tables));
	}
}

static void facts_must_match_sites(struct kunit *test)
{
	struct kernelx_tables tables;

	make_tables(&tables, 0);
	tables.facts_size = 0;
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	tables.facts_size = sizeof(made.facts) - sizeof(made.facts[0]);
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	tables.facts_size = sizeof(made.facts) - 1;
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	tables.facts_size = sizeof(made.facts) + 4;
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	make_tables(&tables, 0);
	tables.sites_size -= sizeof(made.sites[0]);
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	make_tables(&tables, 0);
	/* Those of the site before. */
	made.facts[2].site -= sizeof(made.sites[0]);
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	make_tables(&tables, 0);
	tables.sites_size = 0;
	tables.facts_size = 0;
	KUNIT_EXPECT_EQ(test, 0, check(&tables));
}

static void spans_must_have_sites(struct kunit *test)
{
	static const long wrong[] = {
		-1, 1, -(long)sizeof(struct kernelx_site), sizeof(made.sites),
	};
	struct kernelx_tables tables;
	unsigned int i;

	make_tables(&tables, 2);
	make_span(0, text_at(10), 5, 0);
	make_span(1, text_at(10), 5, NR_SITES - 1);
	KUNIT_EXPECT_EQ(test, 0, check(&tables));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		make_span(1, text_at(10), 5, 0);
		made.spans[1].site += wrong[i];
		KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
	}
	make_span(1, text_at(10), 5, 0);
	tables.spans_size -= 4;
	KUNIT_EXPECT_EQ(test, -ENOEXEC, check(&tables));
}

/* --- the tables of this kernel --- */

static void every_site_has_facts(struct kunit *test)
{
	struct kernelx_knob *knob;
	unsigned int i;

	guard(mutex)(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		u32 flags = 0;

		for (i = 0; i < knob->nr_sites; i++) {
			const struct kernelx_facts *facts =
				kernelx_site_facts(knob->sites[i]);

			KUNIT_EXPECT_NOT_NULL_MSG(test, facts, "%s: %pS", knob->name,
						  kernelx_site_address(knob->sites[i]));
			if (!facts)
				continue;
			KUNIT_EXPECT_PTR_EQ(test, kernelx_facts_site(facts),
					    knob->sites[i]);
			flags |= facts->flags;
		}
		KUNIT_EXPECT_EQ_MSG(test, flags, kernelx_knob_flags(knob), "%s",
				    knob->name);
	}
	KUNIT_EXPECT_NULL(test, kernelx_site_facts(&made.sites[0]));
}

struct wanted {
	const struct kernelx_span *span;
	bool seen;
};

static bool see_span(const struct kernelx_hit *hit, void *data)
{
	struct wanted *wanted = data;

	wanted->seen = hit->span == wanted->span;
	return !wanted->seen;
}

static bool lookup_finds(const struct kernelx_span *span, unsigned long address)
{
	struct wanted wanted = { .span = span };

	kernelx_spans_at(address, see_span, &wanted);
	return wanted.seen;
}

static bool expect_found(const struct kernelx_hit *hit, void *data)
{
	unsigned long start = kernelx_span_start(hit->span);
	u32 size = hit->span->size;
	struct kunit *test = data;

	KUNIT_EXPECT_NE_MSG(test, size, 0, "%pS", (void *)start);
	KUNIT_EXPECT_TRUE_MSG(test, lookup_finds(hit->span, start), "%pS",
			      (void *)start);
	KUNIT_EXPECT_TRUE_MSG(test, lookup_finds(hit->span, start + size - 1), "%pS",
			      (void *)start);
	KUNIT_EXPECT_FALSE_MSG(test, lookup_finds(hit->span, start - 1), "%pS",
			       (void *)start);
	KUNIT_EXPECT_FALSE_MSG(test, lookup_finds(hit->span, start + size), "%pS",
			       (void *)start);
	return true;
}

static void every_span_is_found(struct kunit *test)
{
	struct kernelx_knob *knob;

	guard(mutex)(&kernelx_mutex);
	kernelx_for_each_knob(knob)
		kernelx_spans_of(knob, expect_found, test);
}

static struct kunit_case kernelx_spans_cases[] = {
	KUNIT_CASE_PARAM(spans_are_found, spans_gen_params),
	KUNIT_CASE(a_span_has_ends),
	KUNIT_CASE(a_span_may_end_where_addresses_do),
	KUNIT_CASE(random_spans_are_found),
	KUNIT_CASE(a_lookup_can_be_ended),
	KUNIT_CASE(freed_text_does_not_count),
	KUNIT_CASE(sites_end_at_their_last_byte),
	KUNIT_CASE(other_versions_are_refused),
	KUNIT_CASE(facts_must_match_sites),
	KUNIT_CASE(spans_must_have_sites),
	KUNIT_CASE(every_site_has_facts),
	KUNIT_CASE(every_span_is_found),
	{ }
};

static struct kunit_suite kernelx_spans_suite = {
	.name = "kernelx_spans",
	.test_cases = kernelx_spans_cases,
};

kunit_test_suite(kernelx_spans_suite);
