// SPDX-License-Identifier: GPL-2.0
/*
 * Run a command and take a number from it: the time it took, or one that it printed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kx.h"

/**
 * struct sampler - a command, and what is taken from it
 * @argv: the command
 * @metric: as it was given; NULL for the time
 * @regex: of that
 * @output: a file for what it prints
 */
struct sampler {
	char **argv;
	const char *metric;
	regex_t regex;
	int output;
};

/**
 * new_sampler() - get ready to run a command
 * @metric: a regular expression with the number in parentheses; NULL for the time
 * @argv: the command
 * @result: for sample()
 */
enum status new_sampler(const char *metric, char **argv, struct sampler **result)
{
	struct sampler *sampler = need(calloc(1, sizeof(*sampler)));
	char why[128];
	int error;

	sampler->argv = argv;
	sampler->output = memfd_create("kx", MFD_CLOEXEC);
	if (sampler->output < 0) {
		free(sampler);
		return fail(STATUS_FAILED, "no room for the output: %s", strerror(errno));
	}
	if (metric) {
		error = regcomp(&sampler->regex, metric, REG_EXTENDED | REG_NEWLINE);
		if (error) {
			regerror(error, &sampler->regex, why, sizeof(why));
			close(sampler->output);
			free(sampler);
			return usage("--metric '%s': %s", metric, why);
		}
		if (sampler->regex.re_nsub < 1) {
			regfree(&sampler->regex);
			close(sampler->output);
			free(sampler);
			return usage("--metric '%s': no parentheses: write 'rate: ([0-9.]+)' or so",
				     metric);
		}
		sampler->metric = metric;
	}
	*result = sampler;
	return STATUS_OK;
}

/** free_sampler() - free what new_sampler() made; NULL is fine */
void free_sampler(struct sampler *sampler)
{
	if (!sampler)
		return;
	if (sampler->metric)
		regfree(&sampler->regex);
	close(sampler->output);
	free(sampler);
}

static void run_child(const struct sampler *sampler)
{
	int input = open("/dev/null", O_RDONLY);

	/* It must not outlive kx, and then run with other values than it began with. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	block_signals(false);
	dup2(input, STDIN_FILENO);
	dup2(sampler->output, STDOUT_FILENO);
	dup2(sampler->output, STDERR_FILENO);
	execvp(sampler->argv[0], sampler->argv);
	dprintf(STDERR_FILENO, "%s: %s\n", sampler->argv[0], strerror(errno));
	_exit(127);
}

/* What the command printed, to be freed. */
static char *output_of(const struct sampler *sampler)
{
	const off_t size = lseek(sampler->output, 0, SEEK_END);
	char *text = need(calloc(1, size + 1));
	ssize_t got;
	off_t done = 0;

	while (done < size) {
		got = pread(sampler->output, text + done, size - done, done);
		if (got <= 0)
			break;
		done += got;
	}
	return text;
}

/* The last line that says anything, as part of a message. */
static char *last_line(char *text)
{
	char *end = text + strlen(text), *begin;

	while (end > text && end[-1] == '\n')
		*--end = '\0';
	begin = strrchr(text, '\n');
	return begin ? begin + 1 : text;
}

static enum status command_failed(const struct sampler *sampler, int how)
{
	char *text = output_of(sampler), *line = last_line(text);
	enum status status;

	if (WIFEXITED(how))
		status = fail(STATUS_COMMAND, "%s: ended with status %d%s%s", sampler->argv[0],
			      WEXITSTATUS(how), *line ? ": " : "", line);
	else
		status = fail(STATUS_COMMAND, "%s: was ended by signal %d (%s)", sampler->argv[0],
			      WTERMSIG(how), strsignal(WTERMSIG(how)));
	free(text);
	return status;
}

static enum status find_number(const struct sampler *sampler, double *number)
{
	char *text = output_of(sampler), *line, *end;
	enum status status = STATUS_OK;
	regmatch_t matches[2];

	if (regexec(&sampler->regex, text, 2, matches, 0) || matches[1].rm_so < 0) {
		line = last_line(text);
		status = fail(STATUS_COMMAND, "%s: printed nothing that matches '%s'%s%s",
			      sampler->argv[0], sampler->metric, *line ? "; its last line: " : "",
			      line);
	} else {
		text[matches[1].rm_eo] = '\0';
		*number = strtod(text + matches[1].rm_so, &end);
		if (end == text + matches[1].rm_so || *end)
			status = fail(STATUS_COMMAND, "%s: \"%s\" is no number (--metric '%s')",
				      sampler->argv[0], text + matches[1].rm_so, sampler->metric);
	}
	free(text);
	return status;
}

/**
 * sample() - run the command once
 * @sampler: of new_sampler()
 * @number: seconds, or what it printed
 *
 * A signal that catch_signals() noted goes to the command and ends the run.
 */
enum status sample(struct sampler *sampler, double *number)
{
	struct timespec begin, end;
	int how;
	pid_t pid;

	if (ftruncate(sampler->output, 0) || lseek(sampler->output, 0, SEEK_SET))
		return fail(STATUS_FAILED, "no room for the output: %s", strerror(errno));
	clock_gettime(CLOCK_MONOTONIC, &begin);
	block_signals(true);
	if (caught_signal) {
		block_signals(false);
		return 128 + caught_signal;
	}
	pid = fork();
	if (pid < 0) {
		block_signals(false);
		return fail(STATUS_FAILED, "cannot start a process: %s", strerror(errno));
	}
	if (!pid)
		run_child(sampler);
	signal_child = pid;
	block_signals(false);
	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return fail(STATUS_FAILED, "waiting: %s", strerror(errno));
	signal_child = 0;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (caught_signal)
		return 128 + caught_signal;
	if (!WIFEXITED(how) || WEXITSTATUS(how))
		return command_failed(sampler, how);
	if (sampler->metric)
		return find_number(sampler, number);
	*number = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
	return STATUS_OK;
}
