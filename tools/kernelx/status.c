// SPDX-License-Identifier: GPL-2.0
/*
 * kx status: what is going on, at a glance.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "kx.h"

/**
 * struct overview - how many knobs are in which state
 * @knobs: there are
 * @turned: not at their default
 * @unused: of which no code is loaded
 * @modes: knobs with a mode that somebody chose; NULL if there are none
 * @policies: knobs that a policy holds
 * @policy_names: which, and by whom
 * @policy_error: why that is not known, or 0
 */
struct overview {
	size_t knobs;
	size_t turned;
	size_t unused;
	char *modes;
	size_t policies;
	char *policy_names;
	int policy_error;
};

static enum status look(struct overview *overview)
{
	enum status status;
	char **names;
	size_t i;

	memset(overview, 0, sizeof(*overview));
	status = all_names(&names);
	for (i = 0; !status && names[i]; i++) {
		struct kernelx_info *info;
		char *policy;

		status = find_knob(names[i], &info);
		if (status)
			break;
		overview->knobs++;
		overview->turned += info->value != info->def;
		overview->unused += first_word(info->knob_class, "no-site");
		if (mode_chosen(info)) {
			char *longer = text_of("%s%s%s=%s", overview->modes ?: "",
					       overview->modes ? ", " : "", names[i], info->mode);

			free(overview->modes);
			overview->modes = longer;
		}
		overview->policy_error = kernelx_policy(tree, names[i], &policy);
		if (!overview->policy_error && policy) {
			char *longer = text_of("%s%s%s by %s",
					       overview->policies ? overview->policy_names : "",
					       overview->policies ? ", " : "", names[i], policy);

			free(overview->policy_names);
			overview->policy_names = longer;
			overview->policies++;
			free(policy);
		}
		kernelx_free_info(info);
	}
	if (!status)
		kernelx_free_names(names);
	return status;
}

static const char *overview_policies(const struct overview *overview)
{
	if (overview->policy_error == -ENOENT)
		return "not in this kernel";
	if (overview->policy_error)
		return "only root may see them";
	return overview->policies ? overview->policy_names : "none";
}

/* One change of a transition: "a/x 1 to 2"; to be freed. */
static char *change_words(const char *change, bool failed)
{
	uint64_t before, after;
	char *knob, *policy, *text;

	if (sscanf(change, "%ms %" SCNu64 " to %" SCNu64, &knob, &before, &after) != 3)
		return need(strdup(change));
	if (before != after || kernelx_policy(tree, knob, &policy)) {
		free(knob);
		return need(strdup(change));
	}
	/* The fixed value stays: it was for a policy. */
	if (failed)
		text = text_of("%s to or from a policy", knob);
	else if (policy)
		text = text_of("%s %" PRIu64 " to policy %s", knob, before, policy);
	else
		text = text_of("%s from a policy to %" PRIu64, knob, after);
	free(policy);
	free(knob);
	return text;
}

/* "a/x 1 to 2, b/y 3 to policy z"; to be freed. */
static char *transition_words(const char *knobs, bool failed)
{
	char *copy = need(strdup(knobs)), *text = need(strdup("")), *begin = copy, *end;

	do {
		char *words, *longer;

		end = strstr(begin, ", ");
		if (end)
			*end = '\0';
		words = change_words(begin, failed);
		longer = text_of("%s%s%s", text, begin == copy ? "" : ", ", words);
		free(words);
		free(text);
		text = longer;
		begin = end ? end + 2 : NULL;
	} while (begin);
	free(copy);
	return text;
}

static void print_transition(void)
{
	char *text, *knobs, *mode, *step, *elapsed, *result, *blocker;
	int error = kernelx_file(tree, "transition", &text);

	if (error) {
		if (json)
			json_null("transition");
		else
			labelled("last", "only root may see the last transition");
		return;
	}
	knobs = line_of(text, "knobs");
	mode = line_of(text, "mode");
	step = line_of(text, "step");
	result = line_of(text, "result");
	elapsed = line_of(text, "elapsed_us");
	blocker = line_of(text, "blocker");
	if (json && !knobs) {
		json_null("transition");
	} else if (json) {
		json_begin("transition", '{');
		json_text("knobs", knobs);
		json_text("mode", mode);
		json_text("step", step);
		json_number("error", result ? strtoull(result + (*result == '-'), NULL, 10) : 0);
		json_number("elapsed_us", elapsed ? strtoull(elapsed, NULL, 10) : 0);
		json_text("blocker", blocker);
		json_end();
	} else if (!knobs) {
		labelled("last", "no transition yet");
	} else {
		const double ms = elapsed ? strtod(elapsed, NULL) / 1000 : 0;
		const int failed = result ? abs(atoi(result)) : 0;
		char *words = transition_words(knobs, failed);

		labelled(step && strcmp(step, "done") ? "now" : "last",
			 "%s, mode %s, %s%s after %.1f ms%s%s", words, mode ? mode : "?",
			 failed ? "failed: " : "",
			 failed ? strerror(failed) : step ? step : "?", ms,
			 blocker ? "; in the way: " : "", blocker ? blocker : "");
		free(words);
	}
	free(knobs);
	free(mode);
	free(step);
	free(result);
	free(elapsed);
	free(blocker);
	free(text);
}

static void print_leases(void)
{
	struct kernelx_held *held;
	size_t count, i;
	int error = kernelx_leases(tree, &held, &count);

	if (json)
		json_begin("leases", '[');
	else if (error == -EOPNOTSUPP)
		labelled("leases", "not in this kernel");
	else if (error)
		labelled("leases", "only root may see them");
	else if (!count)
		labelled("leases", "none");
	for (i = 0; !error && i < count; i++) {
		if (json) {
			json_begin(NULL, '{');
			json_text("knob", held[i].knob);
			json_number("value", held[i].value);
			json_number("before", held[i].before);
			json_number("pid", held[i].pid);
			json_text("comm", held[i].comm);
			json_end();
		} else {
			labelled(i ? "" : "leases", "%s=%" PRIu64 " (%" PRIu64 ") by %s[%d]",
				 held[i].knob, held[i].value, held[i].before, held[i].comm,
				 held[i].pid);
		}
	}
	if (json)
		json_end();
	kernelx_free_leases(held, count);
}

static void print_stats(void)
{
	uint64_t immediate, instance, global, timed_out, failed, cancelled;
	char *text;

	if (kernelx_file(tree, "stats", &text)) {
		if (json)
			json_null("stats");
		return;
	}
	get_stats(text, "immediate", &immediate);
	get_stats(text, "instance", &instance);
	get_stats(text, "global", &global);
	get_stats(text, "timed_out", &timed_out);
	get_stats(text, "failed", &failed);
	get_stats(text, "cancelled", &cancelled);
	if (json) {
		json_begin("stats", '{');
		json_number("immediate", immediate);
		json_number("instance", instance);
		json_number("global", global);
		json_number("timed_out", timed_out);
		json_number("cancelled", cancelled);
		json_number("failed", failed);
		json_end();
	} else {
		labelled("since boot", "%" PRIu64 " transitions (%" PRIu64 " immediate, %" PRIu64
			 " instance, %" PRIu64 " global), of which %" PRIu64
			 " not in time, %" PRIu64 " cancelled, %" PRIu64 " failed",
			 immediate + instance + global, immediate, instance, global, timed_out,
			 cancelled, failed);
	}
	free(text);
}

enum status cmd_status(int argc, char **argv)
{
	struct overview overview;
	struct utsname kernel;
	enum status status;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (argc > optind)
		return usage("%s: takes no argument; kx show KNOB tells of one", argv[optind]);
	status = look(&overview);
	if (status)
		return status;
	uname(&kernel);
	if (json) {
		json_begin(NULL, '{');
		json_text("kernel", kernel.release);
		json_number("knobs", overview.knobs);
		json_number("turned", overview.turned);
		json_number("unused", overview.unused);
		json_text("modes", overview.modes);
		if (overview.policy_error)
			json_null("policies");
		else
			json_number("policies", overview.policies);
	} else {
		labelled("kernel", "%s", kernel.release);
		labelled("knobs", "%zu, %zu not at the default (kx diff), %zu without loaded code",
			 overview.knobs, overview.turned, overview.unused);
		if (overview.modes)
			labelled("modes", "%s, chosen by hand (kx reset --modes)", overview.modes);
		labelled("policies", "%s", overview_policies(&overview));
	}
	print_leases();
	print_transition();
	print_stats();
	if (json)
		json_end();
	free(overview.modes);
	free(overview.policy_names);
	return STATUS_OK;
}
