/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_DUMP_H
#define _OBJTOOL_KERNELX_DUMP_H

/**
 * kernelx_dump() - print what is known of the KernelX sites of an image
 * @name: a linked kernel, a module or an object
 *
 * Return: 0; nothing is printed if there are no sites. Otherwise the reason has been
 * reported.
 */
int kernelx_dump(const char *name);

#endif /* _OBJTOOL_KERNELX_DUMP_H */
