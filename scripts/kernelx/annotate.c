// SPDX-License-Identifier: GPL-2.0
/*
 * Annotate the sources. All stanzas are resolved before the first file is written:
 * on any error no file changes. Annotations add text within lines and never a line,
 * so __LINE__ and every line number in a debugger stay what they were.
 */
#include <stdlib.h>
#include <string.h>

#include "annotate.h"
#include "diag.h"
#include "resolve.h"
#include "strip.h"
#include "util.h"

/* A file and the first catalogue line that names it. */
struct named_file {
	const char *name;
	const char *file;
	int line;
};

static int compare_files(const void *a, const void *b)
{
	const struct named_file *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = strcmp(x->file, y->file);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void add_file(struct named_file **files, size_t *count, const char *name,
		     const struct knob *knob, int line)
{
	*files = grow(*files, *count, sizeof(**files));
	(*files)[(*count)++] = (struct named_file){ name, knob->file, line };
}

/* The files that stanzas name, sorted, each once. */
static struct named_file *collect_files(const struct catalogue *cat, bool with_aliases,
					size_t *count)
{
	struct named_file *files = NULL;
	size_t n = 0, kept = 0;

	for (size_t k = 0; k < cat->count; k++) {
		const struct knob *knob = &cat->knobs[k];

		for (size_t i = 0; i < knob->anchor_count; i++)
			add_file(&files, &n, knob->anchors[i].file, knob, knob->anchors[i].line);
		for (size_t i = 0; i < knob->fixed_count; i++)
			add_file(&files, &n, knob->fixed[i].file, knob, knob->fixed[i].line);
		for (size_t i = 0; with_aliases && i < knob->alias_count; i++)
			add_file(&files, &n, knob->aliases[i].file, knob, knob->aliases[i].line);
	}
	if (n)
		qsort(files, n, sizeof(*files), compare_files);
	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(files[i].name, files[kept - 1].name))
			files[kept++] = files[i];
	}
	*count = kept;
	return files;
}

/**
 * annotated_files - the files that will be annotated
 * @cat: the catalogue, selected and without errors
 * @count: returns how many
 *
 * Return: the names, sorted, each once.
 */
char **annotated_files(const struct catalogue *cat, size_t *count)
{
	struct named_file *files = collect_files(cat, false, count);
	char **names = xzalloc((*count + 1) * sizeof(*names));

	for (size_t i = 0; i < *count; i++)
		names[i] = xstrdup(files[i].name);
	free(files);
	return names;
}

/**
 * annotation_find - find a source by name
 * @an: the sources
 * @name: its name below the tree
 *
 * Return: the source, or NULL if no stanza names it.
 */
struct target *annotation_find(const struct annotation *an, const char *name)
{
	size_t low = 0, high = an->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(an->targets[middle].src.name, name);

		if (!order)
			return &an->targets[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void add_edit(struct target *t, const struct edit *edit)
{
	t->edits = grow(t->edits, t->edit_count, sizeof(*t->edits));
	t->edits[t->edit_count++] = *edit;
}

/**
 * add_site - make tokens a site of a knob
 * @t: the source
 * @knob: the knob
 * @line: line in the catalogue
 * @first: index of the first token
 * @last: index behind the last
 */
void add_site(struct target *t, const struct knob *knob, int line, size_t first, size_t last)
{
	struct edit edit = { .first = first, .last = last, .knob = knob, .line = line };
	struct strbuf prefix = { 0 };

	if (knob->context)
		strbuf_addf(&prefix, "KERNELX_WITH(struct %s *, %s, %s, %s, %s, ",
			    knob->context_type, knob->context, knob->symbol, knob->min, knob->max);
	else
		strbuf_addf(&prefix, "KERNELX(%s, %s, %s, ", knob->symbol, knob->min, knob->max);
	edit.prefix = prefix.data;
	add_edit(t, &edit);
}

/**
 * add_default - make a token stay at the compile-time default
 * @t: the source
 * @knob: the knob
 * @line: line in the catalogue
 * @index: the token
 * @value: the default
 */
void add_default(struct target *t, const struct knob *knob, int line, size_t index,
		 const char *value)
{
	struct edit edit = {
		.first = index,
		.last = index + 1,
		.is_default = true,
		.knob = knob,
		.line = line,
	};
	struct strbuf prefix = { 0 };

	strbuf_addf(&prefix, "KERNELX_DEFAULT(%s, ", value);
	edit.prefix = prefix.data;
	add_edit(t, &edit);
}

/* Outer edits before the ones they hold. */
static int compare_edits(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	return x->is_default - y->is_default;
}

static void check_overlaps(const struct target *t)
{
	for (size_t i = 0; i < t->edit_count; i++) {
		const struct edit *b = &t->edits[i];

		for (size_t j = 0; j < i; j++) {
			const struct edit *a = &t->edits[j];
			bool same = a->first == b->first && a->last == b->last &&
				    a->is_default == b->is_default;

			if (!same && (a->last <= b->first || a->last >= b->last))
				continue;
			error_at(b->knob->file, b->line,
				 "knob %s: %s:%d belongs to %s already (%s:%d): one constant has one knob",
				 b->knob->name, t->src.path, t->src.lx.tok[b->first].line,
				 a->knob->name, a->knob->file, a->line);
		}
	}
}

static void resolve_anchor(const struct annotation *an, const struct knob *knob,
			   const struct anchor *a)
{
	struct target *t = annotation_find(an, a->file);

	if (!t->ok)
		return;
	switch (a->kind) {
	case ANCHOR_DEFINE:
		resolve_define(t, knob, a);
		break;
	case ANCHOR_LITERAL:
		resolve_literal(t, knob, a);
		break;
	case ANCHOR_VARIABLE:
		resolve_variable(t, knob, a);
		break;
	}
}

static void resolve_knob(const struct annotation *an, const struct knob *knob)
{
	bool variable = knob->anchors[0].kind == ANCHOR_VARIABLE;
	unsigned int errors = error_count();

	/* A use of a macro is fixed to its value; a use of a variable is left out. */
	for (size_t i = 0; variable && i < knob->fixed_count; i++)
		resolve_fixed(an, knob, &knob->fixed[i]);
	for (size_t i = 0; i < knob->anchor_count; i++)
		resolve_anchor(an, knob, &knob->anchors[i]);
	/* Without the anchor there is no telling what the other lines should find. */
	if (errors != error_count())
		return;
	for (size_t i = 0; !variable && i < knob->fixed_count; i++)
		resolve_fixed(an, knob, &knob->fixed[i]);
	for (size_t i = 0; i < knob->alias_count; i++)
		resolve_alias(an, knob, &knob->aliases[i]);
}

/**
 * annotation_build - find everything the catalogue speaks of
 * @an: receives the sources with their edits
 * @cat: the catalogue, selected and without errors
 * @tree: directory of the tree
 *
 * Errors are reported.
 */
void annotation_build(struct annotation *an, const struct catalogue *cat, const char *tree)
{
	struct named_file *files = collect_files(cat, true, &an->count);

	an->targets = xzalloc((an->count + 1) * sizeof(*an->targets));
	for (size_t i = 0; i < an->count; i++) {
		struct target *t = &an->targets[i];

		t->ok = source_load(&t->src, tree, files[i].name, files[i].file, files[i].line);
	}
	free(files);
	for (size_t i = 0; i < cat->count; i++)
		resolve_knob(an, &cat->knobs[i]);
	for (size_t i = 0; i < an->count; i++) {
		struct target *t = &an->targets[i];

		if (t->edit_count)
			qsort(t->edits, t->edit_count, sizeof(*t->edits), compare_edits);
		check_overlaps(t);
	}
}

static size_t start_of(const struct target *t, const struct edit *e)
{
	return t->src.lx.tok[e->first].start;
}

static size_t end_of(const struct target *t, const struct edit *e)
{
	return t->src.lx.tok[e->last - 1].end;
}

/* Copy the source from @from, with the edits from @next on that lie before @to. */
static void render_range(struct strbuf *sb, const struct target *t, size_t from, size_t to,
			 size_t *next)
{
	while (*next < t->edit_count && start_of(t, &t->edits[*next]) < to) {
		const struct edit *e = &t->edits[(*next)++];

		strbuf_add(sb, t->src.text + from, start_of(t, e) - from);
		strbuf_add(sb, e->prefix, strlen(e->prefix));
		render_range(sb, t, start_of(t, e), end_of(t, e), next);
		strbuf_add(sb, ")", 1);
		from = end_of(t, e);
	}
	strbuf_add(sb, t->src.text + from, to - from);
}

static bool write_target(const struct target *t)
{
	struct strbuf sb = { 0 };
	size_t next = 0, len;
	char *back;
	bool ok;

	strbuf_add(&sb, "", 0);
	render_range(&sb, t, 0, t->src.len, &next);
	/* The promise that all rests on: nothing but annotations was added. */
	back = strip_annotations(t->src.path, sb.data, sb.len, &len);
	if (!back || len != t->src.len || memcmp(back, t->src.text, len))
		fatal("%s: annotations could not be removed again; nothing was written to it",
		      t->src.path);
	free(back);
	ok = write_if_changed(t->src.path, sb.data, sb.len);
	free(sb.data);
	return ok;
}

/**
 * annotation_write - write the annotated sources
 * @an: the sources, resolved without errors
 *
 * Return: false on error, which is reported.
 */
bool annotation_write(const struct annotation *an)
{
	bool ok = true;

	for (size_t i = 0; i < an->count; i++) {
		/* A file that only has an alias is not ours to write, unless to strip it. */
		if (an->targets[i].edit_count ||
		    an->targets[i].src.len != an->targets[i].src.as_read_len)
			ok &= write_target(&an->targets[i]);
	}
	return ok;
}
