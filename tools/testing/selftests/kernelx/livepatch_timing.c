// SPDX-License-Identifier: GPL-2.0
/*
 * How long a transition of a live patch takes: from the write(2) that disables it until
 * it has gone, without the loading of its module.
 *
 *   livepatch_timing MODULE.ko NAME [TIMES]	10 times
 *
 * Prints: minimum, median and 99th percentile in microseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "timing.h"

static void fail(const char *what)
{
	fprintf(stderr, "livepatch_timing: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Is what it says there still "1"? If the file is gone, it is not. */
static int is_on(const char *path)
{
	char c = '0';
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return 0;
	if (read(fd, &c, 1) != 1)
		c = '0';
	close(fd);
	return c == '1';
}

static void load(const char *module)
{
	int fd = open(module, O_RDONLY);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		fail(module);
	close(fd);
}

static double disable(const char *enabled, const char *transition, const char *name)
{
	double start = now(), end;
	int fd = open(enabled, O_WRONLY);

	if (fd < 0 || write(fd, "0", 1) != 1)
		fail(enabled);
	close(fd);
	while (is_on(transition))
		usleep(100);
	end = now();
	/* The last reference to its code may be held for a moment. */
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno != EAGAIN && errno != EBUSY)
			fail(name);
		usleep(1000);
	}
	return end - start;
}

int main(int argc, char **argv)
{
	unsigned long times = argc > 3 ? strtoul(argv[3], NULL, 0) : 10, i;
	char enabled[256], transition[256];
	double *results;

	if (argc < 3 || !times) {
		fprintf(stderr, "usage: livepatch_timing MODULE.ko NAME [TIMES]\n");
		return 2;
	}
	snprintf(enabled, sizeof(enabled), "/sys/kernel/livepatch/%s/enabled", argv[2]);
	snprintf(transition, sizeof(transition), "/sys/kernel/livepatch/%s/transition", argv[2]);
	results = calloc(times, sizeof(*results));
	if (!results)
		fail("calloc");
	for (i = 0; i < times; i++) {
		load(argv[1]);
		while (is_on(transition))
			usleep(1000);
		results[i] = disable(enabled, transition, argv[2]);
	}
	print_times(results, times);
	printf("\n");
	return 0;
}
