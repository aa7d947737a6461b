// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for KernelX: the text form of values, the table of knobs, and
 * setting every knob of this kernel, with the text of its sites read back.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/sections.h>

#include "internal.h"
#ifdef CONFIG_KERNELX_SITES
#include "arch.h"
#include "spans.h"
#endif

struct value_case {
	const char *text;
	int ret;
	u64 value;
};

static const struct value_case value_cases[] = {
	{ "0", 0, 0 },
	{ "64", 0, 64 },
	{ "64\n", 0, 64 },
	{ "010", 0, 10 },
	{ "0x40", 0, 64 },
	{ "0XfF", 0, 255 },
	{ "1K", 0, 1024 },
	{ "1k\n", 0, 1024 },
	{ "0x2M", 0, 2 << 20 },
	{ "3g", 0, 3ull << 30 },
	{ "18446744073709551615", 0, U64_MAX },
	{ "-0", 0, 0 },
	{ "18446744073709551616", -ERANGE },
	{ "99999999999999999999999999", -ERANGE },
	{ "17179869184G", -ERANGE },
	{ "-1", -ERANGE },
	{ "", -EINVAL },
	{ "\n", -EINVAL },
	{ "\n\n", -EINVAL },
	{ "-", -EINVAL },
	{ "--1", -EINVAL },
	{ "+1", -EINVAL },
	{ " 1", -EINVAL },
	{ "1 ", -EINVAL },
	{ "1\n\n", -EINVAL },
	{ "K", -EINVAL },
	{ "1KB", -EINVAL },
	{ "1KK", -EINVAL },
	{ "1T", -EINVAL },
	{ "1.5", -EINVAL },
	{ "1e3", -EINVAL },
	{ "0x", -EINVAL },
	{ "0xg", -EINVAL },
	{ "ff", -EINVAL },
	{ "default", -EINVAL },
	{ "1,2", -EINVAL },
};

static void value_case_name(const struct value_case *test, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "\"%*pE\"",
		 (int)strlen(test->text), test->text);
}

KUNIT_ARRAY_PARAM(value, value_cases, value_case_name);

static void parse_value(struct kunit *test)
{
	const struct value_case *expected = test->param_value;
	const u64 untouched = 0x5a5a5a5a;
	u64 value = untouched;

	KUNIT_EXPECT_EQ(test, expected->ret,
			kernelx_parse_value(expected->text,
					    strlen(expected->text), &value));
	KUNIT_EXPECT_EQ(test, expected->ret ? untouched : expected->value,
			value);
}

/* What is behind the end does not count, and a zero byte is no end. */
static void parse_value_length(struct kunit *test)
{
	u64 value;

	KUNIT_EXPECT_EQ(test, 0, kernelx_parse_value("123", 2, &value));
	KUNIT_EXPECT_EQ(test, 12, value);
	KUNIT_EXPECT_EQ(test, -EINVAL, kernelx_parse_value("12\0", 3, &value));
	KUNIT_EXPECT_EQ(test, -EINVAL, kernelx_parse_value("1\0002", 3, &value));
}

static void table_is_ordered(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_GT(test, kernelx_nr_knobs, 0);
	for (i = 1; i < kernelx_nr_knobs; i++)
		KUNIT_EXPECT_LT(test, strcmp(kernelx_knobs[i - 1].name,
					     kernelx_knobs[i].name), 0);
}

static void knobs_are_found(struct kunit *test)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob) {
		KUNIT_EXPECT_PTR_EQ(test, knob, kernelx_find_knob(knob->name));
		KUNIT_EXPECT_PTR_EQ(test, knob, kernelx_knob_of(knob->value));
	}
	KUNIT_EXPECT_NULL(test, kernelx_find_knob("mm/no_such_knob"));
	KUNIT_EXPECT_NULL(test, kernelx_find_knob(""));
}

/* Invariant: a site holds exactly the value its knob shows. */
static void expect_value(struct kunit *test, struct kernelx_knob *knob,
			 u32 value)
{
	KUNIT_EXPECT_EQ_MSG(test, value, kernelx_get(knob), "%s", knob->name);
#ifdef CONFIG_KERNELX_SITES
	for (unsigned int i = 0; i < knob->nr_sites; i++) {
		enum kernelx_form form;
		u32 held = ~value;

		form = arch_kernelx_read_site(knob->sites[i], &held);
		KUNIT_EXPECT_EQ_MSG(test, KERNELX_FORM_DIRECT, form, "%s: %pS",
				    knob->name,
				    kernelx_site_address(knob->sites[i]));
		KUNIT_EXPECT_EQ_MSG(test, value, held, "%s: %pS", knob->name,
				    kernelx_site_address(knob->sites[i]));
	}
#endif
}

/*
 * In instrumented code, some values may go where no span can list it: mode immediate
 * is the only one then. Returns the mode to go back to.
 */
static enum kernelx_mode choose_mode(struct kernelx_knob *knob)
{
	enum kernelx_mode mode = knob->mode;

	if (kernelx_knob_flags(knob) & KERNELX_UNBOUNDED)
		knob->mode = KERNELX_MODE_IMMEDIATE;
	return mode;
}

static void every_knob_turns(struct kunit *test)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob) {
		u32 before = kernelx_get(knob);
		u32 between = knob->min + (knob->max - knob->min) / 3;
		enum kernelx_mode mode = choose_mode(knob);

		expect_value(test, knob, before);
		KUNIT_EXPECT_EQ(test, 0, kernelx_set(knob, between));
		expect_value(test, knob, between);
		KUNIT_EXPECT_EQ(test, 0, kernelx_set(knob, knob->default_value));
		expect_value(test, knob, knob->default_value);
		KUNIT_EXPECT_EQ(test, 0, kernelx_set(knob, before));
		knob->mode = mode;
	}
}

/* Invariant: a rejected change leaves every site as it was. */
static void out_of_range_is_refused(struct kunit *test)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob) {
		u32 before = kernelx_get(knob);

		if (knob->min)
			KUNIT_EXPECT_EQ(test, -ERANGE,
					kernelx_set(knob, knob->min - 1));
		if (knob->max < U32_MAX)
			KUNIT_EXPECT_EQ(test, -ERANGE,
					kernelx_set(knob, knob->max + 1));
		expect_value(test, knob, before);
	}
}

static int refuse_refresh(u32 old, u32 new)
{
	return -ENOMEM;
}

/* Invariant: a failed change leaves every site as it was. */
static void failed_refresh_is_taken_back(struct kunit *test)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob) {
		int (*refresh)(u32 old, u32 new) = knob->refresh;
		enum kernelx_mode mode = choose_mode(knob);
		u32 before = kernelx_get(knob);

		knob->refresh = refuse_refresh;
		KUNIT_EXPECT_EQ(test, -ENOMEM,
				kernelx_set(knob, before == knob->max ?
						  knob->min : knob->max));
		knob->refresh = refresh;
		knob->mode = mode;
		expect_value(test, knob, before);
	}
}

#ifdef CONFIG_KERNELX_SITES
static void sites_are_reserved(struct kunit *test)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob) {
		for (unsigned int i = 0; i < knob->nr_sites; i++) {
			void *address = kernelx_site_address(knob->sites[i]);
			const void *byte = arch_kernelx_site_start(knob->sites[i]);

			for (; byte < address + arch_kernelx_site_size(); byte++)
				KUNIT_EXPECT_TRUE(test, kernelx_reserved(byte, byte));
			KUNIT_EXPECT_TRUE(test, kernelx_reserved(address - 4,
								 address));
		}
	}
	KUNIT_EXPECT_FALSE(test, kernelx_reserved(kernelx_set, kernelx_set));
}

/* --- the way of an IPI: see arch_kernelx_interrupts_user() --- */

struct way {
	unsigned int frames;
	unsigned long in_span;
	bool interrupts_user;
};

static bool note_hit(const struct kernelx_hit *hit, void *address)
{
	*(unsigned long *)address = 1;
	return false;
}

static bool look_at_frame(unsigned long address, void *data)
{
	struct way *way = data;

	if (address >= (unsigned long)__entry_text_start &&
	    address < (unsigned long)__entry_text_end)
		return false;
	way->frames++;
	return kernelx_spans_at(address, note_hit, &way->in_span);
}

static void look_at_way(void *data)
{
	struct way *way = data;

	way->interrupts_user = arch_kernelx_interrupts_user();
	arch_kernelx_walk_stack(current, look_at_frame, way);
}

static int stay_busy(void *unused)
{
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

static void interrupts_have_no_site(struct kunit *test)
{
	const unsigned int cpu = cpumask_any_but(cpu_online_mask, 0);
	struct task_struct *thread;
	struct way way = {};

	if (cpu >= nr_cpu_ids)
		kunit_skip(test, "needs two CPUs");
	thread = kthread_run_on_cpu(stay_busy, NULL, cpu, "kernelx_busy");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	msleep(20);
	KUNIT_EXPECT_EQ(test, 0, smp_call_function_single(cpu, look_at_way, &way, 1));
	kthread_stop(thread);
	KUNIT_EXPECT_GT(test, way.frames, 3);
	KUNIT_EXPECT_EQ(test, way.in_span, 0);
	KUNIT_EXPECT_FALSE(test, way.interrupts_user);
}
#endif

static struct kunit_case kernelx_cases[] = {
	KUNIT_CASE_PARAM(parse_value, value_gen_params),
	KUNIT_CASE(parse_value_length),
	KUNIT_CASE(table_is_ordered),
	KUNIT_CASE(knobs_are_found),
	KUNIT_CASE(every_knob_turns),
	KUNIT_CASE(out_of_range_is_refused),
	KUNIT_CASE(failed_refresh_is_taken_back),
#ifdef CONFIG_KERNELX_SITES
	KUNIT_CASE(sites_are_reserved),
	KUNIT_CASE(interrupts_have_no_site),
#endif
	{ }
};

static struct kunit_suite kernelx_suite = {
	.name = "kernelx",
	.test_cases = kernelx_cases,
};

kunit_test_suite(kernelx_suite);

MODULE_DESCRIPTION("KUnit tests for KernelX");
MODULE_LICENSE("GPL");
