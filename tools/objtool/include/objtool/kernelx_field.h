/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_FIELD_H
#define _OBJTOOL_KERNELX_FIELD_H

#include <stdbool.h>
#include <stddef.h>

struct instruction;
struct objtool_file;

/**
 * describe_store() - say in the words of the source where an instruction stores
 * @file: the object
 * @insn: the instruction
 * @text: where the words go: "struct type.member", or a variable
 * @size: of @text
 *
 * Return: false if there is no telling.
 */
bool describe_store(struct objtool_file *file, struct instruction *insn, char *text,
		    size_t size);

#endif /* _OBJTOOL_KERNELX_FIELD_H */
