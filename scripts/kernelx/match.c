// SPDX-License-Identifier: GPL-2.0
/*
 * Find the tokens that a stanza speaks of in a source.
 */
#include "match.h"
#include "util.h"

/* Number of tokens of the source that match at @at, or 0. */
static size_t match_at(const struct source *src, const struct lexed *expr, size_t wildcard_first,
		       size_t wildcard_last, size_t at)
{
	const struct lexed *lx = &src->lx;
	size_t i = at;

	for (size_t e = 0; e < expr->count; e++, i++) {
		if (i >= lx->count || lx->tok[i].directive != lx->tok[at].directive)
			return 0;
		if (e >= wildcard_first && e < wildcard_last) {
			/* One token stands for the whole value. */
			if (lx->tok[i].type != TOKEN_NUMBER && lx->tok[i].type != TOKEN_IDENTIFIER)
				return 0;
			e = wildcard_last - 1;
		} else if (!token_same(lx, i, expr, e)) {
			return 0;
		}
	}
	return i - at;
}

/**
 * find_sequence - find a sequence of tokens
 * @src: the source
 * @expr: the tokens to find
 * @wildcard_first: first token of @expr for which any number or name may stand
 * @wildcard_last: behind the last such token; equal to @wildcard_first for none
 * @region: FILE_SCOPE, ANYWHERE, or the index + 1 of a function
 * @from: index of the token to begin with
 *
 * A match lies either outside of all preprocessor directives, with none in between, or
 * inside of one.
 *
 * Return: index of the first token of the match, or the number of tokens.
 */
size_t find_sequence(const struct source *src, const struct lexed *expr, size_t wildcard_first,
		     size_t wildcard_last, size_t region, size_t from)
{
	const struct lexed *lx = &src->lx;

	for (; from < lx->count; from++) {
		if (region != ANYWHERE && lx->tok[from].function != region)
			continue;
		if (match_at(src, expr, wildcard_first, wildcard_last, from))
			break;
	}
	return from;
}

/**
 * find_value - find a value in an expression
 * @lx: the tokens of the expression
 * @first: the first of them
 * @last: behind the last
 * @value: the value; its enclosing parentheses and integer suffixes do not count
 * @len: returns the number of tokens
 *
 * Return: index of the first token of the value, or @last.
 */
size_t find_value(const struct lexed *lx, size_t first, size_t last, const struct lexed *value,
		  size_t *len)
{
	size_t v_first = 0, v_last = value->count;

	strip_parentheses(value, &v_first, &v_last);
	*len = v_last - v_first;
	for (; first + *len <= last; first++) {
		size_t n = 0;

		while (n < *len && token_same_value(lx, first + n, value, v_first + n))
			n++;
		if (n == *len)
			return first;
	}
	return last;
}

/**
 * names_macro - whether a token is the name in #define, #undef, #ifdef or defined()
 * @lx: the tokens
 * @index: the token
 *
 * Such a token is no use of the macro's value.
 */
bool names_macro(const struct lexed *lx, size_t index)
{
	size_t directive = lx->tok[index].directive;

	if (!directive)
		return false;
	if (lx->directives[directive - 1].name == index)
		return true;
	return token_is(lx, index - 1, "defined") ||
	       (token_is(lx, index - 1, "(") && token_is(lx, index - 2, "defined"));
}

/* How tightly an operator binds; 0 for what ends an expression, 15 for what is none. */
static int binding(const struct lexed *lx, size_t index)
{
	static const struct {
		const char *text;
		int level;
	} operators[] = {
		{ "(", 0 }, { ")", 0 }, { "[", 0 }, { "]", 0 }, { "{", 0 }, { "}", 0 },
		{ ",", 0 }, { ";", 0 }, { "return", 0 }, { "case", 0 },
		{ "=", 1 }, { "+=", 1 }, { "-=", 1 }, { "*=", 1 }, { "/=", 1 }, { "%=", 1 },
		{ "&=", 1 }, { "|=", 1 }, { "^=", 1 }, { "<<=", 1 }, { ">>=", 1 },
		{ "?", 2 }, { ":", 2 }, { "||", 3 }, { "&&", 4 }, { "|", 5 }, { "^", 6 },
		{ "&", 7 }, { "==", 8 }, { "!=", 8 }, { "<", 9 }, { ">", 9 }, { "<=", 9 },
		{ ">=", 9 }, { "<<", 10 }, { ">>", 10 }, { "+", 11 }, { "-", 11 },
		{ "*", 12 }, { "/", 12 }, { "%", 12 }, { "!", 13 }, { "~", 13 },
		{ "++", 14 }, { "--", 14 }, { "->", 14 }, { ".", 14 }, { "sizeof", 14 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		if (token_is(lx, index, operators[i].text))
			return operators[i].level;
	}
	return 15;
}

/* Whether a token can end an operand, which makes a sign behind it a binary operator. */
static bool ends_operand(const struct lexed *lx, size_t index)
{
	return binding(lx, index) == 15 || token_is(lx, index, ")") || token_is(lx, index, "]");
}

/* The loosest operator of an expression outside of brackets. */
static int loosest(const struct lexed *lx, size_t first, size_t last)
{
	size_t depth = 0;
	int level = 15;

	for (size_t i = first; i < last; i++) {
		int l = binding(lx, i);

		if (token_is(lx, i, "(") || token_is(lx, i, "["))
			depth++;
		else if (token_is(lx, i, ")") || token_is(lx, i, "]"))
			depth--;
		else if (!depth && i == first && l >= 7 && l <= 12)
			level = 13;
		else if (!depth && l < level)
			level = l;
	}
	return level;
}

/**
 * binding_of - how tightly an expression holds together
 * @lx: the tokens
 * @first: index of the first
 * @last: index behind the last
 */
struct binding binding_of(const struct lexed *lx, size_t first, size_t last)
{
	int begin = binding(lx, first);

	return (struct binding){
		.level = loosest(lx, first, last),
		.sign = begin >= 7 && begin <= 12,
	};
}

/* How tightly the operator in front of a token holds it; 15 if that cannot be told. */
static int binding_before(const struct lexed *lx, size_t index, bool sign)
{
	size_t directive = lx->tok[index].directive;
	int level;

	while (index && lx->tok[index - 1].directive != directive)
		index--;
	if (!index--)
		return 0;
	/* A parenthesis in front can be a call, a cast or the end of a condition. */
	if (token_is(lx, index, ")") || (sign && ends_operand(lx, index)))
		return 15;
	level = binding(lx, index);
	/* A sign without an operand in front of it binds like `!`. */
	if (level >= 7 && level <= 12 && (!index || !ends_operand(lx, index - 1)))
		return 13;
	return level;
}

static int binding_behind(const struct lexed *lx, size_t index, size_t directive)
{
	while (index < lx->count && lx->tok[index].directive != directive)
		index++;
	if (index == lx->count)
		return 0;
	/* A call or an index belongs to the last operand. */
	if (token_is(lx, index, "(") || token_is(lx, index, "["))
		return 15;
	return binding(lx, index);
}

/**
 * binds_safely - whether parentheses around an expression would leave the meaning as it is
 * @b: the expression
 * @lx: the tokens around it
 * @first: index of the first token it takes the place of
 * @last: index behind the last
 *
 * A site computes its expression on its own: in `a * HZ / 50` the tokens `HZ / 50` are
 * no value of their own.
 */
bool binds_safely(struct binding b, const struct lexed *lx, size_t first, size_t last)
{
	if (b.level == 15)
		return true;
	return binding_before(lx, first, b.sign) < b.level &&
	       binding_behind(lx, last, lx->tok[first].directive) <= b.level;
}
