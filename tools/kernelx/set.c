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
 * @unused: the first of them that is turned, and of which no code is loaded; or NULL
 */
struct plan {
	struct settings settings;
	uint64_t *before;
	uint64_t *after;
	char **units;
	char *unused;
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
		if (!plan->unused && plan->after[i] != info->def &&
		    first_word(info->knob_class, "no-site"))
			plan->unused = need(strdup(info->name));
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
	free(plan->unused);
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

static bool changes_several(const struct plan *plan)
{
	size_t changes = 0, i;

	for (i = 0; i < plan->settings.count; i++)
		changes += plan->before[i] != plan->after[i];
	return changes > 1;
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
	if (!status && plan->unused && !json)
		note("%s has no effect yet: no code that uses it is loaded", plan->unused);
	if (!status && changes_several(plan))
		note_mode(&plan->settings);
	if (lease) {
		if (!json)
			printf("for %g s: what was before returns then\n", seconds);
		fflush(stdout);
		status = release(lease, seconds);
		if ((int)status > 128 && !json)
			note("interrupted; the values are as they were before");
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

/*
 * All knobs that are not at their default. What somebody holds stays: one such knob must
 * not keep all others where they are.
 */
static enum status all_turned(struct settings *settings, size_t *held)
{
	enum status status;
	char **names;
	size_t i;

	status = all_names(&names);
	for (i = 0; !status && names[i]; i++) {
		struct kernelx_info *info;
		char *holder;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (info->error || info->value != info->def) {
			holder = who_holds(names[i]);
			if (holder) {
				note("%s: %s; skipped", names[i], holder);
				++*held;
			} else {
				add_setting(settings, names[i], "default");
			}
			free(holder);
		}
		kernelx_free_info(info);
	}
	if (!status)
		kernelx_free_names(names);
	return status;
}

/* The modes that their classes give, of some knobs or all. */
static enum status reset_modes(int count, char **knobs)
{
	char **names = count ? knobs : NULL;
	enum status status = STATUS_OK;
	size_t found = 0, i;

	if (!count)
		status = all_names(&names);
	if (json && !status)
		json_begin(NULL, '[');
	for (i = 0; !status && names[i]; i++) {
		struct kernelx_info *info;
		int error = 0;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (mode_chosen(info)) {
			found++;
			error = kernelx_set_mode(tree, names[i], "default");
			if (error)
				status = refused_one(names[i], error);
			else if (!json)
				printf("%s: mode %s -> %s\n", names[i], info->mode, own_mode(info));
		}
		if (json && !status && mode_chosen(info)) {
			json_begin(NULL, '{');
			json_text("knob", names[i]);
			json_text("before", info->mode);
			json_text("mode", own_mode(info));
			json_end();
		}
		kernelx_free_info(info);
	}
	if (!count && names)
		kernelx_free_names(names);
	if (json)
		json_end();
	else if (!status && !found)
		puts(count ? "Nobody chose a mode." : "Nobody chose a mode for any knob.");
	return status;
}

/* Back to the default; @held knobs were left out. */
static enum status reset(struct plan *plan, bool only_look, size_t held)
{
	enum status status = make_plan(plan);

	if (!status && !plan->settings.count && !json && !held)
		puts("All knobs are at their defaults.");
	else if (!status && only_look)
		return dry_run(plan) ?: held ? STATUS_DIFFERS : STATUS_OK;
	else if (!status && plan->settings.count)
		status = turn(&plan->settings);
	if (!status && !only_look && (plan->settings.count || json))
		print_plan(plan, false);
	if (!status && !only_look && changes_several(plan))
		note_mode(&plan->settings);
	return !status && held ? STATUS_DIFFERS : status;
}

enum status cmd_reset(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "mode", required_argument, NULL, 'm' },
		{ "modes", no_argument, NULL, 'M' },
		{ }
	};
	bool all = false, only_look = false, modes = false;
	enum status status = STATUS_OK;
	struct plan plan = { };
	size_t held = 0;
	int option, i;

	while ((option = next_option(argc, argv, ":anm:", longs)) >= 0) {
		if (option == 'a')
			all = true;
		else if (option == 'n')
			only_look = true;
		else if (option == 'M')
			modes = true;
		else if (option != 'm' || parse_mode(optarg, &plan.settings.mode))
			return STATUS_USAGE;
	}
	if (all && optind < argc)
		return usage("give knobs or --all, not both");
	if (modes && (only_look || plan.settings.mode))
		return usage("--modes: neither --dry-run nor --mode goes with it");
	if (modes)
		return reset_modes(argc - optind, argv + optind);
	if (!all && optind == argc)
		return usage("which knob? --all resets all of them");
	if (all)
		status = all_turned(&plan.settings, &held);
	for (i = optind; i < argc && !status; i++) {
		if (strchr(argv[i], '='))
			status = usage("%s: a knob without a value; kx set turns one", argv[i]);
		else if (!kernelx_exists(tree, argv[i]))
			status = unknown_knob(argv[i]);
		else
			add_setting(&plan.settings, argv[i], "default");
	}
	if (!status)
		status = reset(&plan, only_look, held);
	free_plan(&plan);
	return status;
}
