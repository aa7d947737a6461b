// SPDX-License-Identifier: GPL-2.0
/*
 * Message queues in an IPC namespace of its own, which finds them by their keys in a
 * resizable hash table.
 *
 * usage: queues MAKE REMOVE
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int make = argc == 3 ? atoi(argv[1]) : 0, drop = argc == 3 ? atoi(argv[2]) : 0, i;
	int *queue = calloc(make + 1, sizeof(*queue));

	if (!queue || !make || unshare(CLONE_NEWIPC)) {
		perror("queues");
		return 1;
	}
	for (i = 0; i < make; i++) {
		queue[i] = msgget(i + 1, IPC_CREAT | 0600);
		if (queue[i] < 0) {
			perror("msgget");
			return 1;
		}
	}
	/* The table is resized by a worker. */
	usleep(100 * 1000);
	for (i = 0; i < drop; i++)
		msgctl(queue[i], IPC_RMID, NULL);
	usleep(100 * 1000);
	return 0;
}
