// SPDX-License-Identifier: GPL-2.0
/*
 * Many timers on this process's CPU time that expire at the same time. Prints the most
 * common size of the batches in which their signals come.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TIMERS	200

int main(void)
{
	struct itimerspec at = {};
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL };
	int sizes[TIMERS + 1] = {}, seen = 0, best = 0, batch, i;
	const struct timespec none = {};
	sigset_t set;
	timer_t timer;

	event.sigev_signo = SIGRTMIN;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Late enough that all are armed by then, on slow machines too. */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at.it_value);
	at.it_value.tv_nsec += 250 * 1000 * 1000;
	if (at.it_value.tv_nsec >= 1000 * 1000 * 1000) {
		at.it_value.tv_nsec -= 1000 * 1000 * 1000;
		at.it_value.tv_sec++;
	}
	for (i = 0; i < TIMERS; i++) {
		if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) ||
		    timer_settime(timer, TIMER_ABSTIME, &at, NULL)) {
			perror("cpu_timers");
			return 1;
		}
	}
	while (seen < TIMERS) {
		for (batch = 0; sigtimedwait(&set, NULL, &none) == SIGRTMIN; batch++)
			;
		sizes[batch]++;
		seen += batch;
	}
	for (i = 1; i <= TIMERS; i++) {
		if (sizes[i] > sizes[best] || !best)
			best = i;
	}
	printf("%d\n", best);
	return 0;
}
