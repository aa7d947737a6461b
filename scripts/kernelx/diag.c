// SPDX-License-Identifier: GPL-2.0
/*
 * Error messages of kconst. A run reports every error it can find; the exit
 * status comes from the count, so nothing that was reported is lost.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static unsigned int errors;

/**
 * error_at - report one error at a place in a file
 * @file: the file as the user would open it
 * @line: its line, or 0 when the error is about the whole file
 * @fmt: what was wrong and what would be right
 */
void error_at(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	errors++;
	if (line)
		fprintf(stderr, "%s:%d: ", file, line);
	else
		fprintf(stderr, "%s: ", file);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/**
 * fatal - report an error after which nothing can continue, and exit
 * @fmt: the message
 */
void fatal(const char *fmt, ...)
{
	va_list args;

	fputs("kconst: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/**
 * error_count - how many errors were reported so far
 */
unsigned int error_count(void)
{
	return errors;
}

#define WORD_MAX 63

/* Levenshtein distance; words longer than WORD_MAX are nobody's typing error. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

/**
 * closest_word - find what the user probably meant
 * @word: the unknown word
 * @words: the words that exist
 * @count: how many there are
 *
 * Return: the closest of @words, or NULL if none is similar.
 */
const char *closest_word(const char *word, const char *const *words, size_t count)
{
	size_t limit = strlen(word) / 3 + 2;
	const char *best = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, words[i]);

		if (d < limit) {
			limit = d;
			best = words[i];
		}
	}
	return best;
}
