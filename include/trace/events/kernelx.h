/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kernelx

#if !defined(_TRACE_KERNELX_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KERNELX_H

#include <linux/kernelx.h>
#include <linux/tracepoint.h>

/**
 * kernelx_knob_set - a change of a knob has ended
 * @knob:	the knob
 * @old:	the value before
 * @value:	the value asked for
 * @duration_ns: from the request to the last site patched, in nanoseconds
 * @ret:	0, or why the knob still has the old value
 *
 * Who asked for it is the current task, as in every event.
 */
TRACE_EVENT(kernelx_knob_set,

	TP_PROTO(const struct kernelx_knob *knob, u32 old, u32 value,
		 u64 duration_ns, int ret),

	TP_ARGS(knob, old, value, duration_ns, ret),

	TP_STRUCT__entry(
		__string(knob, knob->name)
		__field(u32, old)
		__field(u32, value)
		__field(unsigned int, sites)
		__field(u64, duration_ns)
		__field(int, ret)
	),

	TP_fast_assign(
		__assign_str(knob);
		__entry->old = old;
		__entry->value = value;
		__entry->sites = knob->nr_sites;
		__entry->duration_ns = duration_ns;
		__entry->ret = ret;
	),

	TP_printk("knob=%s old=%u value=%u sites=%u duration_ns=%llu ret=%d",
		  __get_str(knob), __entry->old, __entry->value,
		  __entry->sites, __entry->duration_ns, __entry->ret)
);

/**
 * kernelx_transition_begin - knobs begin to change
 * @mode:	immediate, instance or global
 * @knobs:	which, from what to what
 */
TRACE_EVENT(kernelx_transition_begin,

	TP_PROTO(const char *mode, const char *knobs),

	TP_ARGS(mode, knobs),

	TP_STRUCT__entry(
		__string(mode, mode)
		__string(knobs, knobs)
	),

	TP_fast_assign(
		__assign_str(mode);
		__assign_str(knobs);
	),

	TP_printk("mode=%s knobs=\"%s\"", __get_str(mode), __get_str(knobs))
);

/**
 * kernelx_transition_step - the transition under way does its next step
 * @step:	arm, drain, refresh, settle, undo or done
 */
TRACE_EVENT(kernelx_transition_step,

	TP_PROTO(const char *step),

	TP_ARGS(step),

	TP_STRUCT__entry(
		__string(step, step)
	),

	TP_fast_assign(
		__assign_str(step);
	),

	TP_printk("step=%s", __get_str(step))
);

/**
 * kernelx_transition_end - it is over for its writer
 * @ret:	0, or why the old values are in force
 * @duration_ns: since its begin, in nanoseconds
 */
TRACE_EVENT(kernelx_transition_end,

	TP_PROTO(int ret, u64 duration_ns),

	TP_ARGS(ret, duration_ns),

	TP_STRUCT__entry(
		__field(int, ret)
		__field(u64, duration_ns)
	),

	TP_fast_assign(
		__entry->ret = ret;
		__entry->duration_ns = duration_ns;
	),

	TP_printk("ret=%d duration_ns=%llu", __entry->ret, __entry->duration_ns)
);

/**
 * kernelx_policy_attach - a policy has been attached, or not
 * @policy:	its name
 * @knobs:	of which knobs
 * @ret:	0, or why not
 */
TRACE_EVENT(kernelx_policy_attach,

	TP_PROTO(const char *policy, const char *knobs, int ret),

	TP_ARGS(policy, knobs, ret),

	TP_STRUCT__entry(
		__string(policy, policy)
		__string(knobs, knobs)
		__field(int, ret)
	),

	TP_fast_assign(
		__assign_str(policy);
		__assign_str(knobs);
		__entry->ret = ret;
	),

	TP_printk("policy=%s knobs=\"%s\" ret=%d", __get_str(policy),
		  __get_str(knobs), __entry->ret)
);

/**
 * kernelx_policy_detach - a policy is no longer asked
 * @policy:	its name
 * @knobs:	of which knobs
 * @why:	"link" if its link is gone, or why it has been stopped
 */
TRACE_EVENT(kernelx_policy_detach,

	TP_PROTO(const char *policy, const char *knobs, const char *why),

	TP_ARGS(policy, knobs, why),

	TP_STRUCT__entry(
		__string(policy, policy)
		__string(knobs, knobs)
		__string(why, why)
	),

	TP_fast_assign(
		__assign_str(policy);
		__assign_str(knobs);
		__assign_str(why);
	),

	TP_printk("policy=%s knobs=\"%s\" why=%s", __get_str(policy),
		  __get_str(knobs), __get_str(why))
);

/**
 * kernelx_policy_error - a policy has chosen no value of its knob
 * @knob:	the knob
 * @policy:	its name
 * @result:	what it returned; the fixed value is used
 */
TRACE_EVENT(kernelx_policy_error,

	TP_PROTO(const struct kernelx_knob *knob, const char *policy, s64 result),

	TP_ARGS(knob, policy, result),

	TP_STRUCT__entry(
		__string(knob, knob->name)
		__string(policy, policy)
		__field(s64, result)
	),

	TP_fast_assign(
		__assign_str(knob);
		__assign_str(policy);
		__entry->result = result;
	),

	TP_printk("knob=%s policy=%s result=%lld", __get_str(knob),
		  __get_str(policy), __entry->result)
);

#endif /* _TRACE_KERNELX_H */

#include <trace/define_trace.h>
