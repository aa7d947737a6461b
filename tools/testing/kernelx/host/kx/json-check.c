// SPDX-License-Identifier: GPL-2.0
/*
 * Is standard input JSON (RFC 8259): one document, or with -l one in each line? Says
 * where it is not. "-g a.b.0" prints what is there: the text of a string, else as it is.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *begin, *at;
static const char *wanted;
static bool found;

static void wrong(const char *what)
{
	printf("byte %ld: %s: %.20s\n", (long)(at - begin), what, at);
	exit(1);
}

static void blanks(void)
{
	at += strspn(at, " \t\r\n");
}

static void string(void)
{
	if (*at++ != '"')
		wrong("no string");
	for (; *at != '"'; at++) {
		if ((unsigned char)*at < 0x20)
			wrong("a control character, or no end, in a string");
		if (*at != '\\')
			continue;
		at++;
		if (*at == 'u') {
			if (strspn(at + 1, "0123456789abcdefABCDEF") < 4)
				wrong("\\u without four digits");
			at += 4;
		} else if (!*at || !strchr("\"\\/bfnrt", *at)) {
			wrong("an unknown escape");
		}
	}
	at++;
}

static void digits(void)
{
	if (!isdigit((unsigned char)*at))
		wrong("no digit");
	while (isdigit((unsigned char)*at))
		at++;
}

static void number(void)
{
	at += *at == '-';
	if (*at == '0')
		at++;
	else
		digits();
	if (*at == '.') {
		at++;
		digits();
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		digits();
	}
}

/* @path: what of the wanted place is still to be found; NULL if this is not on the way */
static void value(const char *path);

/* Go on behind a member's name, if the path begins with it. */
static const char *into(const char *path, const char *name, size_t length)
{
	if (!path || strncmp(path, name, length))
		return NULL;
	if (path[length] == '.')
		return path + length + 1;
	return path[length] ? NULL : path + length;
}

static void members(char end, const char *path)
{
	char index[16];
	const char *name;
	size_t length;
	int count = 0;

	at++;
	blanks();
	if (*at == end) {
		at++;
		return;
	}
	for (;; at++) {
		blanks();
		name = at + 1;
		if (end == '}') {
			string();
			length = at - 1 - name;
			blanks();
			if (*at++ != ':')
				wrong("no colon");
		} else {
			length = snprintf(index, sizeof(index), "%d", count++);
			name = index;
		}
		value(into(path, name, length));
		blanks();
		if (*at == end)
			break;
		if (*at != ',')
			wrong("neither a comma nor the end");
	}
	at++;
}

static void value(const char *path)
{
	static const char * const words[] = { "true", "false", "null" };
	const char *first;
	size_t i;

	blanks();
	first = at;
	if (*at == '{') {
		members('}', path);
	} else if (*at == '[') {
		members(']', path);
	} else if (*at == '"') {
		string();
	} else if (*at == '-' || isdigit((unsigned char)*at)) {
		number();
	} else {
		for (i = 0; i < 3 && strncmp(at, words[i], strlen(words[i])); i++)
			;
		if (i == 3)
			wrong("no value");
		at += strlen(words[i]);
	}
	if (path && !*path && !found) {
		found = true;
		if (*first == '"')
			printf("%.*s\n", (int)(at - first - 2), first + 1);
		else
			printf("%.*s\n", (int)(at - first), first);
	}
}

int main(int argc, char **argv)
{
	const bool lines = argc > 1 && !strcmp(argv[1], "-l");
	size_t size = 0, documents = 0;

	begin = calloc(1, 1 << 20);
	if (!begin)
		return 2;
	size = fread(begin, 1, (1 << 20) - 1, stdin);
	if (strlen(begin) != size) {
		puts("a zero byte, or more than can be read");
		return 1;
	}
	if (argc == 3 && !strcmp(argv[1], "-g"))
		wanted = argv[2];
	for (at = begin; *at; documents++) {
		char *line = at, *end = strchr(at, '\n');

		value(wanted);
		if (lines && end && at > end) {
			at = line;
			wrong("more than a line");
		}
		blanks();
		if (*at && !lines)
			wrong("something behind the document");
	}
	if (!documents) {
		puts("nothing");
		return 1;
	}
	if (wanted && !found) {
		printf("no %s\n", wanted);
		return 1;
	}
	return 0;
}
