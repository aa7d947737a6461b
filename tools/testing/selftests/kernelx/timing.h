/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that measure times have in common. */
#ifndef _KERNELX_TIMING_H
#define _KERNELX_TIMING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* In microseconds. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

/* Minimum, median and 99th percentile; @times is sorted by that. */
static void print_times(double *times, unsigned long nr)
{
	qsort(times, nr, sizeof(*times), compare);
	printf("%.1f %.1f %.1f", times[0], times[nr / 2], times[nr * 99 / 100]);
}

#endif /* _KERNELX_TIMING_H */
