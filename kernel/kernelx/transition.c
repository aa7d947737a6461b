// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX transitions: which use sees which value, and when.
 *
 * There is one mode so far, immediate: every single use sees the old value or
 * the new one.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/printk.h>

#include "internal.h"

/**
 * kernelx_transition() - bring a knob to another value
 * @knob: the knob
 * @value: a value in its range
 *
 * Sites first, then the state that was latched from them: new state copied
 * from a site is right from then on, and the refresh hook sees to the rest.
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0, or a negative error with everything as it was.
 */
int kernelx_transition(struct kernelx_knob *knob, u32 value)
{
	u32 old = kernelx_get(knob);
	int ret;

	lockdep_assert_held(&kernelx_mutex);
	ret = kernelx_sites_set(knob, value);
	if (ret || !knob->refresh)
		return ret;
	ret = knob->refresh(old, value);
	if (ret) {
		pr_err("%s: latched state cannot follow to %u (error %d), the value stays %u\n",
		       knob->name, value, ret, old);
		/* The sites were just written: writing them again cannot fail. */
		WARN_ON_ONCE(kernelx_sites_set(knob, old));
	}
	return ret;
}
