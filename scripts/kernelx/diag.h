/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Error messages of kconst: `file:line: what was wrong, and what would be right`.
 */
#ifndef KCONST_DIAG_H
#define KCONST_DIAG_H

#include <stddef.h>

#ifndef __printf
#define __printf(format, first) __attribute((__format__(printf, format, first)))
#endif
#ifndef __noreturn
#define __noreturn __attribute((__noreturn__))
#endif

void __printf(3, 4) error_at(const char *file, int line, const char *fmt, ...);
void __noreturn __printf(1, 2) fatal(const char *fmt, ...);
unsigned int error_count(void);
const char *closest_word(const char *word, const char *const *words, size_t count);

#endif /* KCONST_DIAG_H */
