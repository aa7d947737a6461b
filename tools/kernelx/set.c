// SPDX-License-Identifier: GPL-2.0
/*
 * kx set, kx reset: turn knobs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

/**
 * struct plan - what is to be done with some knobs
 * @settings: which, to what
 * @before: their values, in the same order
 * @after: the values that they are to have
 * @units: of them
 */
struct plan {
	struct settings settings;
	uint64_t *before;
	uint64_t *after;
	char **units;
};

static enum status make_plan(struct plan *plan)
{
	const size_t count = plan->settings.count;
	size_t i;

	plan->before = need(calloc(count, sizeof(*plan->before)));
	plan->after = need(calloc(count, sizeof(*plan->after)));
	plan->units = need(calloc(count, sizeof(*plan->units)));
	for (i = 0; i < count; i++) {
		const struct kernelx_setting *setting = &plan->settings.list[i];
		struct kernelx_info *info;
		enum status status = find_knob(setting->knob, &info);

		if (status)
			return status;
		if (kernelx_parse(setting->value, &plan->after[i]))
			plan->after[i] = info->def;
		plan->before[i] = info->value;
		plan->units[i] = need(strdup(unit_of(info, plan->after[i])));
		kernelx_free_info(info);
	}
	return STATUS_OK;
}

static void free_plan(struct plan *plan)
{
	size_t i;

	for (i = 0; plan->units && i < plan->settings.count; i++)
		free(plan->units[i]);
	free(plan->units);
	free(plan->before);
	free(plan->after);
	free_settings(&plan->settings);
}

static void print_plan(const struct plan *plan, bool dry_run)
{
	size_t i;

	if (json) {
		json_begin(NULL, '{');
		json_bool("done", !dry_run);
		json_begin("knobs", '[');
	}
	for (i = 0; i < plan->settings.count; i++) {
		const char *knob = plan->settings.list[i].knob;

		if (json) {
			json_begin(NULL, '{');
			json_text("knob", knob);
			json_number("before", plan->before[i]);
			json_number("value", plan->after[i]);
			json_end();
		} else if (plan->before[i] == plan->after[i]) {
			printf("%s: %s%" PRIu64 " %s already\n", knob,
			       dry_run ? "is " : "", plan->after[i], plan->units[i]);
		} else {
			printf("%s: %s%" PRIu64 " -> %" PRIu64 " %s\n", knob,
			       dry_run ? "would change " : "", plan->before[i], plan->after[i],
			       plan->units[i]);
		}
	}
	if (json) {
		json_end();
		json_end();
	}
}

static enum status dry_run(const struct plan *plan)
{
	enum status status = would_refuse(&plan->settings);

	if (!status)
		print_plan(plan, true);
	return status;
}

static enum status set(struct plan *plan, double seconds)
{
	struct kernelx_lease *lease = NULL;
	enum status status;

	status = seconds > 0 ? hold(&plan->settings, &lease) : turn(&plan->settings);
	if (!status)
		print_plan(plan, false);
	if (lease) {
		if (!json)
			printf("for %g s: what was before returns then\n", seconds);
		fflush(stdout);
		status = release(lease, seconds);
	}
	return status;
}

enum status cmd_set(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "for", required_argument, NULL, 'f' },
		{ "mode", required_argument, NULL, 'm' },
		{ }
	};
	struct plan plan = { };
	bool only_look = false;
	double seconds = 0;
	enum status status;
	int option;

	while ((option = next_option(argc, argv, ":nf:m:", longs)) >= 0) {
		switch (option) {
		case 'n':
			only_look = true;
			break;
		case 'f':
			status = parse_duration(optarg, &seconds);
			if (status)
				return status;
			break;
		case 'm':
			status = parse_mode(optarg, &plan.settings.mode);
			if (status)
				return status;
			break;
		default:
			return STATUS_USAGE;
		}
	}
	if (optind == argc)
		return usage("what? Write KNOB=VALUE, such as mm/readahead=64");
	status = parse_settings(argc - optind, argv + optind, &plan.settings);
	if (!status)
		status = make_plan(&plan);
	if (!status)
		status = only_look ? dry_run(&plan) : set(&plan, seconds);
	free_plan(&plan);
	return status;
}

/* All knobs that are not at their default. */
static enum status all_turned(struct settings *settings)
{
	enum status status;
	char **names;
	size_t i;

	status = all_names(&names);
	for (i = 0; !status && names[i]; i++) {
		struct kernelx_info *info;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (info->error || info->value != info->def)
			add_setting(settings, names[i], "default");
		kernelx_free_info(info);
	}
	if (!status)
		kernelx_free_names(names);
	return status;
}

enum status cmd_reset(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ }
	};
	struct plan plan = { };
	bool all = false, only_look = false;
	enum status status = STATUS_OK;
	int option, i;

	while ((option = next_option(argc, argv, ":an", longs)) >= 0) {
		if (option == 'a')
			all = true;
		else if (option == 'n')
			only_look = true;
		else
			return STATUS_USAGE;
	}
	if (all && optind < argc)
		return usage("give knobs or --all, not both");
	if (!all && optind == argc)
		return usage("which knob? --all resets all of them");
	if (all)
		status = all_turned(&plan.settings);
	for (i = optind; i < argc && !status; i++) {
		if (strchr(argv[i], '='))
			status = usage("%s: a knob without a value; kx set turns one", argv[i]);
		else if (!kernelx_exists(tree, argv[i]))
			status = unknown_knob(argv[i]);
		else
			add_setting(&plan.settings, argv[i], "default");
	}
	if (!status)
		status = make_plan(&plan);
	if (!status && !plan.settings.count && !json) {
		puts("All knobs are at their defaults.");
	} else if (!status) {
		if (only_look)
			status = dry_run(&plan);
		else if (plan.settings.count)
			status = turn(&plan.settings);
		if (!status && !only_look)
			print_plan(&plan, false);
	}
	free_plan(&plan);
	return status;
}
