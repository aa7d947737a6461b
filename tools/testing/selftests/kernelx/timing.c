// SPDX-License-Identifier: GPL-2.0
/*
 * How long a write(2) takes that changes a file from one text to another and back:
 *
 *   timing [-b | -t] FILE TEXT OTHER-TEXT [WRITES]	1000 writes
 *
 * Prints: minimum, median and 99th percentile in microseconds. With -b, a write that
 * ends with EBUSY is repeated, and counted: that is a fourth number. With -t as well, but
 * it is one of the WRITES, and it is repeated after a while.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "timing.h"

#define WARM_UP 16
#define WHILE_US 20000

int main(int argc, char **argv)
{
	bool may_be_busy = false, tries = false;
	unsigned long writes, all, busy = 0, i;
	double *times, start;
	const char *text;
	ssize_t length;
	int fd;

	if (argc > 1 && (!strcmp(argv[1], "-b") || !strcmp(argv[1], "-t"))) {
		may_be_busy = true;
		tries = argv[1][1] == 't';
		argv++;
		argc--;
	}
	writes = argc > 4 ? strtoul(argv[4], NULL, 0) : 1000;
	if (argc < 4 || !writes) {
		fprintf(stderr, "usage: timing [-b | -t] FILE TEXT OTHER-TEXT [WRITES]\n");
		return 2;
	}
	all = writes + WARM_UP;
	times = calloc(all, sizeof(*times));
	fd = open(argv[1], O_WRONLY);
	if (!times || fd < 0) {
		fprintf(stderr, "timing: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	for (i = 0; i < all; i++) {
		text = argv[2 + i % 2];
		length = strlen(text);
		start = now();
		if (write(fd, text, length) != length) {
			if (may_be_busy && errno == EBUSY) {
				busy++;
				if (tries) {
					usleep(WHILE_US);
					all--;
				}
				i--;
				continue;
			}
			fprintf(stderr, "timing: %s: %s: %s\n", argv[1], text,
				strerror(errno));
			return 1;
		}
		times[i] = now() - start;
	}
	if (all > WARM_UP)
		print_times(times + WARM_UP, all - WARM_UP);
	else
		printf("- - -");
	if (may_be_busy)
		printf(" %lu", busy);
	printf("\n");
	return 0;
}
