/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory, strings and files for kconst.
 */
#ifndef KCONST_UTIL_H
#define KCONST_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * struct strbuf - a string that grows; @data is always terminated
 * @data: the bytes
 * @len: how many, without the terminator
 * @cap: bytes allocated
 */
struct strbuf {
	char *data;
	size_t len;
	size_t cap;
};

void *xrealloc(void *p, size_t count, size_t size);
void *xzalloc(size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);
void *grow(void *array, size_t count, size_t size);

void strbuf_add(struct strbuf *sb, const char *data, size_t len);
void __printf(2, 3) strbuf_addf(struct strbuf *sb, const char *fmt, ...);

char *path_join(const char *dir, const char *path);
const char *path_problem(const char *path);
char *read_file(const char *path, size_t *len);
bool write_if_changed(const char *path, const char *data, size_t len);

bool is_identifier(const char *s);

#endif /* KCONST_UTIL_H */
