// SPDX-License-Identifier: GPL-2.0
/* The verifier must refuse it: nothing of what a policy sees can be written. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	ctx->value = 1;
	return 5000;
}

KERNELX_POLICY(writing, value, "net/hystart_delay_min");
