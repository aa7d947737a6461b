// SPDX-License-Identifier: GPL-2.0
/*
 * Why the kernel did not turn a knob, and what helps: one line each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

/**
 * lockdown() - is the kernel locked down?
 *
 * Return: "integrity" or "confidentiality", to be freed; NULL if it is not
 */
char *lockdown(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "", *begin, *end;

	if (!file)
		return NULL;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (!end || !strncmp(begin, "[none]", 6))
		return NULL;
	return text_of("%.*s", (int)(end - begin - 1), begin + 1);
}

/**
 * who_holds() - the lease or policy that holds a knob
 * @knob: its name
 *
 * Return: a text to be freed, or NULL if there is none or it cannot be told
 */
char *who_holds(const char *knob)
{
	struct kernelx_held *held;
	char *name, *text = NULL;
	size_t count, i;

	if (!kernelx_policy(tree, knob, &name) && name) {
		text = text_of("policy %s holds it: kx policy detach %s lets go of it", name, name);
		free(name);
		return text;
	}
	if (kernelx_leases(tree, &held, &count))
		return NULL;
	for (i = 0; i < count && !text; i++)
		if (!strcmp(held[i].knob, knob))
			text = text_of("%s[%d] holds it by a lease: wait, or end that process",
				       held[i].comm, held[i].pid);
	kernelx_free_leases(held, count);
	return text;
}

/* "a/x and 2 others" */
static char *names_of(const struct settings *settings)
{
	if (settings->count == 1)
		return text_of("%s", settings->list[0].knob);
	if (settings->count == 2)
		return text_of("%s and %s", settings->list[0].knob, settings->list[1].knob);
	return text_of("%s and %zu others", settings->list[0].knob, settings->count - 1);
}

static enum status busy(const struct settings *settings, const char *names)
{
	char *holder, *text = NULL, *blocker;
	enum status status;
	size_t i;

	for (i = 0; i < settings->count; i++) {
		holder = who_holds(settings->list[i].knob);
		if (!holder)
			continue;
		status = fail(STATUS_BUSY, "%s: %s", settings->list[i].knob, holder);
		free(holder);
		return status;
	}
	/* The transition that was undone says what was in its way. */
	if (kernelx_file(tree, "transition", &text))
		text = NULL;
	blocker = text ? strstr(text, "\nblocker ") : NULL;
	if (blocker) {
		blocker += strlen("\nblocker ");
		blocker[strcspn(blocker, "\n")] = '\0';
		status = fail(STATUS_BUSY,
			      "%s: not in time, nothing is changed; in the way: %s (try again, or raise transition_timeout_ms)",
			      names, blocker);
	} else {
		status = fail(STATUS_BUSY,
			      "%s: busy, nothing is changed: try again; kx status and the kernel log say more",
			      names);
	}
	free(text);
	return status;
}

static enum status denied(const char *names)
{
	char *level = lockdown();
	enum status status;

	if (geteuid())
		status = fail(STATUS_DENIED, "%s: only root may turn knobs: try sudo kx ...",
			      names);
	else if (level)
		status = fail(STATUS_DENIED,
			      "%s: the kernel is locked down (%s), nothing is changed: use the boot parameter",
			      names, level);
	else
		status = fail(STATUS_DENIED,
			      "%s: needs CAP_SYS_ADMIN, which root in a container does not have",
			      names);
	free(level);
	return status;
}

/* Which of the knobs has a mode that cannot be promised. */
static enum status unsupported(const struct settings *settings)
{
	char *class, *own;
	size_t i;

	for (i = 0; i < settings->count; i++) {
		const char *knob = settings->list[i].knob;
		bool unbounded;

		if (kernelx_meta(tree, knob, "class", &class))
			continue;
		unbounded = has_word(class, "unbounded");
		free(class);
		if (!unbounded || kernelx_meta(tree, knob, "mode", &own))
			continue;
		fail(STATUS_UNSUPPORTED,
		     "%s: mode %s cannot be promised, since its value goes where it cannot be followed: --mode immediate changes it without",
		     knob, settings->mode ?: own);
		free(own);
		return STATUS_UNSUPPORTED;
	}
	return fail(STATUS_UNSUPPORTED,
		    "%s: this kernel cannot do that; the kernel log says why",
		    settings->list[0].knob);
}

/**
 * refused() - say why the kernel did not turn knobs
 * @settings: which, to what; parse_settings() had nothing against them
 * @error: what it returned, a negative errno
 */
enum status refused(const struct settings *settings, int error)
{
	char *names = names_of(settings);
	enum status status;

	switch (-error) {
	case EBUSY:
		status = busy(settings, names);
		break;
	case EPERM:
	case EACCES:
		status = denied(names);
		break;
	case EOPNOTSUPP:
		status = unsupported(settings);
		break;
	case ERANGE:
	case EINVAL:
		status = fail(STATUS_VALUE,
			      "%s: the kernel does not take this value; the kernel log says why",
			      names);
		break;
	case E2BIG:
		status = fail(STATUS_USAGE,
			      "%zu knobs are too many for one transaction: write fewer at a time",
			      settings->count);
		break;
	case ENOENT:
		status = fail(STATUS_UNKNOWN, "%s: gone, or not in this kernel", names);
		break;
	case EIO:
		status = fail(STATUS_FAILED,
			      "%s: the kernel's code is not as it should be, so the knob cannot be turned: see kx doctor and the kernel log, and report it",
			      names);
		break;
	case EINTR:
		status = fail(STATUS_FAILED, "%s: a signal came first, nothing is changed", names);
		break;
	default:
		status = fail(STATUS_FAILED, "%s: nothing is changed: %s", names,
			      strerror(-error));
	}
	free(names);
	return status;
}

/** refused_one() - the same for one knob */
enum status refused_one(const char *knob, int error)
{
	struct kernelx_setting setting = { .knob = knob, .value = "" };
	struct settings settings = { .list = &setting, .count = 1 };

	return refused(&settings, error);
}
