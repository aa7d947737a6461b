// SPDX-License-Identifier: GPL-2.0
/*
 * The text form of a value: decimal or 0x..., with a binary suffix.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "internal.h"

/**
 * kernelx_is_word() - is a text this word?
 * @text:	not necessarily terminated
 * @length:	of @text; all of it must be the word, but for one newline
 * @word:	the word
 *
 * Any context.
 */
bool kernelx_is_word(const char *text, size_t length, const char *word)
{
	const size_t wanted = strlen(word);

	if (length == wanted + 1 && text[wanted] == '\n')
		length--;
	return length == wanted && !memcmp(text, word, wanted);
}

static unsigned int suffix_shift(char c)
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

/**
 * kernelx_parse_value() - read a number
 * @text:	not necessarily terminated
 * @length:	of @text; all of it must be the number, but for one newline
 * @value:	where it goes
 *
 * Takes 64, 0x40, 1K, 2M, 1G (powers of 1024; lower case too). 010 is ten: who
 * writes it into a file like this does not think of octal.
 *
 * Return: 0, -EINVAL (not a number), -ERANGE (a number, but negative or beyond
 * 64 bits).
 */
int kernelx_parse_value(const char *text, size_t length, u64 *value)
{
	const char *end = text + length;
	unsigned int base = 10, shift;
	bool negative, overflow = false;
	const char *digits;
	u64 number = 0;

	if (text < end && end[-1] == '\n')
		end--;
	negative = text < end && *text == '-';
	if (negative)
		text++;
	if (end - text > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
	}
	for (digits = text; text < end && isxdigit(*text); text++) {
		unsigned int digit;

		if (isdigit(*text))
			digit = *text - '0';
		else if (base == 16)
			digit = (*text | 0x20) - 'a' + 10;
		else
			break;
		overflow |= check_mul_overflow(number, (u64)base, &number);
		overflow |= check_add_overflow(number, (u64)digit, &number);
	}
	if (text == digits)
		return -EINVAL;
	if (text < end) {
		shift = suffix_shift(*text++);
		if (!shift || text != end)
			return -EINVAL;
		overflow |= check_shl_overflow(number, shift, &number);
	}
	if (overflow || (negative && number))
		return -ERANGE;
	*value = number;
	return 0;
}
