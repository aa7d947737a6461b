// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/kernelx: a file per knob, and what is known of it in .meta.
 *
 * All of it is made from the table of knobs; Documentation/ABI/testing/
 * sysfs-kernel-kernelx says what each file is.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/capability.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/version.h>

#include "internal.h"
#include "transition.h"

/* Of a text that is refused, so much is quoted in the log. */
#define QUOTED 40

/* "mm/readahead": "readahead" */
static const char *name_of(const struct kernelx_knob *knob)
{
	return strchr(knob->name, '/') + 1;
}

/* --- the value --- */

struct value_file {
	struct kobj_attribute attribute;
	struct kernelx_knob *knob;
};

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attribute,
			  char *buf)
{
	struct value_file *file = container_of(attribute, struct value_file,
					       attribute);

	return sysfs_emit(buf, "%u\n", kernelx_get(file->knob));
}

/**
 * kernelx_may_write() - may the current task change what is below /sys/kernel/kernelx?
 * @name: of the file, for the log
 *
 * Return: 0 or -EPERM.
 */
int kernelx_may_write(const char *name)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	/* A value is a parameter of code that is running: the closest reason. */
	if (security_locked_down(LOCKDOWN_MODULE_PARAMETERS)) {
		pr_notice_ratelimited("%s: lockdown forbids to change knobs, nothing is changed\n",
				      name);
		return -EPERM;
	}
	return 0;
}

/**
 * kernelx_write_result() - what write(2) returns
 * @ret: of a change
 * @count: the bytes that were written
 *
 * A signal ends the write; or it begins anew, if that is what its handler wants, or if it
 * was none for user space.
 */
ssize_t kernelx_write_result(int ret, size_t count)
{
	return ret == -EINTR ? -ERESTARTSYS : ret ?: count;
}

/* The text is anybody's who may write: what would forge a line is escaped. */
static void report_refused(const struct kernelx_knob *knob, const char *buf,
			   size_t count, const char *why)
{
	if (count && buf[count - 1] == '\n')
		count--;
	pr_notice_ratelimited("%s: \"%*pE%s\" is %s, wanted: %u..%u (%s) or \"default\"; the value stays %u\n",
			      knob->name, (int)min_t(size_t, count, QUOTED), buf,
			      count > QUOTED ? "..." : "", why, knob->min,
			      knob->max, knob->unit, kernelx_get(knob));
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attribute,
			   const char *buf, size_t count)
{
	struct value_file *file = container_of(attribute, struct value_file,
					       attribute);
	struct kernelx_knob *knob = file->knob;
	u64 value = knob->default_value;
	int ret;

	ret = kernelx_may_write(knob->name);
	if (ret)
		return ret;
	if (!kernelx_is_word(buf, count, "default")) {
		/* sysfs cuts a text after a page: the rest could be digits. */
		ret = count < PAGE_SIZE ?
			kernelx_parse_value(buf, count, &value) : -EINVAL;
		if (ret) {
			report_refused(knob, buf, count,
				       ret == -EINVAL ? "not a number" :
							"out of range");
			return ret;
		}
	}
	ret = kernelx_check_range(knob, value);
	if (!ret)
		ret = kernelx_set(knob, value);
	return kernelx_write_result(ret, count);
}

/* --- .meta/<subsystem>/<knob>/ --- */

struct meta_directory {
	struct kobject kobj;
	struct kernelx_knob *knob;
};

struct meta_attribute {
	struct attribute attribute;
	ssize_t (*show)(const struct kernelx_knob *knob, char *buf);
	int (*store)(struct kernelx_knob *knob, const char *buf, size_t count);
};

static struct kernelx_knob *knob_of(struct kobject *kobj)
{
	return container_of(kobj, struct meta_directory, kobj)->knob;
}

#define META_ATTRIBUTE(name_, format, ...)					\
	static ssize_t name_##_show(const struct kernelx_knob *knob, char *buf)	\
	{									\
		return sysfs_emit(buf, format "\n", __VA_ARGS__);		\
	}									\
	static struct meta_attribute meta_##name_ = {				\
		.attribute = { .name = #name_, .mode = 0444 },			\
		.show = name_##_show,						\
	}

META_ATTRIBUTE(default, "%u", knob->default_value);
META_ATTRIBUTE(min, "%u", knob->min);
META_ATTRIBUTE(max, "%u", knob->max);
META_ATTRIBUTE(unit, "%s", knob->unit);
META_ATTRIBUTE(help, "%s", knob->help);
META_ATTRIBUTE(source, "%s", knob->source);
META_ATTRIBUTE(state, "%s", knob->state);

static struct meta_attribute meta_class = {
	.attribute = { .name = "class", .mode = 0444 },
	.show = kernelx_show_class,
};

static ssize_t changed_show(const struct kernelx_knob *knob, char *buf)
{
	struct kernelx_changed changed;

	if (mutex_lock_killable(&kernelx_mutex))
		return -EINTR;
	changed = knob->changed;
	mutex_unlock(&kernelx_mutex);
	if (!changed.when)
		return sysfs_emit(buf, "never\n");
	return sysfs_emit(buf, "%lld.%03u %d %u %s\n", changed.when / MSEC_PER_SEC,
			  (unsigned int)(changed.when % MSEC_PER_SEC), changed.pid,
			  changed.uid, changed.comm);
}

static struct meta_attribute meta_changed = {
	.attribute = { .name = "changed", .mode = 0444 },
	.show = changed_show,
};

#ifdef CONFIG_KERNELX_POLICY
static ssize_t context_show(const struct kernelx_knob *knob, char *buf)
{
	const char *object = "none";

	switch (knob->context) {
#define KERNELX_CONTEXT(tag)			\
	case KERNELX_CONTEXT_##tag:		\
		object = "struct " #tag;	\
		break;
#include <linux/kernelx_contexts.h>
#undef KERNELX_CONTEXT
	default:
		break;
	}
	return sysfs_emit(buf, "%s\n", object);
}

static struct meta_attribute meta_context = {
	.attribute = { .name = "context", .mode = 0444 },
	.show = context_show,
};

/* Names and numbers of who decides are for the privileged. */
static struct meta_attribute meta_policy = {
	.attribute = { .name = "policy", .mode = 0400 },
	.show = kernelx_policy_show,
};
#endif

static ssize_t mode_show(const struct kernelx_knob *knob, char *buf)
{
	return sysfs_emit(buf, "%s\n", kernelx_mode_name(kernelx_mode_of(knob)));
}

static int mode_store(struct kernelx_knob *knob, const char *buf, size_t count)
{
	enum kernelx_mode mode;
	const int ret = kernelx_parse_mode(buf, count, &mode);

	if (ret == -EINVAL) {
		pr_notice_ratelimited("%s: \"%*pE\" is no mode, wanted: immediate, instance, global or default; it stays %s\n",
				      knob->name,
				      (int)min_t(size_t, count - (buf[count - 1] == '\n'), QUOTED),
				      buf, kernelx_mode_name(kernelx_mode_of(knob)));
		return ret;
	}
	if (ret) {
		pr_notice_ratelimited("%s: this kernel reads knobs from memory: only mode immediate\n",
				      knob->name);
		return ret;
	}
	/* Not in the middle of a transition. */
	if (mutex_lock_interruptible(&kernelx_mutex))
		return -EINTR;
	WRITE_ONCE(knob->mode, mode);
	mutex_unlock(&kernelx_mutex);
	return 0;
}

static struct meta_attribute meta_mode = {
	.attribute = { .name = "mode", .mode = 0644 },
	.show = mode_show,
	.store = mode_store,
};

static struct attribute *meta_attrs[] = {
	&meta_default.attribute,
	&meta_min.attribute,
	&meta_max.attribute,
	&meta_unit.attribute,
	&meta_help.attribute,
	&meta_source.attribute,
	&meta_state.attribute,
	&meta_class.attribute,
	&meta_mode.attribute,
	&meta_changed.attribute,
#ifdef CONFIG_KERNELX_POLICY
	&meta_context.attribute,
	&meta_policy.attribute,
#endif
	NULL
};

/* --- sites and spans: more text than fits into a page --- */

/**
 * struct text_file - a file of many lines that all knobs have
 * @file:	as sysfs knows it.
 * @show:	makes the part of the text that is wanted.
 * @knob:	of which a part was read last.
 * @position:	of the line that the next part begins with or within ...
 * @number:	... and its number. So a text that is read from its beginning to
 *		its end is made once, however many parts it is read in.
 *
 * The last three with kernelx_mutex held. If two read the file in turns, or sites
 * come and go meanwhile, they get what they would from one that has no memory,
 * only later: a text that changes between two reads.
 */
struct text_file {
	struct bin_attribute file;
	void (*show)(struct kernelx_knob *knob, struct kernelx_lines *lines);
	struct kernelx_knob *knob;
	loff_t position;
	unsigned int number;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
static ssize_t text_read(struct file *file, struct kobject *kobj,
			 const struct bin_attribute *attribute, char *buf,
			 loff_t offset, size_t count)
#else
static ssize_t text_read(struct file *file, struct kobject *kobj,
			 struct bin_attribute *attribute, char *buf,
			 loff_t offset, size_t count)
#endif
{
	struct text_file *text = (struct text_file *)
		container_of_const(attribute, struct text_file, file);
	struct kernelx_lines lines = { .buf = buf, .size = count, .offset = offset };
	struct kernelx_knob *knob = knob_of(kobj);

	/* The mode of the file does not stop a root without capabilities. */
	if (!kallsyms_show_value(file->f_cred))
		return -EPERM;
	if (mutex_lock_killable(&kernelx_mutex))
		return -EINTR;
	if (text->knob == knob && text->position <= offset) {
		lines.position = text->position;
		lines.skip = text->number;
	}
	text->show(knob, &lines);
	text->knob = knob;
	text->position = lines.position;
	text->number = lines.number;
	mutex_unlock(&kernelx_mutex);
	return lines.length;
}

/* Where code is: for the privileged. */
#define TEXT_FILE(name_)						\
	static struct text_file name_##_file = {			\
		.file = {						\
			.attr = { .name = #name_, .mode = 0400 },	\
			.read = text_read,				\
		},							\
		.show = kernelx_show_##name_,				\
	}

TEXT_FILE(sites);
TEXT_FILE(spans);

static ssize_t meta_show(struct kobject *kobj, struct attribute *attribute,
			 char *buf)
{
	struct meta_attribute *meta = container_of(attribute,
						   struct meta_attribute,
						   attribute);

	return meta->show(knob_of(kobj), buf);
}

static ssize_t meta_store(struct kobject *kobj, struct attribute *attribute,
			  const char *buf, size_t count)
{
	struct meta_attribute *meta = container_of(attribute,
						   struct meta_attribute,
						   attribute);
	int ret;

	ret = kernelx_may_write(knob_of(kobj)->name);
	if (!ret)
		ret = meta->store(knob_of(kobj), buf, count);
	return kernelx_write_result(ret, count);
}

static void meta_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct meta_directory, kobj));
}

ATTRIBUTE_GROUPS(meta);

static const struct kobj_type meta_type = {
	.release = meta_release,
	.sysfs_ops = &(const struct sysfs_ops) {
		.show = meta_show,
		.store = meta_store,
	},
	.default_groups = meta_groups,
};

/* --- the tree --- */

static int __init add_meta(struct kernelx_knob *knob, struct kobject *parent)
{
	struct meta_directory *meta = kzalloc(sizeof(*meta), GFP_KERNEL);
	int ret;

	if (!meta)
		return -ENOMEM;
	meta->knob = knob;
	ret = kobject_init_and_add(&meta->kobj, &meta_type, parent, "%s",
				   name_of(knob));
	if (!ret)
		ret = sysfs_create_bin_file(&meta->kobj, &sites_file.file);
	if (!ret)
		ret = sysfs_create_bin_file(&meta->kobj, &spans_file.file);
	if (ret)
		kobject_put(&meta->kobj);
	return ret;
}

static int __init add_value(struct kernelx_knob *knob, struct value_file *file,
			    struct kobject *parent)
{
	file->knob = knob;
	sysfs_attr_init(&file->attribute.attr);
	file->attribute.attr.name = name_of(knob);
	file->attribute.attr.mode = 0644;
	file->attribute.show = value_show;
	file->attribute.store = value_store;
	return sysfs_create_file(parent, &file->attribute.attr);
}

static int __init add_knobs(struct kobject *root, struct kobject *meta_root,
			    struct value_file *files)
{
	struct kobject *values = NULL, *metas = NULL;
	struct kernelx_knob *knob, *previous = NULL;
	int ret;

	kernelx_for_each_knob(knob) {
		size_t length = name_of(knob) - knob->name;

		/* The table is ordered: a subsystem's knobs follow each other. */
		if (!previous || strncmp(previous->name, knob->name, length)) {
			char *subsystem __free(kfree) =
				kstrndup(knob->name, length - 1, GFP_KERNEL);

			if (!subsystem)
				return -ENOMEM;
			values = kobject_create_and_add(subsystem, root);
			metas = kobject_create_and_add(subsystem, meta_root);
			if (!values || !metas)
				return -ENOMEM;
		}
		previous = knob;
		ret = add_value(knob, files++, values);
		if (!ret)
			ret = add_meta(knob, metas);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Whatever cannot be added is missing from the tree, and the log says so; what
 * was added works.
 */
/* What is no attribute of sysfs: longer, or told when it is closed. */
static int __init add_file(struct kobject *root, const char *name, umode_t mode,
			   const struct kernfs_ops *ops)
{
	static struct lock_class_key key;

	return PTR_ERR_OR_ZERO(__kernfs_create_file(root->sd, name, mode, GLOBAL_ROOT_UID,
						    GLOBAL_ROOT_GID, 0, ops, NULL, NULL, &key));
}

static int __init kernelx_sysfs_init(void)
{
	struct kobject *root, *meta_root;
	struct value_file *files;
	int ret;

	root = kobject_create_and_add("kernelx", kernel_kobj);
	meta_root = root ? kobject_create_and_add(".meta", root) : NULL;
	files = kcalloc(kernelx_nr_knobs, sizeof(*files), GFP_KERNEL);
	ret = root && meta_root && files ? add_knobs(root, meta_root, files) :
					   -ENOMEM;
	if (!ret)
		ret = sysfs_create_files(root, kernelx_root_files);
	if (!ret)
		ret = add_file(root, "transaction", 0200, &kernelx_transaction_ops);
	if (!ret)
		ret = add_file(root, "lease", 0600, &kernelx_lease_ops);
	if (ret)
		pr_err("/sys/kernel/kernelx is not complete: error %d\n", ret);
	return ret;
}
subsys_initcall(kernelx_sysfs_init);
