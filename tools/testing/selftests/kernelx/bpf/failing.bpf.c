// SPDX-License-Identifier: GPL-2.0
/* Never has a value. */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

KERNELX_VALUE(value)
{
	return -22;
}

KERNELX_POLICY(failing, value, "net/hystart_delay_min");
