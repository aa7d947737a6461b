// SPDX-License-Identifier: GPL-2.0
/*
 * Files of a tree of knobs: each is read whole, and written in one write(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/**
 * kx_read_fd() - read a file to its end
 * @fd: the file, at its begin
 * @text: what is in it, terminated
 */
int kx_read_fd(int fd, char **text)
{
	size_t size = 0, room = 512;
	char *buffer = NULL;
	ssize_t got;
	int error;

	for (;;) {
		char *larger = realloc(buffer, room);

		if (!larger) {
			error = -ENOMEM;
			goto failed;
		}
		buffer = larger;
		got = read(fd, buffer + size, room - size - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error = -errno;
			goto failed;
		}
		if (!got)
			break;
		size += got;
		if (room - size < 256)
			room *= 2;
	}
	buffer[size] = '\0';
	*text = buffer;
	return 0;

failed:
	free(buffer);
	return error;
}

/**
 * kx_read_at() - read a file
 * @dir: a directory
 * @name: the file, below that
 * @text: what is in it, terminated
 */
int kx_read_at(int dir, const char *name, char **text)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = kx_read_fd(fd, text);
	close(fd);
	return error;
}

/**
 * kx_write_at() - write a text in one piece
 * @dir: a directory
 * @name: a file that exists, below that
 * @text: what to write
 */
int kx_write_at(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CLOEXEC | O_TRUNC);
	const size_t length = strlen(text);
	int error = 0;
	ssize_t done;

	if (fd < 0)
		return -errno;
	/* Not again after EINTR: the signal was meant to end the change. */
	done = write(fd, text, length);
	if (done < 0)
		error = -errno;
	else if ((size_t)done != length)
		error = -EIO;
	close(fd);
	return error;
}

/**
 * kx_chomp() - take the newlines at the end of a text away
 * @text: the text
 */
void kx_chomp(char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == '\n')
		text[--length] = '\0';
}
