/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_H
#define _OBJTOOL_KERNELX_H

struct objtool_file;

/**
 * kernelx_check_sites() - check every KernelX site of an object
 * @file: the object, after its branches have been validated
 *
 * Return: how many sites are not what the kernel can patch; each has been
 * reported. The build must fail then.
 */
int kernelx_check_sites(struct objtool_file *file);

#endif /* _OBJTOOL_KERNELX_H */
