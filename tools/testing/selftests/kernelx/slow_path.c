// SPDX-License-Identifier: GPL-2.0
/*
 * Send data through a slow link of this machine to itself, with a queue that grows: the
 * round-trip time of the connection grows with it.
 *
 * usage: slow_path MEGABYTES
 *
 * In a network namespace of its own. Prints how often CUBIC left slow start because of the
 * delay (TcpExtTCPHystartDelayDetect).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT		7777
#define DELAY_US	20000
#define BYTES_PER_S	4000000

#define BLANK			"\n "

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void add(struct nlmsghdr *header, int type, const void *data, size_t size)
{
	struct rtattr *attribute = (void *)((char *)header + NLMSG_ALIGN(header->nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), data, size);
	header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + RTA_SPACE(size);
}

/* The queueing discipline netem on the loopback device. */
static void slow_down(void)
{
	struct {
		struct nlmsghdr header;
		struct tcmsg tc;
		char attributes[256];
	} request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct tcmsg)),
			.nlmsg_type = RTM_NEWQDISC,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
		},
		.tc = { .tcm_ifindex = if_nametoindex("lo"), .tcm_parent = TC_H_ROOT },
	};
	struct {
		struct tc_netem_qopt options;
		struct rtattr rate_header;
		struct tc_netem_rate rate;
	} options = {
		/* In ticks of 64 ns. */
		.options = { .latency = DELAY_US * 1000 / 64, .limit = 1000 },
		.rate_header = {
			.rta_type = TCA_NETEM_RATE,
			.rta_len = RTA_LENGTH(sizeof(struct tc_netem_rate)),
		},
		.rate = { .rate = BYTES_PER_S },
	};
	char answer[4096];
	int fd;

	add(&request.header, TCA_KIND, "netem", sizeof("netem"));
	add(&request.header, TCA_OPTIONS, &options, sizeof(options));
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (fd < 0 || send(fd, &request, request.header.nlmsg_len, 0) < 0 ||
	    recv(fd, answer, sizeof(answer), 0) < 0)
		fail("slow_path: netlink");
	if (((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error) {
		fputs("slow_path: no netem\n", stderr);
		exit(1);
	}
	close(fd);
}

static void switch_on(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		fail("slow_path: lo");
	close(fd);
}

static void receive(int listener, int sender)
{
	static char buffer[65536];
	int fd = accept(listener, NULL, NULL);

	/* Else it would not see the end. */
	close(sender);

	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	exit(0);
}

static void transfer(long bytes)
{
	static char buffer[65536];
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ssize_t written;

	if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 1))
		fail("slow_path: listen");
	if (!fork())
		receive(listener, fd);
	if (setsockopt(fd, IPPROTO_TCP, 13 /* TCP_CONGESTION */, "cubic", 5) ||
	    connect(fd, (void *)&address, sizeof(address)))
		fail("slow_path: connect");
	while (bytes > 0) {
		written = write(fd, buffer, sizeof(buffer));
		if (written < 0)
			fail("slow_path: write");
		bytes -= written;
	}
	close(fd);
	wait(NULL);
}

/* The value below the word, in two lines that begin with "TcpExt:". */
static long counter(const char *word)
{
	char words[8192], values[8192], *place, *value;
	FILE *file = fopen("/proc/net/netstat", "r");
	int number = 0;

	if (!file || !fgets(words, sizeof(words), file) || !fgets(values, sizeof(values), file))
		fail("slow_path: /proc/net/netstat");
	fclose(file);
	for (place = strtok(words, BLANK); place && strcmp(place, word);
	     place = strtok(NULL, BLANK))
		number++;
	for (value = strtok(values, BLANK); number--; value = strtok(NULL, BLANK))
		;
	return atol(value);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	alarm(120);
	if (unshare(CLONE_NEWNET))
		fail("slow_path: unshare");
	switch_on();
	slow_down();
	transfer(atol(argv[1]) << 20);
	printf("%ld\n", counter("TCPHystartDelayDetect"));
	return 0;
}
