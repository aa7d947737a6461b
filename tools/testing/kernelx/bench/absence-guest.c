// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest, for measure-absence.c, which knows these functions by their addresses:
 *
 *   absence-guest loop CPU			a loop for ever, on that CPU
 *   absence-guest write FILE TEXT OTHER NUMBER	write them in turn: a series of actions
 *   absence-guest rest US NUMBER		do nothing: another one
 *
 * To be linked statically, at addresses that no other program has.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void absence_loop(void);
void absence_over(void);
void absence_series(void);

/* A round is long: QEMU tells the plugin of each. */
asm(".text\n"
	"absence_loop:\n"
	"	.fill 200, 1, 0x90\n"
	"	jmp absence_loop\n"
	".globl absence_loop_end\n"
	"absence_loop_end:\n"
	".globl absence_over\n"
	"absence_over:\n"
	"	ret\n"
	".globl absence_series\n"
	"absence_series:\n"
	"	ret\n");

static void fail(const char *what)
{
	fprintf(stderr, "absence-guest: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("sched_setaffinity");
}

int main(int argc, char **argv)
{
	long number, i;
	int fd;

	if (argc == 3 && !strcmp(argv[1], "loop")) {
		stay_on(atoi(argv[2]));
		absence_loop();
	} else if (argc == 6 && !strcmp(argv[1], "write")) {
		number = atol(argv[5]);
		fd = open(argv[2], O_WRONLY);
		if (fd < 0)
			fail(argv[2]);
		absence_series();
		for (i = 0; i < number; i++) {
			const char *text = argv[3 + i % 2];

			if (write(fd, text, strlen(text)) < 0)
				fail(argv[2]);
			absence_over();
		}
		return 0;
	} else if (argc == 4 && !strcmp(argv[1], "rest")) {
		number = atol(argv[3]);
		absence_series();
		for (i = 0; i < number; i++) {
			usleep(atol(argv[2]));
			absence_over();
		}
		return 0;
	}
	fprintf(stderr, "usage: see the source\n");
	return 2;
}
