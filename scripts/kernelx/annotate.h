/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From stanzas to annotated sources.
 */
#ifndef KCONST_ANNOTATE_H
#define KCONST_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>

#include "catalogue.h"
#include "source.h"

/**
 * struct edit - tokens that get an annotation
 * @first: index of the first token
 * @last: index behind the last
 * @prefix: text to put in front; the closing parenthesis goes behind
 * @is_default: KERNELX_DEFAULT(), not KERNELX()
 * @knob: whose annotation it is
 * @line: line in the catalogue that asked for it
 */
struct edit {
	size_t first;
	size_t last;
	char *prefix;
	bool is_default;
	const struct knob *knob;
	int line;
};

/**
 * struct target - a source that the catalogue speaks of
 * @src: the source
 * @ok: it could be read
 * @edits: its annotations
 * @edit_count: how many
 * @held: index of tokens that a `fixed` line of a variable leaves alone
 * @held_count: how many
 */
struct target {
	struct source src;
	bool ok;
	struct edit *edits;
	size_t edit_count;
	size_t *held;
	size_t held_count;
};

/**
 * struct annotation - all sources that the catalogue speaks of
 * @targets: the sources, sorted by name
 * @count: how many
 */
struct annotation {
	struct target *targets;
	size_t count;
};

void annotation_build(struct annotation *an, const struct catalogue *cat, const char *tree);
bool annotation_write(const struct annotation *an);
struct target *annotation_find(const struct annotation *an, const char *name);
char **annotated_files(const struct catalogue *cat, size_t *count);

#endif /* KCONST_ANNOTATE_H */
