// SPDX-License-Identifier: GPL-2.0
/*
 * Hold files open over changes of mm/readahead, and read them when told to.
 *
 * Takes one command a line from standard input and answers "ok" or "error ...":
 *
 *   SLOT open FILE      open it
 *   SLOT map FILE       map it, and close the descriptor
 *   SLOT advise ADVICE  posix_fadvise: normal, sequential
 *   SLOT read           read all of it from the start, a page at a time
 *   SLOT touch          the same through the mapping
 *   SLOT forget         drop the pages from the mapping (the page cache may then
 *                       drop them too)
 *
 * SLOT is a digit. With the argument "pagesize" it prints that and exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* As much as the test reads; block devices have no st_size. */
#define LENGTH	(8UL << 20)

static struct slot {
	int fd;
	char *map;
} slots[10];

static long page;

/* Not static: somebody might read it, so that the pages must be. */
unsigned int sum;

static int do_open(struct slot *slot, const char *file)
{
	slot->fd = open(file, O_RDONLY | O_CLOEXEC);
	return slot->fd < 0 ? -errno : 0;
}

static int do_map(struct slot *slot, const char *file)
{
	int ret = do_open(slot, file);

	if (ret)
		return ret;
	slot->map = mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, slot->fd, 0);
	ret = slot->map == MAP_FAILED ? -errno : 0;
	close(slot->fd);
	return ret;
}

static int do_advise(struct slot *slot, const char *advice)
{
	if (!strcmp(advice, "normal"))
		return -posix_fadvise(slot->fd, 0, 0, POSIX_FADV_NORMAL);
	if (!strcmp(advice, "sequential"))
		return -posix_fadvise(slot->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return -EINVAL;
}

static int do_read(struct slot *slot)
{
	unsigned long at;
	char *buffer;
	ssize_t got = 0;

	if (lseek(slot->fd, 0, SEEK_SET) < 0)
		return -errno;
	buffer = malloc(page);
	if (!buffer)
		return -ENOMEM;
	for (at = 0; at < LENGTH; at += page) {
		got = read(slot->fd, buffer, page);
		if (got != page)
			break;
	}
	free(buffer);
	if (got < 0)
		return -errno;
	return at == LENGTH ? 0 : -EIO;
}

static int do_touch(struct slot *slot)
{
	unsigned long at;

	for (at = 0; at < LENGTH; at += page)
		sum += slot->map[at];
	return 0;
}

static int do_forget(struct slot *slot)
{
	return madvise(slot->map, LENGTH, MADV_DONTNEED) ? -errno : 0;
}

static int run(struct slot *slot, const char *command, const char *argument)
{
	if (!strcmp(command, "open"))
		return do_open(slot, argument);
	if (!strcmp(command, "map"))
		return do_map(slot, argument);
	if (!strcmp(command, "advise"))
		return do_advise(slot, argument);
	if (!strcmp(command, "read"))
		return do_read(slot);
	if (!strcmp(command, "touch"))
		return do_touch(slot);
	if (!strcmp(command, "forget"))
		return do_forget(slot);
	return -EINVAL;
}

int main(int argc, char **argv)
{
	char line[512], command[16], argument[480];
	unsigned int number;
	int ret;

	page = sysconf(_SC_PAGESIZE);
	if (argc == 2 && !strcmp(argv[1], "pagesize")) {
		printf("%ld\n", page);
		return 0;
	}

	while (fgets(line, sizeof(line), stdin)) {
		argument[0] = '\0';
		if (sscanf(line, "%1u %15s %479s", &number, command, argument) < 2)
			ret = -EINVAL;
		else
			ret = run(&slots[number], command, argument);
		if (ret)
			printf("error %s", strerror(-ret));
		else
			printf("ok");
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
