/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A C source below a tree, without annotations, and what stands where in it.
 */
#ifndef KCONST_SOURCE_H
#define KCONST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "token.h"

/**
 * struct function - a function with a body
 * @first: index of the first token of its declaration
 * @open: index of the brace that opens its body
 * @close: index of the brace that closes it
 * @line: line of @open
 */
struct function {
	size_t first;
	size_t open;
	size_t close;
	int line;
};

/**
 * struct source - a C source without annotations
 * @name: path below the tree
 * @path: path as the user would open it
 * @text: the bytes with every annotation removed
 * @len: how many
 * @as_read: the bytes as they are in the file
 * @as_read_len: how many
 * @lx: tokens of @text
 * @functions: the functions with a body
 * @function_count: how many
 * @unbalanced: line of a brace without its partner, 0 if there is none
 */
struct source {
	char *name;
	char *path;
	char *text;
	size_t len;
	char *as_read;
	size_t as_read_len;
	struct lexed lx;
	struct function *functions;
	size_t function_count;
	int unbalanced;
};

bool source_load(struct source *src, const char *tree, const char *name,
		 const char *for_file, int for_line);
bool source_parse(struct source *src);
void source_free(struct source *src);

size_t source_find_define(const struct source *src, const char *macro, size_t from);
bool function_is(const struct source *src, size_t function, const char *name);
char *function_name(const struct source *src, size_t function);
size_t source_find_function(const struct source *src, const char *name, size_t from);

#endif /* KCONST_SOURCE_H */
