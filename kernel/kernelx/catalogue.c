// SPDX-License-Identifier: GPL-2.0
/*
 * The table of knobs, from what scripts/kernelx/kconst made of the Kconst
 * files.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/time64.h>

#include "internal.h"

/*
 * The defaults are the expressions of the source, and must be constant
 * expressions here. Where the kernel's helper is an inline function, this is
 * what it computes for a constant; that both agree is checked against the
 * compiled sites when they are registered.
 */
#undef msecs_to_jiffies
#define msecs_to_jiffies(m) \
	((m) * HZ / MSEC_PER_SEC + ((m) * HZ % MSEC_PER_SEC != 0))
#undef usecs_to_jiffies
#define usecs_to_jiffies(u) \
	((u) * HZ / USEC_PER_SEC + ((u) * HZ % USEC_PER_SEC != 0))

/* First the refresh hooks ... */
#define KERNELX_STATE_NONE
#define KERNELX_STATE_BENIGN(reason)
#define KERNELX_STATE_REFRESH(hook) \
	int kernelx_refresh_##hook(u32 old, u32 new);
#define KERNELX_KNOB(symbol, subsystem, knob, def, least, most, step, latched,	\
		     object, place, text) latched
#include "catalogue.h"
#undef KERNELX_KNOB

/* ... then the values, which modules may need whatever their licence ... */
#define KERNELX_KNOB(symbol, subsystem, knob, def, least, most, step, latched,	\
		     object, place, text)						\
	static_assert((u64)(least) <= (u64)(def) &&				\
		      (u64)(def) <= (u64)(most) && (u64)(most) <= U32_MAX);	\
	/* Sites have the type of the constant: the range must fit into it. */	\
	static_assert((s64)(typeof(def))(most) == (s64)(most));		\
	extern struct kernelx_value kernelx_value_##symbol;			\
	struct kernelx_value kernelx_value_##symbol __read_mostly = {		\
		.slots = { def, def },						\
		.value = def,							\
	};									\
	EXPORT_SYMBOL(kernelx_value_##symbol);
#include "catalogue.h"
#undef KERNELX_KNOB
#undef KERNELX_STATE_NONE
#undef KERNELX_STATE_BENIGN
#undef KERNELX_STATE_REFRESH

/* ... and the knobs. */
#define KERNELX_STATE_NONE		.state = "none",
#define KERNELX_STATE_BENIGN(reason)	.state = "benign: " reason,
#define KERNELX_STATE_REFRESH(hook) \
	.state = "refresh " #hook, .refresh = kernelx_refresh_##hook,
#define KERNELX_KNOB(symbol, subsystem, knob, def, least, most, step, latched,	\
		     object, place, text)						\
	{									\
		.name = subsystem "/" knob,					\
		.unit = step,							\
		.help = text,							\
		.source = place,						\
		.value = &kernelx_value_##symbol,				\
		.default_value = def,						\
		.min = least,							\
		.max = most,							\
		.context = object,						\
		latched								\
	},
struct kernelx_knob kernelx_knobs[] = {
#include "catalogue.h"
};

const unsigned int kernelx_nr_knobs = ARRAY_SIZE(kernelx_knobs);
