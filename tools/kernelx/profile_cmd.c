// SPDX-License-Identifier: GPL-2.0
/*
 * kx profile save, apply, verify.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kx.h"

#define CONF_DIR "/etc/kernelx.d"

/* The value to keep: of a lease, the one that returns. */
static bool value_to_keep(const struct kernelx_info *info, uint64_t *value)
{
	struct kernelx_held *held;
	bool leased = false;
	size_t count, i;

	*value = info->value;
	if (kernelx_leases(tree, &held, &count))
		return false;
	for (i = 0; i < count && !leased; i++) {
		leased = !strcmp(held[i].knob, info->name);
		if (leased)
			*value = held[i].before;
	}
	kernelx_free_leases(held, count);
	return leased;
}

static void save_one(FILE *out, const struct kernelx_info *info, bool all)
{
	uint64_t value;
	const bool leased = value_to_keep(info, &value);

	if (!all && value == info->def && !leased)
		return;
	/* That it is turned now should be seen, though there is nothing to apply. */
	fprintf(out, "%s%s=%" PRIu64 "\t# %s, default %" PRIu64, !all && value == info->def ?
		"# " : "", info->name, value, info->unit, info->def);
	if (leased)
		fprintf(out, "; by a lease %" PRIu64 " for now", info->value);
	fputc('\n', out);
}

static enum status save(FILE *out, bool all)
{
	struct utsname kernel;
	enum status status;
	char **names;
	size_t i;

	status = all_names(&names);
	if (status)
		return status;
	uname(&kernel);
	fprintf(out, "# Knobs of Linux %s%s, see kernelx.d(5).\n", kernel.release,
		all ? "" : " that are not at their default");
	for (i = 0; names[i] && !status; i++) {
		struct kernelx_info *info;

		status = find_knob(names[i], &info);
		if (status)
			break;
		if (info->error)
			status = refused_one(names[i], info->error);
		else
			save_one(out, info, all);
		kernelx_free_info(info);
	}
	kernelx_free_names(names);
	return status;
}

/* The file is either as it was or complete. */
static enum status save_file(const char *file, bool all)
{
	char *partial = text_of("%s.partial", file);
	FILE *out = fopen(partial, "we");
	enum status status;

	if (!out) {
		status = fail(STATUS_FAILED, "%s: %s", file, strerror(errno));
		free(partial);
		return status;
	}
	status = save(out, all);
	if (fflush(out) || ferror(out) || fsync(fileno(out))) {
		if (!status)
			status = fail(STATUS_FAILED, "%s: %s", file, strerror(errno));
	}
	fclose(out);
	if (!status && rename(partial, file))
		status = fail(STATUS_FAILED, "%s: %s", file, strerror(errno));
	if (status)
		unlink(partial);
	free(partial);
	return status;
}

static enum status profile_save(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ }
	};
	bool all = false;
	enum status status;
	int option;

	while ((option = next_option(argc, argv, ":a", longs)) >= 0) {
		if (option != 'a')
			return STATUS_USAGE;
		all = true;
	}
	if (argc - optind > 1)
		return usage("save: one file only");
	if (optind == argc || !strcmp(argv[optind], "-")) {
		if (json)
			return usage("save: a profile is no JSON: name a file, or see kx -j diff");
		return save(stdout, all);
	}
	status = save_file(argv[optind], all);
	if (!status && json) {
		json_begin(NULL, '{');
		json_text("file", argv[optind]);
		json_end();
	}
	return status;
}

/* The files of the command line; without any, those of the directory. */
static enum status read_all(int count, char **files, const char *directory,
			    struct profile *profile)
{
	enum status status = STATUS_OK;
	char *pattern;
	glob_t found;
	size_t i;
	int j;

	memset(profile, 0, sizeof(*profile));
	for (j = 0; j < count && !status; j++)
		status = read_profile(files[j], profile);
	if (count || status)
		return status;
	pattern = text_of("%s/*.conf", directory);
	switch (glob(pattern, 0, NULL, &found)) {
	case 0:
		for (i = 0; i < found.gl_pathc && !status; i++)
			status = read_profile(found.gl_pathv[i], profile);
		globfree(&found);
		break;
	case GLOB_NOMATCH:
		if (strcmp(directory, CONF_DIR) && access(directory, F_OK))
			status = fail(STATUS_FAILED, "%s: %s", directory, strerror(errno));
		else if (!json)
			printf("%s: no *.conf files\n", directory);
		profile->absent = true;
		break;
	default:
		status = fail(STATUS_FAILED, "%s: cannot be read", pattern);
	}
	free(pattern);
	return status;
}

/* What keeps a line from being applied to this kernel; NULL if nothing does. */
static char *line_fault(const struct profile_line *line, bool *unknown)
{
	struct kernelx_info *info;
	char **names, *meant, *text;

	*unknown = !kernelx_exists(tree, line->knob);
	if (*unknown) {
		if (all_names(&names))
			return text_of("no such knob in this kernel");
		meant = suggest(line->knob, names);
		kernelx_free_names(names);
		text = text_of("no such knob in this kernel%s%s%s", meant ? ": did you mean " : "",
			       meant ? meant : "", meant ? "?" : "");
		free(meant);
		return text;
	}
	if (kernelx_info(tree, line->knob, &info))
		return text_of("cannot be read");
	text = (char *)value_fault(info, line->value);
	kernelx_free_info(info);
	return text;
}

static bool at_value(const char *knob, const char *value)
{
	struct kernelx_info *info;
	uint64_t number;
	bool same;

	if (kernelx_info(tree, knob, &info))
		return false;
	if (kernelx_parse(value, &number))
		number = info->def;
	same = !info->error && info->value == number;
	kernelx_free_info(info);
	return same;
}

/* What becomes of a line. */
enum outcome { CHANGED, ALREADY, SKIPPED, REFUSED, OUTCOMES };

/**
 * struct applied - lines and what became of them
 * @profile: the lines
 * @outcomes: of each
 * @why: of each; NULL if there is nothing to say
 * @settings: those to change
 * @lines: of each setting
 * @only_look: change nothing
 * @status: so far
 */
struct applied {
	const struct profile *profile;
	enum outcome *outcomes;
	char **why;
	struct settings settings;
	size_t *lines;
	bool only_look;
	enum status status;
};

/* The kernel does not turn a knob, for a reason that was said. */
static void note_refusal(struct applied *applied, size_t setting)
{
	const size_t line = applied->lines[setting];

	applied->outcomes[line] = REFUSED;
	applied->why[line] = need(strdup(last_failure));
	if (applied->status != STATUS_DENIED)
		applied->status = STATUS_DIFFERS;
}

/* One by one, so that what can be had is had. */
static void apply_each(struct applied *applied)
{
	size_t i;

	for (i = 0; i < applied->settings.count; i++) {
		struct settings one = { .list = &applied->settings.list[i], .count = 1 };
		enum status status = applied->only_look ? would_refuse(&one) : turn(&one);

		if (status)
			note_refusal(applied, i);
		else if (applied->only_look && !json)
			printf("%s: would change to %s\n", one.list->knob, one.list->value);
	}
}

/*
 * In one transition, as far as that goes: knobs that belong together must not be there
 * by halves without need.
 */
static void apply_all(struct applied *applied)
{
	const struct settings *settings = &applied->settings;
	const bool too_many = transaction_size(settings) == -E2BIG;
	int error = 0;
	size_t i;

	if (!settings->count)
		return;
	if (!applied->only_look)
		error = kernelx_transaction(tree, settings->list, settings->count);
	else
		error = may_turn() ?: too_many ? -E2BIG : 0;
	if (error == -EPERM || error == -EACCES || error == -EROFS) {
		applied->status = refused(settings, error);
		for (i = 0; i < settings->count; i++)
			note_refusal(applied, i);
		return;
	}
	if (error && settings->count > 1)
		note("%zu knobs cannot change in one transition (%s): %s by itself",
		     settings->count,
		     too_many || error == -E2BIG ? "they are too many" : strerror(-error),
		     applied->only_look ? "each would" : "each does now");
	if (error || applied->only_look)
		apply_each(applied);
}

static void look_at_lines(struct applied *applied, bool strict)
{
	size_t i;

	for (i = 0; i < applied->profile->count; i++) {
		const struct profile_line *line = &applied->profile->lines[i];
		bool unknown;
		char *fault = line_fault(line, &unknown);

		if (fault) {
			note("%s:%u: %s=%s: %s, skipped", line->file, line->line, line->knob,
			     line->value, fault);
			applied->outcomes[i] = SKIPPED;
			applied->why[i] = fault;
			if (!unknown || strict)
				applied->status = STATUS_DIFFERS;
		} else if (at_value(line->knob, line->value)) {
			applied->outcomes[i] = ALREADY;
		} else {
			applied->outcomes[i] = CHANGED;
			applied->lines[applied->settings.count] = i;
			add_setting(&applied->settings, line->knob, line->value);
		}
	}
}

static void json_applied(const struct applied *applied, const size_t *numbers)
{
	static const char * const names[] = { "changed", "already", "skipped", "refused" };
	size_t i;

	json_begin(NULL, '{');
	json_bool("done", !applied->only_look);
	for (i = 0; i < OUTCOMES; i++)
		json_number(names[i], numbers[i]);
	json_begin("knobs", '[');
	for (i = 0; i < applied->profile->count; i++) {
		const struct profile_line *line = &applied->profile->lines[i];
		const struct kernelx_setting setting = { .knob = line->knob,
							 .value = line->value };

		json_begin(NULL, '{');
		json_text("knob", line->knob);
		json_setting("value", &setting);
		json_text("result", names[applied->outcomes[i]]);
		json_text("why", applied->why[i]);
		json_text("file", line->file);
		json_number("line", line->line);
		json_end();
	}
	json_end();
	json_end();
}

static enum status apply(const struct profile *profile, bool strict, bool only_look)
{
	struct applied applied = { .profile = profile, .only_look = only_look };
	size_t numbers[OUTCOMES] = { }, i;

	applied.status = profile->faults ? STATUS_DIFFERS : STATUS_OK;
	applied.outcomes = need(calloc(profile->count + 1, sizeof(*applied.outcomes)));
	applied.why = need(calloc(profile->count + 1, sizeof(*applied.why)));
	applied.lines = need(calloc(profile->count + 1, sizeof(*applied.lines)));
	json_partial();
	look_at_lines(&applied, strict);
	apply_all(&applied);
	for (i = 0; i < profile->count; i++)
		numbers[applied.outcomes[i]]++;
	numbers[SKIPPED] += profile->faults;
	if (json)
		json_applied(&applied, numbers);
	else if (!profile->count && !profile->faults && !profile->absent)
		puts("The profile names no knob: nothing is changed.");
	else if (!only_look && !profile->absent)
		printf("%zu changed, %zu already so, %zu skipped, %zu refused\n",
		       numbers[CHANGED], numbers[ALREADY], numbers[SKIPPED], numbers[REFUSED]);
	for (i = 0; i < profile->count; i++)
		free(applied.why[i]);
	free(applied.why);
	free(applied.lines);
	free(applied.outcomes);
	free_settings(&applied.settings);
	return applied.status;
}

static enum status profile_apply(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "strict", no_argument, NULL, 's' },
		{ "dir", required_argument, NULL, 'd' },
		{ }
	};
	bool strict = false, only_look = false;
	const char *directory = CONF_DIR;
	struct profile profile;
	enum status status;
	int option;

	while ((option = next_option(argc, argv, ":nsd:", longs)) >= 0) {
		if (option == 'n')
			only_look = true;
		else if (option == 's')
			strict = true;
		else if (option == 'd')
			directory = optarg;
		else
			return STATUS_USAGE;
	}
	status = read_all(argc - optind, argv + optind, directory, &profile);
	if (!status)
		status = apply(&profile, strict, only_look);
	free_profile(&profile);
	return status;
}

/* Why a knob has not the value of the profile. */
static char *difference_words(const char *knob)
{
	struct kernelx_change change;
	char *holder = who_holds(knob), *when, *who, *text;
	int found = kernelx_changed(tree, knob, &change);

	if (holder)
		return holder;
	if (!found)
		return text_of("nobody wrote it since boot");
	if (found < 0)
		return text_of("this kernel does not tell who changed it last");
	changed_by(knob, &when, &who);
	text = text_of("last changed %s by %s", when, who);
	free(when);
	free(who);
	return text;
}

/* A policy chooses what the fixed value does not show. */
static void note_policy(const char *knob)
{
	char *policy;

	if (kernelx_policy(tree, knob, &policy))
		return;
	if (policy)
		note("%s: policy %s chooses its value; the fixed one is as it should be", knob,
		     policy);
	free(policy);
}

static size_t verify_line(const struct profile_line *line)
{
	const struct kernelx_setting setting = { .knob = line->knob, .value = line->value };
	bool unknown;
	char *why = line_fault(line, &unknown);
	uint64_t value = 0;

	if (!why && at_value(line->knob, line->value)) {
		note_policy(line->knob);
		return 0;
	}
	if (!unknown)
		kernelx_get(tree, line->knob, &value);
	if (!why)
		why = difference_words(line->knob);
	if (json) {
		json_begin(NULL, '{');
		json_text("knob", line->knob);
		json_setting("wanted", &setting);
		if (unknown)
			json_null("value");
		else
			json_number("value", value);
		json_text("why", why);
		json_text("file", line->file);
		json_number("line", line->line);
		json_end();
	} else if (unknown) {
		printf("%s: should be %s: %s\n", line->knob, line->value, why);
	} else {
		printf("%s: is %" PRIu64 ", should be %s: %s\n", line->knob, value, line->value,
		       why);
	}
	free(why);
	return 1;
}

/* With --exact, knobs that the profile does not name must be at their default. */
static enum status verify_others(const struct profile *profile, size_t *differ)
{
	enum status status;
	char **names;
	size_t i, j;

	status = all_names(&names);
	for (i = 0; !status && names[i]; i++) {
		struct profile_line line = { .knob = names[i], .value = "default",
					     .file = "--exact" };

		for (j = 0; j < profile->count; j++)
			if (!strcmp(profile->lines[j].knob, names[i]))
				break;
		if (j == profile->count)
			*differ += verify_line(&line);
	}
	if (!status)
		kernelx_free_names(names);
	return status;
}

static enum status profile_verify(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "exact", no_argument, NULL, 'e' },
		{ }
	};
	const char *directory = CONF_DIR;
	struct profile profile;
	bool exact = false;
	enum status status;
	size_t differ = 0, i;
	int option;

	while ((option = next_option(argc, argv, ":d:e", longs)) >= 0) {
		if (option == 'd')
			directory = optarg;
		else if (option == 'e')
			exact = true;
		else
			return STATUS_USAGE;
	}
	status = read_all(argc - optind, argv + optind, directory, &profile);
	if (status) {
		free_profile(&profile);
		return status;
	}
	if (json)
		json_begin(NULL, '[');
	for (i = 0; i < profile.count; i++)
		differ += verify_line(&profile.lines[i]);
	if (exact)
		status = verify_others(&profile, &differ);
	if (json)
		json_end();
	else if (!status && !differ && !profile.faults && !profile.count && !exact)
		fputs(profile.absent ? "" :
		      "The profile names no knob: there is nothing to compare.\n", stdout);
	else if (!status && !differ && !profile.faults && exact)
		puts("All values are as they should be.");
	else if (!status && !differ && !profile.faults)
		printf(profile.count == 1 ? "The value is as it should be.\n" :
		       "All %zu values are as they should be.\n", profile.count);
	if (!status && (differ || profile.faults))
		status = STATUS_DIFFERS;
	free_profile(&profile);
	return status;
}

enum status cmd_profile(int argc, char **argv)
{
	static const struct command subs[] = {
		{ "save", "", "", NULL, profile_save, false },
		{ "apply", "", "", NULL, profile_apply, false },
		{ "verify", "", "", NULL, profile_verify, false },
	};

	return run_sub(subs, sizeof(subs) / sizeof(subs[0]), argc, argv);
}
