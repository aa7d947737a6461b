// SPDX-License-Identifier: GPL-2.0
/*
 * kx try: run a command without and with values, in pairs whose order is random, and say
 * whether there is a difference. The values are held by a lease for one run at a time:
 * they return whatever happens to kx.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "kx.h"
#include "try.h"

#define DEFAULT_RUNS 10
#define LEAST_RUNS 3
#define MOST_RUNS 10000
#define MOST_WAITS 150

static void progress(const struct trial *trial, size_t run, bool with)
{
	static double begin;
	struct timespec now;
	double seconds, left;

	if (json || !isatty(STDERR_FILENO))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = now.tv_sec + now.tv_nsec / 1e9;
	if (!run)
		begin = seconds;
	left = run ? (seconds - begin) / run * (2 * trial->runs + 1 - run) : 0;
	fprintf(stderr, "\r\033[Kkx: run %zu of %zu, %s the values", run + 1,
		2 * trial->runs + 1, with ? "with" : "without");
	if (run)
		fprintf(stderr, ", %.0f s left", left);
	fflush(stderr);
}

static void end_progress(void)
{
	if (!json && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

/* The values without must be what they were, or the two sides are not what they say. */
static enum status check_before(const struct trial *trial)
{
	size_t i;

	for (i = 0; i < trial->before.count; i++) {
		const struct kernelx_setting *setting = &trial->before.list[i];
		uint64_t value, wanted;
		int error, wait;

		kernelx_parse(setting->value, &wanted);
		error = kernelx_get(tree, setting->knob, &value);
		/* Something can be in the way of a lease that ends, for a moment. */
		for (wait = 0; !error && value != wanted && wait < MOST_WAITS; wait++) {
			usleep(20000);
			error = kernelx_get(tree, setting->knob, &value);
		}
		if (error)
			return refused_one(setting->knob, error);
		if (value != wanted)
			return fail(STATUS_BUSY,
				    "%s: turned from %s to %" PRIu64 " by somebody else: no result",
				    setting->knob, setting->value, value);
	}
	return STATUS_OK;
}

static enum status run_leased(struct trial *trial, bool with, double *number)
{
	enum status status = STATUS_OK;
	struct kernelx_lease *lease;
	int error;

	error = kernelx_lease(tree, trial->settings.list, trial->settings.count, &lease);
	if (error)
		return refused(&trial->settings, error);
	if (with)
		status = sample(trial->sampler, number);
	kernelx_release(lease);
	return status;
}

/* Without leases, kx has to live to bring the values back. */
static enum status run_turned(struct trial *trial, bool with, double *number)
{
	enum status status = turn(&trial->settings), back;

	if (status)
		return status;
	if (with)
		status = sample(trial->sampler, number);
	back = turn(&trial->before);
	return status ? status : back;
}

/*
 * A change of knobs goes before each run, and for a run without the values it is undone
 * at once: what a change costs, such as cold caches, both sides pay.
 */
static enum status run_once(struct trial *trial, bool with, double *number)
{
	enum status status = check_before(trial);

	if (status)
		return status;
	status = trial->leases ? run_leased(trial, with, number) : run_turned(trial, with, number);
	if (status || with)
		return status;
	return sample(trial->sampler, number);
}

static bool coin(void)
{
	unsigned char byte;

	if (getrandom(&byte, 1, 0) != 1)
		byte = clock() & 1;
	return byte & 1;
}

static enum status run_all(struct trial *trial)
{
	enum status status;
	double warm_up;
	size_t run = 0, i;
	int side;

	progress(trial, run++, false);
	status = run_once(trial, false, &warm_up);
	for (i = 0; i < trial->runs && !status; i++) {
		const bool first = coin();

		for (side = 0; side < 2 && !status; side++) {
			const bool with = first ^ side;

			progress(trial, run++, with);
			status = run_once(trial, with, &trial->numbers[with][i]);
			if (!status && caught_signal)
				status = 128 + caught_signal;
		}
	}
	end_progress();
	return status;
}

/* The values now, and whether anything would change. */
static enum status note_before(struct trial *trial)
{
	bool differ = false, used = false;
	size_t i;

	for (i = 0; i < trial->settings.count; i++) {
		struct kernelx_setting *setting = &trial->settings.list[i];
		struct kernelx_info *info;
		enum status status = find_knob(setting->knob, &info);
		uint64_t number;
		char *text;

		if (status)
			return status;
		if (info->error) {
			status = refused_one(setting->knob, info->error);
			kernelx_free_info(info);
			return status;
		}
		text = text_of("%" PRIu64, info->value);
		add_setting(&trial->before, setting->knob, text);
		free(text);
		if (kernelx_parse(setting->value, &number))
			number = info->def;
		differ |= number != info->value;
		used |= !first_word(info->knob_class, "no-site");
		kernelx_free_info(info);
	}
	if (!differ)
		return usage("%s%s the value already: nothing to compare",
			     trial->settings.list[0].knob,
			     trial->settings.count > 1 ? " and the others have" : " has");
	if (!used)
		return fail(STATUS_UNSUPPORTED,
			    "%s: no code that uses %s is loaded: nothing to compare",
			    trial->settings.list[0].knob,
			    trial->settings.count > 1 ? "it or the others" : "it");
	return STATUS_OK;
}

/* Better now than after the first runs: may we, and has the kernel leases? */
static enum status rehearse(struct trial *trial)
{
	struct kernelx_lease *lease;
	int error = kernelx_lease(tree, trial->settings.list, trial->settings.count, &lease);

	trial->leases = !error;
	if (!error) {
		kernelx_release(lease);
		return STATUS_OK;
	}
	if (error != -EOPNOTSUPP)
		return refused(&trial->settings, error);
	note("this kernel has no leases: if kx is killed, the values stay turned");
	return STATUS_OK;
}

static enum status try(struct trial *trial, char **argv)
{
	enum status status;

	status = note_before(trial);
	if (status)
		return status;
	status = new_sampler(trial->metric, argv, &trial->sampler);
	if (status)
		return status;
	trial->numbers[0] = need(calloc(trial->runs, sizeof(double)));
	trial->numbers[1] = need(calloc(trial->runs, sizeof(double)));
	catch_signals();
	status = rehearse(trial);
	if (!status)
		status = run_all(trial);
	if ((int)status > 128 && !json)
		note("interrupted; the values are as they were");
	if (status)
		return status;
	report(trial);
	return STATUS_OK;
}

static enum status try_options(struct trial *trial, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "runs", required_argument, NULL, 'n' },
		{ "metric", required_argument, NULL, 'm' },
		{ "higher", no_argument, NULL, 'h' },
		{ "lower", no_argument, NULL, 'l' },
		{ }
	};
	bool higher = false, lower = false;
	uint64_t runs = DEFAULT_RUNS;
	int option;

	while ((option = next_option(argc, argv, ":n:m:", longs)) >= 0) {
		switch (option) {
		case 'n':
			if (kernelx_parse(optarg, &runs) || runs < LEAST_RUNS || runs > MOST_RUNS)
				return usage("--runs %s: give %d to %d", optarg, LEAST_RUNS,
					     MOST_RUNS);
			break;
		case 'm':
			trial->metric = optarg;
			break;
		case 'h':
			higher = true;
			break;
		case 'l':
			lower = true;
			break;
		default:
			return STATUS_USAGE;
		}
	}
	if (higher && lower)
		return usage("give --higher or --lower, not both");
	if (trial->metric && !higher && !lower)
		return usage("--metric needs --higher or --lower: which is better?");
	if (higher && !trial->metric)
		return usage("--higher needs --metric: of time, less is better");
	trial->higher = higher;
	trial->runs = runs;
	if (optind == argc)
		return usage("which values? Write KNOB=VALUE in front of --");
	return parse_settings(argc - optind, argv + optind, &trial->settings);
}

enum status cmd_try(int argc, char **argv)
{
	struct trial trial = { };
	enum status status;
	int end = 0;

	while (end < argc && strcmp(argv[end], "--"))
		end++;
	if (end + 1 >= argc)
		return usage("%s",
				"which command? Write it behind --, as in kx try mm/readahead=64 -- COMMAND");
	argv[end] = NULL;
	status = try_options(&trial, end, argv);
	if (!status)
		status = try(&trial, argv + end + 1);
	free_sampler(trial.sampler);
	free_settings(&trial.settings);
	free_settings(&trial.before);
	free(trial.numbers[0]);
	free(trial.numbers[1]);
	return status;
}
