/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of libkernelx share. */
#ifndef KERNELX_INTERNAL_H
#define KERNELX_INTERNAL_H

#include "libkernelx.h"

/**
 * struct kernelx - a tree of knobs
 * @fd: its directory
 * @root: the name of that
 */
struct kernelx {
	int fd;
	char *root;
};

int kx_read_fd(int fd, char **text);
int kx_read_at(int dir, const char *name, char **text);
int kx_write_at(int dir, const char *name, const char *text);
int kx_check_name(const char *knob);
char *kx_transaction_text(const struct kernelx_setting *settings, size_t count);
void kx_chomp(char *text);

#endif
