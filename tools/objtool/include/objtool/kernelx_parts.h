/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_PARTS_H
#define _OBJTOOL_KERNELX_PARTS_H

#include <stdbool.h>

struct objtool_file;
struct reach;
struct symbol;

/*
 * A function, and those that it goes on in by jumps: the compiler splits functions, and each
 * part of one stands for the whole. To begin with, all is zero; who has used it frees
 * @functions.
 */
struct parts {
	struct symbol **functions;
	unsigned int nr;
};

bool is_part(const struct parts *parts, const struct symbol *func);

/* Is its code not in this object? */
bool is_elsewhere(const struct symbol *func);

/*
 * The parts of @func, but those from which none of @goal can be reached. Those elsewhere
 * are among them: nobody knows. Return: 0, or -1 without memory.
 */
int find_parts(struct objtool_file *file, const struct reach *goal, struct symbol *func,
	       struct parts *parts);

#endif /* _OBJTOOL_KERNELX_PARTS_H */
