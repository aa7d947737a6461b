// SPDX-License-Identifier: GPL-2.0
/*
 * kconst: the catalogue compiler of KernelX. It reads the Kconst files, annotates
 * the sources of a kernel tree, and generates the knob table and the reference.
 *
 * Exit status: 0 done, 1 errors in catalogue or sources, 2 wrong usage.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "annotate.h"
#include "audit.h"
#include "catalogue.h"
#include "diag.h"
#include "output.h"
#include "refused.h"
#include "strip.h"
#include "util.h"

struct options {
	const char *command;
	const char *catalogue;
	const char *tree;
	const char *version;
	const char *output;
	char **files;
	int file_count;
};

enum {
	NEED_CATALOGUE = 1,
	NEED_TREE = 2,
	NEED_OUTPUT = 4,
	NEED_FILES = 8,
};

static const char usage_text[] =
	"usage: kconst COMMAND OPTIONS\n"
	"  files --catalogue DIR --version V             list the files that will be annotated\n"
	"  apply --catalogue DIR --tree DIR --version V  annotate the tree in place\n"
	"  strip --tree DIR FILE...                      remove annotations\n"
	"  table --catalogue DIR --version V -o FILE     write the knob table\n"
	"  answers --catalogue DIR --version V -o FILE   write what objtool must know\n"
	"  contexts --catalogue DIR --version V -o FILE  write which objects policies may see\n"
	"  rst   --catalogue DIR --version V -o FILE     write the reference\n"
	"  list  --catalogue DIR --version V             list name, default, range, unit\n"
	"  audit --catalogue DIR --tree DIR --version V  look for uses nobody has answered for\n"
	"DIR of --catalogue holds the top Kconst file; V is the base version, like 6.12.\n";

static void __noreturn __printf(1, 2) usage(const char *fmt, ...)
{
	va_list args;

	fputs("kconst: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n%s", usage_text);
	exit(2);
}

static void run_files(const struct catalogue *cat, const struct options *o)
{
	size_t count;
	char **names = annotated_files(cat, &count);

	(void)o;
	for (size_t i = 0; i < count; i++)
		puts(names[i]);
}

static void run_apply(const struct catalogue *cat, const struct options *o)
{
	struct annotation an = { 0 };

	annotation_build(&an, cat, o->tree);
	if (!error_count())
		annotation_write(&an);
}

static void run_table(const struct catalogue *cat, const struct options *o)
{
	write_table(cat, o->output);
}

static void run_answers(const struct catalogue *cat, const struct options *o)
{
	write_answers(cat, o->output);
}

static void run_contexts(const struct catalogue *cat, const struct options *o)
{
	write_contexts(cat, o->output);
}

static void run_rst(const struct catalogue *cat, const struct options *o)
{
	write_rst(cat, o->output);
}

static void run_list(const struct catalogue *cat, const struct options *o)
{
	(void)o;
	for (size_t i = 0; i < cat->count; i++) {
		const struct knob *knob = &cat->knobs[i];

		printf("%s\t%s\t%s %s\t%s\n", knob->name, knob->defaults[0].text, knob->min,
		       knob->max, knob->unit);
	}
}

static void run_audit(const struct catalogue *cat, const struct options *o)
{
	struct annotation an = { 0 };

	annotation_build(&an, cat, o->tree);
	refused_audit(cat, o->tree);
	if (!error_count())
		audit_tree(&an, cat, o->tree);
}

static const struct {
	const char *name;
	int needs;
	void (*run)(const struct catalogue *cat, const struct options *o);
} commands[] = {
	{ "files", NEED_CATALOGUE, run_files },
	{ "apply", NEED_CATALOGUE | NEED_TREE, run_apply },
	{ "strip", NEED_TREE | NEED_FILES, NULL },
	{ "table", NEED_CATALOGUE | NEED_OUTPUT, run_table },
	{ "answers", NEED_CATALOGUE | NEED_OUTPUT, run_answers },
	{ "contexts", NEED_CATALOGUE | NEED_OUTPUT, run_contexts },
	{ "rst", NEED_CATALOGUE | NEED_OUTPUT, run_rst },
	{ "list", NEED_CATALOGUE, run_list },
	{ "audit", NEED_CATALOGUE | NEED_TREE, run_audit },
};

static size_t find_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands)];
	const char *closest;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i].name, name))
			return i;
		names[i] = commands[i].name;
	}
	closest = closest_word(name, names, ARRAY_SIZE(commands));
	if (closest)
		usage("unknown command `%s`: did you mean `%s`?", name, closest);
	usage("unknown command `%s`", name);
}

static void parse_options(struct options *o, int argc, char **argv)
{
	const struct {
		const char *name;
		const char **value;
	} known[] = {
		{ "--catalogue", &o->catalogue },
		{ "--tree", &o->tree },
		{ "--version", &o->version },
		{ "-o", &o->output },
	};
	int i;

	for (i = 2; i < argc && argv[i][0] == '-'; i++) {
		size_t k;

		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		for (k = 0; k < ARRAY_SIZE(known); k++) {
			if (!strcmp(argv[i], known[k].name))
				break;
		}
		if (k == ARRAY_SIZE(known))
			usage("unknown option `%s`", argv[i]);
		if (i + 1 == argc || !*argv[i + 1])
			usage("%s needs a value", argv[i]);
		if (*known[k].value)
			usage("%s is given twice", argv[i]);
		*known[k].value = argv[++i];
	}
	o->files = argv + i;
	o->file_count = argc - i;
}

static void check_options(const struct options *o, int needs)
{
	const struct {
		const char *name;
		const char *value;
		bool needed;
	} all[] = {
		{ "--catalogue DIR", o->catalogue, needs & NEED_CATALOGUE },
		{ "--version V", o->version, needs & NEED_CATALOGUE },
		{ "--tree DIR", o->tree, needs & NEED_TREE },
		{ "-o FILE", o->output, needs & NEED_OUTPUT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i].needed && !all[i].value)
			usage("%s needs %s", o->command, all[i].name);
		if (!all[i].needed && all[i].value)
			usage("%s takes no %s", o->command, all[i].name);
	}
	if ((needs & NEED_FILES) && !o->file_count)
		usage("%s needs at least one FILE", o->command);
	if (!(needs & NEED_FILES) && o->file_count)
		usage("%s takes no `%s`", o->command, o->files[0]);
}

/* One line, instead of one for each file that is not in it. */
static void check_tree(const struct options *o)
{
	struct stat st;

	if (!o->tree || (!stat(o->tree, &st) && S_ISDIR(st.st_mode)))
		return;
	error_at(o->tree, 0, "no tree here: make prepare KERNEL=%s prepares build/%s/tree",
		 o->version ?: "6.12", o->version ?: "6.12");
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct version version = { 0 };
	struct catalogue cat;
	size_t c;

	if (argc < 2)
		usage("a command is missing");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(usage_text, stdout);
		return 0;
	}
	o.command = argv[1];
	c = find_command(o.command);
	parse_options(&o, argc, argv);
	check_options(&o, commands[c].needs);
	if (o.version && !parse_version(o.version, &version))
		usage("`%s` should be a version like 6.12", o.version);
	check_tree(&o);
	if (error_count()) {
		/* It was said. */
	} else if (commands[c].run) {
		catalogue_load(&cat, o.catalogue);
		catalogue_select(&cat, version);
		if (!error_count())
			commands[c].run(&cat, &o);
	} else {
		for (int i = 0; i < o.file_count; i++)
			strip_file(o.tree, o.files[i]);
	}
	if (fflush(stdout) || ferror(stdout))
		error_at("standard output", 0, "cannot write");
	return error_count() ? 1 : 0;
}
