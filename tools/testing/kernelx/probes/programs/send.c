// SPDX-License-Identifier: GPL-2.0
/*
 * Send a datagram to each of COUNT addresses from ADDRESS on, 10 ms apart.
 *
 * usage: send ADDRESS COUNT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), i;

	if (argc != 3 || fd < 0)
		return 2;
	for (i = 0; i < atoi(argv[2]); i++) {
		to.sin_addr.s_addr = htonl(ntohl(inet_addr(argv[1])) + i);
		if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1) {
			perror("send");
			return 1;
		}
		usleep(10 * 1000);
	}
	return 0;
}
