// SPDX-License-Identifier: GPL-2.0
/*
 * Leases: values that the kernel takes back when their holder is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/**
 * struct kernelx_lease - the open file that is the lease
 * @fd: of it
 */
struct kernelx_lease {
	int fd;
};

/* A kernel without leases does not have the file. */
static int open_lease(struct kernelx *kx, int flags)
{
	int fd = openat(kx->fd, "lease", flags | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	return fd;
}

int kernelx_lease(struct kernelx *kx, const struct kernelx_setting *settings, size_t count,
		  struct kernelx_lease **result)
{
	char *text = kx_transaction_text(settings, count);
	struct kernelx_lease *lease;
	int error = 0;

	if (!text)
		return -errno;
	lease = malloc(sizeof(*lease));
	if (!lease) {
		free(text);
		return -ENOMEM;
	}
	lease->fd = open_lease(kx, O_RDWR);
	if (lease->fd < 0) {
		error = lease->fd;
	} else if (write(lease->fd, text, strlen(text)) < 0) {
		error = -errno;
		close(lease->fd);
	}
	free(text);
	if (error)
		free(lease);
	else
		*result = lease;
	return error;
}

void kernelx_release(struct kernelx_lease *lease)
{
	if (!lease)
		return;
	close(lease->fd);
	free(lease);
}

static int parse_held(const char *line, struct kernelx_held *held)
{
	int used = 0;

	if (sscanf(line, "%ms %" SCNu64 " %" SCNu64 " %d %n", &held->knob, &held->value,
		   &held->before, &held->pid, &used) < 4 || !used) {
		free(held->knob);
		return -EIO;
	}
	snprintf(held->comm, sizeof(held->comm), "%s", line + used);
	return 0;
}

int kernelx_leases(struct kernelx *kx, struct kernelx_held **result, size_t *count)
{
	struct kernelx_held *held = NULL;
	char *text, *line, *rest;
	int error, fd;

	*result = NULL;
	*count = 0;
	fd = open_lease(kx, O_RDONLY);
	if (fd < 0)
		return fd;
	error = kx_read_fd(fd, &text);
	close(fd);
	if (error)
		return error;
	for (rest = text; !error && (line = strsep(&rest, "\n")); ) {
		struct kernelx_held *larger;

		if (!*line)
			continue;
		larger = realloc(held, (*count + 1) * sizeof(*held));
		if (!larger) {
			error = -ENOMEM;
			break;
		}
		held = larger;
		memset(&held[*count], 0, sizeof(*held));
		error = parse_held(line, &held[*count]);
		if (!error)
			++*count;
	}
	free(text);
	if (error) {
		kernelx_free_leases(held, *count);
		*count = 0;
		return error;
	}
	*result = held;
	return 0;
}

void kernelx_free_leases(struct kernelx_held *held, size_t count)
{
	size_t i;

	for (i = 0; held && i < count; i++)
		free(held[i].knob);
	free(held);
}
