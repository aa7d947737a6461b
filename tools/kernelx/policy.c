// SPDX-License-Identifier: GPL-2.0
/*
 * kx policy list, kx policy show: which programs choose values, and how that goes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kx.h"

/* What the file "policy" of a knob says. */
struct policy_file {
	char *text;
	char *name;
	char *last;
	uint64_t asked;
	uint64_t refused;
	char *detached;
};

static const char * const reasons[] = {
	"out_of_range", "failed", "recursion", "context", "instances_full",
};

/**
 * policy_vain() - how often the fixed value was taken instead of a policy's
 * @text: the file "policy" of a knob
 */
uint64_t policy_vain(const char *text)
{
	uint64_t sum = 0, number;
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		get_stats(text, reasons[i], &number);
		sum += number;
	}
	return sum;
}

static int read_policy(const char *knob, struct policy_file *policy)
{
	int error;

	memset(policy, 0, sizeof(*policy));
	error = kernelx_policy(tree, knob, &policy->name);
	if (!error)
		error = kernelx_meta(tree, knob, "policy", &policy->text);
	if (error)
		return error;
	get_stats(policy->text, "asked", &policy->asked);
	policy->refused = policy_vain(policy->text);
	policy->last = line_of(policy->text, "last");
	policy->detached = line_of(policy->text, "detached");
	return 0;
}

static void free_policy(struct policy_file *policy)
{
	free(policy->text);
	free(policy->name);
	free(policy->last);
	free(policy->detached);
}

static enum status cannot_read(const char *knob, int error)
{
	if (error == -ENOENT)
		return fail(STATUS_UNSUPPORTED, "this kernel has no policies");
	if (error == -EACCES || error == -EPERM)
		return fail(STATUS_DENIED, "only root may see policies: try sudo kx ...");
	return fail(STATUS_FAILED, "%s: %s", knob, strerror(-error));
}

static void list_one(struct table **table, const char *knob, const struct policy_file *policy)
{
	const char *name = policy->name ?: policy->last;
	char *asked, *refused, *ended;

	if (json) {
		json_begin(NULL, '{');
		json_text("knob", knob);
		json_text("policy", policy->name);
		json_text("last", policy->last);
		json_bool("pinned", name && policy_pinned(name));
		json_number("asked", policy->asked);
		json_number("fixed_value_taken", policy->refused);
		json_text("detached", policy->detached);
		json_end();
		return;
	}
	if (!*table) {
		*table = table_new("llrrl");
		table_row(*table, DIM, "KNOB", "POLICY", "ASKED", "IN VAIN", "");
	}
	asked = text_of("%" PRIu64, policy->asked);
	refused = text_of("%" PRIu64, policy->refused);
	ended = text_of("ended by the kernel: %s%s", policy->detached ?: "",
			name && policy_pinned(name) ? "; only its pin is left" : "");
	if (policy->name)
		table_row(*table, PLAIN, knob, policy->name, asked, refused,
			  policy_pinned(policy->name) ? "pinned" : "held by a process");
	else
		table_row(*table, YELLOW, knob, name ?: "?", asked, refused, ended);
	free(ended);
	free(asked);
	free(refused);
}

static enum status policy_list(int argc, char **argv)
{
	struct table *table = NULL;
	enum status status;
	char **names;
	size_t i;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (argc > optind)
		return usage("%s: takes no argument; kx policy show KNOB tells of one",
			     argv[optind]);
	status = all_names(&names);
	if (status)
		return status;
	for (i = 0; names[i] && !status; i++) {
		struct policy_file policy;
		int error = read_policy(names[i], &policy);

		if (error)
			status = cannot_read(names[i], error);
		else if (json && !json_begun())
			json_begin(NULL, '[');
		if (!status && (policy.name || policy.detached))
			list_one(&table, names[i], &policy);
		free_policy(&policy);
	}
	kernelx_free_names(names);
	if (table)
		table_print(table);
	if (json && !status)
		json_end();
	else if (!status && !table)
		puts("No policies are attached.");
	return status;
}

static const char *counter_words(const char *counter)
{
	static const char * const words[][2] = {
		{ "asked", "times the policy was asked" },
		{ "out_of_range", "answers outside the range: the fixed value was taken" },
		{ "failed", "times the program failed: the fixed value was taken" },
		{ "recursion", "uses within the policy itself: the fixed value was taken" },
		{ "context", "uses where BPF cannot run: the fixed value was taken" },
		{ "instances_full",
		  "instances beyond what can be remembered: the fixed value was taken" },
		{ "leaving", "instances that began with its values: the knob is busy" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(counter, words[i][0]))
			return words[i][1];
	return counter;
}

static void show_one(const char *knob, const struct policy_file *policy)
{
	char *text = need(strdup(policy->text)), *rest = text, *line, *end;

	if (json) {
		json_begin(NULL, '{');
		json_text("knob", knob);
		json_text("policy", policy->name);
		json_bool("pinned", policy->name && policy_pinned(policy->name));
	} else if (policy->name) {
		printf("%s: policy %s (%s)\n", knob, policy->name,
		       policy_pinned(policy->name) ? "pinned in " POLICY_PINS :
						     "held by a process");
	} else {
		printf("%s: no policy; the fixed value is in force\n", knob);
	}
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ' ');
		uint64_t number;

		if (!value || first_word(line, "policy"))
			continue;
		*value++ = '\0';
		number = strtoull(value, &end, 10);
		if (!strcmp(line, "last")) {
			if (json)
				json_text(line, value);
			else
				printf("  the last one was %s\n", value);
		} else if (!strcmp(line, "detached")) {
			if (json)
				json_text(line, value);
			else
				printf("  which the kernel ended: %s\n", value);
		} else if (json) {
			json_number(line, number);
		} else if (number || !strcmp(line, "asked")) {
			printf("  %10" PRIu64 " %s\n", number, counter_words(line));
		}
	}
	if (json)
		json_end();
	free(text);
}

static enum status policy_show(int argc, char **argv)
{
	enum status status = STATUS_OK;
	int i;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (optind == argc)
		return usage("show: of which knob? kx policy list shows those that have one");
	for (i = optind; i < argc && !status; i++) {
		struct policy_file policy;
		int error;

		if (!kernelx_exists(tree, argv[i])) {
			status = unknown_knob(argv[i]);
			break;
		}
		error = read_policy(argv[i], &policy);
		if (error) {
			status = cannot_read(argv[i], error);
		} else {
			if (json && !json_begun())
				json_begin(NULL, '[');
			show_one(argv[i], &policy);
		}
		free_policy(&policy);
	}
	if (json && json_begun() && !status)
		json_end();
	return status;
}

enum status cmd_policy(int argc, char **argv)
{
	static const struct command subs[] = {
		{ "list", "", "", NULL, policy_list, false },
		{ "show", "", "", NULL, policy_show, false },
		{ "attach", "", "", NULL, policy_attach, false },
		{ "detach", "", "", NULL, policy_detach, false },
		{ "map", "", "", NULL, policy_map, false },
	};

	return run_sub(subs, sizeof(subs) / sizeof(subs[0]), argc, argv);
}
