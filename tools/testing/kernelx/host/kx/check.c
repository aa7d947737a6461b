// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of kx and libkernelx against results that are known from elsewhere. Prints what
 * is wrong; linked with the objects of kx but main.o.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"
#include "statistics.h"

struct kernelx *tree;
bool json;
const struct command *command;

static int faults;

#define WRONG(...) (faults++, printf(__VA_ARGS__))

static void check_t(void)
{
	/* Two-sided, 95 %: from printed tables. */
	static const struct {
		double freedom;
		double t;
	} table[] = {
		{ 1, 12.7062 }, { 2, 4.3027 }, { 3, 3.1824 }, { 4, 2.7764 }, { 5, 2.5706 },
		{ 9, 2.2622 }, { 10, 2.2281 }, { 19, 2.0930 }, { 29, 2.0452 }, { 60, 2.0003 },
		{ 120, 1.9799 }, { 1000, 1.9623 }, { 1000000, 1.95997 },
	};
	static const struct {
		double t;
		double freedom;
		double probability;
	} tails[] = {
		{ 0, 5, 1 }, { 1, 1, 0.5 }, { 2, 10, 0.0733880 }, { 3.5, 4, 0.0248950 },
		{ -2, 10, 0.0733880 }, { 10, 3, 0.00212842 }, { 1.96, 1e7, 0.0499958 },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (fabs(t_critical(table[i].freedom) - table[i].t) > 0.0001)
			WRONG("t_critical(%g) = %g, should be %g\n", table[i].freedom,
			      t_critical(table[i].freedom), table[i].t);
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (fabs(t_probability(tails[i].t, tails[i].freedom) - tails[i].probability) >
		    0.00002)
			WRONG("t_probability(%g, %g) = %g, should be %g\n", tails[i].t,
			      tails[i].freedom, t_probability(tails[i].t, tails[i].freedom),
			      tails[i].probability);
}

static void check_estimate(void)
{
	/* Student's own: additional hours of sleep, drug 2 minus drug 1. */
	static const double sleep[] = { 1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4 };
	struct estimate result = estimate(sleep, 10);
	const double t = result.mean / (result.deviation / sqrt(10));

	if (fabs(result.mean - 1.58) > 0.000001 ||
	    fabs(result.deviation - 1.229995) > 0.000001 ||
	    fabs(result.half - 0.879886) > 0.00001)
		WRONG("estimate: %g, %g, %g\n", result.mean, result.deviation, result.half);
	if (fabs(t - 4.0621) > 0.0001 ||
	    fabs(t_probability(t, 9) - 0.0028329) > 0.0000005)
		WRONG("paired t test: t %g, p %g\n", t, t_probability(t, 9));
}

/* From the same seed always the same numbers. */
static double uniform(void)
{
	static uint64_t state = 20251121;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((state >> 11) + 0.5) / (1ULL << 53);
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * 3.14159265358979323846 * uniform());
}

/* How often, of 10000 times, a difference of @shift standard deviations is seen. */
static int seen(double shift, size_t count)
{
	double numbers[64];
	int found = 0, i;
	size_t j;

	for (i = 0; i < 10000; i++) {
		struct estimate result;

		for (j = 0; j < count; j++)
			numbers[j] = normal() + shift;
		result = estimate(numbers, count);
		found += fabs(result.mean) > result.half;
	}
	return found;
}

static void check_rates(void)
{
	const int none = seen(0, 10), few = seen(0, 3);
	const int large = seen(1.5, 10), small = seen(0.5, 10);

	/* 500 +- 22 are expected; four times that is never met by chance. */
	if (none < 412 || none > 588)
		WRONG("of no difference, 10 runs see one in %d of 10000 cases\n", none);
	if (few < 412 || few > 588)
		WRONG("of no difference, 3 runs see one in %d of 10000 cases\n", few);
	/* The power of this test, by the noncentral t distribution: 0.9873 and 0.2932. */
	if (large < 9800 || large > 9940)
		WRONG("a difference of 1.5 deviations is seen in %d of 10000 cases\n", large);
	if (small < 2730 || small > 3130)
		WRONG("a difference of 0.5 deviations is seen in %d of 10000 cases\n", small);
}

static void check_distance(void)
{
	static const struct {
		const char *a;
		const char *b;
		size_t distance;
	} pairs[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "abc", 0 }, { "kitten", "sitting", 3 },
		{ "readahed", "readahead", 1 }, { "raedahead", "readahead", 1 },
		{ "mm/readahead", "net/readahead", 3 }, { "ab", "ba", 1 }, { "list", "lsit", 1 },
	};
	char *long_word = text_of("%0250d", 0);
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (distance(pairs[i].a, pairs[i].b) != pairs[i].distance)
			WRONG("distance(%s, %s) = %zu\n", pairs[i].a, pairs[i].b,
			      distance(pairs[i].a, pairs[i].b));
		if (distance(pairs[i].a, pairs[i].b) != distance(pairs[i].b, pairs[i].a))
			WRONG("distance(%s, %s) depends on the order\n", pairs[i].a, pairs[i].b);
	}
	if (distance(long_word, "a") < 100)
		WRONG("a word of 250 letters is near to one of one\n");
	free(long_word);
}

static void check_suggest(void)
{
	static char * const names[] = {
		"mm/readahead", "mm/readahead_quick_factor", "mm/shrink_batch",
		"net/hystart_delay_max", "net/hystart_delay_min", "net/gro_max_skbs", NULL
	};
	static const struct {
		const char *given;
		const char *meant;
	} cases[] = {
		{ "mm/readahed", "mm/readahead" }, { "readahead", "mm/readahead" },
		{ "net/readahead", "mm/readahead" }, { "MM/ReadAhead", "mm/readahead" },
		{ "/sys/kernel/kernelx/mm/readahead", "mm/readahead" },
		{ "/sys/kernel/kernelx/.meta/mm/readahead", "mm/readahead" },
		{ "kernelx.mm.readahead", "mm/readahead" },
		{ "mm.shrink-batch", "mm/shrink_batch" },
		{ "shrink", "mm/shrink_batch" }, { "gro_max_skb", "net/gro_max_skbs" },
		{ "hystart", "net/hystart_delay_max or net/hystart_delay_min" },
		{ "vm.swappiness", "" }, { "", "" },
		{ "x", "" }, { "../../etc/passwd", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = suggest(cases[i].given, (char **)names);

		if (!got)
			got = need(strdup(""));
		if (strcmp(got, cases[i].meant))
			WRONG("for %s, \"%s\" is suggested\n", cases[i].given, got);
		free(got);
	}
}

static void check_parse(void)
{
	static const struct {
		const char *text;
		int error;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0 }, { "64", 0, 64 }, { "010", 0, 10 }, { "0x40", 0, 64 },
		{ "0X1f", 0, 31 },
		{ "4K", 0, 4096 }, { "4k", 0, 4096 }, { "2M", 0, 2 << 20 }, { "1g", 0, 1 << 30 },
		{ "0x10K", 0, 16384 }, { "-0", 0, 0 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 }, { "-1", -ERANGE, 0 },
		{ "99999999999G", -ERANGE, 0 }, { "0x10000000000000000", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "K", -EINVAL, 0 }, { "0x", -EINVAL, 0 }, { "-", -EINVAL, 0 },
		{ "64 ", -EINVAL, 0 }, { " 64", -EINVAL, 0 }, { "4KB", -EINVAL, 0 },
		{ "6 4", -EINVAL, 0 }, { "1e3", -EINVAL, 0 }, { "+1", -EINVAL, 0 },
		{ "4T", -EINVAL, 0 }, { "a", -EINVAL, 0 }, { "--1", -EINVAL, 0 },
		{ "default", -EINVAL, 0 }, { "1.5", -EINVAL, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t value = 0;
		int error = kernelx_parse(cases[i].text, &value);

		if (error != cases[i].error || (!error && value != cases[i].value))
			WRONG("\"%s\": error %d, value %llu\n", cases[i].text, error,
			      (unsigned long long)value);
	}
}

static void check_size(void)
{
	static const struct kernelx_setting settings[] = {
		{ "mode", "global" }, { "mm/a", "1" }, { "mm/b", "default" },
	};
	static const struct kernelx_setting blank = { "mm/a", "1 mm/b=2" };
	static const struct kernelx_setting path = { "../mm/a", "1" };
	struct settings many = { };
	int size = kernelx_transaction_size(settings, 3), i;

	if (size != (int)strlen("mode=global mm/a=1 mm/b=default\n"))
		WRONG("the size of a transaction is %d\n", size);
	if (kernelx_transaction_size(&blank, 1) != -EINVAL)
		WRONG("a value with a blank in it has a size\n");
	if (kernelx_transaction_size(&path, 1) != -ENOENT)
		WRONG("a path has a size\n");
	/* Eight bytes each: 4095 of them, and 7 bytes. */
	for (i = 0; i < 4095; i++)
		add_setting(&many, "mm/a", "12");
	add_setting(&many, "mm/a", "1");
	size = kernelx_transaction_size(many.list, many.count);
	if (size != KERNELX_TRANSACTION)
		WRONG("the size of the largest transaction is %d\n", size);
	add_setting(&many, "mm/a", "1");
	size = kernelx_transaction_size(many.list, many.count);
	if (size != -E2BIG)
		WRONG("the size of a larger transaction is %d\n", size);
	free_settings(&many);
}

/* What kx says of an error of the kernel: refused ERRNO KNOB=VALUE... */
static int say_refused(int count, char **arguments)
{
	struct settings settings = { };
	int i;

	if (kernelx_open(NULL, &tree))
		return 1;
	for (i = 1; i < count; i++) {
		char *value = strchr(arguments[i], '=');

		*value = '\0';
		add_setting(&settings, arguments[i], value + 1);
	}
	refused(&settings, -atoi(arguments[0]));
	free_settings(&settings);
	kernelx_close(tree);
	return 0;
}

static void print_fault(const char *word, const char *why)
{
	printf("%s: %s\n", word, why);
}

/* What kx says of a kernel's command line: boot LINE */
static int say_boot(char *line)
{
	if (kernelx_open(NULL, &tree))
		return 1;
	printf("%zu parameters\n", boot_faults(line, print_fault));
	kernelx_close(tree);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*check)(void);
	} checks[] = {
		{ "t", check_t }, { "estimate", check_estimate }, { "rates", check_rates },
		{ "distance", check_distance }, { "suggest", check_suggest },
		{ "parse", check_parse }, { "size", check_size },
	};
	size_t i;

	if (argc > 3 && !strcmp(argv[1], "refused"))
		return say_refused(argc - 2, argv + 2);
	if (argc == 3 && !strcmp(argv[1], "boot"))
		return say_boot(argv[2]);
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (argc == 2 && !strcmp(argv[1], checks[i].name)) {
			checks[i].check();
			return faults != 0;
		}
	puts("no such check");
	return 1;
}
