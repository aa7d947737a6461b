/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_DWARF_H
#define _OBJTOOL_KERNELX_DWARF_H

#include <linux/types.h>

struct objtool_file;
struct symbol;

/**
 * dwarf_arguments() - the registers in which a function gets arguments
 * @file: the object
 * @func: the function, be it defined in it or not
 *
 * Return: parts of registers; all argument registers if there is no telling.
 */
u64 dwarf_arguments(struct objtool_file *file, struct symbol *func);

/**
 * dwarf_returns() - the registers in which a function returns something
 * @file: the object
 * @func: the function
 *
 * Return: parts of rax and rdx: none if it returns nothing, both if there is no telling.
 */
u64 dwarf_returns(struct objtool_file *file, struct symbol *func);

#endif /* _OBJTOOL_KERNELX_DWARF_H */
