// SPDX-License-Identifier: GPL-2.0
/*
 * HyStart for paths of every length: how much later acknowledgements may come before
 * CUBIC leaves slow start scales with the round-trip time of the connection, instead of
 * lying between 4 and 16 ms on all of them. In data centres 4 ms is many round trips; on
 * long paths 16 ms is less than their jitter.
 *
 * Both knobs get the same value, so that it is the threshold. They belong to one instance,
 * and the round-trip time may change in between: the second one takes what the first got.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#ifndef __VMLINUX_H__
struct tcp_sock {
	__u32 srtt_us;
} __attribute__((preserve_access_index));
#endif

/* tcp_sock has it times 8; what is wanted is an eighth. */
#define SRTT_SHIFT	3
#define PART_SHIFT	3

#define LEAST_US	50
#define MOST_US		1000000

KERNELX_VALUE(value)
{
	struct tcp_sock *tcp;
	__u32 part;

	if (!ctx->begins)
		return ctx->first_value;
	tcp = bpf_skc_to_tcp_sock(ctx->sock);
	if (!tcp || !tcp->srtt_us)
		return kernelx_fixed(ctx);
	part = tcp->srtt_us >> SRTT_SHIFT >> PART_SHIFT;
	if (part < LEAST_US)
		return LEAST_US;
	return part < MOST_US ? part : MOST_US;
}

KERNELX_POLICY(hystart_rtt, value, "net/hystart_delay_min net/hystart_delay_max");
