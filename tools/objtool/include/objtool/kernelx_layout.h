/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_LAYOUT_H
#define _OBJTOOL_KERNELX_LAYOUT_H

/* The kernel's own file: what objtool writes is what the kernel reads. */
#include <linux/types.h>
#include "../../../../include/linux/kernelx_spans.h"

#endif /* _OBJTOOL_KERNELX_LAYOUT_H */
