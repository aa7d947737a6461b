// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of KernelX in its log while kx asks it for something.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

#define PREFIX "kernelx: "
#define RECORD 8192

/**
 * log_open() - from here on, what the kernel says can be read
 *
 * Return: what to give to log_said(); negative if the log cannot be read
 */
int log_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/**
 * log_said() - the last that the kernel said of a thing, and end to listen
 * @log: of log_open()
 * @about: a word that must be in it
 *
 * Return: a text to be freed, or NULL if it said nothing
 */
char *log_said(int log, const char *about)
{
	char *record, *said = NULL;

	if (log < 0)
		return NULL;
	record = need(malloc(RECORD));
	for (;;) {
		ssize_t size = read(log, record, RECORD - 1);
		char *text;

		/* Records were overwritten: those that follow are there. */
		if (size < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (size <= 0)
			break;
		record[size] = '\0';
		text = strchr(record, ';');
		if (!text || strncmp(text + 1, PREFIX, strlen(PREFIX)))
			continue;
		text += 1 + strlen(PREFIX);
		text[strcspn(text, "\n")] = '\0';
		if (!strstr(text, about))
			continue;
		free(said);
		said = need(strdup(text));
	}
	free(record);
	close(log);
	return said;
}
