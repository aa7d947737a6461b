// SPDX-License-Identifier: GPL-2.0
/*
 * Turn knobs, in the mode that was asked for.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * parse_mode() - read the mode of a change
 * @text: what was given
 * @mode: where it goes
 */
enum status parse_mode(const char *text, const char **mode)
{
	if (strcmp(text, "immediate") && strcmp(text, "instance") && strcmp(text, "global"))
		return usage("--mode %s: give immediate, instance or global", text);
	*mode = text;
	return STATUS_OK;
}

/**
 * with_mode() - settings as a transaction takes them
 * @settings: which, to what, and maybe in which mode
 *
 * Return: the same, with the mode as the first of them; for free_settings().
 */
struct settings with_mode(const struct settings *settings)
{
	struct settings all = { };
	size_t i;

	if (settings->mode)
		add_setting(&all, "mode", settings->mode);
	for (i = 0; i < settings->count; i++)
		add_setting(&all, settings->list[i].knob, settings->list[i].value);
	return all;
}

/**
 * note_mode() - say if a change was in another mode than was asked for
 * @settings: what was changed
 *
 * The kernel changes several knobs in mode instance at least.
 */
void note_mode(const struct settings *settings)
{
	char *text, *knobs, *mode;
	bool ours = false;
	size_t i;

	if (!settings->mode || kernelx_file(tree, "transition", &text))
		return;
	knobs = line_of(text, "knobs");
	mode = line_of(text, "mode");
	for (i = 0; knobs && i < settings->count && !ours; i++)
		ours = names_change(knobs, &settings->list[i]);
	if (ours && mode && strcmp(mode, settings->mode))
		note("several knobs changed together: in mode %s, not %s", mode, settings->mode);
	free(text);
	free(knobs);
	free(mode);
}

/**
 * turn() - turn knobs, in one transition
 * @settings: which, to what
 */
enum status turn(const struct settings *settings)
{
	struct settings all;
	int error;

	if (settings->count == 1 && !settings->mode) {
		error = kernelx_set(tree, settings->list[0].knob, settings->list[0].value);
	} else {
		all = with_mode(settings);
		error = kernelx_transaction(tree, all.list, all.count);
		free_settings(&all);
	}
	return error ? refused(settings, error) : STATUS_OK;
}
