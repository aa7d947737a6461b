/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find the tokens that a stanza speaks of in a source.
 */
#ifndef KCONST_MATCH_H
#define KCONST_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "source.h"

/* Region of find_sequence(): file scope, or the index + 1 of a function. */
#define FILE_SCOPE 0
#define ANYWHERE ((size_t)-1)

/**
 * struct binding - how an expression holds together
 * @level: precedence of its loosest operator; 15 if it has none
 * @sign: it begins with a sign, which an operand in front would make a binary operator
 */
struct binding {
	int level;
	bool sign;
};

size_t find_sequence(const struct source *src, const struct lexed *expr, size_t wildcard_first,
		     size_t wildcard_last, size_t region, size_t from);
size_t find_value(const struct lexed *lx, size_t first, size_t last, const struct lexed *value,
		  size_t *len);
bool names_macro(const struct lexed *lx, size_t index);
struct binding binding_of(const struct lexed *lx, size_t first, size_t last);
bool binds_safely(struct binding b, const struct lexed *lx, size_t first, size_t last);

#endif /* KCONST_MATCH_H */
