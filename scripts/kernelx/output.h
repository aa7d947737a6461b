/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the catalogue generates.
 */
#ifndef KCONST_OUTPUT_H
#define KCONST_OUTPUT_H

#include <stdbool.h>

#include "catalogue.h"

/* Apart from its colon, or tools would take it for the licence of our source. */
#define SPDX_TAG "SPDX-License-Identifier"

bool write_table(const struct catalogue *cat, const char *path);
bool write_answers(const struct catalogue *cat, const char *path);
bool write_contexts(const struct catalogue *cat, const char *path);
bool write_rst(const struct catalogue *cat, const char *path);

#endif /* KCONST_OUTPUT_H */
