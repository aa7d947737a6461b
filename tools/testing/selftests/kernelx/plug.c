// SPDX-License-Identifier: GPL-2.0
/*
 * Submit reads that are collected in one plug and cannot be merged.
 *
 * usage: plug FILE|DEVICE [SIZE]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READS	128

int main(int argc, char **argv)
{
	struct iocb iocbs[READS], *list[READS];
	struct io_event events[READS];
	aio_context_t context = 0;
	char *buffer;
	int fd, i, size;

	size = argc == 3 ? atoi(argv[2]) : 4096;
	fd = argc > 1 && size > 0 ? open(argv[1], O_RDONLY | O_DIRECT) : -1;
	if (fd < 0 || posix_memalign((void **)&buffer, 4096, READS * size) ||
	    syscall(SYS_io_setup, READS, &context)) {
		perror("plug");
		return 1;
	}
	memset(iocbs, 0, sizeof(iocbs));
	for (i = 0; i < READS; i++) {
		iocbs[i].aio_lio_opcode = IOCB_CMD_PREAD;
		iocbs[i].aio_fildes = fd;
		iocbs[i].aio_buf = (unsigned long)buffer + i * size;
		iocbs[i].aio_nbytes = size;
		iocbs[i].aio_offset = (long long)i * 16 * size;
		list[i] = &iocbs[i];
	}
	if (syscall(SYS_io_submit, context, READS, list) != READS ||
	    syscall(SYS_io_getevents, context, READS, READS, events, NULL) != READS) {
		perror("plug");
		return 1;
	}
	return 0;
}
