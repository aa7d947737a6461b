// SPDX-License-Identifier: GPL-2.0
/*
 * kx get, kx show: some knobs, briefly and with all that is known.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

enum status cmd_get(int argc, char **argv)
{
	enum status status = STATUS_OK;
	int i;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (optind == argc)
		return usage("which knob? kx list shows them");
	if (json)
		json_begin(NULL, '{');
	for (i = optind; i < argc && !status; i++) {
		uint64_t value;
		int error;

		if (!kernelx_exists(tree, argv[i])) {
			status = unknown_knob(argv[i]);
			break;
		}
		error = kernelx_get(tree, argv[i], &value);
		if (error)
			status = refused_one(argv[i], error);
		else if (json)
			json_number(argv[i], value);
		else if (argc - optind > 1)
			printf("%s=%" PRIu64 "\n", argv[i], value);
		else
			printf("%" PRIu64 "\n", value);
	}
	if (json)
		json_end();
	return status;
}

static void show_policy(const char *knob)
{
	char *text, *line, *rest;

	if (kernelx_meta(tree, knob, "policy", &text))
		return;
	for (rest = text; (line = strsep(&rest, "\n")); ) {
		char *value = strchr(line, ' ');

		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(line, "policy"))
			labelled("policy", "%s", value);
		else if (strcmp(value, "0"))
			labelled("", "%s: %s", line, value);
	}
	free(text);
}

static void show_sites(const char *knob)
{
	uint64_t bytes;
	struct sites sites;
	size_t parts;

	read_sites(knob, &sites);
	if (!sites.known)
		labelled("sites", "for root only");
	else if (sites.variable)
		labelled("sites", "none, the kernel reads it from memory");
	else if (!sites.count)
		labelled("sites", "none: no code that uses it is loaded");
	else
		labelled("sites", "%zu, in %s%s%s%s", sites.count, sites.functions,
			 sites.modules ? " [" : "", sites.modules ? sites.modules : "",
			 sites.modules ? "]" : "");
	if (sites.bad)
		labelled("", "%zu do not hold what they should: see kx doctor", sites.bad);
	free_sites(&sites);
	if (read_spans(knob, &bytes, &parts))
		labelled("spans", "%" PRIu64 " bytes of code depend on the value", bytes);
}

static void show(const struct kernelx_info *info)
{
	char *when, *who, *holder, *policies;

	printf("%s%s%s\n", style(stdout, BOLD), info->name, style(stdout, PLAIN));
	if (info->error)
		labelled("value", "cannot be read: %s", strerror(-info->error));
	else
		labelled("value", "%" PRIu64 " %s%s", info->value, unit_of(info, info->value),
			 info->value == info->def ? ", the default" : "");
	labelled("default", "%" PRIu64, info->def);
	labelled("range", "%" PRIu64 "..%" PRIu64, info->min, info->max);
	if (info->value != info->def) {
		changed_by(info->name, &when, &who);
		labelled("changed", "%s by %s", when, who);
		free(when);
		free(who);
	}
	holder = who_holds(info->name);
	if (holder)
		labelled("held", "%s", holder);
	free(holder);
	labelled("mode", "%s", info->mode);
	labelled("class", "%s", info->knob_class);
	labelled("state", "%s", info->state);
	labelled("source", "%s", info->source);
	show_sites(info->name);
	policies = policy_words(info);
	if (policies)
		labelled("policies", "%s", policies);
	free(policies);
	show_policy(info->name);
	putchar('\n');
	wrap(info->help, 2);
}

static void show_json_policy(const char *knob)
{
	char *text, *line, *rest, *end;

	if (kernelx_meta(tree, knob, "policy", &text)) {
		json_null("policy");
		return;
	}
	json_begin("policy", '{');
	for (rest = text; (line = strsep(&rest, "\n")); ) {
		char *value = strchr(line, ' ');
		uint64_t number;

		if (!value)
			continue;
		*value++ = '\0';
		number = strtoull(value, &end, 10);
		if (!strcmp(line, "policy"))
			json_text("name", strcmp(value, "none") ? value : NULL);
		else if (*value && !*end)
			json_number(line, number);
		else
			json_text(line, value);
	}
	json_end();
	free(text);
}

static void show_json(const struct kernelx_info *info)
{
	struct sites sites;
	uint64_t bytes;
	char *context;
	size_t parts;

	json_begin(NULL, '{');
	json_text("knob", info->name);
	if (info->error)
		json_null("value");
	else
		json_number("value", info->value);
	json_number("default", info->def);
	json_number("min", info->min);
	json_number("max", info->max);
	json_text("unit", info->unit);
	json_text("help", info->help);
	json_text("source", info->source);
	json_text("state", info->state);
	json_text("class", info->knob_class);
	json_text("mode", info->mode);
	json_changed(info->name);
	json_held(info->name);
	read_sites(info->name, &sites);
	if (sites.known)
		json_number("sites", sites.count);
	else
		json_null("sites");
	free_sites(&sites);
	if (read_spans(info->name, &bytes, &parts))
		json_number("span_bytes", bytes);
	else
		json_null("span_bytes");
	if (kernelx_meta(tree, info->name, "context", &context))
		context = NULL;
	json_text("context", context && strcmp(context, "none") ? context : NULL);
	free(context);
	show_json_policy(info->name);
	json_end();
}

enum status cmd_show(int argc, char **argv)
{
	enum status status = STATUS_OK;
	int i;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (optind == argc)
		return usage("which knob? kx list shows them");
	if (json)
		json_begin(NULL, '[');
	for (i = optind; i < argc && !status; i++) {
		struct kernelx_info *info;

		status = find_knob(argv[i], &info);
		if (status)
			break;
		if (json)
			show_json(info);
		else
			show(info);
		if (!json && i + 1 < argc)
			putchar('\n');
		kernelx_free_info(info);
	}
	if (json)
		json_end();
	return status;
}
