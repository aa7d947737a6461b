// SPDX-License-Identifier: GPL-2.0
/* A policy that returns a constant, and a kprobe program that finds the same constant. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

__u32 found;

KERNELX_VALUE(value)
{
	return 128;
}

KERNELX_POLICY(bench_constant, value, "mm/shrink_batch block/max_request_count");

SEC("kprobe")
int probe(void *registers)
{
	/* It cannot put it into the register, as a kernel module could. */
	found = 128;
	return 0;
}
