// SPDX-License-Identifier: GPL-2.0
/* The least that a policy can do, which is what it costs to have one. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

__u64 inits, exits;

KERNELX_VALUE(value)
{
	return ctx->index ? 20000 : 5000;
}

SEC("struct_ops/start")
__s32 start(void)
{
	inits++;
	return 0;
}

SEC("struct_ops/stop")
void stop(void)
{
	exits++;
}

SEC(".struct_ops.link")
struct kernelx_policy_ops constant = {
	.value = (void *)value,
	.init = (void *)start,
	.exit = (void *)stop,
	.name = "constant",
	.knobs = "net/hystart_delay_min",
};
