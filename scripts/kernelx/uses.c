// SPDX-License-Identifier: GPL-2.0
/*
 * The uses a stanza speaks of one by one: macros that follow the knob (`alias`)
 * and uses that stay at the default (`fixed`).
 */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "match.h"
#include "resolve.h"
#include "util.h"

/* Aliases of aliases end somewhere, or go in a circle. */
#define ALIAS_DEPTH_MAX 8

static bool is_variable(const struct knob *knob)
{
	return knob->anchors[0].kind == ANCHOR_VARIABLE;
}

/**
 * knob_names - whether a token is the name of a knob's constant or of an alias of it
 * @knob: the knob
 * @lx: the tokens
 * @index: which one
 */
bool knob_names(const struct knob *knob, const struct lexed *lx, size_t index)
{
	if (lx->tok[index].type != TOKEN_IDENTIFIER)
		return false;
	for (size_t i = 0; i < knob->anchor_count; i++) {
		if (knob->anchors[i].kind != ANCHOR_LITERAL &&
		    token_is(lx, index, knob->anchors[i].name))
			return true;
	}
	for (size_t i = 0; i < knob->alias_count; i++) {
		if (token_is(lx, index, knob->aliases[i].name))
			return true;
	}
	return false;
}

/**
 * resolve_alias - check that a macro follows the knob
 * @an: the sources
 * @knob: the stanza
 * @a: the alias
 */
void resolve_alias(const struct annotation *an, const struct knob *knob, const struct alias *a)
{
	const struct target *t = annotation_find(an, a->file);
	const struct lexed *lx = &t->src.lx;
	size_t at;

	if (!t->ok)
		return;
	if (is_variable(knob) && strcmp(a->file, knob->anchors[0].file)) {
		error_at(knob->file, a->line,
			 "knob %s: %s is static to %s: an alias stands in the same file",
			 knob->name, knob->anchors[0].name, knob->anchors[0].file);
		return;
	}
	at = source_find_define(&t->src, a->name, 0);
	if (at == lx->directive_count) {
		error_at(knob->file, a->line,
			 "knob %s: %s has no `#define %s`: name the alias as this version has it, or remove the line",
			 knob->name, t->src.path, a->name);
		return;
	}
	for (size_t d = at; d < lx->directive_count;
	     d = source_find_define(&t->src, a->name, d + 1)) {
		for (size_t i = lx->directives[d].body; i < lx->directives[d].last; i++) {
			if (knob_names(knob, lx, i) && !token_is(lx, i, a->name))
				return;
		}
	}
	error_at(knob->file, a->line,
		 "knob %s: %s (%s:%d) does not use %s: remove the line", knob->name, a->name,
		 t->src.path, lx->tok[lx->directives[at].first].line, knob->anchors[0].name);
}

static void add_default_text(struct strbuf *sb, const struct annotation *an,
			     const struct knob *knob, const char *name, const char *file,
			     unsigned int depth);

/* Append the body of a macro with the knob's names in it replaced by their values. */
static void add_body(struct strbuf *sb, const struct annotation *an, const struct knob *knob,
		     const struct target *t, size_t directive, unsigned int depth)
{
	const struct lexed *lx = &t->src.lx;
	const struct directive *d = &lx->directives[directive];

	for (size_t i = d->body; i < d->last; i++) {
		char *text = token_text(lx, i, i + 1);

		if (i > d->body && lx->tok[i - 1].end != lx->tok[i].start)
			strbuf_add(sb, " ", 1);
		if (knob_names(knob, lx, i))
			add_default_text(sb, an, knob, text, t->src.name, depth + 1);
		else
			strbuf_add(sb, text, strlen(text));
		free(text);
	}
}

/* Of several definitions the one in @file counts, else the first. */
static void add_default_text(struct strbuf *sb, const struct annotation *an,
			     const struct knob *knob, const char *name, const char *file,
			     unsigned int depth)
{
	const struct anchor *anchor = NULL;
	const struct alias *alias = NULL;
	const struct target *t;
	size_t directive;

	if (depth > ALIAS_DEPTH_MAX)
		return;
	for (size_t i = knob->anchor_count; i--;) {
		const struct anchor *a = &knob->anchors[i];

		if (!strcmp(a->name, name) && (!anchor || strcmp(anchor->file, file)))
			anchor = a;
	}
	if (anchor) {
		t = annotation_find(an, anchor->file);
		if (t->ok && select_definition(t, knob, anchor, false, &directive)) {
			const struct directive *d = &t->src.lx.directives[directive];
			char *text = token_text(&t->src.lx, d->body, d->last);

			strbuf_add(sb, text, strlen(text));
			free(text);
		}
		return;
	}
	for (size_t i = knob->alias_count; i--;) {
		const struct alias *a = &knob->aliases[i];

		if (!strcmp(a->name, name) && (!alias || strcmp(alias->file, file)))
			alias = a;
	}
	if (!alias)
		return;
	t = annotation_find(an, alias->file);
	directive = source_find_define(&t->src, name, 0);
	if (t->ok && directive < t->src.lx.directive_count &&
	    !t->src.lx.directives[directive].function_like)
		add_body(sb, an, knob, t, directive, depth);
}

/* The one token of the expression that is the constant; reports what is wrong. */
static bool find_name(const struct knob *knob, const struct fixed *f, const struct lexed *expr,
		      size_t *index)
{
	size_t found = 0;

	for (size_t i = 0; i < expr->count; i++) {
		if (knob_names(knob, expr, i) && !found++)
			*index = i;
	}
	if (expr->problem)
		error_at(knob->file, f->line, "knob %s: `%s` is not C: %s", knob->name, f->expr,
			 expr->problem);
	else if (!found)
		error_at(knob->file, f->line,
			 "knob %s: `%s` does not hold %s: quote the use that stays at the default",
			 knob->name, f->expr, knob->anchors[0].name);
	else if (found > 1)
		error_at(knob->file, f->line,
			 "knob %s: `%s` holds %s more than once: write one line per use and quote less",
			 knob->name, f->expr, knob->anchors[0].name);
	return !expr->problem && found == 1;
}

static size_t find_use(const struct source *src, const struct lexed *expr, size_t name,
		       size_t region, size_t from)
{
	for (;; from++) {
		from = find_sequence(src, expr, 0, 0, region, from);
		if (from == src->lx.count || !names_macro(&src->lx, from + name))
			return from;
	}
}

static void no_use(const struct target *t, const struct knob *knob, const struct fixed *f,
		   const struct lexed *expr, size_t name)
{
	const struct source *src = &t->src;
	size_t at = find_use(src, expr, name, ANYWHERE, 0);
	char *where;

	if (at == src->lx.count) {
		error_at(knob->file, f->line,
			 "knob %s: `%s` does not stand in %s: quote the use as this version has it, or limit the line by `since` or `before`",
			 knob->name, f->expr, src->path);
	} else if (src->lx.tok[at].function) {
		where = function_name(src, src->lx.tok[at].function - 1);
		error_at(knob->file, f->line,
			 "knob %s: `%s` stands in %s() (%s:%d): write `of %s`",
			 knob->name, f->expr, where, src->path, src->lx.tok[at].line, where);
		free(where);
	} else {
		error_at(knob->file, f->line,
			 "knob %s: `%s` stands at file scope (%s:%d): leave `of %s` out",
			 knob->name, f->expr, src->path, src->lx.tok[at].line, f->function);
	}
}

/* Find the one use in the source; returns the token that is the constant. */
static bool find_the_use(const struct target *t, const struct knob *knob, const struct fixed *f,
			 const struct lexed *expr, size_t *index)
{
	size_t name = 0, at, again, region = FILE_SCOPE;

	if (!find_name(knob, f, expr, &name))
		return false;
	if (f->function) {
		if (!find_the_function(t, knob, f->line, f->function, &region))
			return false;
		region++;
	}
	at = find_use(&t->src, expr, name, region, 0);
	if (at == t->src.lx.count) {
		no_use(t, knob, f, expr, name);
		return false;
	}
	again = find_use(&t->src, expr, name, region, at + 1);
	if (again < t->src.lx.count) {
		error_at(knob->file, f->line,
			 "knob %s: `%s` stands there more than once, on lines %d and %d of %s: write one line per use and quote more of what is around it",
			 knob->name, f->expr, t->src.lx.tok[at].line, t->src.lx.tok[again].line,
			 t->src.path);
		return false;
	}
	*index = at + name;
	return true;
}

static void fix_macro(const struct annotation *an, struct target *t, const struct knob *knob,
		      const struct fixed *f, size_t index)
{
	char *name = token_text(&t->src.lx, index, index + 1);
	struct strbuf value = { 0 };
	struct lexed lx;

	strbuf_add(&value, "", 0);
	add_default_text(&value, an, knob, name, f->file, 0);
	lex(&lx, value.data, value.len);
	if (lx.count)
		add_default(t, knob, f->line, index, value.data);
	else
		error_at(knob->file, f->line,
			 "knob %s: %s has no value of its own here: write the `fixed` line for the use of %s in its body",
			 knob->name, name, knob->anchors[0].name);
	lexed_free(&lx);
	free(value.data);
	free(name);
}

/**
 * resolve_fixed - keep one use at the default
 * @an: the sources
 * @knob: the stanza
 * @f: the use
 */
void resolve_fixed(const struct annotation *an, const struct knob *knob, const struct fixed *f)
{
	struct target *t = annotation_find(an, f->file);
	struct lexed expr;
	size_t index;

	if (!t->ok)
		return;
	if (is_variable(knob) && strcmp(f->file, knob->anchors[0].file)) {
		error_at(knob->file, f->line,
			 "knob %s: %s is static to %s: it has no use in another file",
			 knob->name, knob->anchors[0].name, knob->anchors[0].file);
		return;
	}
	lex(&expr, f->expr, strlen(f->expr));
	if (find_the_use(t, knob, f, &expr, &index)) {
		if (is_variable(knob)) {
			/* The object keeps the default: such a use is left as it is. */
			t->held = grow(t->held, t->held_count, sizeof(*t->held));
			t->held[t->held_count++] = index;
		} else {
			fix_macro(an, t, knob, f, index);
		}
	}
	lexed_free(&expr);
}
