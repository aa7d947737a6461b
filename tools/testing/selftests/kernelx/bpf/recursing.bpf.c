// SPDX-License-Identifier: GPL-2.0
/*
 * Comes by a site of its own knob: the test module looks at the knob whenever the
 * tracepoint bpf_trace_printk is hit.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	bpf_printk("%u", ctx->value);
	return 6000;
}

KERNELX_POLICY(recursing, value, "net/hystart_delay_min");
