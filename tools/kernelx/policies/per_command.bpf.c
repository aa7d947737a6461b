// SPDX-License-Identifier: GPL-2.0
/*
 * A template: a value for some commands, and the fixed value for all others.
 *
 * Build it ("make tools" does, and Documentation/admin-guide/kernelx/policies.rst says how to
 * build one of your own), attach it, and say for which command:
 *
 *	kx policy attach per_command.bpf.o
 *	kx policy map per_command dd=4
 *
 * From now on dd collects 4 requests in a plug. Detach it, and the fixed value is in
 * force again:
 *
 *	kx policy detach per_command
 */
#include "kernelx_policy.bpf.h"

/* Policies call helpers that the kernel keeps for programs under its licence. */
char LICENSE[] SEC("license") = "GPL";

#define COMMAND_LENGTH	16

/*
 * Maps are how a policy is told things. kx pins each of them, by its name, so that any
 * program that may can write to it while the policy is attached.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, char[COMMAND_LENGTH]);
	__type(value, __u32);
} commands SEC(".maps");

/*
 * Called when an instance begins: here, when a request is added to a plug. That may be in
 * any context, with locks held, and often: be quick. It cannot sleep.
 *
 * ctx is the instance: kernelx_fixed(ctx) is the fixed value, ctx->knob the knob, and
 * ctx->blk_plug what the knob's context line in the catalogue names. All of it can be
 * read as any kernel structure; nothing can be written.
 */
KERNELX_VALUE(value)
{
	/* All of it is the key, so what is behind the name has to be zero. */
	char command[COMMAND_LENGTH] = { 0 };
	__u32 *chosen;

	if (bpf_get_current_comm(command, sizeof(command)))
		return kernelx_fixed(ctx);
	chosen = bpf_map_lookup_elem(&commands, command);

	/*
	 * A value outside of the knob's range would not be taken, and be counted in
	 * .meta/<knob>/policy. After 1000 of them in a row the policy is detached.
	 */
	return chosen ? *chosen : kernelx_fixed(ctx);
}

/* The name that people see, the program above, and the knobs whose values it chooses. */
KERNELX_POLICY(per_command, value, "block/max_request_count");
