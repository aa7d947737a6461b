// SPDX-License-Identifier: GPL-2.0
/*
 * A value for each control group that has one in the map, and for what is below it; the
 * fixed value for all others. A key is what "stat -c %i" prints for the group's directory
 * in the cgroup2 file system:
 *
 *	kx policy map per_cgroup $(stat -c %i /sys/fs/cgroup/system.slice)=4
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* So many levels of groups are looked at, from the root on. */
#define LEVELS	8

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u32);
} groups SEC(".maps");

KERNELX_VALUE(value)
{
	__u32 *chosen, *nearest = NULL;
	__u64 group;
	int level;

	/* The deepest one that has a value says which. */
	for (level = 0; level < LEVELS; level++) {
		group = bpf_get_current_ancestor_cgroup_id(level);
		if (!group)
			break;
		chosen = bpf_map_lookup_elem(&groups, &group);
		if (chosen)
			nearest = chosen;
	}
	return nearest ? *nearest : kernelx_fixed(ctx);
}

KERNELX_POLICY(per_cgroup, value, "block/max_request_count");
