// SPDX-License-Identifier: GPL-2.0
/*
 * kx explain: a knob in sentences.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

static char *where_words(const char *knob, const struct sites *sites)
{
	uint64_t bytes;
	size_t parts;

	if (!sites->known)
		return text_of("Which code uses it, only root may see.");
	if (sites->variable)
		return text_of("This kernel reads it from memory at each use.");
	if (!sites->count)
		return text_of("No code that uses it is loaded now.");
	if (!read_spans(knob, &bytes, &parts))
		return text_of("%zu %s: %s%s%s%s.", sites->count,
			       sites->count == 1 ? "instruction holds it" : "instructions hold it",
			       sites->functions, sites->modules ? ", in module " : "",
			       sites->modules ? sites->modules : "", "");
	return text_of("%zu %s: %s%s%s. %" PRIu64 " bytes of code depend on a value once read.",
		       sites->count,
		       sites->count == 1 ? "instruction holds it" : "instructions hold it",
		       sites->functions, sites->modules ? ", in module " : "",
		       sites->modules ? sites->modules : "", bytes);
}

static char *cost_words(const char *knob, const struct sites *sites)
{
	static const char usual[] =
		"A use costs what the constant would. A change rewrites %s, and interrupts CPUs.";
	char *policy;

	if (!kernelx_policy(tree, knob, &policy) && policy) {
		free(policy);
		return text_of("A use that begins an instance runs the program of the policy.");
	}
	if (sites->known && sites->variable)
		return text_of("A use is a load from memory. A change is a store.");
	if (sites->known && !sites->count)
		return text_of("Nothing: a use costs what the constant would, turned or not.");
	return text_of(usual, sites->count == 1 ? "the instruction" : "the instructions");
}

static void explain(const struct kernelx_info *info)
{
	char *where, *cost, *class = class_words(info), *state = state_words(info);
	char *mode = mode_words(info), *policies = policy_words(info), *policy;
	struct sites sites;

	read_sites(info->name, &sites);
	where = where_words(info->name, &sites);
	cost = cost_words(info->name, &sites);
	if (json) {
		json_begin(NULL, '{');
		json_text("knob", info->name);
		json_text("help", info->help);
		json_text("where", where);
		json_text("class", class);
		json_text("state", state);
		json_text("mode", mode);
		json_text("cost", cost);
		json_text("policies", policies);
		json_end();
	} else {
		if (kernelx_policy(tree, info->name, &policy))
			policy = NULL;
		printf("%s%s%s: %" PRIu64 " %s%s; takes %" PRIu64 " to %" PRIu64 "%s%s%s\n\n",
		       style(stdout, BOLD), info->name, style(stdout, PLAIN), info->value,
		       unit_of(info, info->value),
		       info->value == info->def ? ", the default" : "", info->min, info->max,
		       policy ? "; policy " : "", policy ?: "", policy ? " chooses it" : "");
		free(policy);
		wrap(info->help, 2);
		putchar('\n');
		explained("Source", "%s", info->source);
		explained("Where", "%s", where);
		explained("Uses", "%s", class);
		explained("Copies", "%s", state);
		explained("Changing", "%s", mode);
		explained("Cost", "%s", cost);
		if (policies)
			explained("Policies", "They %s.", policies);
	}
	free(where);
	free(cost);
	free(class);
	free(state);
	free(mode);
	free(policies);
	free_sites(&sites);
}

enum status cmd_explain(int argc, char **argv)
{
	enum status status = STATUS_OK;
	int i;

	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (optind == argc)
		return usage("which knob? kx list shows them");
	if (json)
		json_begin(NULL, '[');
	for (i = optind; i < argc && !status; i++) {
		struct kernelx_info *info;

		status = find_knob(argv[i], &info);
		if (status)
			break;
		if (!json && i > optind)
			putchar('\n');
		explain(info);
		kernelx_free_info(info);
	}
	if (json)
		json_end();
	return status;
}
