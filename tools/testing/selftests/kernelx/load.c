// SPDX-License-Identifier: GPL-2.0
/*
 * Loads for the storm, each of which checks its own data. Prints the number of
 * rounds when it is told to end (SIGTERM) and fails on the first wrong byte.
 *
 *   load tcp ADDRESS		send to itself over ADDRESS, 256 KiB a round
 *   load memory MEGABYTES	touch so much, over and over, in random order
 *   load disk FILE		write 1 MiB, fsync, drop it from the cache, read it
 *   load netlink SOCKETS	bind so many at the same time, once
 *
 * Sleeps a little between the rounds: the CPUs of a VM share few real ones.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUND	(256 * 1024)
#define REST_US	20000

static atomic_int stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void wrong_data(const char *what, unsigned long round, size_t at)
{
	printf("%s: wrong data in round %lu at byte %zu\n", what, round, at);
	exit(1);
}

/* A byte that depends on where and when. */
static unsigned char pattern(unsigned long round, size_t at)
{
	return at ^ at >> 8 ^ at >> 16 ^ round;
}

static void fill(unsigned char *data, size_t size, unsigned long round)
{
	size_t i;

	for (i = 0; i < size; i++)
		data[i] = pattern(round, i);
}

static void check(const char *what, const unsigned char *data, size_t size,
		  unsigned long round)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (data[i] != pattern(round, i))
			wrong_data(what, round, i);
}

static void send_all(int fd, const unsigned char *data, size_t size)
{
	ssize_t count;

	while (size) {
		count = send(fd, data, size, MSG_NOSIGNAL);
		if (count < 0 && errno != EINTR)
			_exit(1);
		if (count > 0) {
			data += count;
			size -= count;
		}
	}
}

static void receive_all(int fd, unsigned char *data, size_t size)
{
	ssize_t count;

	while (size) {
		count = recv(fd, data, size, 0);
		if (count == 0 || (count < 0 && errno != EINTR))
			fail("recv");
		if (count > 0) {
			data += count;
			size -= count;
		}
	}
}

/* A connection a round: slow start each time. */
static unsigned long load_tcp(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	static unsigned char data[ROUND];
	socklen_t length = sizeof(to);
	int server, client, fd, status;
	unsigned long round;
	pid_t child;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		fail(address);
	server = socket(AF_INET, SOCK_STREAM, 0);
	if (server < 0 || bind(server, (void *)&to, sizeof(to)) ||
	    listen(server, 8) || getsockname(server, (void *)&to, &length))
		fail("listen");
	for (round = 0; !stop; round++) {
		fill(data, ROUND, round);
		child = fork();
		if (child < 0)
			fail("fork");
		if (!child) {
			client = socket(AF_INET, SOCK_STREAM, 0);
			if (client < 0 || connect(client, (void *)&to, sizeof(to)))
				_exit(1);
			send_all(client, data, ROUND);
			_exit(0);
		}
		do {
			fd = accept(server, NULL, NULL);
		} while (fd < 0 && errno == EINTR);
		if (fd < 0)
			fail("accept");
		memset(data, 0, ROUND);
		receive_all(fd, data, ROUND);
		check("tcp", data, ROUND, round);
		close(fd);
		while (waitpid(child, &status, 0) < 0)
			if (errno != EINTR)
				fail("waitpid");
		if (status) {
			errno = EIO;
			fail("sender");
		}
		usleep(REST_US);
	}
	return round;
}

/* Each page holds a number of its own, and one that is counted up. */
static unsigned long load_memory(const char *megabytes)
{
	const size_t page = sysconf(_SC_PAGESIZE), step = page / sizeof(long);
	size_t pages = strtoul(megabytes, NULL, 0) * (1024 * 1024 / page), i, at;
	unsigned long *data, *count, round;

	data = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	count = calloc(pages, sizeof(*count));
	if (data == MAP_FAILED || !count)
		fail("mmap");
	for (round = 0; !stop; round++) {
		for (i = 0; i < pages && !stop; i++) {
			at = random() % pages;
			if (count[at] && (data[at * step] != at ||
					  data[at * step + 1] != count[at]))
				wrong_data("memory", round, at * page);
			data[at * step] = at;
			data[at * step + 1] = ++count[at];
		}
		usleep(REST_US);
	}
	return round;
}

static unsigned long load_disk(const char *name)
{
	static unsigned char data[1024 * 1024];
	unsigned long round;
	int fd;

	for (round = 0; !stop; round++) {
		fill(data, sizeof(data), round);
		fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (fd < 0 || write(fd, data, sizeof(data)) != sizeof(data) ||
		    fsync(fd))
			fail(name);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		close(fd);
		memset(data, 0, sizeof(data));
		fd = open(name, O_RDONLY);
		if (fd < 0 || read(fd, data, sizeof(data)) != sizeof(data))
			fail(name);
		close(fd);
		check("disk", data, sizeof(data), round);
		usleep(REST_US);
	}
	unlink(name);
	return round;
}

/* So many at the same time: the kernel finds them in a hash table that has to grow. */
static unsigned long load_netlink(const char *sockets)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	unsigned long i, nr = strtoul(sockets, NULL, 0);

	for (i = 0; i < nr; i++) {
		int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

		if (fd < 0 || bind(fd, (const void *)&any, sizeof(any)))
			fail("netlink");
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	unsigned long rounds;

	sigaction(SIGTERM, &action, NULL);
	if (argc != 3) {
		fprintf(stderr, "usage: load tcp ADDRESS | memory MEGABYTES | disk FILE\n");
		return 2;
	}
	if (!strcmp(argv[1], "tcp"))
		rounds = load_tcp(argv[2]);
	else if (!strcmp(argv[1], "memory"))
		rounds = load_memory(argv[2]);
	else if (!strcmp(argv[1], "disk"))
		rounds = load_disk(argv[2]);
	else if (!strcmp(argv[1], "netlink"))
		rounds = load_netlink(argv[2]);
	else
		return 2;
	printf("%lu rounds\n", rounds);
	return 0;
}
