/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Remove annotations.
 */
#ifndef KCONST_STRIP_H
#define KCONST_STRIP_H

#include <stdbool.h>
#include <stddef.h>

char *strip_annotations(const char *path, const char *text, size_t len, size_t *out_len);
bool strip_file(const char *tree, const char *name);

#endif /* KCONST_STRIP_H */
