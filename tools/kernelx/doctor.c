// SPDX-License-Identifier: GPL-2.0
/*
 * kx doctor: look for what is wrong, or will surprise, and say what helps.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "kx.h"

enum severity { FINE, REMARK, WRONG };

static size_t wrong, remarks;

/* Knobs whose sites this process may not see. */
static size_t unseen;

static void __printf(3, 4)
finding(enum severity severity, const char *about, const char *format, ...);

static void finding(enum severity severity, const char *about, const char *format, ...)
{
	static const char * const words[] = { "ok", "note", "WRONG" };
	static const enum style styles[] = { GREEN, YELLOW, RED };
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	need(text);
	wrong += severity == WRONG;
	remarks += severity == REMARK;
	if (json) {
		json_begin(NULL, '{');
		json_text("about", about);
		json_text("severity", words[severity]);
		json_text("text", text);
		json_end();
	} else {
		printf("%s%-5s%s %s: %s\n", style(stdout, styles[severity]), words[severity],
		       style(stdout, PLAIN), about, text);
	}
	free(text);
}

/* Has the kernel ended a policy, or does it answer in vain? */
static void check_policy(const char *knob)
{
	uint64_t asked, vain;
	char *text, *name, *last, *ended;

	if (kernelx_meta(tree, knob, "policy", &text))
		return;
	name = line_of(text, "policy");
	last = line_of(text, "last");
	ended = line_of(text, "detached");
	if (ended && last && policy_pinned(last))
		finding(WRONG, knob,
			"the kernel ended its policy %s: %s; only its pin is left, which kx policy detach %s removes",
			last, ended, last);
	else if (ended)
		finding(REMARK, knob, "the kernel ended its policy%s%s some time ago: %s",
			last ? " " : "", last ?: "", ended);
	get_stats(text, "asked", &asked);
	vain = policy_vain(text);
	if (!ended && name && strcmp(name, "none") && asked && vain >= asked)
		finding(REMARK, knob,
			"policy %s was asked %" PRIu64
			" times, each in vain: the fixed value is taken; kx policy show %s says why",
			name, asked, knob);
	free(text);
	free(name);
	free(last);
	free(ended);
}

/* Is a knob out of order, or will it not do what one thinks? */
static void check_knob(const struct kernelx_info *info)
{
	struct sites sites;
	char *policy;

	if (info->error)
		finding(WRONG, info->name,
			"its value cannot be read (%s): something else has written to the kernel's code; see the kernel log, and report it",
			strerror(-info->error));
	read_sites(info->name, &sites);
	unseen += sites.denied;
	if (sites.bad)
		finding(WRONG, info->name,
			"%zu of %zu sites do not hold what they should: report it, with %s/.meta/%s/sites",
			sites.bad, sites.count, kernelx_root(tree), info->name);
	if (!kernelx_policy(tree, info->name, &policy)) {
		if (sites.indirect && !policy)
			finding(WRONG, info->name,
				"%zu sites are indirect, but no policy holds it: a change is under way, or was not ended: look again",
				sites.indirect);
		free(policy);
	}
	free_sites(&sites);
	if (info->value != info->def && first_word(info->knob_class, "no-site"))
		finding(REMARK, info->name,
			"%" PRIu64 " has no effect yet: no code that uses it is loaded",
			info->value);
	if (mode_chosen(info))
		finding(REMARK, info->name,
			"mode %s was chosen, its own is %s%s: kx reset --modes %s goes back",
			info->mode, own_mode(info),
			strcmp(info->mode, "immediate") ? "" :
			"; as uses depend on each other, a change can give a mixture for a moment",
			info->name);
	check_policy(info->name);
}

static enum status check_knobs(void)
{
	const size_t before = wrong;
	enum status status;
	size_t count = 0;
	char **names;

	status = all_names(&names);
	for (; !status && names[count]; count++) {
		struct kernelx_info *info;

		status = find_knob(names[count], &info);
		if (status)
			break;
		check_knob(info);
		kernelx_free_info(info);
	}
	if (status)
		return status;
	if (!count)
		finding(WRONG, "knobs", "there are none: the kernel's catalogue is empty");
	else if (wrong == before && unseen)
		finding(may_turn() ? FINE : REMARK, "knobs",
			"%zu, and all can be read; the sites of %zu are not shown here, and not checked",
			count, unseen);
	else if (wrong == before)
		finding(FINE, "knobs", "%zu, and all sites hold what they should", count);
	kernelx_free_names(names);
	return STATUS_OK;
}

static void check_rights(void)
{
	const int error = may_turn();
	char *level = lockdown();

	if (error && geteuid())
		finding(REMARK, "rights", "not root: knobs can only be read, sites not checked");
	else if (error && level)
		finding(REMARK, "rights",
			"the kernel is locked down (%s): only boot parameters turn knobs", level);
	else if (error == -EROFS)
		finding(REMARK, "rights", "%s is mounted read-only here: knobs can only be read",
			kernelx_root(tree));
	else if (error)
		finding(REMARK, "rights",
			"root, but without CAP_SYS_ADMIN outside of a container: knobs can only be read");
	else
		finding(FINE, "rights", "knobs can be turned");
	free(level);
}

/* What goes on from a transition that was not over in time; to be freed. */
static char *limit_words(void)
{
	char *text, *words;

	if (kernelx_file(tree, "transition_timeout_ms", &text))
		text = need(strdup("?"));
	words = text_of(" (the limit is %.*s ms now, %s/transition_timeout_ms): %s",
			(int)strcspn(text, "\n"), text, kernelx_root(tree),
			"the kernel log says what was in the way, and kx status for the last one");
	free(text);
	return words;
}

static void check_stats(void)
{
	static const struct {
		const char *name;
		const char *words;
	} counters[] = {
		{ "timed_out", "not over in time" },
		{ "failed", "failed: see the kernel log" },
		{ "undo_delayed", "not undone in time: see the kernel log" },
		{ "stacks_unreliable",
		  "of the stacks could not be relied upon, which delays them" },
	};
	bool fine = true;
	uint64_t number;
	char *text, *limit;
	size_t i;

	if (kernelx_file(tree, "stats", &text))
		return;
	limit = limit_words();
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		get_stats(text, counters[i].name, &number);
		if (number)
			finding(REMARK, "transitions", "%" PRIu64 " %s%s", number,
				counters[i].words, i ? "" : limit);
		fine = fine && !number;
	}
	free(limit);
	if (fine)
		finding(FINE, "transitions", "none failed since boot");
	free(text);
	if (kernelx_file(tree, "transition", &text))
		return;
	if (strstr(text, "\nstep undo"))
		finding(WRONG, "transitions", "one is still being undone: see kx status");
	free(text);
}

static void check_abilities(void)
{
	struct kernelx_held *held;
	struct kernelx_change change;
	struct statfs about;
	char **names, *policy;
	size_t count;
	int error;

	error = kernelx_leases(tree, &held, &count);
	kernelx_free_leases(held, count);
	if (error == -EOPNOTSUPP)
		finding(REMARK, "leases", "not in this kernel: no set --for, and a less safe try");
	else
		finding(FINE, "leases", "in this kernel");
	if (all_names(&names) || !names[0])
		return;
	if (kernelx_changed(tree, names[0], &change) == -ENOENT)
		finding(REMARK, "changes", "this kernel does not tell who made them");
	error = kernelx_policy(tree, names[0], &policy);
	if (!error)
		free(policy);
	if (error == -ENOENT)
		finding(REMARK, "policies", "not in this kernel");
	else if (statfs("/sys/fs/bpf", &about) || about.f_type != 0xcafe4a11)
		finding(REMARK, "policies", "no bpffs to keep them in, see kx(1)");
	else
		finding(FINE, "policies", "in this kernel");
	kernelx_free_names(names);
	if (!geteuid() && access("/sys/kernel/tracing/events/kernelx/kernelx_knob_set", F_OK))
		finding(REMARK, "tracing", "no tracefs: kx watch reads all values again and again");
}

static void boot_fault(const char *word, const char *why)
{
	finding(WRONG, "boot parameter", "%s: %s", word, why);
}

static void check_boot(void)
{
	FILE *file = fopen("/proc/cmdline", "re");
	const size_t before = wrong;
	char *line = NULL;
	size_t room = 0, found = 0;

	if (!file)
		return;
	if (getline(&line, &room, file) >= 0)
		found = boot_faults(line, boot_fault);
	fclose(file);
	free(line);
	if (found && wrong == before)
		finding(FINE, "boot parameters",
			"%zu, and each is of a knob, with a value that it takes", found);
}

static void check_profiles(void)
{
	struct profile profile = { };
	const size_t before = wrong;
	glob_t found;
	size_t i;

	if (glob("/etc/kernelx.d/*.conf", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		if (read_profile(found.gl_pathv[i], &profile))
			finding(WRONG, "profile", "%s cannot be read", found.gl_pathv[i]);
	if (profile.faults)
		finding(WRONG, "profile", "%zu %s wrong in /etc/kernelx.d", profile.faults,
			profile.faults == 1 ? "line is" : "lines are");
	for (i = 0; i < profile.count; i++) {
		const struct profile_line *line = &profile.lines[i];
		struct kernelx_info *info;
		char *fault;

		if (kernelx_info(tree, line->knob, &info)) {
			finding(WRONG, "profile", "%s:%u: this kernel has no knob %s", line->file,
				line->line, line->knob);
			continue;
		}
		fault = (char *)value_fault(info, line->value);
		if (fault)
			finding(WRONG, "profile", "%s:%u: %s: %s", line->file, line->line,
				line->knob, fault);
		free(fault);
		kernelx_free_info(info);
	}
	if (wrong == before)
		finding(FINE, "profiles",
			"%zu file%s in /etc/kernelx.d, and nothing is wrong there",
			found.gl_pathc, found.gl_pathc == 1 ? "" : "s");
	globfree(&found);
	free_profile(&profile);
}

enum status cmd_doctor(int argc, char **argv)
{
	enum status status;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (argc > optind)
		return usage("%s: takes no argument", argv[optind]);
	if (json) {
		json_begin(NULL, '[');
		json_partial();
	}
	check_rights();
	status = check_knobs();
	check_stats();
	check_abilities();
	check_boot();
	check_profiles();
	if (json)
		json_end();
	if (status)
		return status;
	return wrong ? STATUS_DIFFERS : STATUS_OK;
}
