// SPDX-License-Identifier: GPL-2.0
/*
 * Plugs that do not merge are flushed early. Requests wait in a plug so that the next ones
 * can be merged with them. If the newest one in it still has a single bio, merging has
 * failed, and what waits only waits: a small plug will do. If it has several, it pays to
 * wait for more.
 */
#include "kernelx_policy.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define SMALL	8
#define LARGE	64

#ifndef __VMLINUX_H__
struct bio;

struct request {
	struct bio *bio;
	struct bio *biotail;
} __attribute__((preserve_access_index));

struct rq_list {
	struct request *tail;
} __attribute__((preserve_access_index));

struct blk_plug {
	struct rq_list mq_list;
} __attribute__((preserve_access_index));
#endif

KERNELX_VALUE(value)
{
	struct request *request;

	if (!ctx->blk_plug)
		return kernelx_fixed(ctx);
	request = ctx->blk_plug->mq_list.tail;
	if (!request)
		return kernelx_fixed(ctx);
	return request->bio == request->biotail ? SMALL : LARGE;
}

KERNELX_POLICY(plug_merges, value, "block/max_request_count");
