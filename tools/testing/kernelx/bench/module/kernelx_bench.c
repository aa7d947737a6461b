// SPDX-License-Identifier: GPL-2.0
/*
 * How many instructions does a call of a function with a site execute, and what
 * would the same function cost with another mechanism?
 *
 * Reading the parameter "instructions" runs each function in a loop and gives what a
 * call costs, the loop included, in thousandths of an instruction. It counts with the
 * TSC: run it under "-icount shift=0", where that is the number of instructions.
 *
 * While "held" is 1, a thread depends on the value of the site: a transition of its knob
 * does not end, and the site stays indirect.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/objtool.h>
#include <linux/wait.h>
#include <asm/msr.h>
#include <asm/text-patching.h>

#define LOOPS 100000

/*
 * barrier(): else a function of arguments only would be called once, before the loop.
 */

/* Annotated by hand as the catalogue would do it. */
#define SITE KERNELX(mm_shrink_batch, 1, 65536, 128)
#define CONSTANT 128

static unsigned int variable = CONSTANT;
static DEFINE_STATIC_KEY_FALSE(key);

static noinline __noclone bool with_constant(unsigned long n)
{
	barrier();
	return n >= CONSTANT;
}

static noinline __noclone bool with_site(unsigned long n)
{
	barrier();
	return n >= SITE;
}

/* Of a knob that is used once in each instance. */
static noinline __noclone bool with_lone_site(unsigned long n)
{
	barrier();
	return n >= KERNELX(block_max_request_count, 1, 32767, 32);
}

static noinline __noclone bool with_static_key(unsigned long n)
{
	barrier();
	if (static_branch_unlikely(&key))
		return n >= 2 * CONSTANT;
	return n >= CONSTANT;
}

static noinline __noclone bool with_variable(unsigned long n)
{
	barrier();
	return n >= READ_ONCE(variable);
}

/*
 * An instruction as that of a site, with a probe on it whose handler does nothing: one
 * that is optimised to a jump, and one that is not.
 */
#define PROBED(name)							\
extern char kernelx_bench_##name[];					\
									\
static noinline __noclone bool with_##name(unsigned long n)		\
{									\
	unsigned long value;						\
									\
	barrier();							\
	asm volatile(".globl kernelx_bench_" #name "\n"			\
		     "kernelx_bench_" #name ":\n\t"			\
		     ANNOTATE_NOENDBR					\
		     "movl %1, %k0" : "=r" (value) : "i" (CONSTANT));	\
	return n >= value;						\
}

PROBED(jump_probe)
PROBED(int3_probe)

/*
 * For others to probe. Without a symbol of its own: tracers want that of a function, which
 * ftrace knows.
 */
extern u8 *kernelx_bench_bpf_place;

static noinline __noclone bool with_bpf_probe(unsigned long n)
{
	unsigned long value;

	barrier();
	asm volatile("1:\tmovl %1, %k0\n\t"
		     ".pushsection .data\n\t"
		     ".balign 8\n\t"
		     ".globl kernelx_bench_bpf_place\n"
		     "kernelx_bench_bpf_place:\t.quad 1b\n\t"
		     ".popsection" : "=r" (value) : "i" (CONSTANT));
	return n >= value;
}

static int do_nothing(struct kprobe *probe, struct pt_regs *regs)
{
	return 0;
}

/* With it, a probe is not optimised. */
static void do_nothing_after(struct kprobe *probe, struct pt_regs *regs,
			     unsigned long flags)
{
}

static struct kprobe jump_probe = { .pre_handler = do_nothing };
static struct kprobe int3_probe = {
	.pre_handler = do_nothing,
	.post_handler = do_nothing_after,
};

static int add_probes(void)
{
	int ret;

	jump_probe.addr = (kprobe_opcode_t *)kernelx_bench_jump_probe;
	int3_probe.addr = (kprobe_opcode_t *)kernelx_bench_int3_probe;
	ret = register_kprobe(&jump_probe);
	if (ret)
		return ret;
	ret = register_kprobe(&int3_probe);
	if (ret)
		unregister_kprobe(&jump_probe);
	return ret;
}

/* A thread that depends on the value of the site. */
static struct task_struct *holder;
static bool held;
static DECLARE_WAIT_QUEUE_HEAD(held_queue);

static noinline __noclone bool wait_to_end(unsigned long n)
{
	unsigned long value = SITE;

	wait_event_idle(held_queue, !READ_ONCE(held));
	return n >= value;
}

static int hold(void *unused)
{
	bool hit = wait_to_end(1);

	/* Keep the result, and the value for it. */
	OPTIMIZER_HIDE_VAR(hit);
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int set_held(const char *text, const struct kernel_param *parameter)
{
	bool on;
	int err = kstrtobool(text, &on);

	if (err || on == held)
		return err;
	WRITE_ONCE(held, on);
	if (on) {
		holder = kthread_run(hold, NULL, "kernelx_bench");
		msleep(20);
		return PTR_ERR_OR_ZERO(holder);
	}
	wake_up(&held_queue);
	return kthread_stop(holder);
}

static const struct kernel_param_ops held_ops = {
	.set = set_held,
};

module_param_cb(held, &held_ops, NULL, 0200);

/* Same code around each, so that differences are those of the functions. */
#define MEASURE(function) ({						\
	unsigned long flags, i, hits = 0;				\
	u64 begin, ticks;						\
									\
	local_irq_save(flags);						\
	begin = rdtsc_ordered();					\
	for (i = 0; i < LOOPS; i++) {					\
		hits += function(i);					\
		barrier();						\
	}								\
	ticks = rdtsc_ordered() - begin;				\
	local_irq_restore(flags);					\
	/* Keep the result, and the calls with it. */			\
	OPTIMIZER_HIDE_VAR(hits);					\
	div_u64(ticks * 1000, LOOPS);					\
})

static bool probes_are_ready(void)
{
	return *(u8 *)kernelx_bench_jump_probe == JMP32_INSN_OPCODE &&
	       *(u8 *)kernelx_bench_int3_probe == INT3_INSN_OPCODE &&
	       *kernelx_bench_bpf_place != INT3_INSN_OPCODE;
}

static int show_instructions(char *buffer, const struct kernel_param *parameter)
{
	u64 constant, site, static_key, load, jump, int3, bpf, lone;
	int length;

	/*
	 * A probe is optimised some time after it was set. Ask before measuring: it may
	 * happen in between.
	 */
	if (!probes_are_ready())
		return -EAGAIN;
	constant = MEASURE(with_constant);
	site = MEASURE(with_site);
	static_key = MEASURE(with_static_key);
	load = MEASURE(with_variable);
	jump = MEASURE(with_jump_probe);
	int3 = MEASURE(with_int3_probe);
	bpf = MEASURE(with_bpf_probe);
	lone = MEASURE(with_lone_site);
	length = sysfs_emit(buffer, "constant %llu site %llu static_key %llu variable %llu",
			    constant, site, static_key, load);
	return length + sysfs_emit_at(buffer, length,
				      " jump_probe %llu int3_probe %llu bpf_probe %llu lone_site %llu\n",
				      jump, int3, bpf, lone);
}

static const struct kernel_param_ops instructions_ops = {
	.get = show_instructions,
};

module_param_cb(instructions, &instructions_ops, NULL, 0400);

/* Where with_bpf_probe() wants its probe, from its beginning. */
static int show_place(char *buffer, const struct kernel_param *parameter)
{
	return sysfs_emit(buffer, "%lu\n", (unsigned long)kernelx_bench_bpf_place -
					   (unsigned long)with_bpf_probe);
}

static const struct kernel_param_ops place_ops = {
	.get = show_place,
};

module_param_cb(place, &place_ops, NULL, 0400);

static int set_flipped(const char *text, const struct kernel_param *parameter)
{
	bool on;
	int err = kstrtobool(text, &on);

	if (err)
		return err;
	if (on)
		static_branch_enable(&key);
	else
		static_branch_disable(&key);
	return 0;
}

static const struct kernel_param_ops flipped_ops = {
	.set = set_flipped,
};

module_param_cb(flipped, &flipped_ops, NULL, 0200);

static int __init kernelx_bench_init(void)
{
	return add_probes();
}
module_init(kernelx_bench_init);

static void __exit kernelx_bench_exit(void)
{
	unregister_kprobe(&int3_probe);
	unregister_kprobe(&jump_probe);
}
module_exit(kernelx_bench_exit);

MODULE_DESCRIPTION("Instructions executed at a KernelX site");
MODULE_LICENSE("GPL");
