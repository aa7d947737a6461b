// SPDX-License-Identifier: GPL-2.0
/*
 * Applications say what they want: the value that a thread has in the map, or else that
 * of its process, by their numbers. Who wants to hint opens the pinned map, or has
 * "kx policy map hint PID=VALUE" do it, and removes the entry before it ends, as numbers
 * are used again.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u32);
} hints SEC(".maps");

KERNELX_VALUE(value)
{
	__u64 ids = bpf_get_current_pid_tgid();
	__u32 thread = ids, process = ids >> 32;
	__u32 *hint;

	hint = bpf_map_lookup_elem(&hints, &thread);
	if (!hint && process != thread)
		hint = bpf_map_lookup_elem(&hints, &process);
	return hint ? *hint : kernelx_fixed(ctx);
}

KERNELX_POLICY(hint, value, "block/max_request_count");
