// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that measures for how long a CPU that is busy with a loop in user space
 * does not execute it: in instructions of its own, from one round of the loop to the
 * next. Whoever does something to that CPU tells when each of its actions is over: of
 * each, the longest absence counts.
 *
 * usage: -plugin FILE.so,loop=FIRST-LAST,over=ADDRESS,series=ADDRESS -d plugin
 *
 *   loop     addresses of the loop, hexadecimal
 *   over     of a function that is called when an action is over
 *   series   of one that is called before the first action of a series
 *
 * When QEMU ends, prints a line for each series: how many actions, and the smallest,
 * median and greatest of their longest absences.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu-plugin.h"

int qemu_plugin_version = 1;

#define MOST_ACTIONS	100000
#define MOST_SERIES	32

static unsigned long long loop_first, loop_last, over_at, series_at;

static unsigned long actions[MOST_ACTIONS];	/* the longest absence of each */
static size_t nr_actions;
static size_t series[MOST_SERIES + 1];		/* where they begin */
static size_t nr_series;

static unsigned int busy = -1;			/* the CPU */
static unsigned long absence, longest;		/* in instructions */

static void loop(unsigned int cpu, void *unused)
{
	(void)unused;
	busy = cpu;
	if (absence > longest)
		longest = absence;
	absence = 0;
}

static void other(unsigned int cpu, void *instructions)
{
	if (cpu == busy)
		absence += (uintptr_t)instructions;
}

static void over(unsigned int cpu, void *instructions)
{
	other(cpu, instructions);
	if (absence > longest)
		longest = absence;
	if (nr_actions < MOST_ACTIONS)
		actions[nr_actions++] = longest;
	longest = 0;
}

static void begin_series(unsigned int cpu, void *instructions)
{
	other(cpu, instructions);
	if (nr_series < MOST_SERIES)
		series[nr_series++] = nr_actions;
	longest = 0;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	unsigned long long address = qemu_plugin_tb_vaddr(tb);
	uintptr_t instructions = qemu_plugin_tb_n_insns(tb);
	void (*callback)(unsigned int cpu, void *data) = other;

	(void)id;
	if (address >= loop_first && address < loop_last)
		callback = loop;
	else if (address == over_at)
		callback = over;
	else if (address == series_at)
		callback = begin_series;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, callback, QEMU_PLUGIN_CB_NO_REGS,
					     (void *)instructions);
}

static int compare(const void *a, const void *b)
{
	unsigned long first = *(const unsigned long *)a, second = *(const unsigned long *)b;

	return (first > second) - (first < second);
}

static void end(qemu_plugin_id_t id, void *data)
{
	char text[128];
	size_t i, nr;

	(void)id;
	(void)data;
	series[nr_series] = nr_actions;
	for (i = 0; i < nr_series; i++) {
		unsigned long *first = actions + series[i];

		nr = series[i + 1] - series[i];
		if (!nr)
			continue;
		qsort(first, nr, sizeof(*first), compare);
		snprintf(text, sizeof(text), "absence %zu %lu %lu %lu\n", nr, first[0],
			 first[nr / 2], first[nr - 1]);
		qemu_plugin_outs(text);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	int i, known = 0;

	(void)info;
	for (i = 0; i < argc; i++)
		if (sscanf(argv[i], "loop=%llx-%llx", &loop_first, &loop_last) == 2 ||
		    sscanf(argv[i], "over=%llx", &over_at) == 1 ||
		    sscanf(argv[i], "series=%llx", &series_at) == 1)
			known++;
	if (known != 3) {
		fprintf(stderr, "measure-absence: loop=, over= and series= are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, end, NULL);
	return 0;
}
