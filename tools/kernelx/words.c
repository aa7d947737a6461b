// SPDX-License-Identifier: GPL-2.0
/*
 * What the words in .meta mean, in sentences.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * unit_of() - the unit, in the singular for 1
 * @info: the knob
 * @value: how many
 *
 * Units are plural where they count something ("pages"), and jiffies and the like stay
 * as they are.
 */
const char *unit_of(const struct kernelx_info *info, uint64_t value)
{
	static char singular[64];
	size_t length = strlen(info->unit);

	if (value != 1 || length < 4 || length >= sizeof(singular) ||
	    info->unit[length - 1] != 's')
		return info->unit;
	memcpy(singular, info->unit, length + 1);
	if (!strcmp(singular, "jiffies"))
		return "jiffy";
	if (!strcmp(singular, "entries"))
		return "entry";
	if (!strcmp(singular, "misses"))
		return "miss";
	singular[length - 1] = '\0';
	return singular;
}

/**
 * class_words() - where the value goes
 * @info: the knob
 */
char *class_words(const struct kernelx_info *info)
{
	const char *class = info->knob_class;
	const char *head, *stored = "", *equality = "", *unbounded = "";

	if (first_word(class, "no-site"))
		return text_of("No code that uses it is loaded. A module starts with the value.");
	if (first_word(class, "independent"))
		head = "Each use is over before the next one begins.";
	else
		head = "Uses depend on each other: one execution may use the value more than once.";
	if (has_word(class, "escapes"))
		stored = " Copies are stored where other code can read them.";
	if (has_word(class, "equality"))
		equality = " It is tested for equality with what may have passed a new value.";
	if (has_word(class, "unbounded"))
		unbounded = " It cannot be followed: only mode immediate can be had.";
	return text_of("%s%s%s%s (%s)", head, stored, equality, unbounded, class);
}

/**
 * state_words() - what becomes of copies of the value
 * @info: the knob
 */
char *state_words(const struct kernelx_info *info)
{
	if (!strcmp(info->state, "none"))
		return text_of("There are none: a change is complete when the write returns.");
	if (!strncmp(info->state, "benign: ", 8))
		return text_of("They keep the old value for a while, which does no harm: %s.",
			       info->state + 8);
	if (!strncmp(info->state, "refresh ", 8))
		return text_of("They follow, unless somebody chose another value there (%s).",
			       info->state);
	return text_of("%s", info->state);
}

/**
 * mode_words() - how consistent a change is
 * @info: the knob
 */
char *mode_words(const struct kernelx_info *info)
{
	const char *words = "";

	if (!strcmp(info->mode, "immediate") && first_word(info->knob_class, "dependent"))
		words = "every single use sees the old or the new value, an execution maybe both.";
	else if (!strcmp(info->mode, "immediate"))
		words = "every single use sees the old or the new value.";
	else if (!strcmp(info->mode, "instance"))
		words = "an execution sees only old or only new values, whatever it uses.";
	else if (!strcmp(info->mode, "global"))
		words = "as instance, and none uses new values while another uses old ones.";
	return text_of("Mode %s: %s", info->mode, words);
}

/**
 * policy_words() - can a policy choose the value, and what does it find?
 * @info: the knob
 *
 * Return: a text to be freed, or NULL if the kernel does not say
 */
char *policy_words(const struct kernelx_info *info)
{
	char *context, *text;

	if (kernelx_meta(tree, info->name, "context", &context))
		return NULL;
	if (!strcmp(context, "none"))
		text = text_of("cannot choose it: the catalogue names no object for it");
	else
		text = text_of("can choose it, and see %s", context);
	free(context);
	return text;
}

/**
 * own_mode() - the mode of a knob that nobody chose another one for
 * @info: the knob
 */
const char *own_mode(const struct kernelx_info *info)
{
	return first_word(info->knob_class, "dependent") ? "instance" : "immediate";
}

/** mode_chosen() - has somebody chosen another mode for a knob? */
bool mode_chosen(const struct kernelx_info *info)
{
	return strcmp(info->mode, own_mode(info));
}
