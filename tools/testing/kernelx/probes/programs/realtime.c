// SPDX-License-Identifier: GPL-2.0
/*
 * Run a command as a real-time task.
 *
 * usage: realtime COMMAND [ARGUMENT]...
 */
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sched_param param = { .sched_priority = 1 };

	if (argc < 2)
		return 2;
	if (!sched_setscheduler(0, SCHED_FIFO, &param))
		execvp(argv[1], argv + 1);
	perror("realtime");
	return 1;
}
