// SPDX-License-Identifier: GPL-2.0
/*
 * A tree of knobs: open it, and which knobs there are.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

int kernelx_open(const char *root, struct kernelx **kx)
{
	struct kernelx *tree;
	int error;

	if (!root)
		root = secure_getenv("KERNELX_ROOT");
	if (!root || !*root)
		root = KERNELX_ROOT;
	tree = calloc(1, sizeof(*tree));
	if (!tree)
		return -ENOMEM;
	tree->fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree->fd < 0) {
		error = -errno;
		goto failed;
	}
	tree->root = strdup(root);
	if (!tree->root) {
		error = -ENOMEM;
		goto failed;
	}
	if (faccessat(tree->fd, ".meta", X_OK, 0)) {
		error = -errno;
		goto failed;
	}
	*kx = tree;
	return 0;

failed:
	kernelx_close(tree);
	return error;
}

void kernelx_close(struct kernelx *kx)
{
	if (!kx)
		return;
	if (kx->fd >= 0)
		close(kx->fd);
	free(kx->root);
	free(kx);
}

const char *kernelx_root(const struct kernelx *kx)
{
	return kx->root;
}

static int is_word(const char *text, size_t length)
{
	return length && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") >= length;
}

/**
 * kx_check_name() - can this be the name of a knob?
 * @knob: two words with a slash between
 *
 * What is not must not become a part of a path.
 *
 * Return: 0 or -ENOENT
 */
int kx_check_name(const char *knob)
{
	const char *slash = strchr(knob, '/');

	if (!slash || strlen(knob) > 200 || !is_word(knob, slash - knob) ||
	    !is_word(slash + 1, strlen(slash + 1)))
		return -ENOENT;
	return 0;
}

int kernelx_exists(struct kernelx *kx, const char *knob)
{
	char path[256];

	if (kx_check_name(knob))
		return 0;
	snprintf(path, sizeof(path), ".meta/%s/default", knob);
	return !faccessat(kx->fd, path, F_OK, 0);
}

struct names {
	const char *subsystem;
	char **names;
	size_t count;
	size_t room;
};

static int add_name(struct names *list, const char *knob)
{
	char *name;

	if (list->count + 1 >= list->room) {
		const size_t room = list->room ? list->room * 2 : 64;
		char **larger = realloc(list->names, room * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		list->names = larger;
		list->room = room;
	}
	if (asprintf(&name, "%s/%s", list->subsystem, knob) < 0)
		return -ENOMEM;
	list->names[list->count++] = name;
	list->names[list->count] = NULL;
	return 0;
}

/* All knobs of the subsystem list->subsystem; if that is NULL, of all subsystems. */
static int add_names(int dir, const char *path, struct names *list)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	int error = 0;
	DIR *stream;

	if (fd < 0)
		return -errno;
	stream = fdopendir(fd);
	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	while (!error) {
		errno = 0;
		entry = readdir(stream);
		if (!entry) {
			error = -errno;
			break;
		}
		if (!is_word(entry->d_name, strlen(entry->d_name)))
			continue;
		if (list->subsystem) {
			error = add_name(list, entry->d_name);
		} else {
			list->subsystem = entry->d_name;
			error = add_names(fd, entry->d_name, list);
			list->subsystem = NULL;
		}
	}
	closedir(stream);
	return error;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

int kernelx_names(struct kernelx *kx, char ***names, size_t *count)
{
	struct names list = { NULL, NULL, 0, 0 };
	int error;

	list.names = calloc(1, sizeof(*list.names));
	if (!list.names)
		return -ENOMEM;
	list.room = 1;
	error = add_names(kx->fd, ".meta", &list);
	if (error) {
		kernelx_free_names(list.names);
		return error;
	}
	qsort(list.names, list.count, sizeof(*list.names), compare_names);
	*names = list.names;
	if (count)
		*count = list.count;
	return 0;
}

void kernelx_free_names(char **names)
{
	size_t i;

	for (i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}
