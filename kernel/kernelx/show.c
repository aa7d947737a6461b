// SPDX-License-Identifier: GPL-2.0
/*
 * The text of .meta/<subsystem>/<knob>/{sites,spans,class}: what is known of the
 * sites of a knob, and where its value goes.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kernelx_spans.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/seq_buf.h>
#include <linux/string.h>

#include "internal.h"
#ifdef CONFIG_KERNELX_SITES
#include "arch.h"
#include "spans.h"
#endif

/* --- a part of a text that is made line by line --- */

/* For two symbols and some words; kernelx_mutex protects it. */
static char line_buffer[2 * KSYM_SYMBOL_LEN + 512];

/* Return: true if the next line is not known to be before the part. */
static bool line_wanted(struct kernelx_lines *lines)
{
	if (lines->number >= lines->skip)
		return true;
	lines->number++;
	return false;
}

static void begin_line(struct seq_buf *line)
{
	lockdep_assert_held(&kernelx_mutex);
	seq_buf_init(line, line_buffer, sizeof(line_buffer));
}

/* Return: false if the part is complete. */
static bool end_line(struct kernelx_lines *lines, struct seq_buf *line)
{
	size_t length, skip, size;

	seq_buf_putc(line, '\n');
	WARN_ON_ONCE(seq_buf_has_overflowed(line));
	length = seq_buf_used(line);
	if (lines->position + length > lines->offset) {
		skip = max(lines->offset, lines->position) - lines->position;
		size = min(length - skip, lines->size - lines->length);
		memcpy(lines->buf + lines->length, line->buffer + skip, size);
		lines->length += size;
		/* The next part begins within this line. */
		if (skip + size < length)
			return false;
	}
	lines->position += length;
	lines->number++;
	return lines->length < lines->size;
}

/* --- classes --- */

static const struct {
	u32 flag;
	const char *word;
} words[] = {
#define WORD(value, text) { value, text },
	KERNELX_FLAG_WORDS(WORD)
#undef WORD
};

static void add_class(struct seq_buf *line, u32 flags)
{
	unsigned int i;

	seq_buf_puts(line, flags & KERNELX_DEPENDENT ? "dependent" : "independent");
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (flags & words[i].flag)
			seq_buf_printf(line, " %s", words[i].word);
}

/**
 * kernelx_show_class() - the class of a knob in words
 * @knob: the knob
 * @buf: of PAGE_SIZE bytes
 *
 * Any context: takes no lock, as everybody may read it.
 *
 * Return: bytes written.
 */
ssize_t kernelx_show_class(const struct kernelx_knob *knob, char *buf)
{
	struct seq_buf line;

	seq_buf_init(&line, buf, PAGE_SIZE);
	/* A number that changes under us is as good as one read before or after. */
	if (IS_ENABLED(CONFIG_KERNELX_SITES) && !READ_ONCE(knob->nr_sites))
		seq_buf_puts(&line, "no-site");
	else
		add_class(&line, kernelx_knob_flags(knob));
	seq_buf_putc(&line, '\n');
	return seq_buf_used(&line);
}

#ifdef CONFIG_KERNELX_SITES

/* --- sites --- */

/* What the first instruction that uses the value does with which function of it. */
static void add_use(struct seq_buf *line, const struct kernelx_facts *facts)
{
	static const char * const uses[] = {
#define WORD(value, text)	\
		[value] = text,
		KERNELX_USE_WORDS(WORD)
#undef WORD
	};

	if (facts->use >= ARRAY_SIZE(uses)) {
		seq_buf_printf(line, " use-%u", facts->use);
		return;
	}
	seq_buf_printf(line, " %s", uses[facts->use]);
	if (facts->use == KERNELX_USE_NONE || facts->use == KERNELX_USE_BRANCHES ||
	    !facts->factor)
		return;
	seq_buf_puts(line, " V");
	if (facts->factor != 1)
		seq_buf_printf(line, "*%lld", facts->factor);
	if (facts->addend)
		seq_buf_printf(line, "%+lld", facts->addend);
	seq_buf_printf(line, " (%u bits)", facts->width);
}

static void add_facts(struct seq_buf *line, const struct kernelx_facts *facts)
{
	if (!facts) {
		seq_buf_puts(line, " unknown ");
		add_class(line, KERNELX_UNKNOWN);
		return;
	}
	add_use(line, facts);
	seq_buf_printf(line, " critical %u ", facts->critical);
	add_class(line, facts->flags);
	if (facts->place)
		seq_buf_printf(line, " at %pS",
			       (void *)&facts->place + facts->place);
}

/**
 * kernelx_show_sites() - list the sites of a knob, as their text is now
 * @knob: the knob
 * @lines: the part that is wanted
 *
 * Context: may sleep; kernelx_mutex is held.
 */
void kernelx_show_sites(struct kernelx_knob *knob, struct kernelx_lines *lines)
{
	static const char * const forms[] = {
		[KERNELX_FORM_BAD]	= "bad",
		[KERNELX_FORM_DIRECT]	= "direct",
		[KERNELX_FORM_INDIRECT]	= "indirect",
	};
	unsigned int i;

	for (i = 0; i < knob->nr_sites; i++) {
		const struct kernelx_site *site = knob->sites[i];
		u32 value = kernelx_get(knob);
		enum kernelx_form form;
		struct seq_buf line;

		if (!line_wanted(lines))
			continue;
		form = arch_kernelx_read_site(site, &value);
		begin_line(&line);
		seq_buf_printf(&line, "%pS %s %u", kernelx_site_address(site),
			       forms[form], value);
		add_facts(&line, kernelx_site_facts(site));
		if (!end_line(lines, &line))
			return;
	}
}

/* --- spans --- */

static bool add_span(const struct kernelx_hit *hit, void *data)
{
	unsigned long start = kernelx_span_start(hit->span);
	unsigned long end = start + hit->span->size;
	struct kernelx_lines *lines = data;
	unsigned long offset = 0;
	struct seq_buf line;

	if (!line_wanted(lines))
		return true;
	/* Text without a symbol is shown by %pS as its address. */
	kallsyms_lookup_size_offset(start, NULL, &offset);
	begin_line(&line);
	seq_buf_printf(&line, "%016lx-%016lx %pS .. +0x%lx %u %pS", start, end,
		       (void *)start, offset + hit->span->size, hit->span->size,
		       kernelx_site_address(hit->site));
	return end_line(lines, &line);
}

/**
 * kernelx_show_spans() - list the safe spans of a knob's sites
 * @knob: the knob
 * @lines: the part that is wanted
 *
 * Context: may sleep; kernelx_mutex is held.
 */
void kernelx_show_spans(struct kernelx_knob *knob, struct kernelx_lines *lines)
{
	struct seq_buf line;
	unsigned int i;

	if (!kernelx_spans_of(knob, add_span, lines))
		return;
	for (i = 0; i < knob->nr_sites; i++) {
		if (kernelx_site_facts(knob->sites[i]) || !line_wanted(lines))
			continue;
		begin_line(&line);
		seq_buf_printf(&line, "unknown %pS",
			       kernelx_site_address(knob->sites[i]));
		if (!end_line(lines, &line))
			return;
	}
}

#else

void kernelx_show_sites(struct kernelx_knob *knob, struct kernelx_lines *lines)
{
	struct seq_buf line;

	if (!line_wanted(lines))
		return;
	begin_line(&line);
	seq_buf_printf(&line, "variable %u", kernelx_get(knob));
	end_line(lines, &line);
}

void kernelx_show_spans(struct kernelx_knob *knob, struct kernelx_lines *lines)
{
	struct seq_buf line;

	if (!line_wanted(lines))
		return;
	begin_line(&line);
	seq_buf_puts(&line, "unknown");
	end_line(lines, &line);
}

#endif /* CONFIG_KERNELX_SITES */
