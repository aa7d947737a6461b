// SPDX-License-Identifier: GPL-2.0
/*
 * Fill a routing table of its own, and print what its trie looks like: depths and inner
 * nodes by size.
 *
 * usage: routes COUNT STRIDE [KEEP]	COUNT routes to hosts STRIDE apart; of which, if there
 *					is a KEEP, all but every KEEP-th are taken out again
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int fd;

static void change(unsigned long request, unsigned int address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };
	struct sockaddr_in mask = { .sin_family = AF_INET, .sin_addr.s_addr = 0xffffffff };
	struct rtentry route = { .rt_flags = RTF_UP | RTF_HOST, .rt_dev = "lo" };

	memcpy(&route.rt_dst, &to, sizeof(to));
	memcpy(&route.rt_genmask, &mask, sizeof(mask));
	if (ioctl(fd, request, &route)) {
		perror("routes");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	unsigned int count, stride, keep, i;
	char line[256];
	FILE *file;

	if (argc < 3)
		return 2;
	count = atoi(argv[1]);
	stride = atoi(argv[2]);
	keep = argc > 3 ? atoi(argv[3]) : 1;
	if (unshare(CLONE_NEWNET)) {
		perror("unshare");
		return 1;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo)) {
		perror("lo");
		return 1;
	}
	for (i = 0; i < count; i++)
		change(SIOCADDRT, 0x0a000000 + i * stride);
	for (i = 0; i < count; i++) {
		if (i % keep)
			change(SIOCDELRT, 0x0a000000 + i * stride);
	}
	file = fopen("/proc/self/net/fib_triestat", "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, "depth") || strstr(line, "Internal") || !strncmp(line, "\t  ", 3))
			fputs(line, stdout);
	}
	return 0;
}
