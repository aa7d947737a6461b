// SPDX-License-Identifier: GPL-2.0
/*
 * Turn knobs, in the mode that was asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * struct modes - what the modes of some knobs were
 * @count: of the knobs
 * @signals: that were blocked before
 * @knobs: a name and the mode before; NULL where it was not changed
 */
struct modes {
	size_t count;
	sigset_t signals;
	struct {
		char *name;
		char *mode;
	} knobs[];
};

/**
 * restore_modes() - bring the modes from before back
 * @modes: of choose_mode(); NULL is fine
 *
 * A mode that was the default becomes that again, and follows the class of the knob.
 */
void restore_modes(struct modes *modes)
{
	sigset_t signals;
	char *now;
	size_t i;

	if (!modes)
		return;
	for (i = 0; i < modes->count; i++) {
		if (modes->knobs[i].mode) {
			kernelx_set_mode(tree, modes->knobs[i].name, "default");
			if (!kernelx_meta(tree, modes->knobs[i].name, "mode", &now)) {
				if (strcmp(now, modes->knobs[i].mode))
					kernelx_set_mode(tree, modes->knobs[i].name,
							 modes->knobs[i].mode);
				free(now);
			}
		}
		free(modes->knobs[i].name);
		free(modes->knobs[i].mode);
	}
	signals = modes->signals;
	free(modes);
	sigprocmask(SIG_SETMASK, &signals, NULL);
}

/**
 * choose_mode() - change the modes of knobs until restore_modes()
 * @settings: which knobs
 * @mode: NULL to leave them as they are
 * @result: for restore_modes()
 *
 * Signals wait meanwhile, so that the modes come back.
 */
enum status choose_mode(const struct settings *settings, const char *mode, struct modes **result)
{
	struct modes *modes;
	sigset_t all;
	size_t i;
	int error;

	*result = NULL;
	if (!mode)
		return STATUS_OK;
	if (strcmp(mode, "immediate") && strcmp(mode, "instance") && strcmp(mode, "global"))
		return usage("--mode %s: give immediate, instance or global", mode);
	modes = need(calloc(1, sizeof(*modes) + settings->count * sizeof(modes->knobs[0])));
	modes->count = settings->count;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &modes->signals);
	for (i = 0; i < settings->count; i++) {
		const char *knob = settings->list[i].knob;
		char *now;

		modes->knobs[i].name = need(strdup(knob));
		error = kernelx_meta(tree, knob, "mode", &now);
		if (!error && !strcmp(now, mode)) {
			free(now);
			continue;
		}
		if (!error) {
			modes->knobs[i].mode = now;
			error = kernelx_set_mode(tree, knob, mode);
		}
		if (!error)
			continue;
		restore_modes(modes);
		if (error == -EOPNOTSUPP)
			return fail(STATUS_UNSUPPORTED, "%s: this kernel has mode immediate only",
				    knob);
		return refused_one(knob, error);
	}
	*result = modes;
	return STATUS_OK;
}

/**
 * turn() - turn knobs, in one transition
 * @settings: which, to what
 */
enum status turn(const struct settings *settings)
{
	int error;

	if (settings->count == 1)
		error = kernelx_set(tree, settings->list[0].knob, settings->list[0].value);
	else
		error = kernelx_transaction(tree, settings->list, settings->count);
	return error ? refused(settings, error) : STATUS_OK;
}
