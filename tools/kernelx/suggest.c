// SPDX-License-Identifier: GPL-2.0
/*
 * What somebody may have meant who named something that there is not.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "kx.h"

#define LONGEST 200

/**
 * distance() - how many letters to insert, remove, exchange or swap with the next one
 * @a: a word
 * @b: another
 */
size_t distance(const char *a, const char *b)
{
	const size_t m = strlen(a), n = strlen(b);
	size_t rows[3][LONGEST + 1], i, j;

	if (m > LONGEST || n > LONGEST)
		return LONGEST;
	for (j = 0; j <= n; j++)
		rows[0][j] = j;
	for (i = 1; i <= m; i++) {
		size_t *now = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

		now[0] = i;
		for (j = 1; j <= n; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[m % 3][n];
}

static const char *base_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

/* Lower case, a path as a name, and the dots of a boot parameter as the slash. */
static char *normal(const char *given)
{
	const char *kernelx = strstr(given, "kernelx/");
	char *text, *c;

	if (kernelx)
		given = kernelx + strlen("kernelx/");
	if (!strncmp(given, "kernelx.", 8))
		given += 8;
	if (!strncmp(given, ".meta/", 6))
		given += 6;
	text = need(strndup(given, LONGEST));
	for (c = text; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
		else if (*c == '.')
			*c = '/';
		else if (*c == '-' || *c == ' ')
			*c = '_';
	}
	return text;
}

/* How far a name is from what was given; LONGEST if it is something else. */
static size_t score(const char *given, const char *name)
{
	const char *base = base_of(name);
	const size_t length = strlen(given);
	size_t whole, part;

	if (!strcmp(given, name) || !strcmp(given, base))
		return 0;
	whole = distance(given, name);
	/* The subsystem left out, or another one. */
	part = distance(base_of(given), base) + (strchr(given, '/') ? 1 : 0);
	if (part < whole)
		whole = part;
	if (whole <= 1 + length / 5)
		return whole;
	/* A part of the name, if it is more than some letters. */
	if (length >= 4 && strstr(name, given))
		return 1 + length / 5;
	return LONGEST;
}

/**
 * suggest() - the names that come next to what was given
 * @given: a name that there is not
 * @names: those that there are, with a NULL behind
 *
 * Return: "a/b", "a/b or a/c", ... (three at most) to be freed, or NULL if none is near
 */
char *suggest(const char *given, char **names)
{
	char *text = normal(given), *result = NULL;
	size_t best = LONGEST, found = 0, i;

	for (i = 0; *text && names[i]; i++) {
		size_t this = score(text, names[i]);

		if (this < best)
			best = this;
	}
	for (i = 0; best < LONGEST && names[i] && found < 3; i++) {
		char *longer;

		if (score(text, names[i]) != best)
			continue;
		longer = text_of("%s%s%s", found ? result : "", found ? " or " : "", names[i]);
		free(result);
		result = longer;
		found++;
	}
	free(text);
	return result;
}
