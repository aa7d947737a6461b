// SPDX-License-Identifier: GPL-2.0
/* As slow as the verifier lets a program be in a loop of its own, nearly. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

__u64 sum;

static long step(__u32 i, void *unused __maybe_unused)
{
	sum += i;
	return 0;
}

KERNELX_VALUE(value)
{
	bpf_loop(20000, step, NULL, 0);
	return kernelx_fixed(ctx);
}

KERNELX_POLICY(slow, value, "net/hystart_delay_min");
