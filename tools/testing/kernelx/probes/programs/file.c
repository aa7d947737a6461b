// SPDX-License-Identifier: GPL-2.0
/*
 * Do something with a file.
 *
 * usage: file read FILE FIRST COUNT	read FIRST bytes, then COUNT pages one by one
 *	  file touch FILE STRIDE COUNT	map it, and read a byte of every STRIDE-th page
 *	  file fetch FILE LENGTH 0	have the first LENGTH bytes read ahead (WILLNEED)
 *	  file spread FILE STRIDE COUNT	write COUNT blocks of 4096 bytes, STRIDE bytes apart
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096

static char buffer[1 << 20];

/* Not static: somebody might read it, so that the pages must be. */
unsigned int sum;

static int do_read(int fd, long first, long count)
{
	if (read(fd, buffer, first) != first)
		return -1;
	while (count--) {
		if (read(fd, buffer, PAGE) != PAGE)
			return -1;
	}
	return 0;
}

static int do_touch(int fd, long stride, long count)
{
	char *map = mmap(NULL, stride * count * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	long i;

	if (map == MAP_FAILED)
		return -1;
	/* From the end, lest it looks sequential. */
	for (i = count - 1; i >= 0; i--)
		sum += map[i * stride * PAGE];
	return 0;
}

static int do_spread(int fd, long stride, long count)
{
	long i;

	for (i = 0; i < count; i++) {
		if (pwrite(fd, buffer, PAGE, i * stride) != PAGE)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long first = argc == 5 ? atol(argv[3]) : 0, count = argc == 5 ? atol(argv[4]) : 0;
	int ret = -1, fd;

	if (argc != 5)
		return 2;
	fd = open(argv[2], strcmp(argv[1], "spread") ? O_RDONLY : O_RDWR | O_CREAT, 0600);
	if (fd >= 0) {
		if (!strcmp(argv[1], "read"))
			ret = do_read(fd, first, count);
		else if (!strcmp(argv[1], "touch"))
			ret = do_touch(fd, first, count);
		else if (!strcmp(argv[1], "fetch"))
			ret = -posix_fadvise(fd, 0, first, POSIX_FADV_WILLNEED);
		else if (!strcmp(argv[1], "spread"))
			ret = do_spread(fd, first, count);
	}
	if (ret)
		perror(argv[1]);
	return ret ? 1 : 0;
}
