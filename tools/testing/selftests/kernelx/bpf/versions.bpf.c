// SPDX-License-Identifier: GPL-2.0
/* Each instance gets one of two versions of two knobs, by chance; see kernelx_instances.c. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define OLD	4000
#define NEW	8000
#define RATIO	4

__u64 chosen[2];

KERNELX_VALUE(value)
{
	__u32 first, new;

	if (ctx->begins) {
		new = bpf_get_prandom_u32() & 1;
		__sync_fetch_and_add(&chosen[new], 1);
		first = new ? NEW : OLD;
	} else {
		first = ctx->first_index ? ctx->first_value / RATIO : ctx->first_value;
	}
	return ctx->index ? RATIO * first : first;
}

KERNELX_POLICY(versions, value, "net/hystart_delay_min net/hystart_delay_max");
