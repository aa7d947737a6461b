// SPDX-License-Identifier: GPL-2.0
/*
 * A value for each hour of the day, UTC: entry 0 of the map from midnight to one o'clock,
 * and so on. 0 leaves the fixed value.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define HOURS		24
#define NS_PER_HOUR	(3600ULL * 1000 * 1000 * 1000)

/*
 * From TAI to UTC, in nanoseconds. The kernel adds these seconds to its clock once
 * something like chrony has told it about them; 0 without.
 */
const volatile __u64 tai_offset;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, HOURS);
	__type(key, __u32);
	__type(value, __u32);
} hours SEC(".maps");

KERNELX_VALUE(value)
{
	__u32 hour = (bpf_ktime_get_tai_ns() - tai_offset) / NS_PER_HOUR % HOURS;
	__u32 *chosen = bpf_map_lookup_elem(&hours, &hour);

	return chosen && *chosen ? *chosen : kernelx_fixed(ctx);
}

KERNELX_POLICY(time_of_day, value, "block/max_request_count");
