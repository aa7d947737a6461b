// SPDX-License-Identifier: GPL-2.0
/*
 * Several writers turn all knobs to random valid values as fast as they can.
 *
 *   storm [-n CHANGES] [-w WRITERS] [-t SECONDS] [-s SEED]
 *
 * Ends after CHANGES (3000) or SECONDS (none), prints the seed, how it goes and
 * how many changes a second it made. Exit status: 0 if every write was taken.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROOT		"/sys/kernel/kernelx"
#define MAX_KNOBS	1024
#define MAX_WRITERS	64
#define REPORT_SECONDS	10

static struct knob {
	char path[256];
	unsigned int min, max;
	int fd;
} knobs[MAX_KNOBS];
static unsigned int nr_knobs;

static unsigned long changes = 3000;
static double deadline;
static unsigned long seed;
static atomic_ulong begun, ended, failed;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	fprintf(stderr, "storm: %s: %s\n", what, strerror(errno));
	exit(2);
}

static unsigned int read_number(const char *subsystem, const char *knob,
				const char *name)
{
	unsigned int number;
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), ROOT "/.meta/%s/%s/%s", subsystem, knob, name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u", &number) != 1)
		fail(path);
	fclose(file);
	return number;
}

static void add_knob(const char *subsystem, const char *name)
{
	struct knob *knob = &knobs[nr_knobs];

	if (++nr_knobs == MAX_KNOBS)
		fail("too many knobs");
	snprintf(knob->path, sizeof(knob->path), ROOT "/%.100s/%.100s", subsystem, name);
	knob->min = read_number(subsystem, name, "min");
	knob->max = read_number(subsystem, name, "max");
	knob->fd = open(knob->path, O_WRONLY);
	if (knob->fd < 0)
		fail(knob->path);
}

static void find_knobs(void)
{
	DIR *root = opendir(ROOT), *directory;
	struct dirent *subsystem, *entry;
	char path[512];

	if (!root)
		fail(ROOT);
	while ((subsystem = readdir(root))) {
		if (subsystem->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), ROOT "/%s", subsystem->d_name);
		directory = opendir(path);
		/* A file beside the subsystems. */
		if (!directory && errno == ENOTDIR)
			continue;
		if (!directory)
			fail(path);
		while ((entry = readdir(directory)))
			if (entry->d_name[0] != '.')
				add_knob(subsystem->d_name, entry->d_name);
		closedir(directory);
	}
	closedir(root);
}

/* xorshift: each writer has a state of its own */
static __u64 random64(__u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* All orders of magnitude alike, and now and then an end of the range. */
static unsigned int random_value(const struct knob *knob, __u64 *state)
{
	__u64 width = (__u64)knob->max - knob->min + 1;

	switch (random64(state) % 16) {
	case 0:
		return knob->min;
	case 1:
		return knob->max;
	default:
		return knob->min + (random64(state) >> 32 >>
				    random64(state) % 32) % width;
	}
}

static void *writer(void *number)
{
	__u64 state = (seed + 1) * 0x9e3779b97f4a7c15ull + (unsigned long)number;
	const struct knob *knob;
	char text[32];
	int length;

	while (atomic_fetch_add(&begun, 1) < changes &&
	       (!deadline || now() < deadline)) {
		knob = &knobs[random64(&state) % nr_knobs];
		if (random64(&state) % 8)
			length = sprintf(text, "%u\n", random_value(knob, &state));
		else
			length = sprintf(text, "default\n");
		if (write(knob->fd, text, length) != length &&
		    !atomic_fetch_add(&failed, 1))
			printf("# %s: %.*s: %s\n", knob->path, length - 1, text,
			       strerror(errno));
		atomic_fetch_add(&ended, 1);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long i, writers = 4, seconds = 0, done;
	pthread_t threads[MAX_WRITERS];
	double start = now(), reported = start;
	int option;

	seed = time(NULL);
	while ((option = getopt(argc, argv, "n:w:t:s:")) != -1) {
		switch (option) {
		case 'n':
			changes = strtoul(optarg, NULL, 0);
			break;
		case 'w':
			writers = strtoul(optarg, NULL, 0);
			break;
		case 't':
			seconds = strtoul(optarg, NULL, 0);
			break;
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		default:
			return 2;
		}
	}
	if (writers < 1 || writers > MAX_WRITERS)
		fail("-w: 1 to 64");
	find_knobs();
	if (!nr_knobs)
		fail("no knobs");
	if (seconds)
		deadline = start + seconds;
	printf("# %lu changes of %u knobs by %lu writers, seed %lu\n", changes,
	       nr_knobs, writers, seed);
	fflush(stdout);
	for (i = 0; i < writers; i++)
		if (pthread_create(&threads[i], NULL, writer, (void *)i))
			fail("pthread_create");
	while ((done = atomic_load(&ended)) < changes &&
	       (!deadline || now() < deadline)) {
		usleep(200000);
		if (now() - reported < REPORT_SECONDS)
			continue;
		reported = now();
		printf("# %lu changes, %.0f a second\n", done,
		       done / (reported - start));
		fflush(stdout);
	}
	for (i = 0; i < writers; i++)
		pthread_join(threads[i], NULL);
	done = atomic_load(&ended);
	printf("# %lu changes in %.1f s, %.0f a second, %lu not taken\n", done,
	       now() - start, done / (now() - start), atomic_load(&failed));
	return atomic_load(&failed) || !done;
}
