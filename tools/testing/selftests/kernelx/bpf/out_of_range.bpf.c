// SPDX-License-Identifier: GPL-2.0
/* A value that is never in range. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	return ctx->knob->max + 1ULL;
}

KERNELX_POLICY(out_of_range, value, "net/hystart_delay_min");
