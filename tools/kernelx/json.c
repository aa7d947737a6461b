// SPDX-License-Identifier: GPL-2.0
/*
 * JSON on standard output, as it is made.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

static char brackets[16];
static int depth;
static bool first = true;
static bool begun;
static bool one_line;

/** json_begun() - has a document been begun? */
bool json_begun(void)
{
	return begun;
}

/** json_lines() - from here on, each document is one line */
void json_lines(void)
{
	one_line = true;
}

static void quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		const unsigned char c = *text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c == '\n')
			fputs("\\n", stdout);
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* A new line, unless each document is to be one. */
static void separate(void)
{
	if (one_line)
		return;
	putchar('\n');
	printf("%*s", 2 * depth, "");
}

static void before(const char *key)
{
	begun = true;
	if (depth) {
		if (!first)
			fputs(one_line ? ", " : ",", stdout);
		separate();
	}
	first = false;
	if (key) {
		quoted(key);
		fputs(": ", stdout);
	}
}

/**
 * json_begin() - begin an object or an array
 * @key: NULL in an array, and for the document
 * @bracket: { or [
 */
void json_begin(const char *key, char bracket)
{
	before(key);
	putchar(bracket);
	brackets[depth++] = bracket == '{' ? '}' : ']';
	first = true;
}

/** json_end() - end the innermost object or array */
void json_end(void)
{
	depth--;
	if (!first)
		separate();
	putchar(brackets[depth]);
	first = false;
	if (!depth) {
		putchar('\n');
		fflush(stdout);
	}
}

/** json_text() - a member that is a text; NULL becomes null */
void json_text(const char *key, const char *value)
{
	if (!value) {
		json_null(key);
		return;
	}
	before(key);
	quoted(value);
}

/** json_number() - a member that is a whole number */
void json_number(const char *key, uint64_t value)
{
	before(key);
	printf("%llu", (unsigned long long)value);
}

/** json_real() - a member that is a number; null if it is none */
void json_real(const char *key, double value)
{
	if (!isfinite(value)) {
		json_null(key);
		return;
	}
	before(key);
	printf("%.9g", value);
}

/** json_bool() - a member that is true or false */
void json_bool(const char *key, bool value)
{
	before(key);
	fputs(value ? "true" : "false", stdout);
}

/** json_null() - a member of which nothing is known */
void json_null(const char *key)
{
	before(key);
	fputs("null", stdout);
}
