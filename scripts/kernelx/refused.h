/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Perf-consts that are no knobs.
 */
#ifndef KCONST_REFUSED_H
#define KCONST_REFUSED_H

#include "catalogue.h"

void refused_audit(const struct catalogue *cat, const char *tree);

#endif /* KCONST_REFUSED_H */
