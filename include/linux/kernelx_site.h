/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNELX_SITE_H
#define _LINUX_KERNELX_SITE_H

/*
 * KernelX sites: what an annotated constant expands to.
 *
 * The catalogue compiler (scripts/kernelx/) rewrites the constant of every
 * knob, in place and on its own line, from
 *
 *	#define SHRINK_BATCH 128
 * to
 *	#define SHRINK_BATCH KERNELX(mm_shrink_batch, 1, 4096, 128)
 *
 * compiler_types.h includes this file, so that no annotated file needs a new
 * line: __LINE__ is the same with and without KernelX. Keep it free of
 * includes that pull in types or functions: it precedes all of them.
 *
 * KERNELX(@knob, @min, @max, @expr) is a value of the type of @expr:
 *
 *  - with CONFIG_KERNELX=n, and in code that is linked into something else
 *    than the kernel (boot stubs, vDSO, purgatory): @expr itself;
 *  - with CONFIG_KERNELX_SITES: one instruction that the kernel can patch, see
 *    <asm/kernelx.h>. Costs what an immediate operand costs;
 *  - otherwise: the load of a variable, see <asm-generic/kernelx.h>.
 *
 * Either way the compiler may assume @min <= value <= @max: the code it makes
 * is right for these values and for no others. Who sets a value must keep that
 * promise; kernelx_set() is the only place that does.
 *
 * KERNELX_WITH(@type, @object, @knob, @min, @max, @expr) is the same, where a policy may
 * look at what @object, of @type, points to.
 *
 * KERNELX_DEFAULT(@value, @original) stands where @original is used and C or
 * the catalogue wants the compile-time default: @value is the constant's text.
 */

/**
 * struct kernelx_value - what the sites of one knob hold
 * @slots: what an indirect site returns to a task whose slot has that number. They
 *	   are the same, but while a transition is under way.
 * @both:  the two as one, to be stored at once.
 * @value: the value in force, in the knob's unit.
 * @ask:   KERNELX_ASK_*: why, at an indirect site, a task with that slot has to ask
 *	   kernelx_choose(). 0 if it has not.
 * @policy: what chooses a value for each instance, or NULL. RCU.
 *
 * An object of its own, named kernelx_value_<knob>, apart from the knob's
 * description: sites, stubs and modules refer to nothing else.
 */
#ifndef __ASSEMBLY__
struct kernelx_policy_use;

struct kernelx_value {
	union {
		unsigned int slots[2];
		unsigned long long both;
	};
	unsigned int value;
	unsigned int ask[2];
	struct kernelx_policy_use __rcu *policy;
};
#endif

#define KERNELX_DEFAULT(value, original) value

#if defined(CONFIG_KERNELX) && !defined(__DISABLE_EXPORTS) && \
	!defined(BUILD_VDSO) && !defined(BUILD_VDSO32) && \
	!defined(__ASSEMBLY__) && !defined(__ASSEMBLER__)

/*
 * An array inside a function whose size is a knob would become a variable
 * length array without a word. In sizeof() such a type does no harm, and
 * since 7.2 btrfs checks its arguments with one.
 */
#ifdef __clang__
#pragma GCC diagnostic error "-Wvla"
#else
#pragma GCC diagnostic error "-Wvla-larger-than=1"
#endif

/* The narrowest type that holds the range: saves extensions. */
#define __KERNELX_NARROW(v, max)					\
	__builtin_choose_expr((max) <= 127, (signed char)(v),		\
	__builtin_choose_expr((max) <= 32767, (short)(v),		\
	__builtin_choose_expr((max) <= 2147483647, (int)(v), (v))))

/* Tell the compiler the range, and give the value the constant's own type. */
#define __KERNELX_TYPED(v, min, max, expr) ({				\
	if ((v) < (min) || (v) > (max))					\
		__builtin_unreachable();				\
	(__typeof__(expr))__KERNELX_NARROW(v, max);			\
})

#ifdef CONFIG_KERNELX_SITES
#include <asm/kernelx.h>
#else
#include <asm-generic/kernelx.h>
#endif

#define KERNELX(knob, min, max, expr) ({				\
	unsigned long __kernelx_v;					\
	__KERNELX_READ(#knob, knob, __kernelx_v, min, max, expr);	\
	__KERNELX_TYPED(__kernelx_v, min, max, expr);			\
})

/* Whether the type is right is for the compiler to say. */
#define KERNELX_WITH(type, object, knob, min, max, expr) ({		\
	unsigned long __kernelx_v;					\
	type const __kernelx_object = (object);				\
	__KERNELX_READ_WITH(#knob, knob, __kernelx_v, __kernelx_object,	\
			    min, max, expr);				\
	__KERNELX_TYPED(__kernelx_v, min, max, expr);			\
})

#else
#define KERNELX(knob, min, max, expr) expr
#define KERNELX_WITH(type, object, knob, min, max, expr) expr
#endif

#endif /* _LINUX_KERNELX_SITE_H */
