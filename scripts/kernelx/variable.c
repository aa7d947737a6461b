// SPDX-License-Identifier: GPL-2.0
/*
 * Anchors in `static const` variables: the object stays, its uses in function
 * bodies become sites. What cannot become one is an error, so that no use is left
 * behind unseen.
 */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "match.h"
#include "resolve.h"
#include "util.h"

static bool in_define_body(const struct lexed *lx, size_t index)
{
	size_t directive = lx->tok[index].directive;

	return directive && lx->directives[directive - 1].type == DIRECTIVE_DEFINE &&
	       index >= lx->directives[directive - 1].body;
}

/* Index of the first token of the declaration at file scope that @index is part of. */
static size_t declaration_start(const struct lexed *lx, size_t index)
{
	size_t depth = 0;

	while (index) {
		size_t prev = index - 1;

		if (lx->tok[prev].directive || lx->tok[prev].function) {
			if (lx->tok[prev].function)
				break;
			index--;
			continue;
		}
		if (token_is(lx, prev, ")") || token_is(lx, prev, "}")) {
			/* A brace that closes a function ends what was before. */
			if (!depth && token_is(lx, prev, "}") && prev &&
			    lx->tok[prev - 1].function)
				break;
			depth++;
		} else if (token_is(lx, prev, "(") || token_is(lx, prev, "{")) {
			if (!depth)
				break;
			depth--;
		} else if (!depth && token_is(lx, prev, ";")) {
			break;
		}
		index--;
	}
	return index;
}

/* The token `=` of an initialiser behind a declared name, or 0. */
static size_t initialiser(const struct lexed *lx, size_t name)
{
	for (size_t i = name + 1; i < lx->count; i++) {
		if (token_is(lx, i, "="))
			return i;
		if (token_is(lx, i, ";") || token_is(lx, i, ",") || token_is(lx, i, "[") ||
		    token_is(lx, i, "{") || lx->tok[i].directive)
			return 0;
	}
	return 0;
}

/* Index behind the initialiser that begins at @first. */
static size_t initialiser_end(const struct lexed *lx, size_t first)
{
	size_t depth = 0;

	for (; first < lx->count; first++) {
		if (token_is(lx, first, "(") || token_is(lx, first, "{"))
			depth++;
		else if (depth && (token_is(lx, first, ")") || token_is(lx, first, "}")))
			depth--;
		else if (!depth && (token_is(lx, first, ";") || token_is(lx, first, ",")))
			break;
	}
	return first;
}

static bool is_definition(const struct lexed *lx, size_t index)
{
	bool is_static = false, is_const = false;
	size_t depth = 0;

	if (lx->tok[index].directive || lx->tok[index].function || !initialiser(lx, index))
		return false;
	for (size_t i = declaration_start(lx, index); i < index; i++) {
		is_static |= token_is(lx, i, "static");
		is_const |= token_is(lx, i, "const");
		if (token_is(lx, i, "(") || token_is(lx, i, "{"))
			depth++;
		else if (depth && (token_is(lx, i, ")") || token_is(lx, i, "}")))
			depth--;
	}
	return is_static && is_const && !depth && index && !token_is(lx, index - 1, "*") &&
	       !token_is(lx, index - 1, ".");
}

/* Find the one definition; returns the index of the name. */
static bool find_variable(const struct target *t, const struct knob *knob,
			  const struct anchor *a, size_t *index)
{
	const struct lexed *lx = &t->src.lx;
	size_t found = lx->count;
	int other = 0;

	for (size_t i = 0; i < lx->count; i++) {
		if (!token_is(lx, i, a->name))
			continue;
		if (!is_definition(lx, i)) {
			other = other ? other : lx->tok[i].line;
			continue;
		}
		if (found < lx->count) {
			error_at(knob->file, a->line,
				 "knob %s: %s defines %s twice, on lines %d and %d: anchor something that exists once",
				 knob->name, t->src.path, a->name, lx->tok[found].line,
				 lx->tok[i].line);
			return false;
		}
		found = i;
	}
	*index = found;
	if (found < lx->count)
		return true;
	if (other)
		error_at(knob->file, a->line,
			 "knob %s: `%s` (%s:%d) is not a `static const` number at file scope with an initialiser: anchor a macro or a literal instead",
			 knob->name, a->name, t->src.path, other);
	else
		error_at(knob->file, a->line,
			 "knob %s: %s has no `static const` variable `%s`: name the variable and the file where the constant stands in this version",
			 knob->name, t->src.path, a->name);
	return false;
}

static bool is_held(const struct target *t, size_t index)
{
	for (size_t i = 0; i < t->held_count; i++) {
		if (t->held[i] == index)
			return true;
	}
	return false;
}

static bool is_statement_word(const struct lexed *lx, size_t index)
{
	static const char *const words[] = { "return", "case", "else", "do", "sizeof", "typeof" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (token_is(lx, index, words[i]))
			return true;
	}
	return false;
}

static bool is_type_word(const struct lexed *lx, size_t index)
{
	return lx->tok[index].type == TOKEN_IDENTIFIER && !is_statement_word(lx, index);
}

/* Whether a name at file scope is a member of a struct or a parameter of a prototype. */
static bool is_inner_declaration(const struct lexed *lx, size_t index)
{
	size_t type = index;

	if (lx->tok[index].directive || lx->tok[index].function)
		return false;
	while (type && token_is(lx, type - 1, "*"))
		type--;
	if (!type || !is_type_word(lx, type - 1))
		return false;
	while (index < lx->count && !token_is(lx, index, "{") && !token_is(lx, index, ";"))
		index++;
	return token_is(lx, index, ";");
}

/* Whether the name stands where it means something else: a member, a tag, a label. */
static bool other_meaning(const struct lexed *lx, size_t index)
{
	static const char *const before[] = {
		".", "->", "struct", "union", "enum", "goto", "#", "##"
	};

	for (size_t i = 0; index && i < ARRAY_SIZE(before); i++) {
		if (token_is(lx, index - 1, before[i]))
			return true;
	}
	if (is_inner_declaration(lx, index))
		return true;
	return index && token_is(lx, index + 1, ":") &&
	       (token_is(lx, index - 1, ";") || token_is(lx, index - 1, "{") ||
		token_is(lx, index - 1, "}"));
}

/*
 * Whether the name is declared here, by the shape of the statement: words and
 * asterisks in front of it, or in front of a list that it is part of.
 */
static bool is_declaration(const struct lexed *lx, size_t index)
{
	size_t start = index, depth = 0, stars, words;

	if (!index)
		return false;
	if (is_type_word(lx, index - 1))
		return true;
	for (; start; start--) {
		size_t prev = start - 1;

		if (token_is(lx, prev, ")") || token_is(lx, prev, "]"))
			depth++;
		else if (depth && (token_is(lx, prev, "(") || token_is(lx, prev, "[")))
			depth--;
		else if (!depth && (token_is(lx, prev, ";") || token_is(lx, prev, "{") ||
				    token_is(lx, prev, "}") || token_is(lx, prev, "(") ||
				    lx->tok[prev].directive != lx->tok[index].directive))
			break;
	}
	if (start == index || !is_type_word(lx, start))
		return false;
	/* Between parentheses stand operands, but for the first part of a `for`. */
	if (start && token_is(lx, start - 1, "(") && (start < 2 || !token_is(lx, start - 2, "for")))
		return false;
	for (stars = index; token_is(lx, stars - 1, "*");)
		stars--;
	for (words = start; words < stars && is_type_word(lx, words);)
		words++;
	/* TYPE * name, with what can follow a declared name. */
	if (words == stars)
		return token_is(lx, index + 1, "=") || token_is(lx, index + 1, ";") ||
		       token_is(lx, index + 1, ",") || token_is(lx, index + 1, "[");
	/* TYPE other, name */
	return token_is(lx, stars - 1, ",") &&
	       (words > start + 1 || token_is(lx, words, "*"));
}

static bool takes_address(const struct lexed *lx, size_t index)
{
	if (!index || !token_is(lx, index - 1, "&"))
		return false;
	if (index < 2)
		return true;
	return lx->tok[index - 2].type == TOKEN_PUNCTUATOR ? !token_is(lx, index - 2, ")") &&
	       !token_is(lx, index - 2, "]") : is_statement_word(lx, index - 2);
}

/* Whether the use stands in a macro that the stanza names as an alias. */
static bool in_alias(const struct lexed *lx, const struct knob *knob, size_t index)
{
	const struct directive *d = &lx->directives[lx->tok[index].directive - 1];

	for (size_t i = 0; i < knob->alias_count; i++) {
		if (token_is(lx, d->name, knob->aliases[i].name))
			return true;
	}
	return false;
}

enum use_problem {
	USE_FINE,
	USE_MACRO_NAME,
	USE_DIRECTIVE,
	USE_ADDRESS,
	USE_MACRO_BODY,
	USE_FILE_SCOPE,
	USE_DECLARATION,
};

static const char *const use_problems[] = {
	[USE_MACRO_NAME] =
		"is the name of a macro as well: anchor the macro instead",
	[USE_DIRECTIVE] =
		"stands in a preprocessor line, where a variable has no value: add a `fixed` line for it",
	[USE_ADDRESS] =
		"has its address taken here, which no site can give: add a `fixed` line for it",
	[USE_MACRO_BODY] =
		"stands in the body of a macro: add an `alias` line for the macro if its uses follow the knob, else a `fixed` line",
	[USE_FILE_SCOPE] =
		"is used or declared again at file scope, which cannot follow the knob: add a `fixed` line for it",
	[USE_DECLARATION] =
		"is declared again here and hides the variable: anchor something whose name is not reused, or add a `fixed` line for it",
};

static enum use_problem find_problem(const struct lexed *lx, const struct knob *knob, size_t index)
{
	bool body = in_define_body(lx, index);

	if (names_macro(lx, index))
		return USE_MACRO_NAME;
	if (lx->tok[index].directive && !body)
		return USE_DIRECTIVE;
	if (takes_address(lx, index))
		return USE_ADDRESS;
	if (body && !lx->tok[index].function)
		return in_alias(lx, knob, index) ? USE_FINE : USE_MACRO_BODY;
	if (!lx->tok[index].function)
		return USE_FILE_SCOPE;
	return is_declaration(lx, index) ? USE_DECLARATION : USE_FINE;
}

static void annotate_uses(struct target *t, const struct knob *knob, const struct anchor *a,
			  size_t definition)
{
	const struct lexed *lx = &t->src.lx;
	size_t uses = 0, errors = error_count();

	for (size_t i = 0; i < lx->count; i++) {
		enum use_problem problem;

		if (i == definition || lx->tok[i].type != TOKEN_IDENTIFIER ||
		    !token_is(lx, i, a->name) || other_meaning(lx, i) || is_held(t, i))
			continue;
		problem = find_problem(lx, knob, i);
		if (problem) {
			error_at(knob->file, a->line, "knob %s: `%s` (%s:%d) %s", knob->name,
				 a->name, t->src.path, lx->tok[i].line, use_problems[problem]);
			continue;
		}
		add_site(t, knob, a->line, i, i + 1);
		uses++;
	}
	if (!uses && errors == error_count())
		error_at(knob->file, a->line,
			 "knob %s: no function in %s uses `%s`, so there is nothing to turn: remove the stanza",
			 knob->name, t->src.path, a->name);
}

/**
 * resolve_variable - annotate the uses of a static const variable
 * @t: the source
 * @knob: the stanza
 * @a: the anchor
 *
 * The `fixed` lines of the stanza must have been resolved.
 */
void resolve_variable(struct target *t, const struct knob *knob, const struct anchor *a)
{
	const char *text = knob->defaults[0].text;
	const struct lexed *lx = &t->src.lx;
	size_t name, first, last;
	struct lexed value;

	if (t->src.unbalanced) {
		error_at(knob->file, a->line,
			 "knob %s: the braces of %s do not match around line %d, so no function can be told: anchor a macro instead",
			 knob->name, t->src.path, t->src.unbalanced);
		return;
	}
	if (!find_variable(t, knob, a, &name))
		return;
	first = initialiser(lx, name) + 1;
	last = initialiser_end(lx, first);
	lex(&value, text, strlen(text));
	if (same_value(lx, first, last, &value, 0, value.count)) {
		annotate_uses(t, knob, a, name);
	} else {
		char *now = token_text(lx, first, last);

		error_at(knob->file, knob->defaults[0].line,
			 "knob %s: %s is `%s` (%s:%d), but the stanza says `%s`: check that range and help still hold, then write `default %s`",
			 knob->name, a->name, now, t->src.path, lx->tok[name].line, text, now);
		free(now);
	}
	lexed_free(&value);
}
