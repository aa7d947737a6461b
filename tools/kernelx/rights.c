// SPDX-License-Identifier: GPL-2.0
/*
 * May this process turn knobs? Found out without a write, so that a dry run and the doctor
 * can say it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kx.h"

/* The number of the first user namespace; the same in every kernel (PROC_USER_INIT_INO). */
#define FIRST_USER_NAMESPACE 0xEFFFFFFD

/**
 * lockdown() - is the kernel locked down?
 *
 * Return: "integrity" or "confidentiality", to be freed; NULL if it is not
 */
char *lockdown(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "", *begin, *end;

	if (!file)
		return NULL;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (!end || !strncmp(begin, "[none]", 6))
		return NULL;
	return text_of("%.*s", (int)(end - begin - 1), begin + 1);
}

/*
 * What the kernel asks for is CAP_SYS_ADMIN in the first user namespace. In another one,
 * that of a container, files can belong to root and be open to it all the same.
 */
static bool has_capability(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long capabilities = ~0ULL;
	struct stat namespace;
	char line[256];

	/* A kernel without user namespaces does not have the file. */
	if (!stat("/proc/self/ns/user", &namespace) && namespace.st_ino != FIRST_USER_NAMESPACE)
		capabilities = 0;
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "CapEff:", 7))
			capabilities &= strtoull(line + 7, NULL, 16);
	if (file)
		fclose(file);
	return capabilities & (1ULL << CAP_SYS_ADMIN);
}

/**
 * may_turn() - would the kernel let this process turn knobs?
 *
 * Return: 0, or what a write would return, a negative errno
 */
int may_turn(void)
{
	char *file = text_of("%s/transaction", kernelx_root(tree)), *level;
	const int error = faccessat(AT_FDCWD, file, W_OK, AT_EACCESS) ? -errno : 0;
	struct statfs about;

	free(file);
	if (error)
		return error;
	/* Another tree has files like others. */
	if (statfs(kernelx_root(tree), &about) || about.f_type != SYSFS_MAGIC)
		return 0;
	level = lockdown();
	free(level);
	return level || !has_capability() ? -EPERM : 0;
}
