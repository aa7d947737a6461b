// SPDX-License-Identifier: GPL-2.0
/*
 * Values for a time: a lease, and processes that stay as long.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

/* Ctrl-Z waits while there is a lease that no child keeps. */
static void block_stop(bool block)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &stop, NULL);
}

static struct timespec end_of(double seconds)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	end.tv_nsec += (long)((seconds - floor(seconds)) * 1e9);
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	return end;
}

/*
 * The process that holds the lease, by a copy of the open file, until a time; not longer
 * than its parent lives. It is in a session of its own: what stops its parent (Ctrl-Z)
 * does not stop the clock.
 */
static void __noreturn keep(const struct timespec *end, pid_t parent)
{
	size_t i;

	signal_child = 0;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	block_signals(false);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have died before. */
	while (getppid() == parent &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, end, NULL) == EINTR)
		;
	_exit(0);
}

/**
 * hold() - turn knobs until release()
 * @settings: which, to what
 * @lease: for release()
 *
 * From here on, signals that end a process are noted. That of Ctrl-Z waits for release().
 */
enum status hold(const struct settings *settings, struct kernelx_lease **lease)
{
	struct settings all = with_mode(settings);
	int error;

	catch_signals();
	block_stop(true);
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
 *
 * They are back when the time is over even if this process is stopped then.
 */
enum status release(struct kernelx_lease *lease, double seconds)
{
	const struct timespec end = end_of(seconds);
	const pid_t parent = getpid();
	int how = 0, error;
	pid_t child = 0;

	/* From here on, signals that are noted are passed on to the child. */
	block_signals(true);
	if (!caught_signal)
		child = fork();
	error = errno;
	if (!caught_signal && !child)
		keep(&end, parent);
	signal_child = child;
	block_signals(false);
	/* The child's copy of the file is the lease now. */
	kernelx_release(lease);
	block_stop(false);
	if (child < 0)
		return fail(STATUS_FAILED, "cannot hold the values: %s", strerror(error));
	while (child && waitpid(child, &how, 0) < 0 && errno == EINTR)
		;
	signal_child = 0;
	if (caught_signal)
		return 128 + caught_signal;
	if (WIFSIGNALED(how))
		return fail(STATUS_FAILED,
			    "somebody ended the process that held the values (%s): they are as they were before",
			    strsignal(WTERMSIG(how)));
	return STATUS_OK;
}
