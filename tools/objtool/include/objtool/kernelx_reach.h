/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_REACH_H
#define _OBJTOOL_KERNELX_REACH_H

#include <stdbool.h>

#include <linux/list.h>

struct objtool_file;
struct symbol;

#define REACH_BITS	14

/*
 * The functions from which one of some functions can be reached by direct calls: those
 * themselves, their callers, and so on.
 */
struct reach {
	struct hlist_head table[1 << REACH_BITS];
	struct symbol **functions;
	unsigned int nr;
};

/* Return: an empty one, or NULL without memory. */
struct reach *reach_new(void);
void reach_free(struct reach *reach);

/* Is the function among them? */
bool reaches(const struct reach *reach, struct symbol *func);

/* Return: 0, or -1 without memory. */
int reach_add(struct reach *reach, struct symbol *func);

/* Add who calls them; calls that interrupt or observe count, too, if @all. Return: as above. */
int reach_extend(struct objtool_file *file, struct reach *reach, bool all);

/* The functions from which a call of what nobody knows can be reached. NULL: no memory. */
const struct reach *reach_wild(struct objtool_file *file);

#endif /* _OBJTOOL_KERNELX_REACH_H */
