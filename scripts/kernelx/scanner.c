// SPDX-License-Identifier: GPL-2.0
/*
 * Words, quoted texts and expressions of one catalogue line. After the first
 * error of a line the functions return empty strings and report nothing more.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "scanner.h"
#include "util.h"

/**
 * scan_error - report what is wrong with the line, once
 * @s: the line
 * @fmt: what was wrong and what would be right
 */
void scan_error(struct scanner *s, const char *fmt, ...)
{
	va_list args;
	char text[1024];

	if (s->failed)
		return;
	s->failed = true;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error_at(s->file, s->line, "%s", text);
}

static void skip_space(struct scanner *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
}

/**
 * scan_word - take what stands up to the next space
 * @s: the line
 * @what: what it should be, for the message when there is nothing
 */
char *scan_word(struct scanner *s, const char *what)
{
	size_t len;
	char *word;

	skip_space(s);
	len = strcspn(s->p, " \t");
	if (!len)
		scan_error(s, "%s is missing at the end of the line", what);
	word = xstrndup(s->p, len);
	s->p += len;
	return word;
}

/**
 * scan_identifier - take a C identifier
 * @s: the line
 * @what: what it should be, for the message
 */
char *scan_identifier(struct scanner *s, const char *what)
{
	char *word = scan_word(s, what);

	if (!is_identifier(word))
		scan_error(s, "`%s` should be %s, one C identifier", word, what);
	return word;
}

/**
 * scan_quoted - take a text in double quotes; \" and \\ stand for themselves
 * @s: the line
 * @what: what it should be, for the message
 */
char *scan_quoted(struct scanner *s, const char *what)
{
	struct strbuf sb = { 0 };

	strbuf_add(&sb, "", 0);
	skip_space(s);
	if (*s->p != '"') {
		scan_error(s, "%s in double quotes should stand before `%s`", what, s->p);
		return sb.data;
	}
	for (s->p++; *s->p != '"'; s->p++) {
		if (*s->p == '\\' && (s->p[1] == '"' || s->p[1] == '\\'))
			s->p++;
		if (!*s->p) {
			scan_error(s, "the quote in front of %s is not closed on this line", what);
			return sb.data;
		}
		strbuf_add(&sb, s->p, 1);
	}
	s->p++;
	if (!sb.data[strspn(sb.data, " \t")])
		scan_error(s, "%s is empty", what);
	return sb.data;
}

/**
 * scan_bound - take an expression that has spaces inside parentheses only
 * @s: the line
 * @what: what it should be, for the message
 */
char *scan_bound(struct scanner *s, const char *what)
{
	size_t depth = 0;
	char *start, *text;

	skip_space(s);
	for (start = s->p; *s->p; s->p++) {
		if (!depth && (*s->p == ' ' || *s->p == '\t'))
			break;
		if (*s->p == '(')
			depth++;
		else if (*s->p == ')' && depth)
			depth--;
	}
	if (s->p == start)
		scan_error(s, "%s is missing: write `range MIN MAX`", what);
	text = xstrndup(start, (size_t)(s->p - start));
	return text;
}

/**
 * scan_file - take `in FILE`
 * @s: the line
 */
char *scan_file(struct scanner *s)
{
	const char *problem;
	char *path;

	scan_expect(s, "in");
	path = scan_word(s, "the file");
	problem = path_problem(path);
	if (problem)
		scan_error(s, "the path `%s` %s", path, problem);
	return path;
}

/**
 * scan_keyword - take a word if it comes next
 * @s: the line
 * @word: the word
 */
bool scan_keyword(struct scanner *s, const char *word)
{
	size_t len = strlen(word);

	skip_space(s);
	if (strncmp(s->p, word, len) || (s->p[len] && s->p[len] != ' ' && s->p[len] != '\t'))
		return false;
	s->p += len;
	return true;
}

/**
 * scan_expect - take a word that must come next
 * @s: the line
 * @word: the word
 */
void scan_expect(struct scanner *s, const char *word)
{
	if (s->failed || scan_keyword(s, word))
		return;
	if (*s->p)
		scan_error(s, "`%s` should stand before `%s`", word, s->p);
	else
		scan_error(s, "the line ends where `%s` should stand", word);
}

/**
 * scan_end - check that nothing is left of the line
 * @s: the line
 */
void scan_end(struct scanner *s)
{
	skip_space(s);
	if (*s->p)
		scan_error(s, "`%s` does not belong here: end the line before it", s->p);
}

/**
 * scan_rest - take all that is left of the line
 * @s: the line
 * @what: what it should be, for the message when there is nothing
 */
char *scan_rest(struct scanner *s, const char *what)
{
	char *text;

	skip_space(s);
	if (!*s->p)
		scan_error(s, "%s is missing at the end of the line", what);
	text = xstrdup(s->p);
	s->p += strlen(s->p);
	return text;
}

/**
 * parse_version - read MAJOR.MINOR, with anything behind a further dot
 * @text: the text
 * @v: returns the version
 */
bool parse_version(const char *text, struct version *v)
{
	char rest;
	size_t digits = strspn(text, "0123456789");
	size_t more = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;

	if (!digits || !more || digits > 4 || more > 4)
		return false;
	rest = text[digits + 1 + more];
	if (rest && rest != '.' && rest != '-')
		return false;
	v->major = atoi(text);
	v->minor = atoi(text + digits + 1);
	return true;
}

/* Start of the last word of a text. */
static char *last_word(char *text, char *end)
{
	while (end > text && end[-1] != ' ' && end[-1] != '\t')
		end--;
	return end;
}

static char *trim_end(char *text, char *end)
{
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end;
}

static void set_versions(struct scanner *s, struct versions *v, bool since, const char *text)
{
	struct version *bound = since ? &v->since : &v->before;
	const char *word = since ? "since" : "before";
	bool given = since ? bound->major > 0 : bound->major < INT_MAX;

	if (given)
		scan_error(s, "`%s` stands on this line twice", word);
	else if (!parse_version(text, bound) || strchr(text, '-') ||
		 strchr(strchr(text, '.') + 1, '.'))
		scan_error(s, "`%s %s` should name a version as major.minor, like `%s 6.12`",
			   word, text, word);
}

/**
 * scan_versions - cut `since V` and `before V` off the end of the line
 * @s: the line
 * @v: returns the versions they name; all versions if there are none
 */
void scan_versions(struct scanner *s, struct versions *v)
{
	*v = (struct versions){ .before = { INT_MAX, 0 } };
	for (;;) {
		char *end = trim_end(s->p, s->p + strlen(s->p));
		char *version = last_word(s->p, end);
		char *word_end = trim_end(s->p, version);
		char *word = last_word(s->p, word_end);
		size_t len = (size_t)(word_end - word);
		bool since = len == 5 && !strncmp(word, "since", 5);

		if (!since && (len != 6 || strncmp(word, "before", 6)))
			break;
		*end = '\0';
		set_versions(s, v, since, version);
		*trim_end(s->p, word) = '\0';
	}
	if (!versions_overlap(v, v))
		scan_error(s, "no version is since %d.%d and before %d.%d", v->since.major,
			   v->since.minor, v->before.major, v->before.minor);
}

static int compare_versions(struct version a, struct version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return a.minor < b.minor ? -1 : a.minor > b.minor;
}

/**
 * version_applies - whether a version is one of a range
 * @range: the range
 * @v: the version
 */
bool version_applies(const struct versions *range, struct version v)
{
	return compare_versions(range->since, v) <= 0 && compare_versions(v, range->before) < 0;
}

/**
 * versions_overlap - whether two ranges have a version in common
 * @a: one range
 * @b: the other
 */
bool versions_overlap(const struct versions *a, const struct versions *b)
{
	struct version since = compare_versions(a->since, b->since) > 0 ? a->since : b->since;
	struct version before = compare_versions(a->before, b->before) < 0 ? a->before : b->before;

	return compare_versions(since, before) < 0;
}
