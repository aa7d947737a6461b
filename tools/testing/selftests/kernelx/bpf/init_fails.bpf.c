// SPDX-License-Identifier: GPL-2.0
/* Refuses to be attached: ENODEV. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	return 5000;
}

SEC("struct_ops/start")
__s32 start(void)
{
	return -19;
}

SEC(".struct_ops.link")
struct kernelx_policy_ops init_fails = {
	.value = (void *)value,
	.init = (void *)start,
	.name = "init_fails",
	.knobs = "net/hystart_delay_min",
};
