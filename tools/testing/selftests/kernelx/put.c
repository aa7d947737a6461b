// SPDX-License-Identifier: GPL-2.0
/*
 * One write(2) of exactly these bytes to a file, and what came of it: prints
 * "ok COUNT" or the name of the error.
 *
 *   put [-a | -c | -n | -u] [-o] [-p] [-f N] FILE [TEXT]
 *
 *   -a   as root without any capability
 *   -c   without CAP_SYS_ADMIN, else root
 *   -n   as root of a user namespace of its own
 *   -u   as user 65534 without any capability
 *   -o   open FILE before the privilege is dropped, not after
 *   -p   on the first CPU
 *   -f   let the Nth thing in write(2) fail that the kernel can let fail
 *
 * TEXT may contain \n, \t, \\ and \xHH. Without TEXT FILE is read. An error of
 * open(2) is printed as "open ERROR".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "put: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Only these in the effective, permitted and inheritable sets. */
static void keep_capabilities(__u32 keep, __u32 keep_high)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		fail("capget");
	data[0].effective &= keep;
	data[0].permitted &= keep;
	data[0].inheritable &= keep;
	data[1].effective &= keep_high;
	data[1].permitted &= keep_high;
	data[1].inheritable &= keep_high;
	if (syscall(SYS_capset, &header, data))
		fail("capset");
}

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd))
		fail(name);
}

static void enter_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		fail("unshare");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", "0 0 1");
	write_file("/proc/self/gid_map", "0 0 1");
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		fail("setuid");
}

static void stay_on_first_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		fail("sched_setaffinity");
}

static void drop(int how)
{
	if (how == 'a')
		keep_capabilities(0, 0);
	else if (how == 'c')
		keep_capabilities(~(1u << CAP_SYS_ADMIN), ~0u);
	else if (how == 'n')
		enter_user_namespace();
	else if (how == 'u')
		become_nobody();
}

static int digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	if (!at) {
		fprintf(stderr, "put: \\x needs two digits\n");
		exit(2);
	}
	return at - digits;
}

/* In place. Return: the length. */
static size_t unescape(char *text)
{
	char *to = text;
	const char *from;

	for (from = text; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		switch (*++from) {
		case 'n':
			*to++ = '\n';
			break;
		case 't':
			*to++ = '\t';
			break;
		case 'x':
			*to++ = digit(from[1]) << 4 | digit(from[2]);
			from += 2;
			break;
		default:
			*to++ = *from;
			break;
		}
	}
	return to - text;
}

int main(int argc, char **argv)
{
	int option, how = 0, early = 0, fd = -1, flags;
	const char *nth = NULL;
	char buf[4096], *text;
	ssize_t count;

	while ((option = getopt(argc, argv, "+acnuopf:")) != -1) {
		if (option == '?')
			return 2;
		if (option == 'o')
			early = 1;
		else if (option == 'p')
			stay_on_first_cpu();
		else if (option == 'f')
			nth = optarg;
		else
			how = option;
	}
	if (argc - optind != 1 && argc - optind != 2) {
		fprintf(stderr, "usage: put [-a | -c | -n | -u] [-o] [-p] [-f N] FILE [TEXT]\n");
		return 2;
	}
	text = argv[optind + 1];
	flags = text ? O_WRONLY : O_RDONLY;
	if (early)
		fd = open(argv[optind], flags);
	drop(how);
	if (!early)
		fd = open(argv[optind], flags);
	if (fd < 0) {
		printf("open %s\n", strerrorname_np(errno));
		return 0;
	}
	if (nth)
		write_file("/proc/thread-self/fail-nth", nth);
	count = text ? write(fd, text, unescape(text)) : read(fd, buf, sizeof(buf));
	if (count < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("ok %zd\n", count);
	return 0;
}
