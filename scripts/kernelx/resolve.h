/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find what a stanza speaks of in the sources and record the edits.
 */
#ifndef KCONST_RESOLVE_H
#define KCONST_RESOLVE_H

#include "annotate.h"

void resolve_define(struct target *t, const struct knob *knob, const struct anchor *a);
void resolve_literal(struct target *t, const struct knob *knob, const struct anchor *a);
void resolve_variable(struct target *t, const struct knob *knob, const struct anchor *a);
void resolve_alias(const struct annotation *an, const struct knob *knob, const struct alias *a);
void resolve_fixed(const struct annotation *an, const struct knob *knob, const struct fixed *f);

bool select_definition(const struct target *t, const struct knob *knob, const struct anchor *a,
		       bool report, size_t *directive);
bool find_the_function(const struct target *t, const struct knob *knob, int line,
		       const char *name, size_t *function);
bool knob_names(const struct knob *knob, const struct lexed *lx, size_t index);

void add_site(struct target *t, const struct knob *knob, int line, size_t first, size_t last);
void add_default(struct target *t, const struct knob *knob, int line, size_t index,
		 const char *value);

#endif /* KCONST_RESOLVE_H */
