// SPDX-License-Identifier: GPL-2.0
/*
 * Load a C source and find its functions and macros. This is no parser for C:
 * it follows brackets, which is enough to tell file scope from function bodies.
 * Where #if branches open a brace each, the branches are followed one by one from
 * the same state and the last one decides how it goes on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "source.h"
#include "strip.h"
#include "util.h"

/**
 * struct scope - where a scan for functions stands
 * @braces: open braces
 * @parentheses: open parentheses
 * @declaration: first token of the declaration at file scope
 * @function: index + 1 of the function whose body is open
 * @fresh: nothing of the declaration stands before the #if; set in saved scopes
 */
struct scope {
	size_t braces;
	size_t parentheses;
	size_t declaration;
	size_t function;
	bool fresh;
};

struct scan {
	struct source *src;
	struct scope now;
	struct scope *saved;
	size_t saved_count;
	int last_open;
};

/* Words that look like the name of a function in front of its parentheses and are none. */
static const char *const attributes[] = { "__attribute__", "__aligned", "__section", "__printf" };

/* The index of the next name in a declaration that stands in front of parentheses. */
static size_t next_name(const struct source *src, size_t first, size_t open, size_t from)
{
	const struct lexed *lx = &src->lx;
	size_t depth = 0;

	for (size_t i = first; i < open; i++) {
		bool attribute = false;

		if (lx->tok[i].directive)
			continue;
		if (token_is(lx, i, "(") || token_is(lx, i, "{") || token_is(lx, i, "["))
			depth++;
		else if (depth && (token_is(lx, i, ")") || token_is(lx, i, "}") ||
				   token_is(lx, i, "]")))
			depth--;
		if (i < from || lx->tok[i].type != TOKEN_IDENTIFIER || !token_is(lx, i + 1, "("))
			continue;
		/* A function that returns a pointer to a function has its name in parentheses. */
		if (depth && (depth > 1 || i < first + 2 || !token_is(lx, i - 1, "*") ||
			      !token_is(lx, i - 2, "(")))
			continue;
		for (size_t a = 0; a < ARRAY_SIZE(attributes); a++)
			attribute |= token_is(lx, i, attributes[a]);
		if (!attribute)
			return i;
	}
	return open;
}

/* Whether the tokens in front of a brace at file scope declare a function. */
static bool declares_function(const struct source *src, size_t first, size_t open)
{
	const struct lexed *lx = &src->lx;
	size_t depth = 0;

	for (size_t i = first; i < open; i++) {
		if (lx->tok[i].directive)
			continue;
		if (token_is(lx, i, "(") || token_is(lx, i, "{") || token_is(lx, i, "["))
			depth++;
		else if (depth && (token_is(lx, i, ")") || token_is(lx, i, "}") ||
				   token_is(lx, i, "]")))
			depth--;
		else if (!depth && token_is(lx, i, "="))
			return false;
	}
	return next_name(src, first, open, first) < open;
}

static void close_function(struct scan *s, size_t index)
{
	if (s->now.function)
		s->src->functions[s->now.function - 1].close = index;
	s->now.function = 0;
}

static void open_brace(struct scan *s, size_t index)
{
	struct source *src = s->src;

	s->last_open = src->lx.tok[index].line;
	if (!s->now.braces++ && !s->now.parentheses &&
	    declares_function(src, s->now.declaration, index)) {
		src->functions = grow(src->functions, src->function_count, sizeof(*src->functions));
		src->functions[src->function_count++] = (struct function){
			.first = s->now.declaration,
			.open = index,
			.close = src->lx.count,
			.line = src->lx.tok[index].line,
		};
		s->now.function = src->function_count;
	}
}

static void close_brace(struct scan *s, size_t index)
{
	struct source *src = s->src;

	if (!s->now.braces) {
		if (!src->unbalanced)
			src->unbalanced = src->lx.tok[index].line;
		return;
	}
	if (--s->now.braces || !s->now.function)
		return;
	close_function(s, index);
	s->now.parentheses = 0;
	s->now.declaration = index + 1;
}

/*
 * The next branch of a conditional begins where the #if stood. What the branch before
 * it declared is no part of the branch's first declaration.
 */
static void next_branch(struct scan *s, const struct directive *d)
{
	struct scope *start = &s->saved[s->saved_count - 1];
	bool advanced = s->now.declaration > start->declaration;

	/* A function that a branch opened ends with the branch. */
	if (s->now.function != start->function)
		close_function(s, d->first);
	s->now = *start;
	if (advanced || start->fresh)
		s->now.declaration = d->last;
}

/* Whether nothing of a declaration has been seen yet. */
static bool is_fresh(const struct scan *s, size_t index)
{
	for (size_t i = s->now.declaration; i < index; i++) {
		if (!s->src->lx.tok[i].directive)
			return false;
	}
	return true;
}

static void scan_conditional(struct scan *s, const struct directive *d)
{
	switch (d->type) {
	case DIRECTIVE_IF:
	case DIRECTIVE_IFDEF:
		s->saved = grow(s->saved, s->saved_count, sizeof(*s->saved));
		s->now.fresh = !s->now.braces && is_fresh(s, d->first);
		s->saved[s->saved_count++] = s->now;
		break;
	case DIRECTIVE_ELIF:
	case DIRECTIVE_ELSE:
		if (s->saved_count)
			next_branch(s, d);
		break;
	case DIRECTIVE_ENDIF:
		if (s->saved_count)
			s->saved_count--;
		break;
	default:
		break;
	}
}

static void scan_token(struct scan *s, size_t i)
{
	const struct lexed *lx = &s->src->lx;

	if (token_is(lx, i, "{")) {
		open_brace(s, i);
	} else if (token_is(lx, i, "}")) {
		close_brace(s, i);
	} else if (token_is(lx, i, "(")) {
		s->now.parentheses++;
	} else if (token_is(lx, i, ")")) {
		if (s->now.parentheses)
			s->now.parentheses--;
	} else if (token_is(lx, i, ";") && !s->now.braces && !s->now.parentheses) {
		s->now.declaration = i + 1;
	}
}

static void find_functions(struct source *src)
{
	struct scan s = { .src = src };
	struct lexed *lx = &src->lx;

	for (size_t i = 0; i < lx->count; i++) {
		size_t directive = lx->tok[i].directive;
		size_t open = s.now.function;

		if (directive && lx->directives[directive - 1].first == i)
			scan_conditional(&s, &lx->directives[directive - 1]);
		else if (!directive)
			scan_token(&s, i);
		/* Both braces belong to file scope, all between them to the function. */
		if (open && s.now.function == open)
			lx->tok[i].function = open;
	}
	if (s.now.braces && !src->unbalanced)
		src->unbalanced = s.last_open;
	free(s.saved);
}

/**
 * source_parse - find tokens and functions of a source
 * @src: the source, with @text set
 *
 * Return: false if the text could not be understood, which is in @src->lx.problem.
 */
bool source_parse(struct source *src)
{
	lex(&src->lx, src->text, src->len);
	if (src->lx.problem)
		return false;
	find_functions(src);
	return true;
}

/**
 * source_load - read a source and remove its annotations
 * @src: receives the source
 * @tree: directory of the tree
 * @name: the file, below @tree
 * @for_file: file of the stanza that wants it
 * @for_line: line in @for_file
 *
 * Return: false on error, which is reported.
 */
bool source_load(struct source *src, const char *tree, const char *name,
		 const char *for_file, int for_line)
{
	struct stat st;

	memset(src, 0, sizeof(*src));
	src->name = xstrdup(name);
	src->path = path_join(tree, name);
	if (!lstat(src->path, &st) && S_ISLNK(st.st_mode)) {
		error_at(for_file, for_line,
			 "%s is a symbolic link, annotating it would change what it points to: name a file that the tree itself holds",
			 src->path);
		return false;
	}
	src->as_read = read_file(src->path, &src->as_read_len);
	if (!src->as_read) {
		error_at(for_file, for_line,
			 "cannot read %s: %s; name the file where the constant stands in this version",
			 src->path, strerror(errno));
		return false;
	}
	src->text = strip_annotations(src->path, src->as_read, src->as_read_len, &src->len);
	if (!src->text)
		return false;
	if (source_parse(src))
		return true;
	error_at(src->path, src->lx.problem_line, "%s", src->lx.problem);
	return false;
}

/**
 * source_free - give back what a source holds
 * @src: the source
 */
void source_free(struct source *src)
{
	lexed_free(&src->lx);
	free(src->functions);
	free(src->name);
	free(src->path);
	free(src->text);
	free(src->as_read);
	memset(src, 0, sizeof(*src));
}

/**
 * source_find_define - find a #define of a macro
 * @src: the source
 * @macro: its name
 * @from: index of the directive to begin with
 *
 * Return: index of the directive, or the number of directives if there is none.
 */
size_t source_find_define(const struct source *src, const char *macro, size_t from)
{
	const struct lexed *lx = &src->lx;

	for (; from < lx->directive_count; from++) {
		const struct directive *d = &lx->directives[from];

		if (d->type == DIRECTIVE_DEFINE && d->name < d->last &&
		    token_is(lx, d->name, macro))
			break;
	}
	return from;
}

/* The name that SYSCALL_DEFINE3(read, ...) and its like give to a function. */
static size_t defined_name(const struct source *src, const struct function *f, size_t name)
{
	const struct lexed *lx = &src->lx;

	for (size_t at = lx->tok[name].start; at < lx->tok[name].end; at++) {
		if (lx->text[at] >= 'a' && lx->text[at] <= 'z')
			return f->open;
	}
	if (next_name(src, f->first, f->open, name + 1) < f->open ||
	    lx->tok[name + 2].type != TOKEN_IDENTIFIER)
		return f->open;
	return name + 2;
}

/**
 * function_is - whether a function has this name
 * @src: the source
 * @function: index of the function
 * @name: the name, as in its declaration or its defining macro's first argument
 */
bool function_is(const struct source *src, size_t function, const char *name)
{
	const struct function *f = &src->functions[function];
	const struct lexed *lx = &src->lx;

	for (size_t i = f->first; (i = next_name(src, f->first, f->open, i)) < f->open; i++) {
		size_t defined = defined_name(src, f, i);

		if (token_is(lx, i, name) || (defined < f->open && token_is(lx, defined, name)))
			return true;
	}
	return false;
}

/**
 * function_name - the name of a function, for messages
 * @src: the source
 * @function: index of the function
 */
char *function_name(const struct source *src, size_t function)
{
	const struct function *f = &src->functions[function];
	size_t i = next_name(src, f->first, f->open, f->first);
	size_t defined = defined_name(src, f, i);

	if (defined < f->open)
		i = defined;
	return token_text(&src->lx, i, i + 1);
}

/**
 * source_find_function - find a function with a body
 * @src: the source
 * @name: its name
 * @from: index of the function to begin with
 *
 * Return: index of the function, or the number of functions if there is none.
 */
size_t source_find_function(const struct source *src, const char *name, size_t from)
{
	while (from < src->function_count && !function_is(src, from, name))
		from++;
	return from;
}
