// SPDX-License-Identifier: GPL-2.0
/*
 * Values: read, written, one or several at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int suffix_shift(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	default:
		return 0;
	}
}

static int digit_of(char c, unsigned int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int kernelx_parse(const char *text, uint64_t *value)
{
	const int negative = *text == '-';
	unsigned int base = 10;
	int overflow = 0, shift, digit;
	const char *digits;
	uint64_t number = 0;

	text += negative;
	if (text[0] == '0' && (text[1] | 0x20) == 'x' && text[2]) {
		base = 16;
		text += 2;
	}
	for (digits = text; (digit = digit_of(*text, base)) >= 0; text++) {
		overflow |= __builtin_mul_overflow(number, (uint64_t)base, &number);
		overflow |= __builtin_add_overflow(number, (uint64_t)digit, &number);
	}
	if (text == digits)
		return -EINVAL;
	if (*text) {
		shift = suffix_shift(*text++);
		if (!shift || *text)
			return -EINVAL;
		overflow |= number >> (64 - shift) != 0;
		number <<= shift;
	}
	if (overflow || (negative && number))
		return -ERANGE;
	*value = number;
	return 0;
}

int kernelx_get(struct kernelx *kx, const char *knob, uint64_t *value)
{
	int error = kx_check_name(knob);
	char *text;

	if (error)
		return error;
	error = kx_read_at(kx->fd, knob, &text);
	if (error)
		return error;
	kx_chomp(text);
	if (kernelx_parse(text, value))
		error = -EIO;
	free(text);
	return error;
}

int kernelx_set(struct kernelx *kx, const char *knob, const char *value)
{
	int error = kx_check_name(knob);
	char *text;

	if (error)
		return error;
	if (!kernelx_exists(kx, knob))
		return -ENOENT;
	if (asprintf(&text, "%s\n", value) < 0)
		return -ENOMEM;
	error = kx_write_at(kx->fd, knob, text);
	free(text);
	return error;
}

int kernelx_transaction_size(const struct kernelx_setting *settings, size_t count)
{
	size_t size = 0, i;

	for (i = 0; i < count; i++) {
		const char *value = settings[i].value;

		/* It would become another setting. */
		if (!*value || value[strcspn(value, " \t\n\r\v\f")])
			return -EINVAL;
		if (strcmp(settings[i].knob, "mode") && kx_check_name(settings[i].knob))
			return -ENOENT;
		size += strlen(settings[i].knob) + strlen(value) + 2;
	}
	return size > KERNELX_TRANSACTION ? -E2BIG : (int)size;
}

/**
 * kx_transaction_text() - settings as the files transaction and lease take them
 * @settings: which knobs, to what
 * @count: how many
 *
 * Return: a text to be freed, or NULL with errno
 */
char *kx_transaction_text(const struct kernelx_setting *settings, size_t count)
{
	const int size = kernelx_transaction_size(settings, count);
	char *text, *end;
	size_t i;

	if (size < 0) {
		errno = -size;
		return NULL;
	}
	text = malloc(size + 1);
	if (!text)
		return NULL;
	end = text;
	for (i = 0; i < count; i++)
		end += sprintf(end, "%s=%s%c", settings[i].knob, settings[i].value,
			       i + 1 < count ? ' ' : '\n');
	*end = '\0';
	return text;
}

int kernelx_transaction(struct kernelx *kx, const struct kernelx_setting *settings, size_t count)
{
	char *text = kx_transaction_text(settings, count);
	int error;

	if (!text)
		return -errno;
	error = kx_write_at(kx->fd, "transaction", text);
	free(text);
	return error;
}
