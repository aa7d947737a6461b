// SPDX-License-Identifier: GPL-2.0
/* Must be rejected: reads a map's value without looking whether there is one. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} values SEC(".maps");

KERNELX_VALUE(value)
{
	__u32 key = ctx->index;
	__u32 *found = bpf_map_lookup_elem(&values, &key);

	return *found;
}

KERNELX_POLICY(unchecked, value, "net/hystart_delay_min");
