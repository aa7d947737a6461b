// SPDX-License-Identifier: GPL-2.0
/*
 * Anchors in macros and functions. An anchor that is gone, ambiguous or has another
 * value is an error: a knob that silently turns nothing would be worse than none.
 */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "match.h"
#include "resolve.h"
#include "util.h"

static int line_of(const struct source *src, size_t index)
{
	return src->lx.tok[index].line;
}

static int directive_line(const struct source *src, size_t directive)
{
	return line_of(src, src->lx.directives[directive].first);
}

static char *body_text(const struct source *src, size_t directive)
{
	const struct directive *d = &src->lx.directives[directive];

	return token_text(&src->lx, d->body, d->last);
}

static bool body_is(const struct source *src, size_t directive, const char *value)
{
	const struct directive *d = &src->lx.directives[directive];
	struct lexed lx;
	bool same;

	lex(&lx, value, strlen(value));
	same = same_value(&src->lx, d->body, d->last, &lx, 0, lx.count);
	lexed_free(&lx);
	return same;
}

static void no_definition(const struct target *t, const struct knob *knob, const struct anchor *a)
{
	const struct lexed *lx = &t->src.lx;
	const char **names = NULL;
	const char *closest;
	size_t n = 0;

	for (size_t i = 0; i < lx->directive_count; i++) {
		const struct directive *d = &lx->directives[i];

		if (d->type != DIRECTIVE_DEFINE || d->name >= d->last)
			continue;
		names = grow(names, n, sizeof(*names));
		names[n++] = token_text(lx, d->name, d->name + 1);
	}
	closest = closest_word(a->name, names, n);
	error_at(knob->file, a->line,
		 "knob %s: %s has no `#define %s`%s%s%s: name the macro and the file where the constant stands in this version",
		 knob->name, t->src.path, a->name, closest ? ", but `" : "", closest ? closest : "",
		 closest ? "`" : "");
	while (n)
		free((void *)names[--n]);
	free(names);
}

static void several_definitions(const struct target *t, const struct knob *knob,
				const struct anchor *a, size_t one, size_t two)
{
	char *value = body_text(&t->src, one);

	error_at(knob->file, a->line,
		 "knob %s: %s defines %s twice, on lines %d and %d: say which by its value, like `define \"%s\" of %s in %s`",
		 knob->name, t->src.path, a->name, directive_line(&t->src, one),
		 directive_line(&t->src, two), value, a->name, a->file);
	free(value);
}

/**
 * select_definition - find the one #define that an anchor means
 * @t: the source
 * @knob: the stanza
 * @a: the anchor
 * @report: report errors
 * @directive: returns the index of the directive
 */
bool select_definition(const struct target *t, const struct knob *knob, const struct anchor *a,
		       bool report, size_t *directive)
{
	const struct lexed *lx = &t->src.lx;
	size_t found = lx->directive_count;

	if (report && source_find_define(&t->src, a->name, 0) == found) {
		no_definition(t, knob, a);
		return false;
	}
	for (size_t i = 0; (i = source_find_define(&t->src, a->name, i)) < lx->directive_count;
	     i++) {
		if (a->expr && !body_is(&t->src, i, a->expr))
			continue;
		if (found < lx->directive_count) {
			if (report)
				several_definitions(t, knob, a, found, i);
			return false;
		}
		found = i;
	}
	if (found == lx->directive_count) {
		if (report)
			error_at(knob->file, a->line,
				 "knob %s: %s defines %s, but not as `%s`: quote the value it has",
				 knob->name, t->src.path, a->name, a->expr ? a->expr : "");
		return false;
	}
	*directive = found;
	return true;
}

/**
 * resolve_define - annotate the value of a macro
 * @t: the source
 * @knob: the stanza
 * @a: the anchor
 */
void resolve_define(struct target *t, const struct knob *knob, const struct anchor *a)
{
	const struct directive *d;
	const char *problem;
	size_t index;
	char *value;

	if (!select_definition(t, knob, a, true, &index))
		return;
	d = &t->src.lx.directives[index];
	if (d->function_like) {
		error_at(knob->file, a->line,
			 "knob %s: %s (%s:%d) has parameters and so no value of its own: anchor a constant in its body or at its uses",
			 knob->name, a->name, t->src.path, directive_line(&t->src, index));
		return;
	}
	if (d->body == d->last) {
		error_at(knob->file, a->line,
			 "knob %s: %s (%s:%d) has no value: name the macro that has one",
			 knob->name, a->name, t->src.path, directive_line(&t->src, index));
		return;
	}
	value = body_text(&t->src, index);
	problem = expression_problem(&t->src.lx, d->body, d->last);
	if (problem)
		error_at(knob->file, a->line,
			 "knob %s: the value `%s` of %s (%s:%d) %s and cannot be a knob",
			 knob->name, value, a->name, t->src.path, directive_line(&t->src, index),
			 problem);
	else if (!body_is(&t->src, index, knob->defaults[0].text))
		error_at(knob->file, knob->defaults[0].line,
			 "knob %s: %s is `%s` (%s:%d), but the stanza says `%s`: check that range and help still hold, then write `default %s`",
			 knob->name, a->name, value, t->src.path, directive_line(&t->src, index),
			 knob->defaults[0].text, value);
	else
		add_site(t, knob, a->line, d->body, d->last);
	free(value);
}

static void no_function(const struct target *t, const struct knob *knob, int line,
			const char *name)
{
	const char **names = NULL;
	const char *closest;
	size_t n = 0;

	for (; n < t->src.function_count; n++) {
		names = grow(names, n, sizeof(*names));
		names[n] = function_name(&t->src, n);
	}
	closest = closest_word(name, names, n);
	error_at(knob->file, line,
		 "knob %s: %s has no function `%s` with a body at file scope%s%s%s: name the function and the file where the constant stands in this version",
		 knob->name, t->src.path, name, closest ? ", but `" : "", closest ? closest : "",
		 closest ? "`" : "");
	while (n)
		free((void *)names[--n]);
	free(names);
}

/**
 * find_the_function - find a function that must exist once
 * @t: the source
 * @knob: the stanza
 * @line: line in the catalogue
 * @name: name of the function
 * @function: returns its index
 *
 * Return: false on error, which is reported.
 */
bool find_the_function(const struct target *t, const struct knob *knob, int line,
		       const char *name, size_t *function)
{
	const struct source *src = &t->src;
	size_t one = source_find_function(src, name, 0), two;

	if (src->unbalanced) {
		error_at(knob->file, line,
			 "knob %s: the braces of %s do not match around line %d, so no function can be told: anchor a macro instead",
			 knob->name, src->path, src->unbalanced);
		return false;
	}
	if (one == src->function_count) {
		no_function(t, knob, line, name);
		return false;
	}
	two = source_find_function(src, name, one + 1);
	if (two < src->function_count) {
		error_at(knob->file, line,
			 "knob %s: %s has the function `%s` twice, on lines %d and %d: anchor something that exists once",
			 knob->name, src->path, name, src->functions[one].line,
			 src->functions[two].line);
		return false;
	}
	*function = one;
	return true;
}

/* Code can hold a site, and so can the body of a macro; an #if or #include cannot. */
static bool can_hold_site(const struct lexed *lx, size_t index)
{
	size_t directive = lx->tok[index].directive;

	return !directive || (lx->directives[directive - 1].type == DIRECTIVE_DEFINE &&
			      index >= lx->directives[directive - 1].body);
}

static size_t find_usable(const struct source *src, const struct lexed *expr, size_t wild_first,
			  size_t wild_last, size_t region, size_t from)
{
	do {
		from = find_sequence(src, expr, wild_first, wild_last, region, from);
	} while (from < src->lx.count && !can_hold_site(&src->lx, from) && ++from);
	return from;
}

/* The expression is not there: say whether its value changed or its place did. */
static void no_literal(const struct target *t, const struct knob *knob, const struct anchor *a,
		       const struct lexed *expr, size_t value, size_t value_len, size_t function)
{
	const struct source *src = &t->src;
	size_t at = find_usable(src, expr, value, value + value_len, function + 1, 0);
	char *now, *whole;

	if (at < src->lx.count) {
		now = token_text(&src->lx, at + value, at + value + 1);
		whole = token_text(&src->lx, at, at + expr->count - value_len + 1);
		error_at(knob->file, a->line,
			 "knob %s: `%s` is now `%s` (%s:%d): check that range and help still hold, then write `default %s` and quote `%s`",
			 knob->name, a->expr, whole, src->path, line_of(src, at), now, whole);
		free(now);
		free(whole);
		return;
	}
	at = find_usable(src, expr, 0, 0, ANYWHERE, 0);
	if (at < src->lx.count && src->lx.tok[at].function) {
		now = function_name(src, src->lx.tok[at].function - 1);
		error_at(knob->file, a->line,
			 "knob %s: `%s` does not stand in %s(), but in %s() (%s:%d): write `of %s` if that is the constant",
			 knob->name, a->expr, a->name, now, src->path, line_of(src, at), now);
		free(now);
		return;
	}
	error_at(knob->file, a->line,
		 "knob %s: `%s` does not stand in %s() (%s:%d): quote the expression as this version has it, or limit the line by `since` or `before`",
		 knob->name, a->expr, a->name, src->path, src->functions[function].line);
}

static void resolve_expression(struct target *t, const struct knob *knob, const struct anchor *a,
			       const struct lexed *expr, const struct lexed *value)
{
	const char *text = knob->defaults[0].text;
	size_t len, function, at, again;
	size_t first = find_value(expr, 0, expr->count, value, &len);

	if (first == expr->count) {
		error_at(knob->file, a->line,
			 "knob %s: `%s` does not hold the default `%s`: quote the expression with the constant in it",
			 knob->name, a->expr, text);
		return;
	}
	if (find_value(expr, first + 1, expr->count, value, &again) < expr->count) {
		error_at(knob->file, a->line,
			 "knob %s: `%s` holds the default `%s` more than once: quote less, so that one is left",
			 knob->name, a->expr, text);
		return;
	}
	if (!find_the_function(t, knob, a->line, a->name, &function))
		return;
	at = find_usable(&t->src, expr, 0, 0, function + 1, 0);
	if (at == t->src.lx.count) {
		no_literal(t, knob, a, expr, first, len, function);
		return;
	}
	again = find_usable(&t->src, expr, 0, 0, function + 1, at + 1);
	if (again < t->src.lx.count) {
		error_at(knob->file, a->line,
			 "knob %s: `%s` stands in %s() more than once, on lines %d and %d of %s: quote more of what is around the constant",
			 knob->name, a->expr, a->name, line_of(&t->src, at),
			 line_of(&t->src, again), t->src.path);
		return;
	}
	if (!binds_safely(binding_of(&t->src.lx, at + first, at + first + len), &t->src.lx,
			  at + first, at + first + len)) {
		error_at(knob->file, a->line,
			 "knob %s: `%s` is no value of its own in `%s` (%s:%d), C groups it with its neighbours: make the default a single constant",
			 knob->name, text, a->expr, t->src.path, line_of(&t->src, at));
		return;
	}
	add_site(t, knob, a->line, at + first, at + first + len);
}

/**
 * resolve_literal - annotate a literal in a function
 * @t: the source
 * @knob: the stanza
 * @a: the anchor
 */
void resolve_literal(struct target *t, const struct knob *knob, const struct anchor *a)
{
	struct lexed expr, value;

	lex(&expr, a->expr, strlen(a->expr));
	lex(&value, knob->defaults[0].text, strlen(knob->defaults[0].text));
	if (expr.problem || !expr.count)
		error_at(knob->file, a->line, "knob %s: `%s` is not C: %s", knob->name, a->expr,
			 expr.problem ? expr.problem : "it holds no token");
	else
		resolve_expression(t, knob, a, &expr, &value);
	lexed_free(&expr);
	lexed_free(&value);
}
