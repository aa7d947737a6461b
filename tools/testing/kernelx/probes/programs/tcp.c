// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP connection over the loopback device, and what the kernel says of it.
 *
 * usage: tcp cwnd [ALGORITHM]	congestion window after one byte was sent and confirmed
 *	  tcp ato		delay of acknowledgements (us) after one byte was received
 *	  tcp quick		segments that the receiver sent for 30 small ones
 *	  tcp pacing ALGORITHM	bytes per second for each segment in the window, before the
 *				round-trip time is known
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SMALL	30

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct tcp_info info(int fd)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length))
		die("TCP_INFO");
	return info;
}

static void set(int fd, int option, int value)
{
	if (setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value)))
		die("setsockopt");
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	set(fd, TCP_MAXSEG, 500);
	set(fd, TCP_NODELAY, 1);
	return fd;
}

static void use(int fd, const char *algorithm)
{
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, algorithm, strlen(algorithm)))
		die("TCP_CONGESTION");
}

/* Returns the end that sends. */
static int connected(const char *algorithm, int *receiver)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int listener = tcp_socket(), sender = tcp_socket();

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (algorithm)
		use(sender, algorithm);
	if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &length) ||
	    connect(sender, (struct sockaddr *)&address, length))
		die("connect");
	*receiver = accept(listener, NULL, NULL);
	if (*receiver < 0)
		die("accept");
	return sender;
}

static void send_byte(int fd)
{
	if (send(fd, "x", 1, 0) != 1)
		die("send");
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "", *algorithm = argc > 2 ? argv[2] : NULL;
	struct sockaddr_in nowhere = { .sin_family = AF_INET, .sin_port = htons(9) };
	int sender, receiver, i;
	unsigned int before;

	alarm(10);
	if (!strcmp(command, "pacing") && algorithm) {
		nowhere.sin_addr.s_addr = inet_addr("192.0.2.1");
		sender = tcp_socket();
		fcntl(sender, F_SETFL, O_NONBLOCK);
		connect(sender, (struct sockaddr *)&nowhere, sizeof(nowhere));
		use(sender, algorithm);
		printf("%llu\n", info(sender).tcpi_pacing_rate / info(sender).tcpi_snd_cwnd);
		return 0;
	}
	sender = connected(algorithm, &receiver);
	before = info(receiver).tcpi_segs_out;
	send_byte(sender);
	if (!strcmp(command, "cwnd")) {
		while (info(sender).tcpi_unacked)
			usleep(1000);
		printf("%u\n", info(sender).tcpi_snd_cwnd);
	} else if (!strcmp(command, "ato")) {
		printf("%u\n", info(receiver).tcpi_ato);
	} else if (!strcmp(command, "quick")) {
		for (i = 1; i < SMALL; i++)
			send_byte(sender);
		printf("%u\n", info(receiver).tcpi_segs_out - before);
	} else {
		return 2;
	}
	return 0;
}
