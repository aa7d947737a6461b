// SPDX-License-Identifier: GPL-2.0
/*
 * Use io_uring.
 *
 * usage: ring async		have a worker do something, and leave it idle
 *	  ring files		leave with a registered file
 *	  ring multishot	receive 200 datagrams that are there already with one request
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES		256
#define DATAGRAMS	200

struct ring {
	int fd;
	struct io_uring_params p;
	char *sq;
	struct io_uring_sqe *sqes;
	unsigned int tail;
};

static char buffers[DATAGRAMS + 8][64];

static unsigned int *word(struct ring *ring, unsigned int offset)
{
	return (unsigned int *)(ring->sq + offset);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void set_up(struct ring *ring)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, &ring->p);
	if (ring->fd < 0)
		die("io_uring_setup");
	size = ring->p.cq_off.cqes + ring->p.cq_entries * sizeof(struct io_uring_cqe);
	if (size < ring->p.sq_off.array + ring->p.sq_entries * sizeof(unsigned int))
		size = ring->p.sq_off.array + ring->p.sq_entries * sizeof(unsigned int);
	ring->sq = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, ring->p.sq_entries * sizeof(*ring->sqes), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (ring->sq == MAP_FAILED || ring->sqes == MAP_FAILED)
		die("mmap");
}

static struct io_uring_sqe *prepare(struct ring *ring, int opcode, int fd)
{
	unsigned int at = ring->tail++ % ring->p.sq_entries;
	struct io_uring_sqe *sqe = &ring->sqes[at];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = fd;
	word(ring, ring->p.sq_off.array)[at] = at;
	return sqe;
}

static void publish(struct ring *ring)
{
	__atomic_store_n(word(ring, ring->p.sq_off.tail), ring->tail, __ATOMIC_RELEASE);
}

static void enter(struct ring *ring, unsigned int submit, unsigned int complete)
{
	if (syscall(SYS_io_uring_enter, ring->fd, submit, complete, IORING_ENTER_GETEVENTS,
		    NULL, 0) < 0)
		die("io_uring_enter");
}

static void async(void)
{
	struct ring ring;

	set_up(&ring);
	prepare(&ring, IORING_OP_NOP, -1)->flags = IOSQE_ASYNC;
	publish(&ring);
	enter(&ring, 1, 1);
	usleep(100 * 1000);
}

/* The ring has the last reference to the file. */
static void files(void)
{
	struct ring ring;
	int fd = open("/dev/zero", O_RDONLY);

	set_up(&ring);
	if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &fd, 1) < 0)
		die("io_uring_register");
	close(fd);
}

static void multishot(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	struct io_uring_sqe *sqe;
	struct ring ring;
	int in, out, i;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in = socket(AF_INET, SOCK_DGRAM, 0);
	out = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(in, (struct sockaddr *)&address, length) ||
	    getsockname(in, (struct sockaddr *)&address, &length) ||
	    connect(out, (struct sockaddr *)&address, length))
		die("socket");
	for (i = 0; i < DATAGRAMS; i++) {
		if (send(out, "x", 1, 0) != 1)
			die("send");
	}
	set_up(&ring);
	sqe = prepare(&ring, IORING_OP_PROVIDE_BUFFERS, DATAGRAMS + 8);
	sqe->addr = (unsigned long)buffers;
	sqe->len = sizeof(buffers[0]);
	publish(&ring);
	enter(&ring, 1, 1);
	sqe = prepare(&ring, IORING_OP_RECV, in);
	sqe->flags = IOSQE_BUFFER_SELECT;
	sqe->ioprio = IORING_RECV_MULTISHOT;
	publish(&ring);
	enter(&ring, 1, 1 + DATAGRAMS);
}

int main(int argc, char **argv)
{
	const char *command = argc == 2 ? argv[1] : "";

	alarm(10);
	if (!strcmp(command, "async"))
		async();
	else if (!strcmp(command, "files"))
		files();
	else if (!strcmp(command, "multishot"))
		multishot();
	else
		return 2;
	return 0;
}
