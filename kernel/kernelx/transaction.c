// SPDX-License-Identifier: GPL-2.0
/*
 * Several knobs in one text: "net/hystart_delay_min=8000 net/hystart_delay_max=32000".
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/cleanup.h>
#include <linux/ctype.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

/* Of a text that is refused, so much is quoted in the log. */
#define QUOTED 60

static struct kernelx_knob *find_knob(const char *name, size_t length)
{
	struct kernelx_knob *knob;

	kernelx_for_each_knob(knob)
		if (strlen(knob->name) == length && !memcmp(knob->name, name, length))
			return knob;
	return NULL;
}

static bool is_part(const struct kernelx_change *changes, unsigned int nr,
		    const struct kernelx_knob *knob)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (changes[i].knob == knob)
			return true;
	return false;
}

static int refuse(const char *word, size_t length, const char *why, int ret)
{
	pr_notice_ratelimited("transaction: \"%*pE%s\" %s; nothing is changed\n",
			      (int)min_t(size_t, length, QUOTED), word,
			      length > QUOTED ? "..." : "", why);
	return ret;
}

/* One word, "knob=value" or "knob=default", which becomes a change. */
static int parse_word(const char *word, size_t length,
		      struct kernelx_change *changes, unsigned int nr)
{
	const char *equals = memchr(word, '=', length);
	struct kernelx_knob *knob;
	size_t value_length;
	u64 value;
	int ret;

	if (!equals)
		return refuse(word, length, "is not knob=value", -EINVAL);
	knob = find_knob(word, equals - word);
	if (!knob)
		return refuse(word, length, "names no knob of this kernel", -ENOENT);
	if (is_part(changes, nr, knob))
		return refuse(word, length, "names a knob for the second time", -EINVAL);
	value_length = word + length - (equals + 1);
	if (value_length == strlen("default") &&
	    !memcmp(equals + 1, "default", value_length)) {
		value = knob->default_value;
	} else {
		ret = kernelx_parse_value(equals + 1, value_length, &value);
		if (ret == -EINVAL)
			return refuse(word, length, "has a value that is not a number",
				      ret);
		if (ret)
			return refuse(word, length, "has a value that is out of range",
				      ret);
	}
	ret = kernelx_check_range(knob, value);
	if (ret)
		return ret;
	changes[nr].knob = knob;
	changes[nr].value = value;
	return 0;
}

/**
 * kernelx_transaction() - change the knobs that a text names, all of them or none
 * @text: words, separated by white space
 * @length: of the text
 *
 * Context: may sleep; takes what kernelx_change() takes.
 *
 * Return: 0; -EINVAL (a word is not what it should be, or there is none), -ENOENT (no
 * such knob), -ENOMEM, or as kernelx_change().
 */
int kernelx_transaction(const char *text, size_t length)
{
	struct kernelx_change *changes __free(kfree) = NULL;
	const char *end = text + length, *word;
	unsigned int nr = 0;
	int ret;

	changes = kcalloc(kernelx_nr_knobs, sizeof(*changes), GFP_KERNEL);
	if (!changes)
		return -ENOMEM;
	for (;;) {
		while (text < end && isspace(*text))
			text++;
		if (text == end)
			break;
		for (word = text; text < end && !isspace(*text); text++)
			;
		/* Each knob once: there are never more than fit. */
		ret = parse_word(word, text - word, changes, nr);
		if (ret)
			return ret;
		nr++;
	}
	if (!nr)
		return refuse("", 0, "names no knob, wanted: knob=value knob=value ...",
			      -EINVAL);
	return kernelx_change(changes, nr);
}
