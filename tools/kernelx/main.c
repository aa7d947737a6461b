// SPDX-License-Identifier: GPL-2.0
/*
 * kx: find, understand, turn, compare and keep the knobs of a KernelX kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

struct kernelx *tree;
bool json;
const struct command *command;

static enum status cmd_help(int argc, char **argv);
static enum status cmd_version(int argc, char **argv);

static const struct command commands[] = {
	{ "list", "[--names] [--search] [PATTERN]", "knobs and their values",
	  "--names           nothing but names\n"
	  "--search          PATTERN is words, in names and descriptions",
	  cmd_list, false },
	{ "explain", "KNOB...", "what a knob does, and what it costs",
	  NULL,
	  cmd_explain, false },
	{ "show", "KNOB...", "all that is known of a knob",
	  NULL,
	  cmd_show, false },
	{ "get", "KNOB...", "values",
	  NULL,
	  cmd_get, false },
	{ "set", "[--dry-run] [--for TIME] [--mode MODE] KNOB=VALUE...",
	  "turn knobs, all of them or none",
	  "-n, --dry-run     only say what would change, or why it would be refused\n"
	  "-f, --for TIME    what was before returns then: 500ms, 30 (seconds), 5m, 2h, 1d\n"
	  "-m, --mode MODE   immediate, instance or global, for this change",
	  cmd_set, false },
	{ "reset", "[--dry-run] [--mode MODE] KNOB... | --all", "back to the default",
	  "--all             every knob that nobody holds, in one transition\n"
	  "-n, --dry-run     only say what would change, or why it would be refused\n"
	  "-m, --mode MODE   immediate, instance or global, for this change\n"
	  "--modes           instead of values, modes that somebody chose: of KNOBs or of all",
	  cmd_reset, false },
	{ "diff", "[--exit-code]", "what is not at its default, since when, and by whom",
	  "--exit-code       end with 9 if there is anything",
	  cmd_diff, false },
	{ "try", "[--runs N] [--metric REGEX] [--lower|--higher] KNOB=VALUE... -- COMMAND...",
	  "run a command with and without values, and compare",
	  "--runs N          pairs of runs, 3 or more (10)\n"
	  "--metric REGEX    what counts is the number in its parentheses, not the time\n"
	  "--lower, --higher which is better, of a metric",
	  cmd_try, false },
	{ "watch", "[--for TIME] [--count N] [--interval TIME] [--poll] [KNOB...]",
	  "changes as they happen",
	  "--for TIME        end then\n"
	  "--count N         end after so many changes\n"
	  "--interval TIME   between two looks at policies, and at values (1s)\n"
	  "--poll            look at values, even if the kernel tells of changes",
	  cmd_watch, false },
	{ "status", "", "what is going on, at a glance",
	  NULL,
	  cmd_status, false },
	{ "profile", "save|apply|verify ...", "values in a file",
	  "save [FILE]       what is not at its default: --all for every knob\n"
	  "apply [FILE...]   --dry-run, --strict (unknown knobs fail), --dir DIR\n"
	  "verify [FILE...]  --exact (other knobs at their default), --dir DIR",
	  cmd_profile, false },
	{ "policy", "list|show|attach|detach|map ...", "programs that choose values",
	  "list, show KNOB   which there are, how often they were asked, and in vain\n"
	  "attach FILE       --knob KNOB (more than once: several), --name NAME\n"
	  "detach NAME       the fixed values are in force again\n"
	  "map NAME          what it is told: KEY=VALUE..., --delete KEY..., --map MAP",
	  cmd_policy, false },
	{ "doctor", "", "look for what is wrong",
	  NULL,
	  cmd_doctor, false },
	{ "help", "[COMMAND]", "this, or how a command is used",
	  NULL,
	  cmd_help, true },
	{ "version", "", "the version of kx",
	  NULL,
	  cmd_version, true },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void help_all(void)
{
	size_t i;

	puts("kx finds, explains, turns, compares and keeps the knobs of a KernelX kernel.\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %s%-9s%s %s\n", style(stdout, BOLD), commands[i].name,
		       style(stdout, PLAIN), commands[i].summary);
	puts("\nOptions of all: -j (JSON), --root DIR (instead of " KERNELX_ROOT "), --no-color.\n"
	     "kx help COMMAND says more, man kx all.");
}

static enum status cmd_help(int argc, char **argv)
{
	const struct command *about;
	const char *line;

	if (json)
		return fail(STATUS_USAGE, "help: there is no JSON of it");
	if (argc < 2) {
		help_all();
		return STATUS_OK;
	}
	about = find_command(commands, COMMANDS, argv[1]);
	if (!about)
		return unknown_command(commands, COMMANDS, argv[1], "");
	printf("kx %s%s%s\n  %s (man kx)\n", about->name, *about->arguments ? " " : "",
	       about->arguments, about->summary);
	for (line = about->options; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		printf("    %.*s\n", (int)strcspn(line, "\n"), line);
	}
	return STATUS_OK;
}

static enum status cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (json) {
		json_begin(NULL, '{');
		json_text("version", KX_VERSION);
		json_end();
	} else {
		puts("kx " KX_VERSION);
	}
	return STATUS_OK;
}

/*
 * Take the options of all commands out of the command line, wherever they are in front
 * of a "--".
 */
static enum status common_options(int *argc, char **argv, const char **root)
{
	int from, to = 1;

	for (from = 1; from < *argc && strcmp(argv[from], "--"); from++) {
		const char *word = argv[from];

		if (!strcmp(word, "-j") || !strcmp(word, "--json")) {
			json = true;
		} else if (!strcmp(word, "--no-color") || !strcmp(word, "--no-colour")) {
			no_colour = true;
		} else if (!strncmp(word, "--root=", 7)) {
			*root = word + 7;
		} else if (!strcmp(word, "--root")) {
			if (from + 1 == *argc)
				return usage("--root: which directory?");
			*root = argv[++from];
		} else {
			argv[to++] = argv[from];
		}
	}
	while (from < *argc)
		argv[to++] = argv[from++];
	argv[to] = NULL;
	*argc = to;
	return STATUS_OK;
}

static enum status open_tree(const char *root)
{
	int error = kernelx_open(root, &tree);

	if (!error)
		return STATUS_OK;
	if (!root)
		root = getenv("KERNELX_ROOT");
	if (!root || !*root)
		root = KERNELX_ROOT;
	if (error == -ENOENT || error == -ENOTDIR)
		return fail(STATUS_NO_KERNELX,
			    "%s: no knobs here: is this a kernel with CONFIG_KERNELX, and is sysfs mounted?",
			    root);
	return fail(STATUS_FAILED, "%s: %s", root, strerror(-error));
}

/* A full disk or a closed file must not pass for success. */
static enum status flush(enum status status)
{
	if (fflush(stdout) || ferror(stdout))
		return fail(STATUS_FAILED, "cannot write the output: %s", strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	const char *root = NULL;
	enum status status;

	status = common_options(&argc, argv, &root);
	if (status)
		return status;
	if (argc < 2 && json)
		return usage("which command? kx help lists them");
	if (argc < 2) {
		help_all();
		return flush(STATUS_USAGE);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		argv[1] = "help";
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		argv[1] = "version";
	command = find_command(commands, COMMANDS, argv[1]);
	if (!command && argv[1][0] == '-')
		return usage("%s: no such option", argv[1]);
	if (!command)
		return unknown_command(commands, COMMANDS, argv[1], "");
	if (argc == 3 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))) {
		argv[2] = argv[1];
		return flush(cmd_help(argc - 1, argv + 1));
	}
	if (!command->without_tree) {
		status = open_tree(root);
		if (status)
			return status;
	}
	status = command->run(argc - 1, argv + 1);
	kernelx_close(tree);
	return flush(status);
}
