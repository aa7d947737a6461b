/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words, quoted texts and expressions of one catalogue line.
 */
#ifndef KCONST_SCANNER_H
#define KCONST_SCANNER_H

#include <stdbool.h>

#include "catalogue.h"
#include "diag.h"

/**
 * struct scanner - what is left of a line
 * @p: the rest
 * @file: the catalogue file
 * @line: its line
 * @failed: an error was reported; further ones on the same line would be noise
 */
struct scanner {
	char *p;
	const char *file;
	int line;
	bool failed;
};

void __printf(2, 3) scan_error(struct scanner *s, const char *fmt, ...);
char *scan_word(struct scanner *s, const char *what);
char *scan_identifier(struct scanner *s, const char *what);
char *scan_quoted(struct scanner *s, const char *what);
char *scan_bound(struct scanner *s, const char *what);
char *scan_file(struct scanner *s);
bool scan_keyword(struct scanner *s, const char *word);
void scan_expect(struct scanner *s, const char *word);
void scan_end(struct scanner *s);
char *scan_rest(struct scanner *s, const char *what);
void scan_versions(struct scanner *s, struct versions *v);

#endif /* KCONST_SCANNER_H */
