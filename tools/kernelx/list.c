// SPDX-License-Identifier: GPL-2.0
/*
 * kx list, kx diff: many knobs, a line each.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * json_knob() - the members that name a knob and its value
 * @info: the knob
 */
static void json_knob(const struct kernelx_info *info)
{
	json_text("knob", info->name);
	if (info->error)
		json_null("value");
	else
		json_number("value", info->value);
	json_number("default", info->def);
	json_text("unit", info->unit);
}

/* Are all words of a text in the name or the description, in any order, case ignored? */
static bool has_all(const struct kernelx_info *info, const char *words)
{
	char *text = need(strdup(words)), *rest = text, *word;
	bool found = true;

	while (found && (word = strsep(&rest, " \t")))
		found = strcasestr(info->name, word) || strcasestr(info->help, word);
	free(text);
	return found;
}

/* A pattern with no special letters matches any part of the name. */
static bool matches(const char *pattern, const struct kernelx_info *info, bool help)
{
	if (!pattern)
		return true;
	if (strpbrk(pattern, "*?["))
		return !fnmatch(pattern, info->name, 0);
	return help ? has_all(info, pattern) : !!strstr(info->name, pattern);
}

static void json_policy(const char *knob)
{
	char *policy;

	if (kernelx_policy(tree, knob, &policy))
		policy = NULL;
	json_text("policy", policy);
	free(policy);
}

/* "policy NAME" if one chooses the value, or ""; to be freed. */
static char *policy_note(const char *knob)
{
	char *policy, *text;

	if (kernelx_policy(tree, knob, &policy) || !policy)
		return need(strdup(""));
	text = text_of("policy %s", policy);
	free(policy);
	return text;
}

static void list_one(struct table *table, const struct kernelx_info *info)
{
	char *policy = policy_note(info->name);
	const bool turned = info->value != info->def;
	char *value = info->error ? text_of("?") : text_of("%" PRIu64, info->value);
	char *def = text_of("%" PRIu64, info->def);
	char *range = text_of("%" PRIu64 "..%" PRIu64, info->min, info->max);

	table_row(table, turned ? BOLD : PLAIN, info->name, value, turned ? "*" : "", def,
		  range, info->unit, policy);
	free(policy);
	free(value);
	free(def);
	free(range);
}

static enum status no_match(char **names, const char *pattern, bool help)
{
	char *meant = suggest(pattern, names);
	enum status status;

	if (meant)
		status = fail(STATUS_UNKNOWN, "no knob matches %s: did you mean %s?", pattern,
			      meant);
	else
		status = fail(STATUS_UNKNOWN, "no knob matches %s%s", pattern,
			      help ? "" : ": kx list --search looks at what they do, too");
	free(meant);
	return status;
}

static enum status list_all(char **names, const char *pattern, bool only_names, bool help)
{
	struct table *table = NULL;
	enum status status = STATUS_OK;
	size_t found = 0, i;

	if (json)
		json_begin(NULL, '[');
	for (i = 0; names[i] && !status; i++) {
		struct kernelx_info *info;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (matches(pattern, info, help)) {
			found++;
			if (json) {
				json_begin(NULL, '{');
				json_knob(info);
				json_number("min", info->min);
				json_number("max", info->max);
				json_text("class", info->knob_class);
				json_text("mode", info->mode);
				json_policy(info->name);
				json_end();
			} else if (only_names) {
				puts(info->name);
			} else {
				if (!table) {
					table = table_new("lrlrlll");
					table_row(table, DIM, "KNOB", "VALUE", "", "DEFAULT",
						  "RANGE", "UNIT", "");
				}
				list_one(table, info);
			}
		}
		kernelx_free_info(info);
	}
	if (table)
		table_print(table);
	if (!status && !found && pattern)
		status = no_match(names, pattern, help);
	if (json)
		json_end();
	return status;
}

enum status cmd_list(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "names", no_argument, NULL, 'n' },
		{ "search", no_argument, NULL, 's' },
		{ }
	};
	bool only_names = false, help = false;
	char **names, *pattern = NULL;
	enum status status;
	int option;

	while ((option = next_option(argc, argv, ":ns", longs)) >= 0) {
		if (option == 'n')
			only_names = true;
		else if (option == 's')
			help = true;
		else
			return STATUS_USAGE;
	}
	if (argc - optind > 1 && !help)
		return usage("one pattern only: quote what the shell would expand");
	status = all_names(&names);
	if (status)
		return status;
	if (optind < argc)
		pattern = need(strdup(argv[optind]));
	while (++optind < argc) {
		char *longer = text_of("%s %s", pattern, argv[optind]);

		free(pattern);
		pattern = longer;
	}
	status = list_all(names, pattern, only_names, help);
	free(pattern);
	kernelx_free_names(names);
	return status;
}

static void diff_one(struct table **table, const struct kernelx_info *info)
{
	char *value, *def, *when, *who, *holder, *policy;

	if (json) {
		json_begin(NULL, '{');
		json_knob(info);
		json_changed(info->name);
		json_held(info->name);
		json_end();
		return;
	}
	if (!*table) {
		*table = table_new("lrrlll");
		table_row(*table, DIM, "KNOB", "VALUE", "DEFAULT", "UNIT", "SINCE", "BY");
	}
	value = text_of("%" PRIu64, info->value);
	def = text_of("%" PRIu64, info->def);
	changed_by(info->name, &when, &who);
	holder = who_holds(info->name);
	policy = policy_note(info->name);
	if (*policy || (holder && strstr(holder, " by a lease"))) {
		char *both = text_of("%s, %s", who, *policy ? policy : "a lease");

		free(who);
		who = both;
	}
	table_row(*table, PLAIN, info->name, value, def, info->unit, when, who);
	free(value);
	free(def);
	free(when);
	free(who);
	free(holder);
	free(policy);
}

/* A policy chooses what the fixed value does not show. Return: is there one? */
static bool diff_policy(const struct kernelx_info *info)
{
	char *policy;

	if (kernelx_policy(tree, info->name, &policy) || !policy)
		return false;
	if (json)
		diff_one(NULL, info);
	else
		note("%s: policy %s chooses its value; the fixed one is %" PRIu64, info->name,
		     policy, info->value);
	free(policy);
	return true;
}

enum status cmd_diff(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "exit-code", no_argument, NULL, 'e' },
		{ }
	};
	bool exit_code = false;
	struct table *table = NULL;
	enum status status;
	size_t found = 0, policies = 0, i;
	char **names;
	int option;

	while ((option = next_option(argc, argv, ":e", longs)) >= 0) {
		if (option != 'e')
			return STATUS_USAGE;
		exit_code = true;
	}
	if (argc > optind)
		return usage("%s: takes no argument; kx show KNOB tells of one", argv[optind]);
	status = all_names(&names);
	if (status)
		return status;
	if (json)
		json_begin(NULL, '[');
	for (i = 0; names[i] && !status; i++) {
		struct kernelx_info *info;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (!info->error && info->value != info->def) {
			found++;
			diff_one(&table, info);
		} else if (!info->error) {
			policies += diff_policy(info);
		}
		kernelx_free_info(info);
	}
	kernelx_free_names(names);
	if (table)
		table_print(table);
	if (json)
		json_end();
	else if (!found && !status)
		puts(policies ? "All fixed values are at their defaults." :
		     "All knobs are at their defaults.");
	if (!status && exit_code && found)
		return STATUS_DIFFERS;
	return status;
}
