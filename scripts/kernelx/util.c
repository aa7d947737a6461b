// SPDX-License-Identifier: GPL-2.0
/*
 * Memory, strings and files for kconst. The program lives for one command, so
 * only what is allocated per scanned file is ever given back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "util.h"

/**
 * xrealloc - resize an array; does not return on failure
 * @p: the array, or NULL
 * @count: elements wanted
 * @size: bytes of one element
 */
void *xrealloc(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		fatal("out of memory");
	p = realloc(p, count && size ? count * size : 1);
	if (!p)
		fatal("out of memory");
	return p;
}

/**
 * xzalloc - allocate zeroed memory; does not return on failure
 * @size: bytes
 */
void *xzalloc(size_t size)
{
	return memset(xrealloc(NULL, 1, size), 0, size);
}

/**
 * xstrndup - copy the first bytes of a string
 * @s: the bytes
 * @len: how many
 */
char *xstrndup(const char *s, size_t len)
{
	char *copy = xrealloc(NULL, len + 1, 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

/**
 * xstrdup - copy a string
 * @s: the string
 */
char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

/**
 * grow - make room for one more element at the end of an array
 * @array: the array, or NULL when @count is 0
 * @count: elements in use
 * @size: bytes of one element
 *
 * The room doubles at each power of two, so no capacity has to be kept.
 */
void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	return xrealloc(array, count ? 2 * count : 1, size);
}

/**
 * strbuf_add - append bytes
 * @sb: the string
 * @data: the bytes
 * @len: how many
 */
void strbuf_add(struct strbuf *sb, const char *data, size_t len)
{
	if (sb->cap - sb->len <= len) {
		sb->cap = 2 * sb->cap + len + 64;
		sb->data = xrealloc(sb->data, sb->cap, 1);
	}
	memcpy(sb->data + sb->len, data, len);
	sb->len += len;
	sb->data[sb->len] = '\0';
}

/**
 * strbuf_addf - append formatted text
 * @sb: the string
 * @fmt: printf() format
 */
void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		fatal("cannot format text");
	text = xrealloc(NULL, (size_t)len + 1, 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	strbuf_add(sb, text, (size_t)len);
	free(text);
}

/**
 * path_join - path of a file below a directory
 * @dir: the directory
 * @path: the file, relative to it
 */
char *path_join(const char *dir, const char *path)
{
	struct strbuf sb = { 0 };

	if (!strcmp(dir, "."))
		return xstrdup(path);
	strbuf_addf(&sb, "%s%s%s", dir, dir[0] && dir[strlen(dir) - 1] == '/' ? "" : "/", path);
	return sb.data;
}

/**
 * path_problem - say why a path must not be followed below a tree
 * @path: the path
 *
 * Return: NULL if it stays below the tree and has one spelling only, else why not.
 */
const char *path_problem(const char *path)
{
	const char *part = path;

	if (!*path)
		return "is empty";
	if (*path == '/')
		return "must be relative to the top of the tree";
	for (;;) {
		size_t len = strcspn(part, "/");

		if (!len)
			return "has an empty component";
		if ((len == 1 && part[0] == '.') || (len == 2 && !strncmp(part, "..", 2)))
			return "must not contain `.` or `..`";
		if (!part[len])
			return NULL;
		part += len + 1;
	}
}

/**
 * read_file - read a whole regular file
 * @path: the file
 * @len: returns its length
 *
 * Return: the terminated bytes, or NULL with errno set.
 */
char *read_file(const char *path, size_t *len)
{
	struct stat st;
	char *data;
	size_t done = 0;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0)
		goto fail;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		goto fail;
	}
	data = xrealloc(NULL, (size_t)st.st_size + 1, 1);
	while (done < (size_t)st.st_size) {
		ssize_t n = read(fd, data + done, (size_t)st.st_size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err = errno;
			free(data);
			errno = err;
			goto fail;
		}
		if (!n)
			break;
		done += (size_t)n;
	}
	close(fd);
	data[done] = '\0';
	*len = done;
	return data;
fail:
	err = errno;
	close(fd);
	errno = err;
	return NULL;
}

/* A reader sees the old file or the new one, never a part: a new file takes the name. */
static bool replace_file(const char *path, const char *data, size_t len)
{
	struct strbuf temporary = { 0 };
	struct stat st;
	mode_t mode;
	int fd;

	if (!stat(path, &st)) {
		mode = st.st_mode & 07777;
	} else {
		mode_t mask = umask(0);

		umask(mask);
		mode = 0666 & ~mask;
	}
	strbuf_addf(&temporary, "%s.kconst-XXXXXX", path);
	fd = mkstemp(temporary.data);
	if (fd < 0) {
		free(temporary.data);
		return false;
	}
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			goto fail;
		done += (size_t)n;
	}
	if (fchmod(fd, mode) < 0)
		goto fail;
	if (close(fd) < 0) {
		fd = -1;
		goto fail;
	}
	fd = -1;
	if (rename(temporary.data, path) < 0)
		goto fail;
	free(temporary.data);
	return true;
fail:
	{
		int err = errno;

		if (fd >= 0)
			close(fd);
		unlink(temporary.data);
		free(temporary.data);
		errno = err;
	}
	return false;
}

/**
 * write_if_changed - give a file its content, and leave it alone if it has it already
 * @path: the file
 * @data: the content
 * @len: its length
 *
 * make compares time stamps: a file written without need rebuilds what depends on it.
 *
 * Return: false on error, which is reported.
 */
bool write_if_changed(const char *path, const char *data, size_t len)
{
	size_t old_len;
	char *old = read_file(path, &old_len);
	bool same = old && old_len == len && !memcmp(old, data, len);

	free(old);
	if (same)
		return true;
	if (replace_file(path, data, len))
		return true;
	error_at(path, 0, "cannot write: %s", strerror(errno));
	return false;
}

/**
 * is_identifier - whether a string is a C identifier
 * @s: the string
 */
bool is_identifier(const char *s)
{
	if (!*s || (*s >= '0' && *s <= '9'))
		return false;
	for (; *s; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');

		if (!letter && !(*s >= '0' && *s <= '9') && *s != '_')
			return false;
	}
	return true;
}
