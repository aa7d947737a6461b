// SPDX-License-Identifier: GPL-2.0
/*
 * Words of the command line that are commands.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * find_command() - the command of a name, or NULL
 * @list: of which it must be
 * @count: of these
 * @name: the name
 */
const struct command *find_command(const struct command *list, size_t count,
				   const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

/**
 * unknown_command() - say that there is none, and which may be meant
 * @list: those that there are
 * @count: of these
 * @name: what was given
 * @above: the word in front of it, with a blank
 */
enum status unknown_command(const struct command *list, size_t count, const char *name,
			    const char *above)
{
	char **names = need(calloc(count + 1, sizeof(*names)));
	enum status status;
	char *meant;
	size_t i;

	for (i = 0; i < count; i++)
		names[i] = (char *)list[i].name;
	meant = suggest(name, names);
	if (meant)
		status = fail(STATUS_USAGE, "no command %s%s: did you mean %s%s?", above, name,
			      above, meant);
	else
		status = fail(STATUS_USAGE, "no command %s%s: kx help lists them", above, name);
	free(meant);
	free(names);
	return status;
}

/**
 * run_sub() - run the command that the second word names
 * @list: of which it must be
 * @count: of these
 * @argc: of the command above
 * @argv: of that
 */
enum status run_sub(const struct command *list, size_t count, int argc, char **argv)
{
	const struct command *sub;
	enum status status;
	char *above;

	if (argc < 2)
		return usage("which? %s", command->arguments);
	sub = find_command(list, count, argv[1]);
	if (sub)
		return sub->run(argc - 1, argv + 1);
	if (argv[1][0] == '-')
		return usage("%s: give what to do first: %s", argv[1], command->arguments);
	above = text_of("%s ", command->name);
	status = unknown_command(list, count, argv[1], above);
	free(above);
	return status;
}
