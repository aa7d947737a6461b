// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX policies as BPF struct_ops: what the verifier and libbpf have to know.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/init.h>
#include <linux/printk.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/version.h>

/* Their types have to be complete for programs that look into them. */
#include <linux/blkdev.h>
#include <linux/shrinker.h>
#include <net/sock.h>
#ifdef CONFIG_NET
#include <net/bpf_sk_storage.h>
#endif

#include "internal.h"
#include "policy.h"

/* A program may run while the storage of a task is being changed. Locks know that since 7.0. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define TASK_STORAGE_GET	bpf_task_storage_get_proto
#define TASK_STORAGE_DELETE	bpf_task_storage_delete_proto
#else
#define TASK_STORAGE_GET	bpf_task_storage_get_recur_proto
#define TASK_STORAGE_DELETE	bpf_task_storage_delete_recur_proto
#endif

static bool is_valid_access(int off, int size, enum bpf_access_type type,
			    const struct bpf_prog *prog, struct bpf_insn_access_aux *info)
{
	return bpf_tracing_btf_ctx_access(off, size, type, prog, info);
}

/* Programs only read. */
static int refuse_write(struct bpf_verifier_log *log, const struct bpf_reg_state *reg,
			int off, int size)
{
	bpf_log(log, "a KernelX policy must not write to what it looks at\n");
	return -EACCES;
}

/* What programs of any kind may call, and who the current task is. */
static const struct bpf_func_proto *get_func_proto(enum bpf_func_id id,
						   const struct bpf_prog *prog)
{
	switch (id) {
	case BPF_FUNC_get_current_pid_tgid:
		return &bpf_get_current_pid_tgid_proto;
	case BPF_FUNC_get_current_uid_gid:
		return &bpf_get_current_uid_gid_proto;
	case BPF_FUNC_get_current_comm:
		return &bpf_get_current_comm_proto;
	case BPF_FUNC_task_storage_get:
		return &TASK_STORAGE_GET;
	case BPF_FUNC_task_storage_delete:
		return &TASK_STORAGE_DELETE;
#ifdef CONFIG_CGROUPS
	case BPF_FUNC_get_current_cgroup_id:
		return &bpf_get_current_cgroup_id_proto;
	case BPF_FUNC_get_current_ancestor_cgroup_id:
		return &bpf_get_current_ancestor_cgroup_id_proto;
#endif
#ifdef CONFIG_NET
	case BPF_FUNC_sk_storage_get:
		return &bpf_sk_storage_get_proto;
	case BPF_FUNC_sk_storage_delete:
		return &bpf_sk_storage_delete_proto;
	case BPF_FUNC_skc_to_tcp_sock:
		return &bpf_skc_to_tcp_sock_proto;
#endif
	/* Queues work, for which a site may hold the wrong locks. */
	case BPF_FUNC_timer_init:
	case BPF_FUNC_timer_set_callback:
	case BPF_FUNC_timer_start:
	case BPF_FUNC_timer_cancel:
		return NULL;
	default:
		return bpf_base_func_proto(id, prog);
	}
}

static const struct bpf_verifier_ops verifier_ops = {
	.get_func_proto = get_func_proto,
	.is_valid_access = is_valid_access,
	.btf_struct_access = refuse_write,
};

static int init(struct btf *btf)
{
	return 0;
}

static int check_member(const struct btf_type *type, const struct btf_member *member,
			const struct bpf_prog *prog)
{
	unsigned int i;

	/* Kernel functions are there by the type of a program: those of congestion control, too. */
	for (i = 0; i < prog->len; i++)
		if (prog->insnsi[i].code == (BPF_JMP | BPF_CALL) &&
		    prog->insnsi[i].src_reg == BPF_PSEUDO_KFUNC_CALL) {
			pr_notice_ratelimited("a policy must not call kernel functions, only helpers\n");
			return -EINVAL;
		}
	/* Sites cannot wait; of the other two, nobody is known to want it. */
	return prog->sleepable ? -EINVAL : 0;
}

/* Return: 1 if the member has been copied, 0 if it is a program. */
static int init_member(const struct btf_type *type, const struct btf_member *member,
		       void *kdata, const void *udata)
{
	const struct kernelx_policy_ops *from = udata;
	struct kernelx_policy_ops *ops = kdata;

	switch (__btf_member_bit_offset(type, member) / 8) {
	case offsetof(struct kernelx_policy_ops, flags):
		ops->flags = from->flags;
		return 1;
	case offsetof(struct kernelx_policy_ops, name):
		memcpy(ops->name, from->name, sizeof(ops->name));
		return 1;
	case offsetof(struct kernelx_policy_ops, knobs):
		memcpy(ops->knobs, from->knobs, sizeof(ops->knobs));
		return 1;
	default:
		return 0;
	}
}

static int validate(void *kdata)
{
	return kernelx_policy_check(kdata);
}

static int reg(void *kdata, struct bpf_link *link)
{
	const struct kernelx_policy_ops *ops = kdata;
	int ret;

	ret = kernelx_may_write(ops->name);
	if (ret)
		return ret;
	if (security_locked_down(LOCKDOWN_BPF_WRITE_USER))
		return -EPERM;
	if (!link) {
		pr_notice_ratelimited("policy %s: it needs a link: SEC(\".struct_ops.link\")\n",
				      ops->name);
		return -EOPNOTSUPP;
	}
	return kernelx_policy_attach(ops, link);
}

static void unreg(void *kdata, struct bpf_link *link)
{
	kernelx_policy_detach(kdata, link);
}

/* For their types, and so that control flow integrity knows them. */
static s64 value_stub(struct kernelx_policy_ctx *ctx)
{
	return -EINVAL;
}

static s32 init_stub(void)
{
	return 0;
}

static void exit_stub(void)
{
}

static struct kernelx_policy_ops stubs = {
	.value = value_stub,
	.init = init_stub,
	.exit = exit_stub,
};

static struct bpf_struct_ops bpf_kernelx_policy_ops = {
	.verifier_ops = &verifier_ops,
	.init = init,
	.check_member = check_member,
	.init_member = init_member,
	.validate = validate,
	.reg = reg,
	.unreg = unreg,
	.cfi_stubs = &stubs,
	.name = "kernelx_policy_ops",
	.owner = THIS_MODULE,
};

static int __init register_policies(void)
{
	int ret = register_bpf_struct_ops(&bpf_kernelx_policy_ops, kernelx_policy_ops);

	if (ret)
		pr_err("there are no policies: error %d\n", ret);
	return ret;
}
late_initcall(register_policies);
