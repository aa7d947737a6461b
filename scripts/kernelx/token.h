/* SPDX-License-Identifier: GPL-2.0 */
/*
 * C as a sequence of tokens that remember where they stand.
 */
#ifndef KCONST_TOKEN_H
#define KCONST_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_type {
	TOKEN_IDENTIFIER,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_CHARACTER,
	TOKEN_PUNCTUATOR,
};

/**
 * struct token - one token of a source
 * @type: its kind
 * @start: offset of its first byte
 * @end: offset behind its last byte
 * @line: line it starts on
 * @directive: index + 1 of the preprocessor directive it is part of, 0 if none
 * @function: index + 1 of the function whose body it is part of, 0 at file scope
 */
struct token {
	enum token_type type;
	size_t start;
	size_t end;
	int line;
	size_t directive;
	size_t function;
};

enum directive_type {
	DIRECTIVE_DEFINE,
	DIRECTIVE_UNDEF,
	DIRECTIVE_IF,
	DIRECTIVE_IFDEF,
	DIRECTIVE_ELIF,
	DIRECTIVE_ELSE,
	DIRECTIVE_ENDIF,
	DIRECTIVE_INCLUDE,
	DIRECTIVE_OTHER,
};

/**
 * struct directive - one preprocessor directive, continuation lines included
 * @type: its kind
 * @first: index of the token `#`
 * @last: index behind its last token
 * @name: index of the macro name of a define, ifdef or undef; @last if there is none
 * @body: index of the first token of a define's value; @last if it has none
 * @function_like: a define with parameters
 */
struct directive {
	enum directive_type type;
	size_t first;
	size_t last;
	size_t name;
	size_t body;
	bool function_like;
};

/**
 * struct lexed - text and its tokens
 * @text: the bytes; not owned
 * @len: how many
 * @tok: the tokens
 * @count: how many
 * @directives: the preprocessor directives
 * @directive_count: how many
 * @problem: what could not be understood, or NULL
 * @problem_line: where
 */
struct lexed {
	const char *text;
	size_t len;
	struct token *tok;
	size_t count;
	struct directive *directives;
	size_t directive_count;
	const char *problem;
	int problem_line;
};

void lex(struct lexed *lx, const char *text, size_t len);
void lexed_free(struct lexed *lx);

bool token_is(const struct lexed *lx, size_t index, const char *text);
bool token_same(const struct lexed *a, size_t i, const struct lexed *b, size_t j);
bool token_same_value(const struct lexed *a, size_t i, const struct lexed *b, size_t j);
char *token_text(const struct lexed *lx, size_t first, size_t last);

bool same_value(const struct lexed *a, size_t a_first, size_t a_last,
		const struct lexed *b, size_t b_first, size_t b_last);
void strip_parentheses(const struct lexed *lx, size_t *first, size_t *last);
const char *expression_problem(const struct lexed *lx, size_t first, size_t last);
bool plain_number(const struct lexed *lx, long long *value);

#endif /* KCONST_TOKEN_H */
