/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNELX_POLICY_BPF_H
#define _KERNELX_POLICY_BPF_H

/*
 * What a policy needs to know of the kernel, which describes it in
 * include/linux/kernelx_policy.h. Offsets are those of the kernel that loads it. With
 * vmlinux.h, include that first: then nothing is declared twice.
 */
#ifndef __VMLINUX_H__

#include <linux/types.h>
#include <linux/bpf.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernelx_knob {
	const char *name;
	__u32 min;
	__u32 max;
};

struct kernelx_policy_ctx {
	const struct kernelx_knob *knob;
	__u64 site;
	__u32 index;
	__u32 value;
	__u32 default_value;
	__u32 begins;
	__u32 first_index;
	__u32 first_value;
	struct blk_plug *blk_plug;
	struct shrinker *shrinker;
	struct sock *sock;
};

#pragma clang attribute pop

struct kernelx_policy_ops {
	__s64 (*value)(struct kernelx_policy_ctx *ctx);
	__s32 (*init)(void);
	void (*exit)(void);
	__u64 flags;
	char name[32];
	char knobs[256];
};

#endif /* __VMLINUX_H__ */

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#ifndef __maybe_unused
#define __maybe_unused	__attribute((__unused__))
#endif

/*
 * The fixed value. By this function, or a compiler may load it by the same instruction as
 * another value, which the verifier does not accept.
 */
static __always_inline __u32 kernelx_fixed(const struct kernelx_policy_ctx *ctx)
{
	__u32 value = ctx->value;

	barrier_var(value);
	return value;
}

/*
 * The program that chooses: KERNELX_VALUE(name) { ... } finds in ctx for whom, and
 * returns the value; kernelx_fixed(ctx) if it has no opinion. Some look at nothing in ctx.
 */
#define KERNELX_VALUE(name)						\
static __always_inline __s64 __##name(struct kernelx_policy_ctx *ctx);	\
SEC("struct_ops/" #name)						\
__s64 name(unsigned long long *args)					\
{									\
	return __##name((struct kernelx_policy_ctx *)args[0]);		\
}									\
static __always_inline __s64						\
__##name(struct kernelx_policy_ctx *ctx __maybe_unused)

/* What kx attaches: KERNELX_POLICY(name, value, "knob knob ..."). */
#define KERNELX_POLICY(name_, value_, knobs_)				\
SEC(".struct_ops.link")							\
struct kernelx_policy_ops name_ = {					\
	.value = (void *)value_,					\
	.name = #name_,							\
	.knobs = knobs_,						\
}

#endif /* _KERNELX_POLICY_BPF_H */
