// SPDX-License-Identifier: GPL-2.0
/*
 * Another batch for one shrinker, here the one of ext4's extent status trees, which is
 * called with a lock held: fewer objects at a time let others go on sooner. The value is
 * the first entry of the map; 0 leaves the fixed value.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#ifndef __VMLINUX_H__
struct shrinker {
	unsigned long (*scan_objects)(void);
} __attribute__((preserve_access_index));
#endif

/* A shrinker has no name, but a function of its own. */
extern const void ext4_es_scan __ksym __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} batch SEC(".maps");

KERNELX_VALUE(value)
{
	struct shrinker *shrinker = ctx->shrinker;
	__u32 zero = 0, *chosen;

	if (!shrinker || !&ext4_es_scan || (void *)shrinker->scan_objects != &ext4_es_scan)
		return kernelx_fixed(ctx);
	chosen = bpf_map_lookup_elem(&batch, &zero);
	return chosen && *chosen ? *chosen : kernelx_fixed(ctx);
}

KERNELX_POLICY(one_shrinker, value, "mm/shrink_batch");
