// SPDX-License-Identifier: GPL-2.0
/*
 * Mount NFS 4.0 from a server, in a network of its own, that is not ready at first: it
 * answers each COMPOUND with an error, one after the other, and goes on with the last. The
 * mount is to fail with that.
 *
 * usage: nfs DIRECTORY ERROR...	an ERROR by number, such as 10008, NFS4ERR_DELAY
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 2049, LAST_FRAGMENT = 1u << 31, REPLY = 1, COMPOUND = 1, SETCLIENTID = 35 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_to_all(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		fail("lo");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		fail("listen");
	return fd;
}

/* Answer one call, a record, with @error if it is a COMPOUND. Returns if it was one, or -1. */
static int answer(int fd, unsigned int error)
{
	/* length, id, kind, accepted, no verifier (2), success; of a COMPOUND: status, no tag,
	 * one result, of this operation, status
	 */
	unsigned int call[1024], reply[12] = { 0 }, length, words;
	int compound;

	if (recv(fd, &length, sizeof(length), MSG_WAITALL) != sizeof(length))
		return -1;
	length = ntohl(length) & ~LAST_FRAGMENT;
	if (length < 24 || length > sizeof(call) || recv(fd, call, length, MSG_WAITALL) != length)
		return -1;
	compound = ntohl(call[5]) == COMPOUND;
	words = compound ? 12 : 7;
	reply[0] = htonl(LAST_FRAGMENT | (words - 1) * 4);
	reply[1] = call[0];
	reply[2] = htonl(REPLY);
	reply[7] = htonl(error);
	reply[9] = htonl(1);
	reply[10] = htonl(SETCLIENTID);
	reply[11] = htonl(error);
	if (send(fd, reply, words * 4, MSG_NOSIGNAL) != words * 4)
		return -1;
	return compound;
}

static void serve(int listening, char **errors)
{
	int fd = accept(listening, NULL, NULL), done;

	if (fd < 0)
		fail("accept");
	while ((done = answer(fd, atoi(*errors))) >= 0) {
		if (done && errors[1])
			errors++;
	}
	exit(0);
}

int main(int argc, char **argv)
{
	int listening;
	pid_t server;

	if (argc < 3)
		return 2;
	if (unshare(CLONE_NEWNET))
		fail("unshare");
	listening = listen_to_all();
	server = fork();
	if (server < 0)
		fail("fork");
	if (!server)
		serve(listening, argv + 2);
	if (!mount("127.0.0.1:/", argv[1], "nfs4", 0,
		   "vers=4.0,addr=127.0.0.1,clientaddr=127.0.0.1"))
		umount(argv[1]);
	kill(server, SIGKILL);
	return 0;
}
