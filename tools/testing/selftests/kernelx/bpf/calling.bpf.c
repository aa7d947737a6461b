// SPDX-License-Identifier: GPL-2.0
/* Must be refused: kernel functions for congestion control write to sockets. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;

KERNELX_VALUE(value)
{
	tcp_reno_cong_avoid(ctx->sock, 0, 0);
	return 5000;
}

KERNELX_POLICY(calling, value, "net/hystart_delay_min");
