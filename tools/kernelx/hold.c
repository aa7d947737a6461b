// SPDX-License-Identifier: GPL-2.0
/*
 * Values for a time: a lease, and a process that stays as long.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kx.h"

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

volatile int caught_signal;
volatile pid_t signal_child;

static void on_signal(int number)
{
	const int before = errno;

	caught_signal = number;
	if (signal_child > 0)
		kill(signal_child, SIGTERM);
	errno = before;
}

/**
 * catch_signals() - note signals that end a process, and go on
 *
 * They are noted even if all are blocked.
 */
void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	block_signals(false);
}

/**
 * block_signals() - let the signals of catch_signals() wait, or no longer
 * @block: wait
 */
void block_signals(bool block)
{
	sigset_t caught;
	size_t i;

	sigemptyset(&caught);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&caught, numbers[i]);
	sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &caught, NULL);
}

/**
 * parse_duration() - read a time
 * @text: a number with ms, s, m, h, d, or without (seconds)
 * @seconds: where it goes
 */
enum status parse_duration(const char *text, double *seconds)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {
		{ "", 1 }, { "s", 1 }, { "ms", 0.001 }, { "m", 60 }, { "min", 60 },
		{ "h", 3600 }, { "d", 86400 },
	};
	char *end;
	size_t i;

	/* No sign, hexadecimal number, "inf" or the like. */
	if (strspn(text, "0123456789.") && !strpbrk(text, "xX")) {
		*seconds = strtod(text, &end);
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (!strcmp(end, units[i].unit) && *seconds > 0 && *seconds < 1e9) {
				*seconds *= units[i].seconds;
				return STATUS_OK;
			}
	}
	return usage("%s is no time: give for example 500ms, 30s, 5m or 2h", text);
}

static enum status wait_for(double seconds)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	end.tv_nsec += (long)((seconds - floor(seconds)) * 1e9);
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	while (!caught_signal &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
		;
	return caught_signal ? 128 + caught_signal : STATUS_OK;
}

/**
 * hold() - turn knobs until release()
 * @settings: which, to what
 * @lease: for release()
 *
 * From here on, signals that end a process are noted.
 */
enum status hold(const struct settings *settings, struct kernelx_lease **lease)
{
	struct settings all = with_mode(settings);
	int error;

	catch_signals();
	error = kernelx_lease(tree, all.list, all.count, lease);
	free_settings(&all);
	if (error == -EOPNOTSUPP)
		return fail(STATUS_UNSUPPORTED,
			    "no leases in this kernel: set it without --for, and kx reset it later");
	return error ? refused(settings, error) : STATUS_OK;
}

/**
 * release() - let a time go by, then bring the values from before back
 * @lease: of hold()
 * @seconds: how long; a signal ends it earlier
 */
enum status release(struct kernelx_lease *lease, double seconds)
{
	enum status status = wait_for(seconds);

	kernelx_release(lease);
	return status;
}
