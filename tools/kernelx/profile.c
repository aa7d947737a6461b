// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles: values in a file, one knob in a line. kernelx.d(5) has the format.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/** free_profile() - free what read_profile() found */
void free_profile(struct profile *profile)
{
	size_t i;

	for (i = 0; i < profile->count; i++) {
		free(profile->lines[i].knob);
		free(profile->lines[i].value);
		free(profile->lines[i].file);
	}
	free(profile->lines);
	memset(profile, 0, sizeof(*profile));
}

/* A later line for a knob replaces an earlier one. */
static void add_line(struct profile *profile, const char *knob, const char *value,
		     const char *file, unsigned int number)
{
	struct profile_line *line = NULL;
	size_t i;

	for (i = 0; i < profile->count && !line; i++)
		if (!strcmp(profile->lines[i].knob, knob))
			line = &profile->lines[i];
	if (line) {
		free(line->value);
		free(line->file);
	} else {
		profile->lines = need(realloc(profile->lines,
					      (profile->count + 1) * sizeof(*profile->lines)));
		line = &profile->lines[profile->count++];
		line->knob = need(strdup(knob));
	}
	line->value = need(strdup(value));
	line->file = need(strdup(file));
	line->line = number;
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text;
}

static void read_line(struct profile *profile, char *text, const char *file, unsigned int number)
{
	char *equals, *knob, *value;

	text[strcspn(text, "#")] = '\0';
	text = trim(text);
	if (!*text)
		return;
	equals = strchr(text, '=');
	if (equals)
		*equals = '\0';
	knob = trim(text);
	value = equals ? trim(equals + 1) : "";
	if (!equals || !*knob || !*value || strpbrk(knob, " \t") || strpbrk(value, " \t=")) {
		note("%s:%u: \"%s%s%s\" is no line such as mm/readahead=64, skipped", file, number,
		     knob, equals ? "=" : "", value);
		profile->faults++;
		return;
	}
	add_line(profile, knob, value, file, number);
}

/**
 * read_profile() - read a file
 * @file: its name; "-" is standard input
 * @profile: to which its lines are added
 *
 * Lines that are wrong are named and counted in @faults.
 */
enum status read_profile(const char *file, struct profile *profile)
{
	const bool input = !strcmp(file, "-");
	FILE *stream = input ? stdin : fopen(file, "re");
	unsigned int number = 0;
	char *text = NULL;
	size_t room = 0;
	int error;

	if (!stream)
		return fail(STATUS_FAILED, "%s: %s", file, strerror(errno));
	errno = 0;
	while (getline(&text, &room, stream) >= 0)
		read_line(profile, text, input ? "standard input" : file, ++number);
	error = ferror(stream) ? errno : 0;
	free(text);
	if (!input)
		fclose(stream);
	if (error)
		return fail(STATUS_FAILED, "%s: %s", file, strerror(error));
	return STATUS_OK;
}
