/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_DWARF_H
#define _OBJTOOL_KERNELX_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct objtool_file;
struct symbol;
struct unit;

/* A type: where it is described. */
struct dwarf_type {
	const struct unit *unit;
	size_t die;
};

/* Is there debug information at all, and does it have this function? */
bool dwarf_present(struct objtool_file *file);
bool dwarf_knows(struct objtool_file *file, struct symbol *func);

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

/**
 * dwarf_pointer_argument() - what an argument points to
 * @file: the object
 * @func: the function
 * @reg: the register that holds the argument when it is called
 * @type: where the answer goes: a structure or union
 *
 * Return: false if there is no telling.
 */
bool dwarf_pointer_argument(struct objtool_file *file, struct symbol *func, int reg,
			    struct dwarf_type *type);

/* The same of what a function returns. */
bool dwarf_pointer_result(struct objtool_file *file, struct symbol *func,
			  struct dwarf_type *type);

/**
 * dwarf_member() - what is at an offset in a structure
 * @type: the structure
 * @offset: in bytes
 * @text: where "struct type.member.member" goes, or NULL
 * @size: of @text
 * @pointee: where the structure goes that the member points to, or NULL
 *
 * Return: false if there is nothing, or it does not point to a structure.
 */
bool dwarf_member(const struct dwarf_type *type, u64 offset, char *text, size_t size,
		  struct dwarf_type *pointee);

#endif /* _OBJTOOL_KERNELX_DWARF_H */
