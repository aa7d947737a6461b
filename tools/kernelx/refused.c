// SPDX-License-Identifier: GPL-2.0
/*
 * Why the kernel did not turn a knob, and what helps: one line each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

/**
 * struct holder - what holds a knob
 * @policy: the name of a policy, or NULL
 * @pid: of the holder of a lease, if there is no policy
 * @comm: of that
 */
struct holder {
	char *policy;
	int pid;
	char comm[32];
};

static bool find_holder(const char *knob, struct holder *holder)
{
	struct kernelx_held *held;
	bool found = false;
	size_t count, i;

	memset(holder, 0, sizeof(*holder));
	if (!kernelx_policy(tree, knob, &holder->policy) && holder->policy)
		return true;
	if (kernelx_leases(tree, &held, &count))
		return false;
	for (i = 0; i < count && !found; i++) {
		found = !strcmp(held[i].knob, knob);
		holder->pid = held[i].pid;
		snprintf(holder->comm, sizeof(holder->comm), "%s", held[i].comm);
	}
	kernelx_free_leases(held, count);
	return found;
}

/**
 * who_holds() - the lease or policy that holds a knob
 * @knob: its name
 *
 * Return: a text to be freed, or NULL if there is none or it cannot be told
 */
char *who_holds(const char *knob)
{
	struct holder holder;
	char *text;

	if (!find_holder(knob, &holder))
		return NULL;
	if (!holder.policy)
		return text_of("%s[%d] holds it by a lease: wait, or end that process",
			       holder.comm, holder.pid);
	text = text_of("policy %s holds it: kx policy detach %s lets go of it", holder.policy,
		       holder.policy);
	free(holder.policy);
	return text;
}

/**
 * json_held() - the same, as a member "held"
 * @knob: its name
 */
void json_held(const char *knob)
{
	struct holder holder;

	if (!find_holder(knob, &holder)) {
		json_null("held");
		return;
	}
	json_begin("held", '{');
	json_text("by", holder.policy ? "policy" : "lease");
	if (holder.policy) {
		json_text("policy", holder.policy);
	} else {
		json_number("pid", holder.pid);
		json_text("comm", holder.comm);
	}
	json_end();
	free(holder.policy);
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

static int strength(const char *mode)
{
	return !strcmp(mode, "global") ? 2 : !strcmp(mode, "instance");
}

/* " (mode global was chosen for a/x: ...)" if that makes others change in it; or "". */
static char *chosen_words(const struct settings *settings)
{
	static const char format[] =
		" (mode %s was chosen for %s, and counts for all: kx reset --modes %s, or --mode)";
	char *words = text_of("%s", "");
	int strongest = 0;
	size_t i;

	for (i = 0; !settings->mode && i < settings->count; i++) {
		const char *knob = settings->list[i].knob;
		struct kernelx_info *info;

		if (kernelx_info(tree, knob, &info))
			continue;
		if (mode_chosen(info) && strength(info->mode) > strongest) {
			strongest = strength(info->mode);
			free(words);
			words = text_of(format, info->mode, knob, knob);
		}
		kernelx_free_info(info);
	}
	return words;
}

/**
 * names_change() - is this change a part of a transition?
 * @line: "a/x 1 to 2, b/y 3 to 4", as the file "transition" has it
 * @setting: the change
 */
bool names_change(const char *line, const struct kernelx_setting *setting)
{
	const size_t length = strlen(setting->knob);
	const char *place = line, *to;
	uint64_t wanted;

	while ((place = strstr(place, setting->knob))) {
		if ((place == line || place[-1] == ' ') && place[length] == ' ')
			break;
		place += length;
	}
	if (!place)
		return false;
	to = strstr(place, " to ");
	return !to || kernelx_parse(setting->value, &wanted) ||
	       strtoull(to + 4, NULL, 10) == wanted;
}

/* The transition that was undone says what was in its way, if it was this one. */
static enum status busy_transition(const struct settings *settings, const char *names)
{
	char *text, *knobs, *step, *blocker, *chosen = chosen_words(settings);
	enum status status;
	bool ours = false;
	size_t i;

	if (kernelx_file(tree, "transition", &text))
		text = need(strdup(""));
	knobs = line_of(text, "knobs");
	step = line_of(text, "step");
	blocker = line_of(text, "blocker");
	/* Of many knobs, the kernel names the first ones only. */
	for (i = 0; knobs && i < settings->count && !ours; i++)
		ours = names_change(knobs, &settings->list[i]);
	if (step && !strcmp(step, "undo"))
		status = fail(STATUS_BUSY,
			      "%s: busy, nothing is changed: %s transition of %s is still being undone%s%s: wait, and try again",
			      names, ours ? "this" : "an earlier", knobs ?: "others",
			      blocker ? "; in the way: " : "", blocker ?: "");
	else if (ours && blocker)
		status = fail(STATUS_BUSY,
			      "%s: not in time, nothing is changed; in the way: %s (try again, or raise transition_timeout_ms)%s",
			      names, blocker, chosen);
	else
		status = fail(STATUS_BUSY,
			      "%s: busy, nothing is changed: try again; kx status and the kernel log say more",
			      names);
	free(text);
	free(knobs);
	free(step);
	free(chosen);
	free(blocker);
	return status;
}

static enum status busy(const struct settings *settings, const char *names)
{
	char *holder;
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
	return busy_transition(settings, names);
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

static char *mode_and_free(char *mode)
{
	char *text = text_of("mode %s", mode);

	free(mode);
	return text;
}

/* Which of the knobs has a mode that cannot be promised. */
static enum status unsupported(const struct settings *settings)
{
	char *class, *chosen, *mode;
	size_t i;

	for (i = 0; i < settings->count; i++) {
		const char *knob = settings->list[i].knob;
		bool unbounded;

		if (kernelx_meta(tree, knob, "class", &class))
			continue;
		unbounded = has_word(class, "unbounded");
		free(class);
		if (!unbounded)
			continue;
		chosen = chosen_words(settings);
		if (settings->mode)
			mode = text_of("mode %s", settings->mode);
		else if (settings->count > 1)
			mode = text_of("a change with other knobs");
		else if (kernelx_meta(tree, knob, "mode", &class))
			mode = text_of("its mode");
		else
			mode = mode_and_free(class);
		fail(STATUS_UNSUPPORTED,
		     "%s: %s cannot be promised, since its value goes where it cannot be followed: --mode immediate changes it without%s",
		     knob, mode, chosen);
		free(mode);
		free(chosen);
		return STATUS_UNSUPPORTED;
	}
	return fail(STATUS_UNSUPPORTED,
		    "%s: this kernel cannot do that; the kernel log says why",
		    settings->list[0].knob);
}

/**
 * transaction_size() - how long the text of a transaction is
 * @settings: which knobs, to what, in which mode
 *
 * Return: in bytes; -E2BIG if the kernel does not take it in one piece
 */
int transaction_size(const struct settings *settings)
{
	struct settings all = with_mode(settings);
	const int size = kernelx_transaction_size(all.list, all.count);

	free_settings(&all);
	return size;
}

static enum status too_many(const struct settings *settings)
{
	return fail(STATUS_UNSUPPORTED,
		    "%zu knobs are too many for one transaction of this kernel, nothing is changed: turn fewer at a time",
		    settings->count);
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
	case EROFS:
		status = fail(STATUS_DENIED, "%s: %s is mounted read-only here", names,
			      kernelx_root(tree));
		break;
	case EOPNOTSUPP:
		status = unsupported(settings);
		break;
	case ERANGE:
	case EINVAL:
		/* All values were looked at before. */
		status = fail(STATUS_VALUE,
			      "%s: the kernel does not take this value; the kernel log says why",
			      names);
		break;
	case E2BIG:
		status = too_many(settings);
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

/**
 * would_refuse() - say what would keep a change from being made
 * @settings: which knobs, to what
 *
 * As far as it can be seen beforehand.
 */
enum status would_refuse(const struct settings *settings)
{
	const int error = may_turn();
	enum status status = STATUS_OK;
	char *holder;
	size_t i;

	if (error)
		status = refused(settings, error);
	if (!status && transaction_size(settings) == -E2BIG)
		status = refused(settings, -E2BIG);
	for (i = 0; i < settings->count && !status; i++) {
		holder = who_holds(settings->list[i].knob);
		if (holder)
			status = refused(settings, -EBUSY);
		free(holder);
	}
	return status;
}
