/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Look for uses of knobs in a whole tree.
 */
#ifndef KCONST_AUDIT_H
#define KCONST_AUDIT_H

#include "annotate.h"

void audit_tree(const struct annotation *an, const struct catalogue *cat, const char *tree);

#endif /* KCONST_AUDIT_H */
