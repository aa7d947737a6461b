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
		else if (all || info->value != info->def)
			fprintf(out, "%s=%" PRIu64 "\t# %s, default %" PRIu64 "\n", info->name,
				info->value, info->unit, info->def);
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
	if (optind == argc || !strcmp(argv[optind], "-"))
		return save(stdout, all);
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
		if (!json)
			printf("%s: no *.conf files\n", directory);
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

/* One by one, so that what can be had is had. */
static size_t apply_each(const struct settings *settings, enum status *status)
{
	size_t done = 0, i;

	for (i = 0; i < settings->count; i++) {
		struct settings one = { .list = &settings->list[i], .count = 1 };
		int error = kernelx_set(tree, one.list->knob, one.list->value);

		if (error)
			*status = refused(&one, error);
		else
			done++;
	}
	return done;
}

/*
 * In one transition, as far as that goes: knobs that belong together must not be there
 * by halves without need.
 */
static size_t apply_all(const struct settings *settings, enum status *status)
{
	int error;

	if (!settings->count)
		return 0;
	error = kernelx_transaction(tree, settings->list, settings->count);
	if (!error)
		return settings->count;
	if (error == -EPERM || error == -EACCES) {
		*status = refused(settings, error);
		return 0;
	}
	return apply_each(settings, status);
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

static enum status apply(const struct profile *profile, bool strict, bool only_look)
{
	size_t skipped = 0, done = 0, already = 0, i;
	struct settings settings = { };
	enum status status = profile->faults ? STATUS_DIFFERS : STATUS_OK;

	for (i = 0; i < profile->count; i++) {
		const struct profile_line *line = &profile->lines[i];
		bool unknown;
		char *fault = line_fault(line, &unknown);

		if (fault) {
			note("%s:%u: %s=%s: %s, skipped", line->file, line->line, line->knob,
			     line->value, fault);
			skipped++;
			if (!unknown || strict)
				status = STATUS_DIFFERS;
			free(fault);
		} else if (at_value(line->knob, line->value)) {
			already++;
		} else {
			add_setting(&settings, line->knob, line->value);
		}
	}
	if (!only_look)
		done = apply_all(&settings, &status);
	for (i = 0; only_look && !json && i < settings.count; i++)
		printf("%s: would change to %s\n", settings.list[i].knob, settings.list[i].value);
	if (json && !json_begun()) {
		json_begin(NULL, '{');
		json_number("changed", done);
		json_number("already", already);
		json_number("skipped", skipped + profile->faults);
		json_number("refused", only_look ? 0 : settings.count - done);
		json_end();
	} else if (!json && !only_look && (profile->count || profile->faults)) {
		printf("%zu changed, %zu already so, %zu skipped, %zu refused\n", done, already,
		       skipped + profile->faults, settings.count - done);
	}
	free_settings(&settings);
	return status;
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

static size_t verify_line(const struct profile_line *line)
{
	bool unknown;
	char *why = line_fault(line, &unknown);
	uint64_t value = 0;

	if (!why && at_value(line->knob, line->value))
		return 0;
	if (!unknown)
		kernelx_get(tree, line->knob, &value);
	if (!why)
		why = difference_words(line->knob);
	if (json) {
		json_begin(NULL, '{');
		json_text("knob", line->knob);
		json_text("wanted", line->value);
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
	else if (!status && !differ && !profile.faults)
		printf("All %zu values are as they should be.\n", profile.count);
	if (!status && (differ || profile.faults))
		status = STATUS_DIFFERS;
	free_profile(&profile);
	return status;
}

enum status cmd_profile(int argc, char **argv)
{
	static const struct command subs[] = {
		{ "save", "", "", profile_save, false },
		{ "apply", "", "", profile_apply, false },
		{ "verify", "", "", profile_verify, false },
	};

	return run_sub(subs, sizeof(subs) / sizeof(subs[0]), argc, argv);
}
