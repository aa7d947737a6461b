// SPDX-License-Identifier: GPL-2.0
/*
 * Remove annotations: of KERNELX(symbol, min, max, original), KERNELX_WITH(type, object,
 * symbol, min, max, original) and KERNELX_DEFAULT(value, original) only the original
 * stays, byte for byte.
 * The tokens tell annotations from comments and strings that speak of them.
 */
#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "strip.h"
#include "token.h"
#include "util.h"

/* Commas in front of the original text; 0 if the token does not begin an annotation. */
static size_t commas_before_original(const struct lexed *lx, size_t index)
{
	const struct token *t = &lx->tok[index];

	if (t->type != TOKEN_IDENTIFIER || !token_is(lx, index + 1, "("))
		return 0;
	/* The header that defines the macros is not annotated by them. */
	if (t->directive && lx->directives[t->directive - 1].name == index)
		return 0;
	if (token_is(lx, index, "KERNELX"))
		return 3;
	if (token_is(lx, index, "KERNELX_WITH"))
		return 5;
	return token_is(lx, index, "KERNELX_DEFAULT") ? 1 : 0;
}

/*
 * Mark the bytes of one annotation that go. Annotations inside of it are marked
 * when the walk over the tokens comes to them.
 */
static bool mark_annotation(const struct lexed *lx, size_t index, size_t commas, char *gone)
{
	size_t depth = 0, seen = 0, head_end = 0;

	for (size_t i = index + 1; i < lx->count; i++) {
		if (token_is(lx, i, "(")) {
			depth++;
		} else if (token_is(lx, i, ",") && depth == 1 && seen < commas) {
			if (++seen == commas)
				head_end = lx->tok[i].end;
		} else if (token_is(lx, i, ")") && !--depth) {
			/* What kconst puts in front has no line end; a line would be lost. */
			if (seen < commas || memchr(lx->text + lx->tok[index].start, '\n',
						    head_end - lx->tok[index].start))
				return false;
			if (lx->text[head_end] == ' ')
				head_end++;
			memset(gone + lx->tok[index].start, 1, head_end - lx->tok[index].start);
			gone[lx->tok[i].start] = 1;
			return true;
		}
	}
	return false;
}

/**
 * strip_annotations - copy a text without its annotations
 * @path: the file it came from, for messages
 * @text: the text
 * @len: its length
 * @out_len: returns the length of the copy
 *
 * Return: the terminated copy, or NULL on error, which is reported.
 */
char *strip_annotations(const char *path, const char *text, size_t len, size_t *out_len)
{
	struct lexed lx;
	char *gone, *out = NULL;
	size_t n = 0;

	if (!memmem(text, len, "KERNELX", strlen("KERNELX"))) {
		*out_len = len;
		return xstrndup(text, len);
	}
	lex(&lx, text, len);
	if (lx.problem) {
		error_at(path, lx.problem_line, "%s", lx.problem);
		lexed_free(&lx);
		return NULL;
	}
	gone = xzalloc(len + 1);
	for (size_t i = 0; i < lx.count; i++) {
		size_t commas = commas_before_original(&lx, i);

		if (!commas || gone[lx.tok[i].start])
			continue;
		if (!mark_annotation(&lx, i, commas, gone)) {
			error_at(path, lx.tok[i].line,
				 "an annotation that is damaged: it should be %s; restore the file from the base",
				 commas == 1 ? "KERNELX_DEFAULT(value, original)" :
				 commas == 3 ? "KERNELX(symbol, min, max, original)" :
				 "KERNELX_WITH(type, object, symbol, min, max, original)");
			goto out;
		}
	}
	out = xrealloc(NULL, len + 1, 1);
	for (size_t i = 0; i < len; i++) {
		if (!gone[i])
			out[n++] = text[i];
	}
	out[n] = '\0';
	*out_len = n;
out:
	free(gone);
	lexed_free(&lx);
	return out;
}

/**
 * strip_file - remove the annotations of a file
 * @tree: directory of the tree
 * @name: the file, below @tree
 *
 * Return: false on error, which is reported.
 */
bool strip_file(const char *tree, const char *name)
{
	const char *problem = path_problem(name);
	char *path, *text, *out;
	size_t len, out_len;
	struct stat st;
	bool ok;

	if (problem) {
		error_at(name, 0, "the path %s", problem);
		return false;
	}
	path = path_join(tree, name);
	if (!lstat(path, &st) && S_ISLNK(st.st_mode)) {
		error_at(path, 0, "is a symbolic link: name a file that the tree itself holds");
		return false;
	}
	text = read_file(path, &len);
	if (!text) {
		error_at(path, 0, "cannot read: %s", strerror(errno));
		return false;
	}
	out = strip_annotations(path, text, len, &out_len);
	ok = out && write_if_changed(path, out, out_len);
	free(out);
	free(text);
	free(path);
	return ok;
}
