// SPDX-License-Identifier: GPL-2.0
/*
 * JSON on standard output: a document is printed when it is complete, so that an error can
 * take its place.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

static char brackets[16];
static int depth;
static bool first = true;
static bool one_line;

/* The document under way. */
static FILE *out;
static char *text;
static size_t length;

static bool printed;
static bool partial;
static bool replaced;

/** json_begun() - has a document been begun? */
bool json_begun(void)
{
	return depth || printed || replaced;
}

/** json_lines() - from here on, each document is one line */
void json_lines(void)
{
	one_line = true;
}

/** json_partial() - errors from here on do not replace the document, which tells of them */
void json_partial(void)
{
	partial = true;
}

static void quoted(const char *value)
{
	putc('"', out);
	for (; *value; value++) {
		const unsigned char c = *value;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

/* A new line, unless each document is to be one. */
static void separate(void)
{
	if (one_line)
		return;
	fprintf(out, "\n%*s", 2 * depth, "");
}

/* Return: false if there is nothing to be said any more. */
static bool before(const char *key)
{
	if (replaced)
		return false;
	if (!depth)
		out = need(open_memstream(&text, &length));
	if (depth) {
		if (!first)
			fputs(one_line ? ", " : ",", out);
		separate();
	}
	first = false;
	if (key) {
		quoted(key);
		fputs(": ", out);
	}
	return true;
}

/**
 * json_begin() - begin an object or an array
 * @key: NULL in an array, and for the document
 * @bracket: { or [
 */
void json_begin(const char *key, char bracket)
{
	if (!before(key))
		return;
	putc(bracket, out);
	brackets[depth++] = bracket == '{' ? '}' : ']';
	first = true;
}

/** json_end() - end the innermost object or array */
void json_end(void)
{
	if (replaced)
		return;
	depth--;
	if (!first)
		separate();
	putc(brackets[depth], out);
	first = false;
	if (depth)
		return;
	fclose(out);
	printf("%s\n", text);
	fflush(stdout);
	free(text);
	printed = true;
}

/**
 * json_error() - an error takes the place of the document, unless that is complete
 * @message: what went wrong
 * @status: what kx will end with
 */
void json_error(const char *message, enum status status)
{
	if (replaced || partial || (printed && !one_line))
		return;
	if (depth) {
		fclose(out);
		free(text);
		depth = 0;
	}
	json_begin(NULL, '{');
	json_text("error", message);
	json_number("status", status);
	json_end();
	replaced = true;
}

/** json_text() - a member that is a text; NULL becomes null */
void json_text(const char *key, const char *value)
{
	if (!value)
		json_null(key);
	else if (before(key))
		quoted(value);
}

/** json_number() - a member that is a whole number */
void json_number(const char *key, uint64_t value)
{
	if (before(key))
		fprintf(out, "%llu", (unsigned long long)value);
}

/** json_real() - a member that is a number; null if it is none */
void json_real(const char *key, double value)
{
	if (!isfinite(value))
		json_null(key);
	else if (before(key))
		fprintf(out, "%.9g", value);
}

/** json_bool() - a member that is true or false */
void json_bool(const char *key, bool value)
{
	if (before(key))
		fputs(value ? "true" : "false", out);
}

/** json_null() - a member of which nothing is known */
void json_null(const char *key)
{
	if (before(key))
		fputs("null", out);
}
