// SPDX-License-Identifier: GPL-2.0
/*
 * Messages, and text for people: one line for what went wrong, colours on a terminal
 * only, and lines as wide as that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "kx.h"

bool no_colour;
char *last_failure;

/**
 * need() - memory that must be there
 * @memory: what an allocation returned
 */
void *need(void *memory)
{
	if (!memory) {
		fputs("kx: out of memory\n", stderr);
		exit(STATUS_FAILED);
	}
	return memory;
}

static char *format_text(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	return need(text);
}

/**
 * text_of() - a text as printf() makes it, to be freed
 * @format: as that of printf()
 */
char *text_of(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_text(format, arguments);
	va_end(arguments);
	return text;
}

static void message(const char *severity, enum style colour, const char *text)
{
	fflush(stdout);
	fprintf(stderr, "%skx: %s%s%s\n", style(stderr, colour), severity, style(stderr, PLAIN),
		text);
}

/**
 * fail() - say what went wrong
 * @status: what kx will end with
 * @format: one line that names the knob and what helps
 *
 * With -j, standard output gets an object with the same text, unless a document is there
 * already.
 */
enum status fail(enum status status, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_text(format, arguments);
	va_end(arguments);
	message("", RED, text);
	if (json)
		json_error(text, status);
	free(last_failure);
	last_failure = text;
	return status;
}

/**
 * usage() - the command line is wrong
 * @format: how
 */
enum status usage(const char *format, ...)
{
	const char *name = command ? command->name : "";
	va_list arguments;
	enum status status;
	char *text;

	va_start(arguments, format);
	text = format_text(format, arguments);
	va_end(arguments);
	status = fail(STATUS_USAGE, "%s%s%s (kx help%s%s)", name, *name ? ": " : "", text,
		      *name ? " " : "", name);
	free(text);
	return status;
}

/**
 * note() - say something that is no failure, on standard error
 * @format: what
 */
void note(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_text(format, arguments);
	va_end(arguments);
	message("", YELLOW, text);
	free(text);
}

/**
 * style() - what to print for a style to begin
 * @out: where
 * @style: which
 */
const char *style(FILE *out, enum style style)
{
	static const char * const codes[] = {
		[PLAIN] = "\033[0m", [BOLD] = "\033[1m", [GREEN] = "\033[32m",
		[YELLOW] = "\033[33m", [RED] = "\033[31m", [DIM] = "\033[2m",
	};
	const char *forbidden = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (no_colour || (forbidden && *forbidden) || !isatty(fileno(out)) ||
	    !terminal || !strcmp(terminal, "dumb"))
		return "";
	return codes[style];
}

/** width() - how wide text for people may be */
int width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int wide = 80;

	if (columns && atoi(columns) > 0)
		wide = atoi(columns);
	else if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		wide = size.ws_col;
	return wide < 40 ? 40 : wide > 100 ? 100 : wide;
}

/* The words of @text from column @column on, with @indent blanks before other lines. */
static void fill(const char *text, int indent, int column, int wide)
{
	bool first = true;

	while (*(text += strspn(text, "\n "))) {
		const int length = strcspn(text, "\n ");

		if (!first && column + 1 + length > wide) {
			printf("\n%*s", indent, "");
			column = indent;
			first = true;
		}
		printf("%s%.*s", first ? "" : " ", length, text);
		column += length + !first;
		first = false;
		text += length;
	}
	putchar('\n');
}

/**
 * wrap() - print a paragraph in lines that fit
 * @text: its words
 * @indent: blanks in front of each line
 */
void wrap(const char *text, int indent)
{
	printf("%*s", indent, "");
	fill(text, indent, indent, width());
}

static void print_labelled(const char *label, const char *format, va_list arguments, int wide)
{
	char *text = format_text(format, arguments);

	printf("%s%-10s%s ", style(stdout, BOLD), label, style(stdout, PLAIN));
	fill(text, 11, 11, wide);
	free(text);
}

/**
 * labelled() - print a fact with a label in front
 * @label: some letters
 * @format: as that of printf()
 *
 * One line, unless that is for people to read: grep should find it whole.
 */
void labelled(const char *label, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_labelled(label, format, arguments, isatty(STDOUT_FILENO) ? width() : INT_MAX);
	va_end(arguments);
}

/**
 * explained() - print a paragraph with a label in front of its first line
 * @label: some letters
 * @format: as that of printf()
 */
void explained(const char *label, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_labelled(label, format, arguments, width());
	va_end(arguments);
}

/**
 * time_text() - a time as people here write it
 * @msec: since the epoch
 * @buffer: where
 * @size: of that
 */
const char *time_text(int64_t msec, char *buffer, size_t size)
{
	const time_t seconds = msec / 1000;
	struct tm local;

	if (!localtime_r(&seconds, &local) ||
	    !strftime(buffer, size, "%Y-%m-%d %H:%M:%S", &local))
		snprintf(buffer, size, "%lld", (long long)seconds);
	return buffer;
}

/**
 * next_option() - getopt_long() with our messages
 *
 * Return: the option, -1 behind the last one, '?' if it is wrong, which has been said.
 */
int next_option(int argc, char **argv, const char *shorts, const struct option *longs)
{
	char *given;
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, shorts, longs, NULL);
	if (option != '?' && option != ':')
		return option;
	given = argv[optind - 1];
	if (optopt && (given[0] != '-' || given[1] != '-'))
		usage("-%c: %s", optopt,
		      option == ':' ? "its value is missing" : "no such option");
	else
		usage("%s: %s", given,
		      option == ':' || optopt ? "its value is missing" : "no such option");
	return '?';
}
