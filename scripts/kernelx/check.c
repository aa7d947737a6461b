// SPDX-License-Identifier: GPL-2.0
/*
 * What the words of a stanza must have in common, and the stanzas among each other.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "diag.h"
#include "token.h"
#include "util.h"

static const char *const kinds[] = {
	[ANCHOR_DEFINE] = "define",
	[ANCHOR_LITERAL] = "literal",
	[ANCHOR_VARIABLE] = "variable",
};

/* Check that a text can be an argument of KERNELX(). */
static bool check_expression(const struct knob *knob, int line, const char *what, const char *text)
{
	struct lexed lx;
	const char *problem;

	lex(&lx, text, strlen(text));
	problem = lx.problem ? lx.problem : expression_problem(&lx, 0, lx.count);
	if (problem)
		error_at(knob->file, line, "knob %s: %s `%s` %s", knob->name, what, text, problem);
	lexed_free(&lx);
	return !problem;
}

static bool number_of(const char *text, long long *value)
{
	struct lexed lx;
	bool plain;

	lex(&lx, text, strlen(text));
	plain = plain_number(&lx, value);
	lexed_free(&lx);
	return plain;
}

/* Knobs and the immediates of sites have 32 bits, without a sign. */
static bool check_width(const struct knob *knob, int line, const char *what, const char *text)
{
	long long value;

	if (!number_of(text, &value) || (value >= 0 && value <= UINT32_MAX))
		return true;
	error_at(knob->file, line, "knob %s: %s `%s` is no value of a knob: 0 to %u are",
		 knob->name, what, text, UINT32_MAX);
	return false;
}

static bool check_bound(const struct knob *knob, const char *what, const char *text)
{
	return check_expression(knob, knob->range_line, what, text) &&
	       check_width(knob, knob->range_line, what, text);
}

static void check_range(const struct knob *knob)
{
	long long min, max, value;
	bool ok;

	ok = check_bound(knob, "the lower bound", knob->min);
	ok &= check_bound(knob, "the upper bound", knob->max);
	if (!ok || !number_of(knob->min, &min) || !number_of(knob->max, &max))
		return;
	if (min > max) {
		error_at(knob->file, knob->range_line,
			 "knob %s: the range %s %s is empty: write the lower bound first",
			 knob->name, knob->min, knob->max);
		return;
	}
	for (size_t i = 0; i < knob->default_count; i++) {
		const struct setting *d = &knob->defaults[i];

		if (!number_of(d->text, &value) || (value >= min && value <= max))
			continue;
		error_at(knob->file, knob->range_line,
			 "knob %s: the range %s %s does not hold the default %s: find out which of them is wrong; %s %s would hold it",
			 knob->name, knob->min, knob->max, d->text,
			 value < min ? d->text : knob->min, value > max ? d->text : knob->max);
	}
}

static void check_default(const struct knob *knob)
{
	if (!knob->default_count) {
		error_at(knob->file, knob->line,
			 "knob %s has no `default` for this version: add one", knob->name);
		return;
	}
	for (size_t i = 1; i < knob->default_count; i++)
		error_at(knob->file, knob->defaults[i].line,
			 "knob %s: `default` was given before, on line %d: keep one, or tell them apart by `since` and `before`",
			 knob->name, knob->defaults[0].line);
	for (size_t i = 0; i < knob->default_count; i++) {
		const struct setting *d = &knob->defaults[i];

		if (check_expression(knob, d->line, "the default", d->text))
			check_width(knob, d->line, "the default", d->text);
	}
}

static void check_anchors(const struct knob *knob)
{
	if (!knob->anchor_count) {
		error_at(knob->file, knob->line,
			 "knob %s has no anchor for this version: add `define`, `literal` or `variable`, or limit the stanza by `since` or `before`",
			 knob->name);
		return;
	}
	for (size_t i = 1; i < knob->anchor_count; i++) {
		const struct anchor *a = &knob->anchors[i];

		if (a->kind != knob->anchors[0].kind)
			error_at(knob->file, a->line,
				 "knob %s: `%s` and `%s` (line %d) in one stanza: split it into two knobs",
				 knob->name, kinds[a->kind], kinds[knob->anchors[0].kind],
				 knob->anchors[0].line);
		else if (a->kind == ANCHOR_VARIABLE)
			error_at(knob->file, a->line,
				 "knob %s: `variable` was given before, on line %d: only `define` and `literal` can be repeated",
				 knob->name, knob->anchors[0].line);
	}
	/* What goes to user space is compiled without the kernel's headers. */
	for (size_t i = 0; i < knob->anchor_count; i++) {
		const struct anchor *a = &knob->anchors[i];

		if (strstr(a->file, "/uapi/"))
			error_at(knob->file, a->line,
				 "knob %s: %s goes to user space and cannot be annotated: move the anchor to a kernel header",
				 knob->name, a->file);
	}
	if (knob->anchors[0].kind != ANCHOR_LITERAL)
		return;
	for (size_t i = 0; i < knob->alias_count; i++)
		error_at(knob->file, knob->aliases[i].line,
			 "knob %s: `alias` needs a name to follow, and a literal has none: remove it",
			 knob->name);
	for (size_t i = 0; i < knob->fixed_count; i++)
		error_at(knob->file, knob->fixed[i].line,
			 "knob %s: `fixed` needs a name to look for, and a literal has none: remove it",
			 knob->name);
}

/* It becomes an argument of KERNELX_WITH(). */
static void check_context(const struct knob *knob)
{
	if (knob->context)
		check_expression(knob, knob->context_line, "the object", knob->context);
}

static void check_required(const struct knob *knob, bool present, const char *what)
{
	if (!present)
		error_at(knob->file, knob->line, "knob %s has no `%s`: add one", knob->name, what);
}

/**
 * knob_check - check one stanza after the version was selected
 * @knob: the stanza
 *
 * Errors are reported.
 */
void knob_check(const struct knob *knob)
{
	check_anchors(knob);
	check_default(knob);
	check_context(knob);
	check_required(knob, knob->range_line, "range");
	check_required(knob, knob->unit_line, "unit");
	check_required(knob, knob->help_line, "help");
	if (knob->min && knob->max)
		check_range(knob);
}

/**
 * refused_check - check the stanza of a refused perf-const after the version was selected
 * @refused: the stanza
 * @named: it says where the constant stands, in this version or in another
 *
 * Errors are reported.
 */
void refused_check(const struct knob *refused, bool named)
{
	if (!named)
		error_at(refused->file, refused->line,
			 "refused %s does not say where the constant stands: add `define`, `literal` or `variable`",
			 refused->name);
	if (!refused->help_line)
		error_at(refused->file, refused->line, "refused %s has no `reason`: add one",
			 refused->name);
}

/* What is refused under a name cannot be a knob of that name. */
static void check_not_refused(const struct catalogue *cat, const struct knob *knob)
{
	for (size_t i = 0; i < cat->refused_count; i++) {
		const struct knob *r = &cat->refused[i];

		if (!strcmp(r->name, knob->name) && versions_overlap(&r->versions, &knob->versions))
			error_at(knob->file, knob->line,
				 "knob %s is refused (%s:%d): remove one of the two",
				 knob->name, r->file, r->line);
	}
}

/**
 * catalogue_check_names - find knobs and symbols that stand for two things in one version
 * @cat: the catalogue, before a version is selected
 *
 * Errors are reported.
 */
void catalogue_check_names(const struct catalogue *cat)
{
	for (size_t i = 0; i < cat->count; i++) {
		const struct knob *b = &cat->knobs[i];

		check_not_refused(cat, b);
		for (size_t j = 0; j < i; j++) {
			const struct knob *a = &cat->knobs[j];

			if (!versions_overlap(&a->versions, &b->versions))
				continue;
			if (!strcmp(a->name, b->name))
				error_at(b->file, b->line,
					 "knob %s exists already (%s:%d): rename or remove one",
					 b->name, a->file, a->line);
			else if (!strcmp(a->symbol, b->symbol))
				error_at(b->file, b->line,
					 "knob %s has the same symbol `%s` as %s (%s:%d): rename one",
					 b->name, b->symbol, a->name, a->file, a->line);
		}
	}
}

/**
 * knob_source - say where the constant of a knob stands
 * @knob: the knob
 */
char *knob_source(const struct knob *knob)
{
	struct strbuf sb = { 0 };

	strbuf_add(&sb, "", 0);
	for (size_t i = 0; i < knob->anchor_count; i++) {
		const struct anchor *a = &knob->anchors[i];

		if (i)
			strbuf_add(&sb, "; ", 2);
		/* A refused one has no default: what is quoted around it says which is meant. */
		if (a->kind == ANCHOR_LITERAL)
			strbuf_addf(&sb, "literal %s of %s in %s",
				    knob->default_count ? knob->defaults[0].text : a->expr,
				    a->name, a->file);
		else
			strbuf_addf(&sb, "%s %s in %s", kinds[a->kind], a->name, a->file);
	}
	return sb.data;
}
