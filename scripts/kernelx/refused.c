// SPDX-License-Identifier: GPL-2.0
/*
 * Refused perf-consts: constants that somebody looked at and that are no knobs, with the
 * reason. What a `refused` stanza names has to exist, as an anchor has: a reason for
 * something that is gone would only keep people from looking again.
 */
#include <string.h>

#include "diag.h"
#include "match.h"
#include "refused.h"

static void not_there(const struct source *src, const struct knob *refused,
		      const struct anchor *a, const char *what)
{
	error_at(refused->file, a->line,
		 "refused %s: %s has no %s `%s`: name where the constant stands in this version, limit the line by `since` or `before`, or remove the stanza",
		 refused->name, src->path, what, a->kind == ANCHOR_LITERAL ? a->expr : a->name);
}

/* A function may have several bodies, of which #if takes one: any of them will do. */
static bool stands_in_function(const struct source *src, const struct anchor *a,
			       const struct lexed *expr)
{
	for (size_t f = source_find_function(src, a->name, 0); f < src->function_count;
	     f = source_find_function(src, a->name, f + 1)) {
		if (find_sequence(src, expr, 0, 0, f + 1, 0) < src->lx.count)
			return true;
	}
	return false;
}

static void check_expression(const struct source *src, const struct knob *refused,
			     const struct anchor *a)
{
	bool literal = a->kind == ANCHOR_LITERAL;
	const char *text = literal ? a->expr : a->name;
	struct lexed expr;

	lex(&expr, text, strlen(text));
	if (expr.problem || !expr.count)
		error_at(refused->file, a->line, "refused %s: `%s` is not C: %s", refused->name,
			 text, expr.problem ? expr.problem : "it holds no token");
	else if (literal && !stands_in_function(src, a, &expr))
		not_there(src, refused, a, "such function with");
	else if (!literal &&
		 find_sequence(src, &expr, 0, 0, FILE_SCOPE, 0) == src->lx.count)
		not_there(src, refused, a, "variable or enumerator");
	lexed_free(&expr);
}

static void check_anchor(const struct knob *refused, const struct anchor *a, const char *tree)
{
	struct source src = { 0 };

	if (!source_load(&src, tree, a->file, refused->file, a->line))
		return;
	if (a->kind != ANCHOR_DEFINE)
		check_expression(&src, refused, a);
	else if (source_find_define(&src, a->name, 0) == src.lx.directive_count)
		not_there(&src, refused, a, "#define");
	source_free(&src);
}

/**
 * refused_audit - check that all refused perf-consts exist
 * @cat: the catalogue, selected and without errors
 * @tree: directory of the tree
 *
 * Errors are reported.
 */
void refused_audit(const struct catalogue *cat, const char *tree)
{
	for (size_t i = 0; i < cat->refused_count; i++) {
		const struct knob *refused = &cat->refused[i];

		for (size_t a = 0; a < refused->anchor_count; a++)
			check_anchor(refused, &refused->anchors[a], tree);
	}
}
