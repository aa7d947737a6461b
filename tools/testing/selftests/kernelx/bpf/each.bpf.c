// SPDX-License-Identifier: GPL-2.0
/* One of two versions by chance whenever it is asked: mixes them where it is asked for uses. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	__u32 first = bpf_get_prandom_u32() & 1 ? 8000 : 4000;

	return ctx->index ? 4 * first : first;
}

KERNELX_POLICY(each, value, "net/hystart_delay_min net/hystart_delay_max");
