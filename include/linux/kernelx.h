/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNELX_H
#define _LINUX_KERNELX_H

#include <linux/types.h>
#include <linux/kernelx_site.h>

struct kernelx_lease;
struct kernelx_policy_counters;
struct kernelx_site;
struct task_struct;

/**
 * enum kernelx_mode - how consistent a change is
 * @KERNELX_MODE_DEFAULT:	what is known of the knob's sites says which.
 * @KERNELX_MODE_IMMEDIATE:	every single use sees the old or the new value.
 * @KERNELX_MODE_INSTANCE:	every instance sees only one of them.
 * @KERNELX_MODE_GLOBAL:	and no two instances see different ones at a time.
 *
 * In the order of what they promise.
 */
enum kernelx_mode {
	KERNELX_MODE_DEFAULT,
	KERNELX_MODE_IMMEDIATE,
	KERNELX_MODE_INSTANCE,
	KERNELX_MODE_GLOBAL,
};

/* Of which types a policy may look at objects: the catalogue's context lines. */
enum kernelx_context {
	KERNELX_CONTEXT_none,
#define KERNELX_CONTEXT(tag) KERNELX_CONTEXT_##tag,
#include <linux/kernelx_contexts.h>
#undef KERNELX_CONTEXT
};

#define KERNELX_POLICY_NAME_LENGTH	32

/**
 * struct kernelx_policy_state - what a knob remembers of its policies
 * @counters:	of the last one; allocated when there is a first one.
 * @name:	of the last one.
 * @stop:	why it ended, if not with its link: enum kernelx_policy_stop.
 * @leaving:	it is gone, but some instances may still have values of it.
 */
struct kernelx_policy_state {
	struct kernelx_policy_counters __percpu *counters;
	char name[KERNELX_POLICY_NAME_LENGTH];
	u8 stop;
	bool leaving;
};

/**
 * struct kernelx_changed - who changed a knob last
 * @when:	the time of day in milliseconds; 0 if nobody did.
 * @pid:	of the task.
 * @uid:	of its user.
 * @comm:	of the task.
 */
struct kernelx_changed {
	s64 when;
	pid_t pid;
	uid_t uid;
	char comm[16];
};

/**
 * struct kernelx_knob - the runtime handle of one perf-const
 * @name:		"<subsystem>/<name>", as below /sys/kernel/kernelx.
 * @unit:		what one step of the value is, e.g. "pages".
 * @help:		what it does and what the trade-off is; several lines.
 * @source:		where the perf-const stands in the source.
 * @state:		how latched state is handled, as the catalogue says.
 * @value:		what all sites hold. Written with kernelx_mutex held, and
 *			only by the transition layer; read without.
 * @default_value:	the value compiled in.
 * @min:		least value the compiled code is right for.
 * @max:		greatest value the compiled code is right for.
 * @context:		the object that a policy may look at.
 * @refresh:		brings latched state along: what is copied from a site from
 *			now on is @new. Or NULL. May sleep; kernelx_mutex is held. Returns 0, or a
 *			negative error with the state as it was: the change is
 *			then taken back.
 *
 * Described by the catalogue; the table is in kernel/kernelx/catalogue.c.
 */
struct kernelx_knob {
	const char *name;
	const char *unit;
	const char *help;
	const char *source;
	const char *state;
	struct kernelx_value *value;
	u32 default_value;
	u32 min;
	u32 max;
	enum kernelx_context context;
	int (*refresh)(u32 old, u32 new);

	/* private: all of it is written under kernelx_mutex */

	/* The sites that may be patched now, ordered by address. */
	const struct kernelx_site **sites;
	unsigned int nr_sites;
	/* What is known of its sites; read without, kernelx_knob_flags(). */
	u32 flags;
	/* Why the knob cannot be turned (its sites contradict it), or NULL. */
	const char *broken;
	/* What somebody chose, or KERNELX_MODE_DEFAULT; read without. */
	enum kernelx_mode mode;
	/* The transition under way: from what to what ... */
	u32 old;
	u32 target;
	/* ... it belongs to those whose sites are written ... */
	bool writing;
	/* ... of which so many have been written in this batch ... */
	unsigned int written;
	/* ... and tasks go over one by one. Read without, by who looks at stacks. */
	bool changing;
	/* It has been undone but for some tasks that are not back yet. */
	bool stuck;
	/* KERNELX_ASK_*: what its sites, which are indirect, ask if they do ... */
	u32 asks;
	/* ... what they shall after the transition under way ... */
	u32 asks_target;
	/* ... and what tasks with either slot ask meanwhile. */
	u32 slot_asks[2];
	struct kernelx_policy_state policy;
	/* Who holds its value, or NULL. */
	struct kernelx_lease *lease;
	struct kernelx_changed changed;
};

/**
 * struct kernelx_change - one knob and what it shall become
 * @knob:	the knob.
 * @value:	its new value.
 * @asks:	KERNELX_ASK_*, if a policy shall choose it; else 0.
 * @mode:	in which to change it; KERNELX_MODE_DEFAULT: in its own.
 */
struct kernelx_change {
	struct kernelx_knob *knob;
	u32 value;
	u32 asks;
	enum kernelx_mode mode;
};

#ifdef CONFIG_KERNELX

struct kernelx_knob *kernelx_find_knob(const char *name);
u32 kernelx_get(const struct kernelx_knob *knob);
int kernelx_set(struct kernelx_knob *knob, u32 value);
int kernelx_change(const struct kernelx_change *changes, unsigned int nr);
void kernelx_print_state(const char *log_lvl);

#else

static inline void kernelx_print_state(const char *log_lvl) { }

#endif /* CONFIG_KERNELX */

#ifdef CONFIG_KERNELX_SITES
bool kernelx_reserved(const void *start, const void *end);
bool kernelx_probe_refused(const void *address);
void kernelx_copy_process(struct task_struct *child);
void kernelx_exit_begin(void);
void kernelx_exit_end(void);
#else
static inline bool kernelx_reserved(const void *start, const void *end)
{
	return false;
}

static inline bool kernelx_probe_refused(const void *address)
{
	return false;
}

static inline void kernelx_copy_process(struct task_struct *child) { }
static inline void kernelx_exit_begin(void) { }
static inline void kernelx_exit_end(void) { }
#endif

#endif /* _LINUX_KERNELX_H */
