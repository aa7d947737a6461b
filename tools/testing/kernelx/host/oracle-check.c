// SPDX-License-Identifier: GPL-2.0
/*
 * A dynamic oracle for safe spans.
 *
 * Emulates the code around every site of a linked kernel, from random machine states,
 * twice each: with two values of the constant. Where the two runs differ in a register,
 * a flag or the stack, and that is read later, the address must lie in the safe span of
 * the site, until control flow itself differs.
 *
 * usage: oracle-check [option]... VMLINUX
 *
 *   --states N           states for each site (1000)
 *   --steps N            instructions of a run (400; four times that if it enters calls)
 *   --seed N             of all random numbers
 *   --knob NAME          only sites of this knob
 *   --assume-function    not the image's table: the function of a site is its span
 *   --assume-nothing     not the image's table: all spans are empty
 *   --mutate HOW         spoil the table first: shrink (drop the last part of each span,
 *                        or half of it), halve, late (drop the first half of each part), facts
 *                        (nothing escapes, other frames and first uses)
 *   --strict-arguments   what is in an argument register at a call is an argument
 *   --reports N          print that many violations of each kind (100)
 *   --verbose            say what was done for each site
 *
 * Exit status: 0 no violations, 1 some, 2 trouble.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/oracle.h"

struct options options = {
	.states = 1000,
	.steps = 400,
	.seed = 1,
	.reports = 100,
};

void fail(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("oracle-check: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		fail("no memory");
	return memory;
}

/* Make room for one more than @count, in an array that only grows so. */
void *grow(void *memory, size_t count, size_t size)
{
	if (count & (count - 1))
		return memory;
	memory = realloc(memory, (count ? count * 2 : 1) * size);
	if (!memory)
		fail("no memory");
	return memory;
}

/* objtool and the ORC tables must agree on where the frame ends. */
static void check_frame(const struct site *site, const struct frame *frame)
{
	struct finding finding = { .kind = VIOLATION_FRAME, .site = site, .count = 1 };

	if (!site->facts || !site->facts->frame || frame->base != RSP ||
	    site->facts->frame == (u32)frame->offset)
		return;
	finding.address = site->start;
	finding.a = site->facts->frame;
	finding.b = (u32)frame->offset;
	report_finding(&finding);
}

static void check_site(struct site *site)
{
	struct frame frame = image_frame(site->start);
	/* Some states end at the instruction after the site. */
	unsigned int tries = options.states * 4, done = 0;
	struct run_result result;

	if (!run_frame(site)) {
		site->uncovered = "the frame is not known";
		return;
	}
	if (site->min >= site->max) {
		site->uncovered = "its range has one value";
		return;
	}
	check_frame(site, &frame);
	for (unsigned int i = 0; i < tries && done < options.states; i++) {
		run_state(site, mix(options.seed) ^ mix(site->start + i), &result);
		if (result.length < 1)
			continue;
		report_run(site, &result);
		done++;
	}
	if (done < options.states)
		site->uncovered = "not emulated";
}

static void usage(void)
{
	fail("usage: oracle-check [--states N] [--steps N] [--seed N] [--knob NAME]\n"
	     "\t[--assume-function | --assume-nothing] [--mutate shrink|halve|late|facts]\n"
	     "\t[--strict-arguments] [--reports N] [--verbose] VMLINUX");
}

static enum mutation mutation_named(const char *name)
{
	if (!strcmp(name, "shrink"))
		return MUTATE_SHRINK;
	if (!strcmp(name, "halve"))
		return MUTATE_HALVE;
	if (!strcmp(name, "late"))
		return MUTATE_LATE;
	if (!strcmp(name, "facts"))
		return MUTATE_FACTS;
	usage();
	return MUTATE_NONE;
}

static unsigned int number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || end == text || value > 1000000000)
		usage();
	return (unsigned int)value;
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "states", required_argument, NULL, 'n' },
		{ "steps", required_argument, NULL, 'l' },
		{ "seed", required_argument, NULL, 's' },
		{ "knob", required_argument, NULL, 'k' },
		{ "assume-function", no_argument, NULL, 'f' },
		{ "assume-nothing", no_argument, NULL, 'e' },
		{ "mutate", required_argument, NULL, 'm' },
		{ "strict-arguments", no_argument, NULL, 'a' },
		{ "reports", required_argument, NULL, 'r' },
		{ "verbose", no_argument, NULL, 'v' },
		{ 0 }
	};
	enum mutation mutation = MUTATE_NONE;
	enum table table = TABLE_IMAGE;
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (c) {
		case 'n':
			options.states = number(optarg);
			break;
		case 'l':
			options.steps = number(optarg);
			break;
		case 's':
			options.seed = number(optarg);
			break;
		case 'k':
			options.knob = optarg;
			break;
		case 'f':
			table = TABLE_FUNCTION;
			break;
		case 'e':
			table = TABLE_EMPTY;
			break;
		case 'm':
			mutation = mutation_named(optarg);
			break;
		case 'a':
			options.strict_arguments = true;
			break;
		case 'r':
			options.reports = number(optarg);
			break;
		case 'v':
			options.verbose = true;
			break;
		default:
			usage();
		}
	}
	if (optind != argc - 1)
		usage();
	decode_open();
	image_open(argv[optind]);
	sites_read(table, mutation);
	machine_open();
	for (unsigned int i = 0; i < nr_sites; i++)
		if (!options.knob || !strcmp(options.knob, sites[i].knob))
			check_site(&sites[i]);
	return report_print() ? 1 : 0;
}
