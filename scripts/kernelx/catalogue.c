// SPDX-License-Identifier: GPL-2.0
/*
 * Parse the Kconst files. The grammar is in
 * Documentation/dev-tools/kernelx/catalogue.rst. Every line is parsed on its own,
 * so that one run reports the errors of all lines.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "diag.h"
#include "scanner.h"
#include "util.h"

struct parser {
	struct catalogue *cat;
	const char *dir;
	const char *file;
	struct knob *knob;
	/* @knob is a refused perf-const. */
	bool refused;
	struct strbuf help;
	bool in_help;
	/* The `knob` line was wrong: its words are parsed, and the result is dropped. */
	struct knob dropped;
};

static void load_file(struct catalogue *cat, const char *dir, const char *name,
		      const char *from_file, int from_line);

/* Words of which a stanza has one at most. */
static bool only_once(struct scanner *s, const char *word, int *line)
{
	if (*line) {
		scan_error(s, "`%s` was given before, on line %d: keep one of the two", word,
			   *line);
		return false;
	}
	*line = s->line;
	return true;
}

static void add_anchor(struct knob *knob, const struct anchor *anchor)
{
	knob->anchors = grow(knob->anchors, knob->anchor_count, sizeof(*knob->anchors));
	knob->anchors[knob->anchor_count++] = *anchor;
}

static void parse_define(struct parser *p, struct scanner *s)
{
	struct anchor a = { .kind = ANCHOR_DEFINE, .line = s->line };

	scan_versions(s, &a.versions);
	s->p += strspn(s->p, " \t");
	if (*s->p == '"') {
		a.expr = scan_quoted(s, "the value that selects the definition");
		scan_expect(s, "of");
	}
	a.name = scan_identifier(s, "the name of a macro");
	a.file = scan_file(s);
	scan_end(s);
	add_anchor(p->knob, &a);
}

static void parse_literal(struct parser *p, struct scanner *s)
{
	struct anchor a = { .kind = ANCHOR_LITERAL, .line = s->line };

	scan_versions(s, &a.versions);
	a.expr = scan_quoted(s, "the expression around the literal");
	scan_expect(s, "of");
	a.name = scan_identifier(s, "the name of a function");
	a.file = scan_file(s);
	scan_end(s);
	add_anchor(p->knob, &a);
}

static void parse_variable(struct parser *p, struct scanner *s)
{
	struct anchor a = { .kind = ANCHOR_VARIABLE, .line = s->line };

	scan_versions(s, &a.versions);
	a.name = scan_identifier(s, "the name of a variable");
	a.file = scan_file(s);
	scan_end(s);
	add_anchor(p->knob, &a);
}

static void parse_default(struct parser *p, struct scanner *s)
{
	struct knob *knob = p->knob;
	struct setting value = { .line = s->line };

	scan_versions(s, &value.versions);
	value.text = scan_rest(s, "the default value");
	knob->defaults = grow(knob->defaults, knob->default_count, sizeof(*knob->defaults));
	knob->defaults[knob->default_count++] = value;
}

static void parse_range(struct parser *p, struct scanner *s)
{
	char *min, *max;

	if (!only_once(s, "range", &p->knob->range_line))
		return;
	min = scan_bound(s, "the lower bound");
	max = scan_bound(s, "the upper bound");
	s->p += strspn(s->p, " \t");
	if (*s->p)
		scan_error(s,
			   "`%s` does not belong here: put an expression with spaces in parentheses, like `range 1 (60 * HZ)`",
			   s->p);
	p->knob->min = min;
	p->knob->max = max;
}

static void parse_unit(struct parser *p, struct scanner *s)
{
	if (only_once(s, "unit", &p->knob->unit_line))
		p->knob->unit = scan_rest(s, "the unit");
}

static void add_depends(struct knob *knob, struct scanner *s, char *symbol,
			const struct versions *versions)
{
	struct setting depends = { .text = symbol, .line = s->line, .versions = *versions };
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
	size_t len = strspn(symbol, letters);

	if (!strncmp(symbol, "CONFIG_", 7))
		scan_error(s, "write `%s` without CONFIG_, as in Kconfig", symbol);
	else if (!len || symbol[len])
		scan_error(s,
			   "`%s` is not a CONFIG symbol: write `depends on SYM && SYM`, nothing else is understood",
			   symbol);
	knob->depends = grow(knob->depends, knob->depends_count, sizeof(*knob->depends));
	knob->depends[knob->depends_count++] = depends;
}

static void parse_depends(struct parser *p, struct scanner *s)
{
	struct versions versions;

	scan_versions(s, &versions);
	scan_expect(s, "on");
	do {
		add_depends(p->knob, s, scan_word(s, "a CONFIG symbol"), &versions);
	} while (!s->failed && scan_keyword(s, "&&"));
	s->p += strspn(s->p, " \t");
	if (*s->p)
		scan_error(s,
			   "`%s` should be `&& SYM` or the end of the line: nothing else is understood",
			   s->p);
}

static void parse_alias(struct parser *p, struct scanner *s)
{
	struct knob *knob = p->knob;
	struct alias a = { .line = s->line };

	scan_versions(s, &a.versions);
	a.name = scan_identifier(s, "the name of a macro");
	a.file = scan_file(s);
	scan_end(s);
	knob->aliases = grow(knob->aliases, knob->alias_count, sizeof(*knob->aliases));
	knob->aliases[knob->alias_count++] = a;
}

static void parse_fixed(struct parser *p, struct scanner *s)
{
	struct knob *knob = p->knob;
	struct fixed f = { .line = s->line };

	scan_versions(s, &f.versions);
	f.expr = scan_quoted(s, "the expression that holds the use");
	if (scan_keyword(s, "of"))
		f.function = scan_identifier(s, "the name of a function");
	f.file = scan_file(s);
	f.reason = scan_quoted(s, "the reason");
	scan_end(s);
	knob->fixed = grow(knob->fixed, knob->fixed_count, sizeof(*knob->fixed));
	knob->fixed[knob->fixed_count++] = f;
}

static void parse_state(struct parser *p, struct scanner *s)
{
	struct knob *knob = p->knob;

	if (!only_once(s, "state", &knob->state_line))
		return;
	if (scan_keyword(s, "refresh")) {
		knob->state = STATE_REFRESH;
		knob->state_text = scan_identifier(s, "the name of a refresh hook");
	} else if (scan_keyword(s, "benign")) {
		knob->state = STATE_BENIGN;
		knob->state_text = scan_quoted(s, "the reason");
	} else {
		scan_error(s,
			   "`state %s` should be `state refresh HOOK` or `state benign \"reason\"`",
			   s->p);
	}
	scan_end(s);
}

static void parse_group(struct parser *p, struct scanner *s)
{
	if (!only_once(s, "group", &p->knob->group_line))
		return;
	p->knob->group = scan_identifier(s, "the name of a group");
	scan_end(s);
}

/* Functions that are one instance from beginning to end: "bbr_main". */
static void parse_instance(struct parser *p, struct scanner *s)
{
	struct strbuf names = { 0 };

	if (!only_once(s, "instance", &p->knob->instance_line))
		return;
	do {
		strbuf_addf(&names, "%s%s", names.len ? "," : "",
			    scan_identifier(s, "the name of a function"));
		s->p += strspn(s->p, " \t");
	} while (!s->failed && *s->p);
	p->knob->instance = names.data;
}

/* The object in scope that a policy may look at: "struct sock *sk". */
static void parse_context(struct parser *p, struct scanner *s)
{
	struct knob *knob = p->knob;

	if (!only_once(s, "context", &knob->context_line))
		return;
	scan_expect(s, "struct");
	knob->context_type = scan_identifier(s, "the tag of a structure");
	s->p += strspn(s->p, " \t");
	if (*s->p == '*') {
		s->p++;
		knob->context = scan_rest(s, "the expression that points to it");
	} else {
		scan_error(s,
			   "`context` should be `context struct TAG *EXPRESSION`, like `context struct sock *sk`");
	}
}

static void parse_help(struct parser *p, struct scanner *s)
{
	scan_end(s);
	if (!only_once(s, "help", &p->knob->help_line))
		return;
	p->in_help = true;
	p->help.len = 0;
	strbuf_add(&p->help, "", 0);
}

/* `since` and `before` as words of their own, on one line or on two. */
static void parse_stanza_versions(struct parser *p, struct scanner *s, const char *word)
{
	struct versions versions, *all = &p->knob->versions;

	/* Give the word back, so that both words and their order are handled in one place. */
	s->p -= strlen(word);
	scan_versions(s, &versions);
	if (*s->p)
		scan_error(s, "`%s` should be followed by a version, like `%s 6.12`", word, word);
	if (s->failed)
		return;
	if (versions.since.major && !all->since.major)
		all->since = versions.since;
	else if (versions.since.major)
		scan_error(s, "`since` was given before: keep one of the two");
	if (versions.before.major < INT_MAX && all->before.major == INT_MAX)
		all->before = versions.before;
	else if (versions.before.major < INT_MAX)
		scan_error(s, "`before` was given before: keep one of the two");
	if (!versions_overlap(all, all))
		scan_error(s, "no version is since %d.%d and before %d.%d", all->since.major,
			   all->since.minor, all->before.major, all->before.minor);
}

static void parse_since(struct parser *p, struct scanner *s)
{
	parse_stanza_versions(p, s, "since");
}

static void parse_before(struct parser *p, struct scanner *s)
{
	parse_stanza_versions(p, s, "before");
}

struct stanza_word {
	const char *word;
	void (*parse)(struct parser *p, struct scanner *s);
};

static const struct stanza_word stanza_words[] = {
	{ "define", parse_define },
	{ "literal", parse_literal },
	{ "variable", parse_variable },
	{ "default", parse_default },
	{ "range", parse_range },
	{ "unit", parse_unit },
	{ "depends", parse_depends },
	{ "alias", parse_alias },
	{ "fixed", parse_fixed },
	{ "state", parse_state },
	{ "group", parse_group },
	{ "instance", parse_instance },
	{ "context", parse_context },
	{ "help", parse_help },
	{ "since", parse_since },
	{ "before", parse_before },
};

static const struct stanza_word refused_words[] = {
	{ "define", parse_define },
	{ "literal", parse_literal },
	{ "variable", parse_variable },
	{ "reason", parse_help },
	{ "since", parse_since },
	{ "before", parse_before },
};

/* The words that the stanza at hand may have. */
static const struct stanza_word *words_of(const struct parser *p, size_t *count)
{
	*count = p->refused ? ARRAY_SIZE(refused_words) : ARRAY_SIZE(stanza_words);
	return p->refused ? refused_words : stanza_words;
}

static void end_help(struct parser *p)
{
	size_t len = p->help.len;

	if (!p->in_help)
		return;
	p->in_help = false;
	while (len && p->help.data[len - 1] == '\n')
		len--;
	if (!len)
		error_at(p->file, p->knob->help_line,
			 "the %s is empty: write it below, indented by a tab and two spaces",
			 p->refused ? "reason" : "help text");
	free(p->knob->help);
	p->knob->help = xstrndup(p->help.data, len);
}

static void unknown_word(const struct parser *p, struct scanner *s, const char *word,
			 bool stanza)
{
	const char *words[ARRAY_SIZE(stanza_words) + 3];
	const struct stanza_word *known;
	const char *closest;
	size_t n = 0, count;

	known = words_of(p, &count);
	if (stanza) {
		for (; n < count; n++)
			words[n] = known[n].word;
	} else {
		words[n++] = "knob";
		words[n++] = "refused";
		words[n++] = "source";
	}
	closest = closest_word(word, words, n);
	if (closest)
		scan_error(s, "unknown word `%s`: did you mean `%s`?", word, closest);
	else if (stanza)
		scan_error(s,
			   "unknown word `%s`: see Documentation/dev-tools/kernelx/catalogue.rst",
			   word);
	else
		scan_error(s,
			   "unknown word `%s`: at the start of a line only `knob`, `refused` and `source` stand, the words of a stanza are indented by a tab",
			   word);
}

static void parse_stanza_line(struct parser *p, struct scanner *s)
{
	char *word = scan_word(s, "a word");
	size_t i, count;
	const struct stanza_word *known = words_of(p, &count);

	for (i = 0; i < count; i++) {
		if (!strcmp(word, known[i].word))
			break;
	}
	if (i == count)
		unknown_word(p, s, word, true);
	else if (!p->knob)
		scan_error(s, "`%s` stands outside a stanza: begin one with `knob subsystem/name`",
			   word);
	else
		known[i].parse(p, s);
	free(word);
}

static bool valid_name(struct scanner *s, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	static const char *const reserved[] = {
		".meta", "lease", "stats", "transaction", "transition",
		"transition_timeout_ms",
	};
	size_t subsystem = strcspn(name, "/");
	size_t rest = name[subsystem] ? strspn(name + subsystem + 1, letters) : 0;

	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
		if (subsystem == strlen(reserved[i]) && !strncmp(name, reserved[i], subsystem)) {
			scan_error(s,
				   "`%s` is taken by the interface in /sys/kernel/kernelx: choose another subsystem",
				   reserved[i]);
			return false;
		}
	}
	if (subsystem && rest && strspn(name, letters) == subsystem && !name[subsystem + 1 + rest])
		return true;
	scan_error(s,
		   "`%.100s` should be subsystem/name, both of lower-case letters, digits and `_`",
		   name);
	return false;
}

static void add_knob(struct knob **knobs, size_t *count, const struct knob *knob)
{
	*knobs = grow(*knobs, *count, sizeof(**knobs));
	(*knobs)[(*count)++] = *knob;
}

static void parse_knob(struct parser *p, struct scanner *s, bool refused)
{
	struct catalogue *cat = p->cat;
	struct knob knob = {
		.name = scan_word(s, refused ? "a name" : "the name of the knob"),
		.file = xstrdup(p->file),
		.line = s->line,
		.versions = { .before = { INT_MAX, 0 } },
	};

	scan_end(s);
	p->dropped = knob;
	p->knob = &p->dropped;
	p->refused = refused;
	if (s->failed || !valid_name(s, knob.name))
		return;
	knob.symbol = xstrdup(knob.name);
	*strchr(knob.symbol, '/') = '_';
	if (refused) {
		add_knob(&cat->refused, &cat->refused_count, &knob);
		p->knob = &cat->refused[cat->refused_count - 1];
	} else {
		add_knob(&cat->knobs, &cat->count, &knob);
		p->knob = &cat->knobs[cat->count - 1];
	}
}

static void parse_source(struct parser *p, struct scanner *s)
{
	char *name = scan_quoted(s, "the file");
	const char *problem = path_problem(name);

	scan_end(s);
	if (problem)
		scan_error(s, "the path `%s` %s", name, problem);
	if (!s->failed)
		load_file(p->cat, p->dir, name, p->file, s->line);
	free(name);
	p->knob = NULL;
}

static void parse_top_line(struct parser *p, struct scanner *s)
{
	char *word = scan_word(s, "a word");

	if (!strcmp(word, "knob") || !strcmp(word, "refused"))
		parse_knob(p, s, *word == 'r');
	else if (!strcmp(word, "source"))
		parse_source(p, s);
	else
		unknown_word(p, s, word, false);
	free(word);
}

/* Take a line of a help text; false if the text ended before it. */
static bool parse_help_line(struct parser *p, const char *line)
{
	size_t len = strlen(line);

	if (!p->in_help)
		return false;
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	if (len && strncmp(line, "\t  ", 3)) {
		end_help(p);
		return false;
	}
	if (len)
		strbuf_add(&p->help, line + 3, len - 3);
	/* No empty lines at the start. */
	if (p->help.len)
		strbuf_add(&p->help, "\n", 1);
	return true;
}

static void parse_line(struct parser *p, char *line, int number)
{
	struct scanner s = { .p = line, .file = p->file, .line = number };

	for (size_t i = 0; line[i]; i++) {
		if (line[i] == '\r') {
			scan_error(&s, "a carriage return: lines end with a newline only");
			return;
		}
		if ((unsigned char)line[i] < ' ' && line[i] != '\t') {
			scan_error(&s, "a control character (0x%02x): remove it", line[i]);
			return;
		}
	}
	if (parse_help_line(p, line))
		return;
	s.p += strspn(s.p, " \t");
	if (!*s.p || *s.p == '#')
		return;
	if (s.p == line)
		parse_top_line(p, &s);
	else if (s.p == line + 1 && line[0] == '\t')
		parse_stanza_line(p, &s);
	else
		scan_error(&s,
			   "the words of a stanza are indented by one tab, a help text by a tab and two spaces");
}

static bool already_read(const struct catalogue *cat, const char *path)
{
	for (size_t i = 0; i < cat->file_count; i++) {
		if (!strcmp(cat->files[i], path))
			return true;
	}
	return false;
}

static void parse_text(struct parser *p, char *text, size_t len)
{
	int number = 0;

	for (char *line = text; line < text + len;) {
		char *end = memchr(line, '\n', (size_t)(text + len - line));

		if (!end)
			end = text + len;
		*end = '\0';
		number++;
		if (strlen(line) != (size_t)(end - line))
			error_at(p->file, number, "a NUL byte, which no text has: remove it");
		else
			parse_line(p, line, number);
		line = end + 1;
	}
	end_help(p);
}

static void load_file(struct catalogue *cat, const char *dir, const char *name,
		      const char *from_file, int from_line)
{
	struct parser p = { .cat = cat, .dir = dir };
	size_t len;
	char *text;

	p.file = path_join(dir, name);
	if (already_read(cat, p.file)) {
		error_at(from_file, from_line, "%s is read already: source each file once", p.file);
		return;
	}
	text = read_file(p.file, &len);
	if (!text) {
		if (from_file)
			error_at(from_file, from_line, "cannot read %s: %s", p.file,
				 strerror(errno));
		else
			error_at(p.file, 0,
				 "cannot read the catalogue: %s; --catalogue names the directory that holds the top Kconst",
				 strerror(errno));
		return;
	}
	cat->files = grow(cat->files, cat->file_count, sizeof(*cat->files));
	cat->files[cat->file_count++] = xstrdup(p.file);
	parse_text(&p, text, len);
	free(text);
	free(p.help.data);
}

/**
 * catalogue_load - read the catalogue
 * @cat: receives it
 * @dir: directory of the top Kconst file
 *
 * Errors are reported.
 */
void catalogue_load(struct catalogue *cat, const char *dir)
{
	memset(cat, 0, sizeof(*cat));
	load_file(cat, dir, "Kconst", NULL, 0);
	catalogue_check_names(cat);
}

/*
 * Keep the elements of an array that apply to a version; @offset is where an element
 * says which versions it applies to.
 */
static void select_elements(void *array, size_t *count, size_t size, size_t offset,
			    struct version version)
{
	char *to = array;
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		char *element = (char *)array + i * size;

		if (!version_applies((struct versions *)(element + offset), version))
			continue;
		memmove(to, element, size);
		to += size;
		kept++;
	}
	*count = kept;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct knob *)a)->name, ((const struct knob *)b)->name);
}

static void sort_by_name(struct knob *knobs, size_t count)
{
	if (count)
		qsort(knobs, count, sizeof(*knobs), compare_names);
}

/* Refused perf-consts that a version does not have any more are none of its. */
static void select_refused(struct catalogue *cat, struct version version)
{
	size_t kept = 0;

	select_elements(cat->refused, &cat->refused_count, sizeof(*cat->refused),
			offsetof(struct knob, versions), version);
	for (size_t i = 0; i < cat->refused_count; i++) {
		struct knob *refused = &cat->refused[i];
		bool named = refused->anchor_count;

		select_elements(refused->anchors, &refused->anchor_count,
				sizeof(*refused->anchors), offsetof(struct anchor, versions),
				version);
		refused_check(refused, named);
		if (refused->anchor_count)
			cat->refused[kept++] = *refused;
	}
	cat->refused_count = kept;
	sort_by_name(cat->refused, cat->refused_count);
}

/**
 * catalogue_select - keep what applies to a version, sort by name, and check each stanza
 * @cat: the catalogue
 * @version: the base version
 *
 * Errors are reported.
 */
void catalogue_select(struct catalogue *cat, struct version version)
{
	select_elements(cat->knobs, &cat->count, sizeof(*cat->knobs),
			offsetof(struct knob, versions), version);
	for (size_t i = 0; i < cat->count; i++) {
		struct knob *knob = &cat->knobs[i];

		select_elements(knob->anchors, &knob->anchor_count, sizeof(*knob->anchors),
				offsetof(struct anchor, versions), version);
		select_elements(knob->aliases, &knob->alias_count, sizeof(*knob->aliases),
				offsetof(struct alias, versions), version);
		select_elements(knob->fixed, &knob->fixed_count, sizeof(*knob->fixed),
				offsetof(struct fixed, versions), version);
		select_elements(knob->defaults, &knob->default_count, sizeof(*knob->defaults),
				offsetof(struct setting, versions), version);
		select_elements(knob->depends, &knob->depends_count, sizeof(*knob->depends),
				offsetof(struct setting, versions), version);
		knob_check(knob);
	}
	sort_by_name(cat->knobs, cat->count);
	select_refused(cat, version);
}
