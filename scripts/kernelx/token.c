// SPDX-License-Identifier: GPL-2.0
/*
 * A lexer for C as the kernel writes it: comments, strings, character constants,
 * line continuations between tokens, and preprocessor directives. It changes
 * nothing and drops nothing but space and comments, so that an edit by token
 * offsets leaves every other byte as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "util.h"

struct lexer {
	struct lexed *lx;
	size_t pos;
	int line;
	size_t directive;
	bool line_start;
};

static const char *const punctuators[] = {
	"...", "<<=", ">>=",
	"->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
	"+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "##",
};

static const struct {
	const char *word;
	enum directive_type type;
} directive_words[] = {
	{ "define", DIRECTIVE_DEFINE },
	{ "undef", DIRECTIVE_UNDEF },
	{ "if", DIRECTIVE_IF },
	{ "ifdef", DIRECTIVE_IFDEF },
	{ "ifndef", DIRECTIVE_IFDEF },
	{ "elif", DIRECTIVE_ELIF },
	{ "else", DIRECTIVE_ELSE },
	{ "endif", DIRECTIVE_ENDIF },
	{ "include", DIRECTIVE_INCLUDE },
};

static bool is_word_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c)
{
	return is_word_start(c) || is_digit(c);
}

/* The byte @ahead of the position; 0 behind the end, where no byte of a valid text is 0. */
static unsigned char peek(const struct lexer *l, size_t ahead)
{
	return l->pos + ahead < l->lx->len ? (unsigned char)l->lx->text[l->pos + ahead] : 0;
}

static void problem(struct lexer *l, int line, const char *what)
{
	if (l->lx->problem)
		return;
	l->lx->problem = what;
	l->lx->problem_line = line;
}

/* Length of a backslash and the line end it hides, or 0. The text may end there. */
static size_t continuation(const struct lexer *l)
{
	if (peek(l, 0) != '\\')
		return 0;
	if (l->pos + 1 == l->lx->len)
		return 1;
	if (peek(l, 1) == '\n')
		return 2;
	return peek(l, 1) == '\r' && peek(l, 2) == '\n' ? 3 : 0;
}

static void add_token(struct lexer *l, enum token_type type, size_t start, int line)
{
	struct lexed *lx = l->lx;

	lx->tok = grow(lx->tok, lx->count, sizeof(*lx->tok));
	lx->tok[lx->count++] = (struct token){
		.type = type,
		.start = start,
		.end = l->pos,
		.line = line,
		.directive = l->directive,
	};
}

static void skip_block_comment(struct lexer *l)
{
	int line = l->line;

	for (l->pos += 2; l->pos < l->lx->len; l->pos++) {
		if (peek(l, 0) == '*' && peek(l, 1) == '/') {
			l->pos += 2;
			return;
		}
		if (peek(l, 0) == '\n')
			l->line++;
	}
	problem(l, line, "a comment that starts here never ends");
}

static void skip_line_comment(struct lexer *l)
{
	while (l->pos < l->lx->len && peek(l, 0) != '\n') {
		size_t skip = continuation(l);

		if (skip)
			l->line++;
		l->pos += skip ? skip : 1;
	}
}

/*
 * An apostrophe in `#error don't` starts nothing: in a directive a quote without
 * its partner is a token of its own.
 */
static void lex_quoted(struct lexer *l, char quote)
{
	size_t start = l->pos;
	int line = l->line;

	for (l->pos++; l->pos < l->lx->len && peek(l, 0) != '\n'; l->pos++) {
		size_t skip = continuation(l);

		if (skip) {
			l->line++;
			l->pos += skip - 1;
		} else if (peek(l, 0) == '\\') {
			l->pos++;
		} else if (peek(l, 0) == (unsigned char)quote) {
			l->pos++;
			add_token(l, quote == '"' ? TOKEN_STRING : TOKEN_CHARACTER, start, line);
			return;
		}
	}
	if (!l->directive)
		problem(l, line, "a string or character that starts here does not end on its line");
	l->pos = start + 1;
	l->line = line;
	add_token(l, TOKEN_PUNCTUATOR, start, line);
}

static void lex_number(struct lexer *l)
{
	bool hex = peek(l, 0) == '0' && (peek(l, 1) | 0x20) == 'x';
	size_t start = l->pos;

	while (is_word(peek(l, 0)) || peek(l, 0) == '.') {
		bool exponent = !hex && (peek(l, 0) | 0x20) == 'e';

		l->pos++;
		if (exponent && (peek(l, 0) == '+' || peek(l, 0) == '-'))
			l->pos++;
	}
	add_token(l, TOKEN_NUMBER, start, l->line);
}

static void lex_punctuator(struct lexer *l)
{
	size_t start = l->pos;
	size_t len = 1;

	for (size_t i = 0; i < ARRAY_SIZE(punctuators); i++) {
		size_t n = strlen(punctuators[i]);

		if (l->lx->len - start >= n && !memcmp(l->lx->text + start, punctuators[i], n)) {
			len = n;
			break;
		}
	}
	l->pos += len;
	add_token(l, TOKEN_PUNCTUATOR, start, l->line);
}

static void begin_directive(struct lexer *l)
{
	struct lexed *lx = l->lx;

	lx->directives = grow(lx->directives, lx->directive_count, sizeof(*lx->directives));
	lx->directives[lx->directive_count++] = (struct directive){
		.type = DIRECTIVE_OTHER,
		.first = lx->count,
	};
	l->directive = lx->directive_count;
}

/* The parameters of a macro begin with a parenthesis that touches its name. */
static void parse_define(const struct lexed *lx, struct directive *d)
{
	d->body = d->name < d->last ? d->name + 1 : d->last;
	if (d->body >= d->last || !token_is(lx, d->body, "(") ||
	    lx->tok[d->body].start != lx->tok[d->name].end)
		return;
	d->function_like = true;
	while (d->body < d->last && !token_is(lx, d->body, ")"))
		d->body++;
	if (d->body < d->last)
		d->body++;
}

static void end_directive(struct lexer *l)
{
	struct lexed *lx = l->lx;
	struct directive *d;

	if (!l->directive)
		return;
	d = &lx->directives[l->directive - 1];
	l->directive = 0;
	d->last = lx->count;
	d->name = d->last;
	d->body = d->last;
	if (d->last - d->first < 2)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(directive_words); i++) {
		if (token_is(lx, d->first + 1, directive_words[i].word))
			d->type = directive_words[i].type;
	}
	if (d->type == DIRECTIVE_DEFINE || d->type == DIRECTIVE_UNDEF || d->type == DIRECTIVE_IFDEF)
		d->name = d->first + 2;
	if (d->type == DIRECTIVE_DEFINE)
		parse_define(lx, d);
}

/* Space, comments and line ends; returns false at a token. */
static bool skip_blank(struct lexer *l)
{
	unsigned char c = peek(l, 0);
	size_t skip = continuation(l);

	if (c == '\n') {
		end_directive(l);
		l->line++;
		l->line_start = true;
		l->pos++;
	} else if (skip) {
		l->line++;
		l->pos += skip;
	} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
		l->pos++;
	} else if (c == '/' && peek(l, 1) == '*') {
		skip_block_comment(l);
	} else if (c == '/' && peek(l, 1) == '/') {
		skip_line_comment(l);
	} else {
		return false;
	}
	return true;
}

static void lex_token(struct lexer *l)
{
	unsigned char c = peek(l, 0);

	if (c == '#' && l->line_start)
		begin_directive(l);
	l->line_start = false;
	if (is_word_start(c)) {
		size_t start = l->pos;

		while (is_word(peek(l, 0)))
			l->pos++;
		add_token(l, TOKEN_IDENTIFIER, start, l->line);
	} else if (is_digit(c) || (c == '.' && is_digit(peek(l, 1)))) {
		lex_number(l);
	} else if (c == '"' || c == '\'') {
		lex_quoted(l, (char)c);
	} else {
		lex_punctuator(l);
	}
}

/**
 * lex - split text into tokens
 * @lx: receives the result; its problem member says what could not be understood
 * @text: the bytes, which must live as long as @lx
 * @len: how many
 */
void lex(struct lexed *lx, const char *text, size_t len)
{
	struct lexer l = { .lx = lx, .line = 1, .line_start = true };

	memset(lx, 0, sizeof(*lx));
	lx->text = text;
	lx->len = len;
	for (const char *nul = memchr(text, 0, len); nul && l.pos < len; l.pos++) {
		if (text[l.pos] == '\n')
			l.line++;
		if (text + l.pos == nul) {
			problem(&l, l.line, "a NUL byte, which no source text has");
			return;
		}
	}
	while (l.pos < len) {
		if (!skip_blank(&l))
			lex_token(&l);
	}
	end_directive(&l);
}

/**
 * lexed_free - give the tokens back
 * @lx: what lex() filled
 */
void lexed_free(struct lexed *lx)
{
	free(lx->tok);
	free(lx->directives);
	lx->tok = NULL;
	lx->directives = NULL;
	lx->count = 0;
	lx->directive_count = 0;
}

/**
 * token_is - whether a token has this spelling
 * @lx: the tokens
 * @index: which one; an index behind the last is no token at all
 * @text: the spelling
 */
bool token_is(const struct lexed *lx, size_t index, const char *text)
{
	size_t len = strlen(text);

	return index < lx->count && lx->tok[index].end - lx->tok[index].start == len &&
	       !memcmp(lx->text + lx->tok[index].start, text, len);
}

/**
 * token_same - whether two tokens have the same spelling
 * @a: tokens
 * @i: index in @a
 * @b: tokens
 * @j: index in @b
 */
bool token_same(const struct lexed *a, size_t i, const struct lexed *b, size_t j)
{
	const struct token *x = &a->tok[i], *y = &b->tok[j];

	return x->end - x->start == y->end - y->start &&
	       !memcmp(a->text + x->start, b->text + y->start, x->end - x->start);
}

/* Length of a token without the suffix that gives a number its type. */
static size_t length_of_value(const struct lexed *lx, size_t index)
{
	const struct token *t = &lx->tok[index];
	size_t len = t->end - t->start;

	if (t->type != TOKEN_NUMBER)
		return len;
	while (len > 1 && strchr("uUlL", lx->text[t->start + len - 1]))
		len--;
	return len;
}

/**
 * token_same_value - whether two tokens are the same but for an integer suffix
 * @a: tokens
 * @i: index in @a
 * @b: tokens
 * @j: index in @b
 */
bool token_same_value(const struct lexed *a, size_t i, const struct lexed *b, size_t j)
{
	size_t len = length_of_value(a, i);

	return a->tok[i].type == b->tok[j].type && len == length_of_value(b, j) &&
	       !memcmp(a->text + a->tok[i].start, b->text + b->tok[j].start, len);
}

/**
 * token_text - text of a run of tokens on one line
 * @lx: the tokens
 * @first: index of the first
 * @last: index behind the last
 *
 * Line ends, continuations and comments between tokens become one space.
 */
char *token_text(const struct lexed *lx, size_t first, size_t last)
{
	struct strbuf sb = { 0 };

	strbuf_add(&sb, "", 0);
	for (size_t i = first; i < last; i++) {
		const struct token *t = &lx->tok[i];

		if (i > first && lx->tok[i - 1].end != t->start)
			strbuf_add(&sb, " ", 1);
		for (size_t at = t->start; at < t->end; at++) {
			/* A string may hide line ends of its own behind backslashes. */
			if (lx->text[at] == '\\' && lx->text[at + 1] == '\n')
				at++;
			else if (lx->text[at] == '\\' && lx->text[at + 1] == '\r' &&
				 lx->text[at + 2] == '\n')
				at += 2;
			else
				strbuf_add(&sb, lx->text + at, 1);
		}
	}
	return sb.data;
}

/* Index behind the bracket that closes the one at @open, or @last. */
static size_t behind_bracket(const struct lexed *lx, size_t open, size_t last)
{
	size_t depth = 0;

	for (size_t i = open; i < last; i++) {
		if (token_is(lx, i, "("))
			depth++;
		else if (token_is(lx, i, ")") && !--depth)
			return i + 1;
	}
	return last;
}

/**
 * strip_parentheses - narrow a run of tokens to what its enclosing parentheses hold
 * @lx: the tokens
 * @first: index of the first
 * @last: index behind the last
 */
void strip_parentheses(const struct lexed *lx, size_t *first, size_t *last)
{
	while (*last - *first > 2 && token_is(lx, *first, "(") && token_is(lx, *last - 1, ")") &&
	       behind_bracket(lx, *first, *last) == *last) {
		++*first;
		--*last;
	}
}

/**
 * same_value - whether two expressions are the same by tokens
 * @a: tokens of the one
 * @a_first: its first
 * @a_last: behind its last
 * @b: tokens of the other
 * @b_first: its first
 * @b_last: behind its last
 *
 * Enclosing parentheses and integer suffixes do not count.
 */
bool same_value(const struct lexed *a, size_t a_first, size_t a_last,
		const struct lexed *b, size_t b_first, size_t b_last)
{
	strip_parentheses(a, &a_first, &a_last);
	strip_parentheses(b, &b_first, &b_last);
	if (a_last - a_first != b_last - b_first)
		return false;
	for (; a_first < a_last; a_first++, b_first++) {
		if (!token_same_value(a, a_first, b, b_first))
			return false;
	}
	return true;
}

/**
 * expression_problem - say why tokens cannot be an argument of a macro
 * @lx: the tokens
 * @first: index of the first
 * @last: index behind the last
 *
 * Return: NULL if they can, else why not.
 */
const char *expression_problem(const struct lexed *lx, size_t first, size_t last)
{
	char open[64];
	size_t depth = 0;

	if (first >= last)
		return "is empty";
	for (size_t i = first; i < last; i++) {
		char c = lx->text[lx->tok[i].start];

		if (lx->tok[i].type != TOKEN_PUNCTUATOR)
			continue;
		if (token_is(lx, i, "(") || token_is(lx, i, "[") || token_is(lx, i, "{")) {
			if (depth == sizeof(open))
				return "is nested too deeply";
			open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		} else if (token_is(lx, i, ")") || token_is(lx, i, "]") || token_is(lx, i, "}")) {
			if (!depth || open[--depth] != c)
				return "has brackets that do not match";
		} else if (token_is(lx, i, ",")) {
			/* Only parentheses keep a comma inside an argument of a macro. */
			if (!depth || open[depth - 1] != ')')
				return "has a comma outside parentheses";
		} else if (strchr("#;\"'\\`@", c)) {
			return "is not an expression";
		}
	}
	return depth ? "has brackets that do not match" : NULL;
}

/**
 * plain_number - value of tokens that are one number, perhaps signed, perhaps in parentheses
 * @lx: the tokens
 * @value: returns the number
 *
 * Return: false if they are anything else. A number that is too large comes out as the
 * largest there is.
 */
bool plain_number(const struct lexed *lx, long long *value)
{
	size_t first = 0, last = lx->count;
	bool negative;
	char *text, *end;

	strip_parentheses(lx, &first, &last);
	negative = last - first == 2 && token_is(lx, first, "-");
	if (negative)
		first++;
	if (last - first != 1 || lx->tok[first].type != TOKEN_NUMBER)
		return false;
	text = xstrndup(lx->text + lx->tok[first].start, length_of_value(lx, first));
	*value = strtoll(text, &end, 0);
	if (negative)
		*value = -*value;
	negative = *end;
	free(text);
	return !negative;
}
