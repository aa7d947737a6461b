/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_KERNELX_INTERNAL_H
#define _KERNEL_KERNELX_INTERNAL_H

/*
 * What the layers of KernelX offer to the layers above them:
 *
 *	interface	sysfs.c show.c transaction.c lease.c params.c report.c
 *			policy_bpf.c policy.c
 *	transitions	transition.c steps.c drain.c instance.c status.c
 *			policy_value.c policy_instance.c
 *	registry	core.c catalogue.c sites.c spans.c module.c
 *	arch		arch.h
 */

#include <linux/kernelx.h>
#include <linux/kernelx_spans.h>
#include <linux/mutex.h>
#include <linux/sizes.h>

struct attribute;
struct kernfs_ops;

/*
 * Protects the values of all knobs, the sites registered for them, and the
 * latched state that follows them. Inside it nest cpu_hotplug_lock, text_mutex
 * and what refresh hooks take; outside of it only the lock of the chain that
 * announces modules.
 */
extern struct mutex kernelx_mutex;

/* The knobs of this kernel, ordered by name; fixed when compiled. */
extern struct kernelx_knob kernelx_knobs[];
extern const unsigned int kernelx_nr_knobs;

#define kernelx_for_each_knob(knob)					\
	for ((knob) = kernelx_knobs;					\
	     (knob) < kernelx_knobs + kernelx_nr_knobs; (knob)++)

/* value.c */
bool kernelx_is_word(const char *text, size_t length, const char *word);
int kernelx_parse_value(const char *text, size_t length, u64 *value);

/* core.c */
struct kernelx_knob *kernelx_find_named(const char *text, size_t length);
struct kernelx_knob *kernelx_knob_of(const struct kernelx_value *value);
int kernelx_check_range(const struct kernelx_knob *knob, u64 value);
int kernelx_change_locked(const struct kernelx_change *changes, unsigned int nr,
			  const struct kernelx_lease *lease);

/* transaction.c */
/* Longest text that names knobs and values: all of them fit, several times. */
#define KERNELX_TRANSACTION_LENGTH	(SZ_32K - 1)

int kernelx_parse_changes(const char *text, size_t length,
			  struct kernelx_change **changes, unsigned int *nr);
extern const struct kernfs_ops kernelx_transaction_ops;

/* sysfs.c */
int kernelx_may_write(const char *name);
ssize_t kernelx_write_result(int ret, size_t count);

/* status.c: modes by their names */
const char *kernelx_mode_name(enum kernelx_mode mode);
int kernelx_parse_mode(const char *text, size_t length, enum kernelx_mode *mode);

/* status.c: the files beside the subsystems; NULL at the end */
extern const struct attribute *kernelx_root_files[];

/* Why a site asks: a transition is under way ... */
#define KERNELX_ASK_TRANSITION	0x1
/* ... a policy chooses the value ... */
#define KERNELX_ASK_POLICY	0x2
/* ... once for each instance, whose later uses get the same ... */
#define KERNELX_ASK_INSTANCE	0x4
/* ... or for each use, though an instance may have several. */
#define KERNELX_ASK_EACH	0x8

struct arch_kernelx_registers;
struct kernelx_lease;
struct kernelx_site;

/* policy_value.c, and policy.c for the file policy */
#ifdef CONFIG_KERNELX_POLICY
u32 kernelx_policy_value(const struct kernelx_site *site,
			 const struct arch_kernelx_registers *registers, u32 asked);
ssize_t kernelx_policy_show(const struct kernelx_knob *knob, char *buf);
#else
static inline u32 kernelx_policy_value(const struct kernelx_site *site,
				       const struct arch_kernelx_registers *registers,
				       u32 asked)
{
	return 0;
}
#endif

/* lease.c */
int kernelx_lease_check(const struct kernelx_knob *knob, const struct kernelx_lease *lease);
extern const struct kernfs_ops kernelx_lease_ops;

/* transition.c */
int kernelx_transition(const struct kernelx_change *changes, unsigned int nr);
enum kernelx_mode kernelx_mode_of(const struct kernelx_knob *knob);

/*
 * What has to be assumed of a site of which nothing is known; it is the class of
 * a knob that has one.
 */
#define KERNELX_UNKNOWN (KERNELX_DEPENDENT | KERNELX_ESCAPES | KERNELX_UNBOUNDED)

/**
 * struct kernelx_lines - a part of a text, as read(2) wants it
 * @buf:	where it goes.
 * @size:	of @buf.
 * @length:	of what is in @buf.
 * @offset:	of @buf within the text.
 * @position:	within the text, of the next line.
 * @number:	of the next line.
 * @skip:	the number of the line that is at @position in the beginning:
 *		those before it need not be made.
 */
struct kernelx_lines {
	char *buf;
	size_t size;
	size_t length;
	loff_t offset;
	loff_t position;
	unsigned int number;
	unsigned int skip;
};

/* show.c */
ssize_t kernelx_show_class(const struct kernelx_knob *knob, char *buf);
void kernelx_show_sites(struct kernelx_knob *knob, struct kernelx_lines *lines);
void kernelx_show_spans(struct kernelx_knob *knob, struct kernelx_lines *lines);

/* sites.c and spans.c, or nothing where there are no sites */
#ifdef CONFIG_KERNELX_SITES
int kernelx_sites_check(const struct kernelx_knob *knob);
void kernelx_sites_arm(void);
void kernelx_sites_settle(void);
void kernelx_sites_set_early(struct kernelx_knob *knob, u32 value);
u32 kernelx_knob_flags(const struct kernelx_knob *knob);
#else
static inline int kernelx_sites_check(const struct kernelx_knob *knob)
{
	return 0;
}

static inline void kernelx_sites_arm(void) { }
static inline void kernelx_sites_settle(void) { }

static inline void kernelx_sites_set_early(struct kernelx_knob *knob, u32 value)
{
	knob->value->slots[0] = value;
	knob->value->slots[1] = value;
	knob->value->value = value;
}

/* Each use loads the variable, wherever the compiler put it. */
static inline u32 kernelx_knob_flags(const struct kernelx_knob *knob)
{
	return KERNELX_UNKNOWN;
}
#endif

#endif /* _KERNEL_KERNELX_INTERNAL_H */
