// SPDX-License-Identifier: GPL-2.0
/* Must be rejected: it does not say its licence. */
#include "kernelx_policy.bpf.h"

KERNELX_VALUE(value)
{
	return kernelx_fixed(ctx);
}

KERNELX_POLICY(unlicensed, value, "net/hystart_delay_min");
