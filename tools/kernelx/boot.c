// SPDX-License-Identifier: GPL-2.0
/*
 * Boot parameters of knobs: which of them the kernel did not take, and why.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "kx.h"

#define PREFIX "kernelx."

/**
 * next_word() - the next parameter of a kernel command line
 * @rest: what is left of it; it is written to
 *
 * Blanks within quotes do not end one, and quotes do not count, as the kernel reads it.
 *
 * Return: NULL behind the last one, and for "--", as the rest is not for the kernel
 */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, "\n "), *from, *to = word;
	bool quoted = false;

	for (from = word; *from && (quoted || !strchr("\n ", *from)); from++) {
		if (*from == '"')
			quoted = !quoted;
		else
			*to++ = *from;
	}
	*rest = from + !!*from;
	*to = '\0';
	return from == word || !strcmp(word, "--") ? NULL : word;
}

/* Why the kernel did not take a parameter; NULL if it did. To be freed. */
static char *fault_of(const char *word)
{
	char *knob = need(strdup(word + strlen(PREFIX))), *value, *fault = NULL, *c;
	struct kernelx_info *info;
	const bool path = strcspn(knob, "/") < strcspn(knob, "=");

	value = strchr(knob, '=');
	if (value)
		*value++ = '\0';
	for (c = knob; *c; c++)
		*c = *c == '.' ? '/' : *c == '-' ? '_' : *c;
	if (!kernelx_exists(tree, knob) || kernelx_info(tree, knob, &info)) {
		fault = text_of("this kernel has no knob %s", knob);
	} else {
		c = strchr(knob, '/');
		if (path)
			fault = text_of("ignored, write it with a dot: " PREFIX "%.*s.%s",
					(int)(c - knob), knob, c + 1);
		else if (!value || !*value)
			fault = text_of("ignored, as it has no value");
		else
			fault = (char *)value_fault(info, value);
		kernelx_free_info(info);
	}
	free(knob);
	return fault;
}

/**
 * boot_faults() - look at the boot parameters of knobs
 * @line: the kernel's command line; it is written to
 * @report: called for each that the kernel did not take, with why
 *
 * Return: how many parameters of knobs there are
 */
size_t boot_faults(char *line, void (*report)(const char *word, const char *why))
{
	size_t found = 0;
	char *word;

	while ((word = next_word(&line))) {
		char *why;

		if (strncmp(word, PREFIX, strlen(PREFIX)))
			continue;
		found++;
		why = fault_of(word);
		if (why)
			report(word, why);
		free(why);
	}
	return found;
}
