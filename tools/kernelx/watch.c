// SPDX-License-Identifier: GPL-2.0
/*
 * kx watch: changes as they happen, and how often policies are asked.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kx.h"

/**
 * struct asked - the policies of knobs, and how often they have been asked
 * @names: of all knobs
 * @before: the counters when last seen
 * @policies: which policies there were then; NULL where there was none
 */
struct asked {
	char **names;
	uint64_t *before;
	char **policies;
};

static int64_t now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool wanted(const char *knob, int count, char **patterns)
{
	int i;

	for (i = 0; i < count; i++)
		if (!fnmatch(patterns[i], knob, 0))
			return true;
	return !count;
}

static void print_event(const struct kernelx_event *event)
{
	const int64_t now = now_ms(CLOCK_REALTIME);
	char when[64];

	if (json) {
		json_begin(NULL, '{');
		json_number("milliseconds", now);
		json_text("knob", event->knob);
		json_number("before", event->before);
		json_number("value", event->value);
		json_text("error", event->error ? strerrorname_np(-event->error) : NULL);
		if (event->pid)
			json_number("pid", event->pid);
		else
			json_null("pid");
		json_text("comm", *event->comm ? event->comm : NULL);
		json_end();
		return;
	}
	printf("%s %s %" PRIu64 " -> %" PRIu64, time_text(now, when, sizeof(when)) + 11,
	       event->knob, event->before, event->value);
	if (event->error)
		printf(" %sfailed: %s%s", style(stdout, RED), strerror(-event->error),
		       style(stdout, PLAIN));
	if (event->pid)
		printf(" by %s[%d]", event->comm, event->pid);
	putchar('\n');
	fflush(stdout);
}

static void print_uses(const char *knob, const char *policy, double rate)
{
	char when[64];

	if (json) {
		json_begin(NULL, '{');
		json_number("milliseconds", now_ms(CLOCK_REALTIME));
		json_text("knob", knob);
		json_text("policy", policy);
		json_real("uses_per_second", rate);
		json_end();
		return;
	}
	printf("%s %s %.0f uses/s, policy %s\n",
	       time_text(now_ms(CLOCK_REALTIME), when, sizeof(when)) + 11, knob, rate, policy);
	fflush(stdout);
}

static void print_policy(const char *knob, const char *policy, bool attached)
{
	const int64_t now = now_ms(CLOCK_REALTIME);
	char when[64];

	if (json) {
		json_begin(NULL, '{');
		json_number("milliseconds", now);
		json_text("knob", knob);
		json_text("policy", policy);
		json_bool("attached", attached);
		json_end();
		return;
	}
	printf("%s %s policy %s %s\n", time_text(now, when, sizeof(when)) + 11, knob, policy,
	       attached ? "attached" : "detached");
	fflush(stdout);
}

/* Say if a knob has another policy than when last seen. */
static void note_policy(struct asked *asked, size_t knob, const char *policy, bool quiet)
{
	char **before = &asked->policies[knob];

	if (policy == *before || (policy && *before && !strcmp(policy, *before)))
		return;
	if (*before && !quiet)
		print_policy(asked->names[knob], *before, false);
	if (policy && !quiet)
		print_policy(asked->names[knob], policy, true);
	/* Of another policy, it counts anew. */
	asked->before[knob] = 0;
	free(*before);
	*before = policy ? need(strdup(policy)) : NULL;
}

/*
 * Which policies came and went, and how often they were asked, in the last @seconds; nothing
 * if that is not known yet.
 */
static void look_at_policies(struct asked *asked, double seconds, int count, char **patterns)
{
	uint64_t now;
	size_t i;

	for (i = 0; asked->names[i]; i++) {
		char *text, *policy;

		if (!wanted(asked->names[i], count, patterns) ||
		    kernelx_policy(tree, asked->names[i], &policy))
			continue;
		note_policy(asked, i, policy, !seconds);
		if (policy && !kernelx_meta(tree, asked->names[i], "policy", &text)) {
			get_stats(text, "asked", &now);
			if (seconds > 0 && now > asked->before[i])
				print_uses(asked->names[i], policy,
					   (now - asked->before[i]) / seconds);
			asked->before[i] = now;
			free(text);
		}
		free(policy);
	}
}

static enum status watch(struct kernelx_watch *watch, unsigned int interval_ms, double seconds,
			 unsigned int limit, int count, char **patterns)
{
	const int64_t begin = now_ms(CLOCK_MONOTONIC);
	int64_t looked = begin, now;
	struct asked asked;
	unsigned int seen = 0;
	enum status status;
	size_t knobs = 0;
	int found = 0;

	status = all_names(&asked.names);
	if (status)
		return status;
	while (asked.names[knobs])
		knobs++;
	asked.before = need(calloc(knobs + 1, sizeof(*asked.before)));
	asked.policies = need(calloc(knobs + 1, sizeof(*asked.policies)));
	look_at_policies(&asked, 0, count, patterns);
	while (!caught_signal && found >= 0 && (!limit || seen < limit)) {
		struct kernelx_event event;

		now = now_ms(CLOCK_MONOTONIC);
		if (seconds > 0 && now - begin >= seconds * 1000)
			break;
		found = kernelx_next(watch, interval_ms < 100 ? interval_ms : 100, &event);
		if (found == -EINTR)
			found = 0;
		if (found > 0 && wanted(event.knob, count, patterns)) {
			seen++;
			print_event(&event);
		}
		now = now_ms(CLOCK_MONOTONIC);
		if (now - looked >= interval_ms) {
			look_at_policies(&asked, (now - looked) / 1000.0, count, patterns);
			looked = now;
		}
	}
	while (knobs--)
		free(asked.policies[knobs]);
	free(asked.policies);
	free(asked.before);
	kernelx_free_names(asked.names);
	if (found < 0)
		return fail(STATUS_FAILED, "watching ended: %s", strerror(-found));
	return STATUS_OK;
}

/* Is there a knob to be seen by this pattern? */
static bool any_matches(char *pattern)
{
	bool found = false;
	char **names;
	size_t i;

	if (kernelx_names(tree, &names, NULL))
		return true;
	for (i = 0; names[i] && !found; i++)
		found = wanted(names[i], 1, &pattern);
	kernelx_free_names(names);
	return found;
}

enum status cmd_watch(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "for", required_argument, NULL, 'f' },
		{ "count", required_argument, NULL, 'c' },
		{ "interval", required_argument, NULL, 'i' },
		{ "poll", no_argument, NULL, 'p' },
		{ }
	};
	double seconds = 0, interval = 1;
	struct kernelx_watch *handle;
	unsigned int flags = 0;
	uint64_t limit = 0;
	enum status status;
	int option, told, i;

	while ((option = next_option(argc, argv, ":f:c:i:p", longs)) >= 0) {
		status = STATUS_OK;
		switch (option) {
		case 'f':
			status = parse_duration(optarg, &seconds);
			break;
		case 'i':
			status = parse_duration(optarg, &interval);
			if (!status && (interval < 0.01 || interval > 3600))
				status = usage("--interval %s: give 10ms to 1h", optarg);
			break;
		case 'c':
			if (kernelx_parse(optarg, &limit) || !limit || limit > 1000000000)
				status = usage("--count %s: give a number of changes", optarg);
			break;
		case 'p':
			flags = KERNELX_WATCH_POLL;
			break;
		default:
			status = STATUS_USAGE;
		}
		if (status)
			return status;
	}
	for (i = optind; i < argc; i++) {
		if (!strpbrk(argv[i], "*?[") && !kernelx_exists(tree, argv[i]))
			return unknown_knob(argv[i]);
		if (!any_matches(argv[i]))
			return fail(STATUS_UNKNOWN, "no knob matches %s: kx list shows them",
				    argv[i]);
	}
	catch_signals();
	told = kernelx_watch(tree, interval * 1000, flags, &handle);
	if (told < 0)
		return fail(STATUS_FAILED, "cannot watch: %s", strerror(-told));
	if (!told && !flags)
		note("no events (root and tracefs are needed): all values are read every %g s",
		     interval);
	json_lines();
	status = watch(handle, interval * 1000, seconds, limit, argc - optind, argv + optind);
	kernelx_unwatch(handle);
	return status;
}
