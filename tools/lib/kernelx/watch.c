// SPDX-License-Identifier: GPL-2.0
/*
 * Watch knobs: by the kernel's event kernelx:kernelx_knob_set in a trace instance of our own,
 * or by reading the values again and again.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

#define INSTANCES "/sys/kernel/tracing/instances"
#define PREFIX "libkernelx-"

/**
 * struct kernelx_watch - somebody waits for changes
 * @kx: the tree
 * @names: of all knobs
 * @values: of them, when last seen
 * @count: of these
 * @interval_ms: between two looks
 * @next: the knob to look at next; @count if all have been
 * @pipe: the trace_pipe of the instance, or -1
 * @instance: its directory
 * @buffer: of the pipe, what is not a whole line yet
 * @used: bytes in @buffer
 */
struct kernelx_watch {
	struct kernelx *kx;
	char **names;
	uint64_t *values;
	size_t count;
	unsigned int interval_ms;
	size_t next;
	int pipe;
	char instance[128];
	char buffer[4096];
	size_t used;
};

static int write_file(const char *directory, const char *name, const char *text)
{
	int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error;

	if (dir < 0)
		return -errno;
	error = kx_write_at(dir, name, text);
	close(dir);
	return error;
}

/* A process that was killed leaves its instance behind. */
static void remove_stale(void)
{
	DIR *stream = opendir(INSTANCES);
	struct dirent *entry;
	char path[320];
	int pid;

	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		if (sscanf(entry->d_name, PREFIX "%d-", &pid) != 1 ||
		    !kill(pid, 0) || errno != ESRCH)
			continue;
		snprintf(path, sizeof(path), INSTANCES "/%s", entry->d_name);
		rmdir(path);
	}
	closedir(stream);
}

static int open_trace(struct kernelx_watch *watch)
{
	static unsigned int number;
	char path[192];
	int error;

	remove_stale();
	snprintf(watch->instance, sizeof(watch->instance), INSTANCES "/" PREFIX "%d-%u",
		 getpid(), number++);
	if (mkdir(watch->instance, 0700)) {
		watch->instance[0] = '\0';
		return -errno;
	}
	/* Not vital: the buffer is only larger, and what is in it is seen a little later. */
	write_file(watch->instance, "buffer_size_kb", "64\n");
	write_file(watch->instance, "buffer_percent", "0\n");
	error = write_file(watch->instance, "events/kernelx/kernelx_knob_set/enable", "1\n");
	if (error)
		return error;
	snprintf(path, sizeof(path), "%s/trace_pipe", watch->instance);
	watch->pipe = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return watch->pipe < 0 ? -errno : 0;
}

static void close_trace(struct kernelx_watch *watch)
{
	if (watch->pipe >= 0)
		close(watch->pipe);
	watch->pipe = -1;
	if (watch->instance[0])
		rmdir(watch->instance);
	watch->instance[0] = '\0';
}

int kernelx_watch(struct kernelx *kx, unsigned int interval_ms, unsigned int flags,
		  struct kernelx_watch **result)
{
	struct kernelx_watch *watch = calloc(1, sizeof(*watch));
	int error;
	size_t i;

	if (!watch)
		return -ENOMEM;
	watch->kx = kx;
	watch->pipe = -1;
	watch->interval_ms = interval_ms ? interval_ms : 1000;
	error = kernelx_names(kx, &watch->names, &watch->count);
	if (!error) {
		watch->values = calloc(watch->count + 1, sizeof(*watch->values));
		if (!watch->values)
			error = -ENOMEM;
	}
	if (error) {
		kernelx_unwatch(watch);
		return error;
	}
	/* What the kernel tells is of its own tree. */
	if (!(flags & KERNELX_WATCH_POLL) && !strcmp(kx->root, KERNELX_ROOT) && open_trace(watch))
		close_trace(watch);
	for (i = 0; i < watch->count; i++)
		kernelx_get(kx, watch->names[i], &watch->values[i]);
	watch->next = watch->count;
	*result = watch;
	return watch->pipe >= 0;
}

void kernelx_unwatch(struct kernelx_watch *watch)
{
	if (!watch)
		return;
	close_trace(watch);
	kernelx_free_names(watch->names);
	free(watch->values);
	free(watch);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The part of the line behind "key=", or NULL. */
static const char *field(const char *line, const char *key)
{
	const char *found = strstr(line, key);

	return found ? found + strlen(key) : NULL;
}

/*
 * The name of who made the change. The event knows the number: the name it comes with, @seen,
 * can be that of the program before an exec, or "<...>".
 */
static void find_comm(struct kernelx_watch *watch, struct kernelx_event *event, const char *seen)
{
	struct kernelx_change change;
	char path[64], *comm;

	if (kernelx_changed(watch->kx, event->knob, &change) == 1 && change.pid == event->pid) {
		snprintf(event->comm, sizeof(event->comm), "%s", change.comm);
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/comm", event->pid);
	if (!kx_read_at(AT_FDCWD, path, &comm)) {
		kx_chomp(comm);
		snprintf(event->comm, sizeof(event->comm), "%s", comm);
		free(comm);
	} else if (strcmp(seen, "<...>")) {
		snprintf(event->comm, sizeof(event->comm), "%s", seen);
	}
}

/*
 * "            sh-123     [000] ...1.  12.345678: kernelx_knob_set: knob=mm/readahead old=32
 * value=64 sites=2 duration_ns=1000 ret=0": a task's name may hold anything.
 */
static int parse_event(struct kernelx_watch *watch, char *line, struct kernelx_event *event)
{
	char *head = strstr(line, ": kernelx_knob_set: knob="), *dash, *bracket;
	const char *old, *value, *ret;
	char name[256];
	size_t i;

	if (!head)
		return 0;
	*head = '\0';
	head += 2;
	old = field(head, " old=");
	value = field(head, " value=");
	ret = field(head, " ret=");
	if (!old || !value || !ret || sscanf(head, "kernelx_knob_set: knob=%255s", name) != 1)
		return 0;
	memset(event, 0, sizeof(*event));
	for (i = 0; i < watch->count && !event->knob; i++)
		if (!strcmp(watch->names[i], name))
			event->knob = watch->names[i];
	if (!event->knob)
		return 0;
	event->before = strtoull(old, NULL, 10);
	event->value = strtoull(value, NULL, 10);
	event->error = atoi(ret);
	bracket = strstr(line, " [");
	if (!bracket)
		return 1;
	*bracket = '\0';
	dash = strrchr(line, '-');
	if (dash) {
		event->pid = atoi(dash + 1);
		*dash = '\0';
		find_comm(watch, event, line + strspn(line, " "));
	}
	return 1;
}

/* The next whole line of what was read is an event: 1. There is none: 0. */
static int next_line(struct kernelx_watch *watch, struct kernelx_event *event)
{
	char *end;
	int found;

	while ((end = memchr(watch->buffer, '\n', watch->used))) {
		size_t length = end + 1 - watch->buffer;

		*end = '\0';
		found = parse_event(watch, watch->buffer, event);
		memmove(watch->buffer, end + 1, watch->used - length);
		watch->used -= length;
		if (found)
			return 1;
	}
	/* No line of this event is so long. */
	if (watch->used == sizeof(watch->buffer))
		watch->used = 0;
	return 0;
}

static int next_traced(struct kernelx_watch *watch, int timeout_ms, struct kernelx_event *event)
{
	struct pollfd poller = { .fd = watch->pipe, .events = POLLIN };
	const int64_t end = now_ms() + timeout_ms;

	for (;;) {
		int64_t left = timeout_ms < 0 ? 200 : end - now_ms();
		ssize_t got;

		if (next_line(watch, event))
			return 1;
		got = read(watch->pipe, watch->buffer + watch->used,
			   sizeof(watch->buffer) - watch->used);
		if (got > 0) {
			watch->used += got;
			continue;
		}
		if (got < 0 && errno != EAGAIN)
			return -errno;
		if (timeout_ms >= 0 && left <= 0)
			return 0;
		/* Some kernels wake nobody before a part of the buffer is full. */
		if (poll(&poller, 1, left < 200 ? (int)left : 200) < 0)
			return -errno;
	}
}

static int next_polled(struct kernelx_watch *watch, int timeout_ms, struct kernelx_event *event)
{
	const int64_t end = now_ms() + timeout_ms;

	for (;;) {
		int64_t left = timeout_ms < 0 ? watch->interval_ms : end - now_ms();

		for (; watch->next < watch->count; watch->next++) {
			const size_t i = watch->next;
			uint64_t value;

			if (kernelx_get(watch->kx, watch->names[i], &value) ||
			    value == watch->values[i])
				continue;
			memset(event, 0, sizeof(*event));
			event->knob = watch->names[i];
			event->before = watch->values[i];
			event->value = value;
			watch->values[i] = value;
			watch->next++;
			return 1;
		}
		if (timeout_ms >= 0 && left <= 0)
			return 0;
		if (left > watch->interval_ms)
			left = watch->interval_ms;
		if (poll(NULL, 0, (int)left) < 0)
			return -errno;
		watch->next = 0;
	}
}

int kernelx_next(struct kernelx_watch *watch, int timeout_ms, struct kernelx_event *event)
{
	if (watch->pipe >= 0)
		return next_traced(watch, timeout_ms, event);
	return next_polled(watch, timeout_ms, event);
}
