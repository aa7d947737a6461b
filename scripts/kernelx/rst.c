// SPDX-License-Identifier: GPL-2.0
/*
 * The reference of all knobs as reStructuredText. Text of the catalogue is plain
 * text: whatever reStructuredText would take for markup is escaped.
 */
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "util.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether a byte within a line is markup: `_` behind a word, `:` beside another. */
static bool is_markup(const char *text, size_t len, size_t i)
{
	if (text[i] == '_')
		return i + 1 == len || !is_alnum(text[i + 1]);
	if (text[i] == ':')
		return (i && text[i - 1] == ':') || (i + 1 < len && text[i + 1] == ':');
	return strchr("\\*`|", text[i]);
}

/* Whether a line begins with a number or letter that would count a list: `1.`, `a)`, `iv.` */
static bool is_enumerated(const char *text, size_t len)
{
	size_t word = 0;

	while (word < len && is_alnum(text[word]))
		word++;
	if (!word || word == len || !strchr(".)", text[word]) ||
	    (word + 1 < len && text[word + 1] != ' '))
		return false;
	return word == 1 || strspn(text, "0123456789") >= word ||
	       strspn(text, "IVXLCDMivxlcdm") >= word;
}

/* A line of a paragraph. What a line begins with can be markup too: a bullet, `1.`, `..`. */
static void add_escaped(struct strbuf *sb, const char *text, size_t len)
{
	size_t enumerator = is_enumerated(text, len) ? strcspn(text, ".)") : len;

	for (size_t i = 0; i < len; i++) {
		bool begin = !i && !is_alnum(text[i]) && (unsigned char)text[i] < 0x80;

		if (begin || i == enumerator || is_markup(text, len, i))
			strbuf_add(sb, "\\", 1);
		strbuf_add(sb, text + i, 1);
	}
}

static void add_heading(struct strbuf *sb, const char *text, char underline)
{
	size_t start = sb->len, len;

	add_escaped(sb, text, strlen(text));
	len = sb->len - start;
	strbuf_add(sb, "\n", 1);
	while (len--)
		strbuf_add(sb, &underline, 1);
	strbuf_add(sb, "\n\n", 2);
}

/* A field whose value is code. A backquote cannot stand in an inline literal. */
static void add_code(struct strbuf *sb, const char *field, const char *text)
{
	strbuf_addf(sb, ":%s: ", field);
	if (strchr(text, '`'))
		add_escaped(sb, text, strlen(text));
	else
		strbuf_addf(sb, "``%s``", text);
	strbuf_add(sb, "\n", 1);
}

static void add_field(struct strbuf *sb, const char *field, const char *text)
{
	strbuf_addf(sb, ":%s: ", field);
	add_escaped(sb, text, strlen(text));
	strbuf_add(sb, "\n", 1);
}

/* Whether a paragraph is lines of prose; otherwise its layout means something and is kept. */
static bool is_prose(const char *paragraph, const char *end)
{
	for (const char *line = paragraph; line < end; line += strcspn(line, "\n") + 1) {
		if (strchr(" \t-*+", *line))
			return false;
	}
	return true;
}

static void add_paragraph(struct strbuf *sb, const char *paragraph, const char *end)
{
	bool prose = is_prose(paragraph, end);

	if (!prose)
		strbuf_addf(sb, "::\n\n");
	for (const char *line = paragraph; line < end;) {
		size_t len = strcspn(line, "\n");

		if (prose) {
			add_escaped(sb, line, len);
		} else {
			strbuf_add(sb, "  ", 2);
			strbuf_add(sb, line, len);
		}
		strbuf_add(sb, "\n", 1);
		line += len + 1;
	}
	strbuf_add(sb, "\n", 1);
}

static void add_help(struct strbuf *sb, const char *help)
{
	while (*help) {
		const char *gap = strstr(help, "\n\n");
		const char *end = gap ? gap : help + strlen(help);

		add_paragraph(sb, help, end);
		help = end + strspn(end, "\n");
	}
}

static void add_depends(struct strbuf *sb, const struct knob *knob)
{
	if (!knob->depends_count)
		return;
	strbuf_addf(sb, ":Depends on: ");
	for (size_t i = 0; i < knob->depends_count; i++)
		strbuf_addf(sb, "%s``CONFIG_%s``", i ? " and " : "", knob->depends[i].text);
	strbuf_add(sb, "\n", 1);
}

static void add_state(struct strbuf *sb, const struct knob *knob)
{
	if (knob->state == STATE_NONE)
		return;
	strbuf_addf(sb, ":Latched state: ");
	if (knob->state == STATE_REFRESH)
		strbuf_addf(sb, "brought along by ``kernelx_refresh_%s()``", knob->state_text);
	else
		strbuf_addf(sb, "benign\\: ");
	if (knob->state == STATE_BENIGN)
		add_escaped(sb, knob->state_text, strlen(knob->state_text));
	strbuf_add(sb, "\n", 1);
}

/* What a policy finds in its ctx. */
static void add_context(struct strbuf *sb, const struct knob *knob)
{
	struct strbuf text = { 0 };

	strbuf_addf(&text, "struct %s *%s", knob->context_type, knob->context_type);
	add_code(sb, "Policies see", text.data);
	free(text.data);
}

/* Where the constant of a refused one stands. */
static void add_refused(struct strbuf *sb, const struct knob *refused)
{
	char *source = knob_source(refused);

	add_heading(sb, refused->name, '-');
	add_field(sb, "Source", source);
	strbuf_add(sb, "\n", 1);
	add_help(sb, refused->help);
	free(source);
}

static void add_knob(struct strbuf *sb, const struct knob *knob)
{
	struct strbuf range = { 0 };
	char *source = knob_source(knob);

	add_heading(sb, knob->name, '-');
	add_code(sb, "Default", knob->defaults[0].text);
	strbuf_addf(&range, "%s .. %s", knob->min, knob->max);
	add_code(sb, "Range", range.data);
	add_field(sb, "Unit", knob->unit);
	add_field(sb, "Source", source);
	add_depends(sb, knob);
	add_state(sb, knob);
	if (knob->group)
		add_field(sb, "Group", knob->group);
	if (knob->instance)
		add_field(sb, "Instance", knob->instance);
	if (knob->context)
		add_context(sb, knob);
	strbuf_add(sb, "\n", 1);
	add_help(sb, knob->help);
	free(range.data);
	free(source);
}

/* The line above the title of a page, as long as the one below. */
static void add_line(struct strbuf *sb, const char *title, char line)
{
	for (size_t i = 0; i < strlen(title); i++)
		strbuf_add(sb, &line, 1);
	strbuf_add(sb, "\n", 1);
}

static void add_title(struct strbuf *sb, const char *title)
{
	strbuf_addf(sb, ".. %s: GPL-2.0\n"
		    ".. Generated by kconst from the catalogue (Kconst): do not edit.\n\n",
		    SPDX_TAG);
	add_line(sb, title, '=');
	add_heading(sb, title, '=');
}

static size_t subsystem_length(const struct knob *knob)
{
	return strcspn(knob->name, "/");
}

/* The first knob behind @first, of @count, that is of another subsystem. */
static size_t end_of_subsystem(const struct knob *knobs, size_t count, size_t first)
{
	size_t len = subsystem_length(&knobs[first]) + 1, end = first;

	while (end < count && !strncmp(knobs[end].name, knobs[first].name, len))
		end++;
	return end;
}

/* The page beside @path that has @suffix: knobs.rst, mm: knobs-mm.rst */
static bool write_page(const char *path, const char *suffix, const struct strbuf *page)
{
	size_t len = strlen(path);
	struct strbuf name = { 0 };
	bool ok;

	if (len > 4 && !strcmp(path + len - 4, ".rst"))
		len -= 4;
	strbuf_add(&name, path, len);
	strbuf_addf(&name, "-%s.rst", suffix);
	ok = write_if_changed(name.data, page->data, page->len);
	free(name.data);
	return ok;
}

static bool write_subsystem(const char *path, const struct knob *knobs, size_t count)
{
	char *subsystem = xstrndup(knobs->name, subsystem_length(knobs));
	struct strbuf page = { 0 };
	bool ok;

	add_title(&page, subsystem);
	for (size_t i = 0; i < count; i++)
		add_knob(&page, &knobs[i]);
	ok = write_page(path, subsystem, &page);
	free(page.data);
	free(subsystem);
	return ok;
}

static bool write_refused(const char *path, const struct catalogue *cat)
{
	struct strbuf page = { 0 };
	bool ok;

	add_title(&page, "Refused");
	strbuf_addf(&page,
		    "Constants that somebody looked at, and why they are no knobs. Who wants one of them\n"
		    "as a knob has to answer the reason first.\n\n");
	for (size_t i = 0; i < cat->refused_count; i++)
		add_refused(&page, &cat->refused[i]);
	ok = write_page(path, "refused", &page);
	free(page.data);
	return ok;
}

/* A line of the index: the name without the directory is what the toctree wants. */
static void add_entry(struct strbuf *sb, const char *path, const char *suffix, size_t len)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	strbuf_addf(sb, "   %.*s-%.*s\n", (int)strcspn(name, "."), name, (int)len, suffix);
}

/**
 * write_rst - write the reference: an index, and beside it a page for each subsystem
 * @cat: the catalogue, selected and without errors
 * @path: the file of the index; what ends it, .rst, is put behind the names of the others
 *
 * Return: false on error, which is reported.
 */
bool write_rst(const struct catalogue *cat, const char *path)
{
	struct strbuf sb = { 0 };
	bool ok = true;

	add_title(&sb, "Reference of all knobs");
	strbuf_addf(&sb,
		    "Each of the %zu knobs is a file below ``/sys/kernel/kernelx/``. The pages describe them by\n"
		    "subsystem; the last one says why %zu other constants are none.\n\n"
		    ".. toctree::\n   :maxdepth: 1\n\n", cat->count, cat->refused_count);
	for (size_t i = 0, end; i < cat->count; i = end) {
		end = end_of_subsystem(cat->knobs, cat->count, i);
		add_entry(&sb, path, cat->knobs[i].name, subsystem_length(&cat->knobs[i]));
		ok &= write_subsystem(path, &cat->knobs[i], end - i);
	}
	add_entry(&sb, path, "refused", strlen("refused"));
	ok &= write_refused(path, cat);
	ok &= write_if_changed(path, sb.data, sb.len);
	free(sb.data);
	return ok;
}
