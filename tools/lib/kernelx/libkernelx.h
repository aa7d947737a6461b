/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libkernelx: the knobs of a KernelX kernel, for programs.
 *
 * A knob is called by its name, "<subsystem>/<knob>". Functions return 0 or more, or a
 * negative errno: that of the kernel where it refused something. What is allocated for
 * the caller has a function here that frees it. A handle is for one thread at a time.
 *
 * What is in this header stays: structures that the library allocates may grow at their
 * end, and nothing else changes without another soname.
 */
#ifndef LIBKERNELX_H
#define LIBKERNELX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** KERNELX_ROOT - where the knobs are, unless the environment's KERNELX_ROOT says else */
#define KERNELX_ROOT "/sys/kernel/kernelx"

/** struct kernelx - a tree of knobs that was opened */
struct kernelx;

/**
 * kernelx_open() - open a tree of knobs
 * @root:	its directory; NULL for $KERNELX_ROOT (ignored by setuid programs) or
 *		/sys/kernel/kernelx
 * @kx:		the handle
 *
 * Return: 0; -ENOENT if there is none, which is a kernel without KernelX; -ENOMEM.
 */
int kernelx_open(const char *root, struct kernelx **kx);

/** kernelx_close() - give a handle back; NULL is fine */
void kernelx_close(struct kernelx *kx);

/** kernelx_root() - the directory of a tree of knobs */
const char *kernelx_root(const struct kernelx *kx);

/**
 * kernelx_names() - which knobs there are
 * @kx:		the tree
 * @names:	sorted names, with a NULL behind the last one
 * @count:	how many; can be NULL
 */
int kernelx_names(struct kernelx *kx, char ***names, size_t *count);

/** kernelx_free_names() - free what kernelx_names() returned; NULL is fine */
void kernelx_free_names(char **names);

/** kernelx_exists() - 1 if there is a knob of this name, 0 if not */
int kernelx_exists(struct kernelx *kx, const char *knob);

/**
 * kernelx_parse() - read a number as the kernel does
 * @text:	decimal or 0x..., with a suffix K, M or G, which are powers of 1024
 * @value:	where it goes
 *
 * Return: 0; -EINVAL (not a number); -ERANGE (negative, or beyond 64 bits).
 */
int kernelx_parse(const char *text, uint64_t *value);

/**
 * kernelx_get() - the value of a knob
 *
 * Return: 0; -ENOENT (no such knob), -EIO (a site does not hold what it should).
 */
int kernelx_get(struct kernelx *kx, const char *knob, uint64_t *value);

/**
 * kernelx_set() - turn a knob
 * @kx:		the tree
 * @knob:	which
 * @value:	a number, or "default"
 *
 * Return: 0, when the change is complete; else nothing has changed: -ENOENT, -EINVAL,
 * -ERANGE, -EPERM, -EACCES, -EBUSY, -EIO, -EOPNOTSUPP, -EINTR as
 * Documentation/ABI/testing/sysfs-kernel-kernelx has them.
 */
int kernelx_set(struct kernelx *kx, const char *knob, const char *value);

/** struct kernelx_setting - a knob and the value that it is to have */
struct kernelx_setting {
	/** @knob: its name */
	const char *knob;
	/** @value: a number, or "default" */
	const char *value;
};

/**
 * kernelx_transaction() - turn several knobs in one transition, or none
 * @kx:		the tree
 * @settings:	which, to what
 * @count:	how many
 *
 * A setting "mode" with the value "immediate", "instance" or "global" says in which mode;
 * without, each knob is in its own.
 *
 * Return: as kernelx_set(); -E2BIG if it is more than one transaction can hold. Of older
 * kernels, whose limit is 4095 bytes, that can be -EINVAL.
 */
int kernelx_transaction(struct kernelx *kx, const struct kernelx_setting *settings, size_t count);

/** KERNELX_TRANSACTION - the longest text of a transaction, in bytes */
#define KERNELX_TRANSACTION 32767

/**
 * kernelx_transaction_size() - how long the text of a transaction is
 * @settings:	which knobs, to what
 * @count:	how many
 *
 * Return: in bytes; -E2BIG if that is more than KERNELX_TRANSACTION; -EINVAL, -ENOENT for
 * what can be no setting.
 */
int kernelx_transaction_size(const struct kernelx_setting *settings, size_t count);

/**
 * kernelx_meta() - what is known of a knob, as the kernel says it
 * @kx:		the tree
 * @knob:	which
 * @file:	"default", "min", "help", "class", ...: a file of .meta/<knob>/
 * @text:	its text, without the newline at its end; to be freed with free()
 *
 * Return: 0; -ENOENT if there is no such knob, or the kernel does not have this file.
 */
int kernelx_meta(struct kernelx *kx, const char *knob, const char *file, char **text);

/** struct kernelx_info - what everybody may know of a knob; see kernelx_info() */
struct kernelx_info {
	/** @name: of the knob */
	char *name;
	/** @value: in force; that of @def if it cannot be read, see @error */
	uint64_t value;
	/** @error: 0, or why @value could not be read (-EIO) */
	int error;
	/** @def: the value compiled in */
	uint64_t def;
	/** @min: the least value it takes */
	uint64_t min;
	/** @max: the greatest value it takes */
	uint64_t max;
	/** @unit: what one step of the value is */
	char *unit;
	/** @help: what it does */
	char *help;
	/** @source: where the constant stands */
	char *source;
	/** @state: what becomes of copies of the value */
	char *state;
	/** @knob_class: where the value goes */
	char *knob_class;
	/** @mode: how consistent a change is */
	char *mode;
};

/** kernelx_info() - all that everybody may know of a knob */
int kernelx_info(struct kernelx *kx, const char *knob, struct kernelx_info **info);

/** kernelx_free_info() - free what kernelx_info() returned; NULL is fine */
void kernelx_free_info(struct kernelx_info *info);

/**
 * kernelx_set_mode() - choose how consistent changes of a knob are
 * @kx:		the tree
 * @knob:	which
 * @mode:	"immediate", "instance", "global" or "default"
 */
int kernelx_set_mode(struct kernelx *kx, const char *knob, const char *mode);

/** struct kernelx_change - the last successful change of a knob */
struct kernelx_change {
	/** @msec: when, in milliseconds since the epoch */
	int64_t msec;
	/** @pid: of the writer */
	int pid;
	/** @uid: of the writer */
	unsigned int uid;
	/** @comm: of the writer */
	char comm[32];
};

/**
 * kernelx_changed() - who changed a knob last
 *
 * Return: 1; 0 if nobody did since boot; -ENOENT if the kernel does not tell.
 */
int kernelx_changed(struct kernelx *kx, const char *knob, struct kernelx_change *change);

/**
 * kernelx_policy() - the policy that holds a knob
 * @kx:		the tree
 * @knob:	which
 * @name:	of the policy, to be freed with free(); NULL if there is none
 *
 * Return: 0; -EACCES (only root may know); -ENOENT if the kernel has no policies.
 */
int kernelx_policy(struct kernelx *kx, const char *knob, char **name);

/**
 * kernelx_file() - the text of a file that belongs to no knob
 * @kx:		the tree
 * @file:	"stats", "transition", "transition_timeout_ms"
 * @text:	to be freed with free()
 */
int kernelx_file(struct kernelx *kx, const char *file, char **text);

/** struct kernelx_lease - values that last as long as this is held */
struct kernelx_lease;

/**
 * kernelx_lease() - turn knobs for as long as the lease is held
 * @kx:		the tree; may be closed before the lease
 * @settings:	which, to what
 * @count:	how many
 * @lease:	what to give to kernelx_release()
 *
 * The kernel brings the values from before back, in one transaction, when the lease is
 * released or the process dies; nobody else can turn these knobs meanwhile. The lease
 * does not go to a program that the process executes.
 *
 * Return: as kernelx_transaction(); -EOPNOTSUPP if the kernel has no leases.
 */
int kernelx_lease(struct kernelx *kx, const struct kernelx_setting *settings, size_t count,
		  struct kernelx_lease **lease);

/** kernelx_release() - give the values from before back; NULL is fine */
void kernelx_release(struct kernelx_lease *lease);

/** struct kernelx_held - a knob that is held by a lease */
struct kernelx_held {
	/** @knob: its name */
	char *knob;
	/** @value: that the lease gave it */
	uint64_t value;
	/** @before: what returns when the lease ends */
	uint64_t before;
	/** @pid: of the holder */
	int pid;
	/** @comm: of the holder */
	char comm[32];
};

/**
 * kernelx_leases() - which knobs are held by leases
 * @kx:		the tree
 * @held:	an array, in the order of the kernel's list
 * @count:	how many
 *
 * Return: 0; -EOPNOTSUPP if the kernel has no leases, -EACCES if only root may know.
 */
int kernelx_leases(struct kernelx *kx, struct kernelx_held **held, size_t *count);

/** kernelx_free_leases() - free what kernelx_leases() returned; NULL is fine */
void kernelx_free_leases(struct kernelx_held *held, size_t count);

/** struct kernelx_watch - somebody waits for changes */
struct kernelx_watch;

/**
 * enum kernelx_watch_flags - how to watch
 * @KERNELX_WATCH_POLL: by looking at all values again and again, even if the kernel
 *	would tell
 */
enum kernelx_watch_flags {
	KERNELX_WATCH_POLL = 1,
};

/** struct kernelx_event - a knob was turned, or somebody tried to in vain */
struct kernelx_event {
	/** @knob: its name; lives as long as the watch */
	const char *knob;
	/** @before: the value before */
	uint64_t before;
	/** @value: the value asked for, which is in force if @error is 0 */
	uint64_t value;
	/** @error: 0, or why it failed, a negative errno */
	int error;
	/** @pid: who did it, 0 if that is not known */
	int pid;
	/** @comm: who did it, empty if that is not known */
	char comm[32];
};

/**
 * kernelx_watch() - begin to watch all knobs
 * @kx:		the tree; must outlive the watch
 * @interval_ms: how often to look at the values, if the kernel does not tell
 * @flags:	0 or KERNELX_WATCH_POLL
 * @watch:	what to give to kernelx_next() and kernelx_unwatch()
 *
 * Where the caller may use tracefs (root), the kernel's event kernelx_knob_set tells of
 * every change, of those that failed, and who made it. Elsewhere the values are read
 * every @interval_ms: a change that is undone within this time is not seen.
 *
 * Return: 1 if the kernel tells, 0 if values are read, or a negative errno.
 */
int kernelx_watch(struct kernelx *kx, unsigned int interval_ms, unsigned int flags,
		  struct kernelx_watch **watch);

/**
 * kernelx_next() - wait for the next change
 * @watch:	see kernelx_watch()
 * @timeout_ms:	how long; -1 is for ever
 * @event:	what happened
 *
 * Return: 1; 0 after the time, -EINTR after a signal, or another errno.
 */
int kernelx_next(struct kernelx_watch *watch, int timeout_ms, struct kernelx_event *event);

/** kernelx_unwatch() - end to watch; NULL is fine */
void kernelx_unwatch(struct kernelx_watch *watch);

#ifdef __cplusplus
}
#endif

#endif /* LIBKERNELX_H */
