// SPDX-License-Identifier: GPL-2.0
/*
 * Several knobs in one text: "net/hystart_delay_min=8000 net/hystart_delay_max=32000", and
 * the mode in which to change them, "mode=global", if it is not their own.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/cleanup.h>
#include <linux/ctype.h>
#include <linux/kernfs.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

/* Of a text that is refused, so much is quoted in the log. */
#define QUOTED 60

#define MODE "mode="

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

static int refuse_value(const struct kernelx_knob *knob, const char *text,
			size_t length, const char *why, int ret)
{
	pr_notice_ratelimited("transaction: %s: \"%*pE%s\" is %s, wanted: %u..%u (%s) or \"default\"%s; nothing is changed\n",
			      knob->name, (int)min_t(size_t, length, QUOTED), text,
			      length > QUOTED ? "..." : "", why, knob->min, knob->max,
			      knob->unit, ret == -EINVAL ? ", and blanks between knobs" : "");
	return ret;
}

/* The word "mode=...": for all of them. */
static int parse_mode(const char *word, size_t length, enum kernelx_mode *mode)
{
	int ret;

	if (*mode)
		return refuse(word, length, "is a second mode", -EINVAL);
	ret = kernelx_parse_mode(word + strlen(MODE), length - strlen(MODE), mode);
	if (ret == -EOPNOTSUPP)
		return refuse(word, length,
			      "cannot be: this kernel reads knobs from memory, in mode immediate",
			      ret);
	if (ret || !*mode)
		return refuse(word, length,
			      "is no mode, wanted: mode=immediate, mode=instance or mode=global",
			      -EINVAL);
	return 0;
}

/* One word, "knob=value" or "knob=default", which becomes a change. */
static int parse_word(const char *word, size_t length,
		      struct kernelx_change *changes, unsigned int nr)
{
	const char *equals = memchr(word, '=', length);
	struct kernelx_knob *knob;
	const char *text;
	u64 value;
	int ret;

	if (!equals)
		return refuse(word, length,
			      "is not <subsystem>/<knob>=<value>, without blanks",
			      -EINVAL);
	knob = kernelx_find_named(word, equals - word);
	if (!knob)
		return refuse(word, length,
			      "names no knob of this kernel, wanted: <subsystem>/<knob>=<value>, see /sys/kernel/kernelx",
			      -ENOENT);
	if (is_part(changes, nr, knob))
		return refuse(word, length, "names a knob for the second time", -EINVAL);
	text = equals + 1;
	length -= text - word;
	value = knob->default_value;
	ret = kernelx_is_word(text, length, "default") ? 0 :
		kernelx_parse_value(text, length, &value);
	if (ret == -EINVAL)
		return refuse_value(knob, text, length, "not a number", ret);
	if (ret || value < knob->min || value > knob->max)
		return refuse_value(knob, text, length, "out of range", -ERANGE);
	changes[nr].knob = knob;
	changes[nr].value = value;
	return 0;
}

/**
 * kernelx_parse_changes() - read which knobs shall change
 * @text: words, separated by white space: knobs, and at most one mode
 * @length: of the text
 * @changes: where they go, to be freed with kfree() if there is no error
 * @nr: how many
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL (a word is not what it should be, or there is none), -ENOENT (no
 * such knob), -ERANGE, -EOPNOTSUPP (no such mode in this kernel), -ENOMEM.
 */
int kernelx_parse_changes(const char *text, size_t length,
			  struct kernelx_change **changes, unsigned int *nr)
{
	struct kernelx_change *list __free(kfree) = NULL;
	enum kernelx_mode mode = KERNELX_MODE_DEFAULT;
	const char *end = text + length, *word;
	unsigned int i;
	int ret;

	*nr = 0;
	list = kcalloc(kernelx_nr_knobs, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	for (;;) {
		while (text < end && isspace(*text))
			text++;
		if (text == end)
			break;
		for (word = text; text < end && !isspace(*text); text++)
			;
		if (text - word >= strlen(MODE) && !strncmp(word, MODE, strlen(MODE))) {
			ret = parse_mode(word, text - word, &mode);
		} else {
			/* Each knob once: there are never more than fit. */
			ret = parse_word(word, text - word, list, *nr);
			++*nr;
		}
		if (ret)
			return ret;
	}
	if (!*nr)
		return refuse("", 0,
			      "names no knob, wanted: <subsystem>/<knob>=<value> ...",
			      -EINVAL);
	for (i = 0; i < *nr; i++)
		list[i].mode = mode;
	*changes = no_free_ptr(list);
	return 0;
}

static ssize_t transaction_write(struct kernfs_open_file *of, char *text, size_t length,
				 loff_t offset)
{
	struct kernelx_change *changes __free(kfree) = NULL;
	unsigned int nr;
	int ret;

	ret = kernelx_may_write("transaction");
	if (!ret && length)
		ret = kernelx_parse_changes(text, length, &changes, &nr);
	if (!ret && length)
		ret = kernelx_change(changes, nr);
	return kernelx_write_result(ret, length);
}

/* Not an attribute of sysfs, which cuts a text after a page. */
const struct kernfs_ops kernelx_transaction_ops = {
	.write = transaction_write,
	.atomic_write_len = KERNELX_TRANSACTION_LENGTH,
};
