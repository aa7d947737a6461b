// SPDX-License-Identifier: GPL-2.0
/*
 * How many instructions does a call of a function with a site execute, and what
 * would the same function cost with another mechanism?
 *
 * Reading the parameter "instructions" runs each function in a loop and gives what a
 * call costs, the loop included, in thousandths of an instruction. It counts with the
 * TSC: run it under "-icount shift=0", where that is the number of instructions.
 */
#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <asm/msr.h>

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

static int show_instructions(char *buffer, const struct kernel_param *parameter)
{
	u64 constant = MEASURE(with_constant);
	u64 site = MEASURE(with_site);
	u64 static_key = MEASURE(with_static_key);
	u64 load = MEASURE(with_variable);

	return sysfs_emit(buffer, "constant %llu site %llu static_key %llu variable %llu\n",
			  constant, site, static_key, load);
}

static const struct kernel_param_ops instructions_ops = {
	.get = show_instructions,
};

module_param_cb(instructions, &instructions_ops, NULL, 0400);

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

MODULE_DESCRIPTION("Instructions executed at a KernelX site");
MODULE_LICENSE("GPL");
