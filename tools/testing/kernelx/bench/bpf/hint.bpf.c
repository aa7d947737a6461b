// SPDX-License-Identifier: GPL-2.0
/* A policy that looks up a hint of the task, and a kprobe program that does the same. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

__u32 found;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} hints SEC(".maps");

static __always_inline __u32 *hint(void)
{
	__u32 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&hints, &thread);
}

KERNELX_VALUE(value)
{
	__u32 *chosen = hint();

	return chosen ? *chosen : kernelx_fixed(ctx);
}

KERNELX_POLICY(bench_hint, value, "mm/shrink_batch block/max_request_count");

SEC("kprobe")
int probe(void *registers)
{
	__u32 *chosen = hint();

	if (chosen)
		found = *chosen;
	return 0;
}
