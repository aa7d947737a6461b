/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNELX_POLICY_H
#define _LINUX_KERNELX_POLICY_H

/*
 * What a policy sees and what it is: a BPF struct_ops object. See
 * Documentation/admin-guide/kernelx/policies.rst.
 */

#include <linux/kernelx.h>
#include <linux/types.h>

#define KERNELX_POLICY_KNOBS_LENGTH	256

/**
 * struct kernelx_policy_ctx - an instance for which a value is wanted
 * @knob:	the knob, e.g. for its name.
 * @site:	address of the site that the instance begins with.
 * @index:	of the knob in the policy's list, from 0.
 * @value:	the fixed value in force.
 * @default_value: the value compiled in.
 * @begins:	1 if this is the beginning of an instance. 0 if the policy has chosen a value
 *		of another of its knobs for it; or if the knob is dependent and in mode
 *		immediate, so that it is asked for each use of an instance.
 * @first_index: if it is not the beginning, the index of that other knob ...
 * @first_value: ... and what was chosen for it; else the index and the value of this one.
 *
 * After these come the objects of the catalogue's context lines, each by the tag of its
 * structure, e.g. "struct sock *sock". NULL if the site has none of that type.
 */
struct kernelx_policy_ctx {
	const struct kernelx_knob *knob;
	u64 site;
	u32 index;
	u32 value;
	u32 default_value;
	u32 begins;
	u32 first_index;
	u32 first_value;
#define KERNELX_CONTEXT(tag) struct tag *tag;
#include <linux/kernelx_contexts.h>
#undef KERNELX_CONTEXT
};

/**
 * struct kernelx_policy_ops - a policy
 * @value:	chooses the value for an instance, in the knob's unit. Called with
 *		preemption disabled in whatever context the site is, but for NMIs. A
 *		negative value, or one outside the knob's range: the fixed value, counted.
 * @init:	called before the policy is attached; an error refuses it. May be left out.
 * @exit:	called when it is not used any more. May be left out.
 * @flags:	0.
 * @name:	what people call it: letters, digits, '_', '-' and '.'.
 * @knobs:	"<subsystem>/<name>", separated by blanks. The policy is attached to all of
 *		them or to none, in one transition.
 *
 * Attached by a link. While it is, the knobs cannot be written.
 */
struct kernelx_policy_ops {
	s64 (*value)(struct kernelx_policy_ctx *ctx);
	s32 (*init)(void);
	void (*exit)(void);
	u64 flags;
	char name[KERNELX_POLICY_NAME_LENGTH];
	char knobs[KERNELX_POLICY_KNOBS_LENGTH];
};

#endif /* _LINUX_KERNELX_POLICY_H */
