// SPDX-License-Identifier: GPL-2.0
/*
 * Slow, but done before the timers of the instances come again: else a machine that emulates
 * CPUs and has little time for it would do nothing any more but execute them.
 */
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
	bpf_loop(2000, step, NULL, 0);
	return kernelx_fixed(ctx);
}

KERNELX_POLICY(slow, value, "net/hystart_delay_min");
