// SPDX-License-Identifier: GPL-2.0
/*
 * The instructions that hold a value, and the code that depends on it, as the files
 * sites and spans list them for root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/* Add a word to a list, unless it is there. */
static void add_word(char **list, const char *word, size_t length)
{
	const char *at = *list;
	char *longer;

	while (at && (at = strstr(at, word))) {
		const bool begins = at == *list || at[-1] == ' ';

		at += length;
		if (begins && (!*at || *at == ','))
			return;
	}
	longer = text_of("%s%s%.*s", *list ? *list : "", *list ? ", " : "", (int)length, word);
	free(*list);
	*list = longer;
}

static void read_line(char *line, struct sites *sites)
{
	char *plus = strchr(line, '+'), *form = strchr(line, ' '), *end;

	if (first_word(line, "variable")) {
		sites->variable = true;
		return;
	}
	if (!plus || !form || plus > form)
		return;
	sites->count++;
	form++;
	if (*form == '[') {
		end = strchrnul(form, ']');
		form[-1] = '\0';
		if (*end) {
			*end = '\0';
			add_word(&sites->modules, form + 1, end - form - 1);
			form = end + 1 + strspn(end + 1, " ");
		}
	}
	*plus = '\0';
	add_word(&sites->functions, line, plus - line);
	sites->bad += first_word(form, "bad");
	sites->indirect += first_word(form, "indirect");
}

/**
 * read_sites() - where a knob's value is
 * @knob: its name
 * @sites: what was found; @known is false if they cannot be read, @denied if
 *	the kernel does not let this process
 */
void read_sites(const char *knob, struct sites *sites)
{
	char *text, *line, *rest;
	int error;

	memset(sites, 0, sizeof(*sites));
	error = kernelx_meta(tree, knob, "sites", &text);
	sites->denied = error == -EACCES || error == -EPERM;
	if (error)
		return;
	sites->known = true;
	for (rest = text; (line = strsep(&rest, "\n")); )
		if (*line)
			read_line(line, sites);
	free(text);
}

/** free_sites() - free what read_sites() found */
void free_sites(struct sites *sites)
{
	free(sites->functions);
	free(sites->modules);
}

/**
 * read_spans() - how much code depends on a knob's value
 * @knob: its name
 * @bytes: of code; what belongs to several sites counts once
 * @parts: lines of the file
 *
 * Return: false if that is not known
 */
bool read_spans(const char *knob, uint64_t *bytes, size_t *parts)
{
	uint64_t start, end, covered = 0;
	char *text, *line, *rest;

	*bytes = 0;
	*parts = 0;
	if (kernelx_meta(tree, knob, "spans", &text))
		return false;
	for (rest = text; (line = strsep(&rest, "\n")); ) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2)
			continue;
		++*parts;
		/* Ordered by address, within the kernel and within each module. */
		if (start < covered && end > covered - 1 && covered - start < (1 << 20))
			start = covered;
		else if (start < covered && end <= covered && covered - start < (1 << 20))
			continue;
		*bytes += end - start;
		covered = end;
	}
	free(text);
	return *parts;
}
