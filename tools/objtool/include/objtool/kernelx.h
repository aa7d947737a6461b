/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_H
#define _OBJTOOL_KERNELX_H

#include <linux/types.h>

#define KERNELX_SITES_SECTION	"__kernelx_sites"

/* struct kernelx_site of the kernel: site, stub, value, min, max, object; 32 bits each */
#define KERNELX_RECORD_SIZE	24
#define KERNELX_RECORD_SITE	0
#define KERNELX_RECORD_STUB	4
#define KERNELX_RECORD_VALUE	8
#define KERNELX_RECORD_MIN	12
#define KERNELX_RECORD_MAX	16

/* The name of a value is this and the knob's C symbol. */
#define KERNELX_VALUE_PREFIX	"kernelx_value_"

struct alternative;
struct instruction;
struct objtool_file;

/**
 * kernelx_check_sites() - check every KernelX site of an object
 * @file: the object, after its branches have been validated
 *
 * Return: how many sites are not what the kernel can patch; each has been
 * reported. The build must fail then.
 */
int kernelx_check_sites(struct objtool_file *file);

/**
 * kernelx_add_site() - remember a site whose spans are wanted
 * @insn: its instruction
 * @reg: the register that it writes
 * @record: offset of its record
 * @knob: the C symbol of its knob
 * @min: the least value
 * @max: the greatest value
 *
 * Return: 0, or -1 without memory.
 */
int kernelx_add_site(struct instruction *insn, int reg, unsigned int record, const char *knob,
		     u32 min, u32 max);

/**
 * kernelx_create_spans() - find the spans of all sites and write them to the object
 * @file: the object, after kernelx_check_sites()
 *
 * Return: 0; otherwise the build must fail, for a reason that has been reported.
 */
int kernelx_create_spans(struct objtool_file *file);

/**
 * kernelx_alternative() - walk through the alternatives of an instruction
 * @alt: the alternative in hand; changed to the next, or NULL after the last
 *
 * In check.c, where the type is known.
 *
 * Return: where it leads, or NULL.
 */
struct instruction *kernelx_alternative(struct alternative **alt);

#endif /* _OBJTOOL_KERNELX_H */
