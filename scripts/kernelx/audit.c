// SPDX-License-Identifier: GPL-2.0
/*
 * Look for uses of knobs in a whole tree. Every macro whose body uses a knob's macro
 * would carry sites to places nobody has looked at: each must be an `alias` or
 * `fixed` line of the stanza. All uses are listed, so that a reader can judge them.
 *
 * A macro of a .c file concerns that file. A macro of a header below include/
 * concerns the whole tree. A macro of any other header concerns the files below its
 * directory and those that include it by name. A file with a #define of its own for
 * the name means that one.
 */
#define _GNU_SOURCE /* memmem() */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit.h"
#include "diag.h"
#include "match.h"
#include "resolve.h"
#include "strip.h"
#include "util.h"

#define WATCH_BUCKETS 1024

/**
 * struct watch - a name to look for
 * @knob: whose name it is
 * @name: the name
 * @file: where it is defined
 * @body: how the body of the macro holds together
 * @next: next in the same bucket
 */
struct watch {
	const struct knob *knob;
	const char *name;
	const char *file;
	struct binding body;
	struct watch *next;
};

/**
 * struct use - a use of a knob
 * @knob: the knob
 * @file: the source
 * @line: line in @file
 * @kind: what becomes of it
 * @function: function it stands in, or NULL
 */
struct use {
	const struct knob *knob;
	char *file;
	int line;
	const char *kind;
	char *function;
};

struct audit {
	const struct annotation *an;
	const char *tree;
	struct watch *watches[WATCH_BUCKETS];
	struct use *uses;
	size_t use_count;
};

/* Below these are programs and texts, which no kernel is made of. */
static const char *const outside[] = { "Documentation", "scripts", "tools" };

static size_t bucket_of(const char *name, size_t len)
{
	size_t hash = 5381;

	while (len--)
		hash = hash * 33 + (unsigned char)*name++;
	return hash % WATCH_BUCKETS;
}

static void add_watch(struct audit *au, const struct knob *knob, const char *name,
		      const char *file)
{
	const struct target *t = annotation_find(au->an, file);
	size_t bucket = bucket_of(name, strlen(name));
	struct watch *w = xzalloc(sizeof(*w));

	*w = (struct watch){
		.knob = knob,
		.name = name,
		.file = file,
		.body = { .level = 15 },
		.next = au->watches[bucket],
	};
	for (size_t i = 0; (i = source_find_define(&t->src, name, i)) < t->src.lx.directive_count;
	     i++) {
		const struct directive *d = &t->src.lx.directives[i];
		struct binding b = { .level = 15 };

		if (!d->function_like && d->body < d->last)
			b = binding_of(&t->src.lx, d->body, d->last);
		if (b.level < w->body.level)
			w->body = b;
	}
	au->watches[bucket] = w;
}

static void add_use(struct audit *au, const struct knob *knob, const struct source *src,
		    size_t index, const char *kind)
{
	size_t function = src->lx.tok[index].function;

	au->uses = grow(au->uses, au->use_count, sizeof(*au->uses));
	au->uses[au->use_count++] = (struct use){
		.knob = knob,
		.file = xstrdup(src->name),
		.line = src->lx.tok[index].line,
		.kind = kind,
		.function = function ? function_name(src, function - 1) : NULL,
	};
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), e = strlen(end);

	return n >= e && !strcmp(name + n - e, end);
}

/* Whether a source has an #include of the header. */
static bool includes(const struct source *src, const char *header)
{
	const char *base = strrchr(header, '/') ? strrchr(header, '/') + 1 : header;
	const char *end = src->text + src->len;
	size_t len = strlen(base);

	for (const char *at = src->text; (at = memmem(at, (size_t)(end - at), base, len)); at++) {
		if (at > src->text && strchr("\"</", at[-1]) && at + len < end &&
		    strchr("\">", at[len]))
			return true;
	}
	return false;
}

/* Whether the name means the knob's macro in a source. */
static bool concerns(const struct watch *w, const struct source *src)
{
	size_t dir = strrchr(w->file, '/') ? (size_t)(strrchr(w->file, '/') - w->file) + 1 : 0;

	if (!strcmp(w->file, src->name))
		return true;
	if (ends_with(w->file, ".c") ||
	    source_find_define(src, w->name, 0) < src->lx.directive_count)
		return false;
	if (!strncmp(w->file, "include/", 8) ||
	    (!strncmp(w->file, "arch/", 5) && strstr(w->file, "/include/")))
		return true;
	return (dir && !strncmp(w->file, src->name, dir)) || includes(src, w->file);
}

static bool is_alias(const struct knob *knob, const struct source *src, size_t name)
{
	for (size_t i = 0; i < knob->alias_count; i++) {
		if (!strcmp(knob->aliases[i].file, src->name) &&
		    token_is(&src->lx, name, knob->aliases[i].name))
			return true;
	}
	return false;
}

/* Whether a `fixed` line of the stanza answers for the use. */
static bool is_fixed(const struct target *t, const struct knob *knob, size_t index)
{
	for (size_t i = 0; t && i < t->edit_count; i++) {
		if (t->edits[i].is_default && t->edits[i].knob == knob &&
		    t->edits[i].first == index)
			return true;
	}
	return false;
}

static void audit_directive(struct audit *au, const struct watch *w, const struct source *src,
			    size_t index)
{
	const struct lexed *lx = &src->lx;
	const struct directive *d = &lx->directives[lx->tok[index].directive - 1];
	char *macro;

	if (d->type == DIRECTIVE_IF || d->type == DIRECTIVE_ELIF) {
		error_at(src->path, lx->tok[index].line,
			 "an #if uses %s of knob %s, and has no runtime: add a `fixed` line to %s:%d",
			 w->name, w->knob->name, w->knob->file, w->knob->line);
		return;
	}
	if (d->type != DIRECTIVE_DEFINE || index < d->body)
		return;
	if (is_alias(w->knob, src, d->name)) {
		add_use(au, w->knob, src, index, "alias");
		return;
	}
	macro = token_text(lx, d->name, d->name + 1);
	error_at(src->path, lx->tok[index].line,
		 "the macro %s uses %s of knob %s: add `alias %s in %s` to %s:%d if its uses follow the knob, else a `fixed` line",
		 macro, w->name, w->knob->name, macro, src->name, w->knob->file, w->knob->line);
	free(macro);
}

static void audit_use(struct audit *au, const struct watch *w, const struct source *src,
		      const struct target *t, size_t index)
{
	const struct lexed *lx = &src->lx;

	if (names_macro(lx, index) ||
	    (index && (token_is(lx, index - 1, ".") || token_is(lx, index - 1, "->"))))
		return;
	if (is_fixed(t, w->knob, index)) {
		add_use(au, w->knob, src, index, "fixed");
		return;
	}
	if (ends_with(src->name, ".S")) {
		error_at(src->path, lx->tok[index].line,
			 "assembly uses %s of knob %s, where no site can be: add a `fixed` line to %s:%d",
			 w->name, w->knob->name, w->knob->file, w->knob->line);
		return;
	}
	if (lx->tok[index].directive) {
		audit_directive(au, w, src, index);
		return;
	}
	if (!binds_safely(w->body, lx, index, index + 1))
		error_at(src->path, lx->tok[index].line,
			 "the value of %s (knob %s) has no parentheses, and C groups it with its neighbours here: a site would compute something else; add a `fixed` line to %s:%d",
			 w->name, w->knob->name, w->knob->file, w->knob->line);
	add_use(au, w->knob, src, index, lx->tok[index].function ? "site" : "file-scope");
}

static const struct watch *find_watch(const struct audit *au, const char *name, size_t len)
{
	const struct watch *w = au->watches[bucket_of(name, len)];

	while (w && (strlen(w->name) != len || memcmp(w->name, name, len)))
		w = w->next;
	return w;
}

static bool is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Whether any name stands in the text at all; most files need no closer look. */
static bool mentions(const struct audit *au, const char *text, size_t len)
{
	for (size_t start = 0, end; start < len; start = end + 1) {
		for (end = start; is_word((unsigned char)text[end]); end++)
			;
		if (end > start && find_watch(au, text + start, end - start))
			return true;
	}
	return false;
}

static void audit_tokens(struct audit *au, const struct source *src)
{
	const struct target *t = annotation_find(au->an, src->name);
	const struct lexed *lx = &src->lx;

	for (size_t i = 0; i < lx->count; i++) {
		const struct token *token = &lx->tok[i];
		size_t len = token->end - token->start;

		if (token->type != TOKEN_IDENTIFIER)
			continue;
		for (const struct watch *w = find_watch(au, src->text + token->start, len); w;
		     w = w->next) {
			if (token_is(lx, i, w->name) && concerns(w, src))
				audit_use(au, w, src, t, i);
		}
	}
}

static void audit_file(struct audit *au, const char *path, const char *name)
{
	struct source src = { 0 };

	src.as_read = read_file(path, &src.as_read_len);
	if (!src.as_read) {
		/* The tree may hold links into nowhere, which no build reads. */
		if (errno != ENOENT)
			error_at(path, 0, "cannot read: %s", strerror(errno));
		return;
	}
	src.name = xstrdup(name);
	src.path = xstrdup(path);
	if (mentions(au, src.as_read, src.as_read_len)) {
		src.text = strip_annotations(path, src.as_read, src.as_read_len, &src.len);
		if (src.text && source_parse(&src))
			audit_tokens(au, &src);
		else if (src.text)
			error_at(path, src.lx.problem_line, "%s", src.lx.problem);
	}
	source_free(&src);
}

static bool is_outside(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(outside); i++) {
		if (!strcmp(name, outside[i]))
			return true;
	}
	return name[0] == '.';
}

static void audit_directory(struct audit *au, const char *name)
{
	char *path = *name ? path_join(au->tree, name) : xstrdup(au->tree);
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	if (count < 0)
		error_at(path, 0, "cannot read: %s", strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;
		char *child = *name ? path_join(name, entry) : xstrdup(entry);
		char *full = path_join(au->tree, child);
		struct stat st;

		if (entry[0] != '.' && (*name || !is_outside(entry)) && !lstat(full, &st)) {
			if (S_ISDIR(st.st_mode))
				audit_directory(au, child);
			else if (ends_with(entry, ".c") || ends_with(entry, ".h") ||
				 ends_with(entry, ".S"))
				audit_file(au, full, child);
		}
		free(full);
		free(child);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(path);
}

static void watch_knob(struct audit *au, const struct knob *knob)
{
	if (knob->anchors[0].kind == ANCHOR_DEFINE) {
		for (size_t i = 0; i < knob->anchor_count; i++)
			add_watch(au, knob, knob->anchors[i].name, knob->anchors[i].file);
		for (size_t i = 0; i < knob->alias_count; i++)
			add_watch(au, knob, knob->aliases[i].name, knob->aliases[i].file);
		return;
	}
	/* The sites of literals and variables are known without a search. */
	for (size_t i = 0; i < au->an->count; i++) {
		const struct target *t = &au->an->targets[i];

		for (size_t e = 0; e < t->edit_count; e++) {
			if (t->edits[e].knob == knob)
				add_use(au, knob, &t->src, t->edits[e].first, "site");
		}
	}
}

static void print_uses(const struct audit *au, const struct knob *knob)
{
	size_t count = 0;

	for (size_t i = 0; i < au->use_count; i++) {
		const struct use *u = &au->uses[i];

		if (u->knob != knob)
			continue;
		count++;
		printf("%s\t%s\t%s:%d\t%s\n", knob->name, u->kind, u->file, u->line,
		       u->function ? u->function : "-");
	}
	if (!count)
		error_at(knob->file, knob->line,
			 "knob %s: nothing in the tree uses it, so there is nothing to turn: remove the stanza",
			 knob->name);
}

/**
 * audit_tree - look for uses of all knobs in a tree
 * @an: the sources, resolved without errors
 * @cat: the catalogue
 * @tree: directory of the tree
 *
 * Prints one line per use: knob, what becomes of it, place, function. Uses that the
 * catalogue does not answer for are reported as errors.
 */
void audit_tree(const struct annotation *an, const struct catalogue *cat, const char *tree)
{
	struct audit au = { .an = an, .tree = tree };

	for (size_t i = 0; i < cat->count; i++)
		watch_knob(&au, &cat->knobs[i]);
	audit_directory(&au, "");
	for (size_t i = 0; i < cat->count; i++)
		print_uses(&au, &cat->knobs[i]);
}
