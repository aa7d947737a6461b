// SPDX-License-Identifier: GPL-2.0
/*
 * What a policy costs, beside a kprobe with a BPF program that does the same: the
 * instructions of a call (see module/kernelx_bench.c), and the time to attach either.
 *
 * usage: policy-cost NAME FILE	prints the numbers of the module, after NAME
 *        policy-cost --times N FILE	prints the microseconds of N attachments, median and
 *					greatest, of policy and probe
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define PARAMETERS	"/sys/module/kernelx_bench/parameters/"
#define PROBED		"with_bpf_probe"
#define MOST_TIMES	1000

static struct bpf_object *object;

static void fail(const char *what)
{
	fprintf(stderr, "policy-cost: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct bpf_link *attach_policy(void)
{
	struct bpf_map *map;
	struct bpf_link *link = NULL;

	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			link = bpf_map__attach_struct_ops(map);
	if (!link)
		fail("no policy can be attached");
	return link;
}

static struct bpf_link *attach_probe(void)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, "probe");
	FILE *file = fopen(PARAMETERS "place", "r");
	struct bpf_link *link = NULL;

	LIBBPF_OPTS(bpf_kprobe_opts, options);

	if (!file || fscanf(file, "%zu", &options.offset) != 1)
		fail(PARAMETERS "place");
	fclose(file);
	if (program)
		link = bpf_program__attach_kprobe_opts(program, PROBED, &options);
	if (!link)
		fail("no probe can be attached");
	return link;
}

static void give_hint(void)
{
	struct bpf_map *hints = bpf_object__find_map_by_name(object, "hints");
	unsigned int thread = getpid(), value = 128;

	if (hints && bpf_map__update_elem(hints, &thread, sizeof(thread), &value, sizeof(value), 0))
		fail("no hint can be given");
}

/* Return: what the module has measured, when the probe has been optimised. */
static const char *instructions(void)
{
	static char line[1024];
	FILE *file;
	int i;

	for (i = 0; i < 100; i++) {
		file = fopen(PARAMETERS "instructions", "r");
		if (file && fgets(line, sizeof(line), file)) {
			fclose(file);
			return line;
		}
		if (file)
			fclose(file);
		usleep(100000);
	}
	fail("the probe is not optimised");
	return NULL;
}

static double now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void times(const char *name, struct bpf_link *(*attach)(void), int number)
{
	static double took[MOST_TIMES];
	struct bpf_link *link;
	int i;

	for (i = 0; i < number; i++) {
		double begin = now_us();

		link = attach();
		took[i] = now_us() - begin;
		bpf_link__destroy(link);
	}
	qsort(took, number, sizeof(*took), compare);
	printf("%s %.0f %.0f\n", name, took[number / 2], took[number - 1]);
}

int main(int argc, char **argv)
{
	int number = argc == 4 && !strcmp(argv[1], "--times") ? atoi(argv[2]) : 0;

	if ((argc != 3 && !number) || number > MOST_TIMES)
		return 2;
	object = bpf_object__open_file(argv[argc - 1], NULL);
	if (!object || bpf_object__load(object))
		fail(argv[argc - 1]);
	if (number) {
		times("policy", attach_policy, number);
		times("probe", attach_probe, number);
		return 0;
	}
	give_hint();
	attach_policy();
	attach_probe();
	printf("%s %s", argv[1], instructions());
	/* The links go with the process. */
	return 0;
}
