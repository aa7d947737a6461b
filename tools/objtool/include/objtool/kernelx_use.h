/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_USE_H
#define _OBJTOOL_KERNELX_USE_H

#include <linux/types.h>
#include <objtool/kernelx_layout.h>

struct flow;

/**
 * struct first_use - the critical span of a site
 * @use:	what is done with the value.
 * @width:	bits of the operand.
 * @factor:	the operand is factor * V + addend; 0 if it is not known what it is.
 * @addend:	see @factor.
 * @size:	bytes from the site to the end of the instruction that uses it.
 */
struct first_use {
	enum kernelx_use use;
	unsigned int width;
	s64 factor;
	s64 addend;
	u32 size;
};

/**
 * find_first_use() - follow a value to the instruction that does something with it
 * @flow: the function
 * @site: index of the site
 * @reg: the register that it writes
 * @min: least value
 * @max: greatest value
 * @use: where the answer goes
 *
 * Along the straight line after the site. Copies, and what multiplies by a constant or
 * adds one, are not uses: they make the expression.
 */
void find_first_use(const struct flow *flow, unsigned int site, int reg, u32 min,
		    u32 max, struct first_use *use);

#endif /* _OBJTOOL_KERNELX_USE_H */
