// SPDX-License-Identifier: GPL-2.0
/*
 * Static keys with 1 to 40 branches, to be flipped by a write(2) as a knob is
 * turned by one: what a change of a knob with as many sites is compared with.
 *
 * /sys/kernel/debug/kernelx_flip/N: write 0 or 1; N is the number of branches.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/module.h>

static unsigned long counter;

static __always_inline void branch(struct static_key_false *key)
{
	if (static_branch_unlikely(key))
		WRITE_ONCE(counter, counter + 1);
}

static __always_inline void branches_4(struct static_key_false *key)
{
	branch(key);
	branch(key);
	branch(key);
	branch(key);
}

static __always_inline void branches_16(struct static_key_false *key)
{
	branches_4(key);
	branches_4(key);
	branches_4(key);
	branches_4(key);
}

/* @n is a constant: only as many are left. */
static __always_inline void branches(struct static_key_false *key,
				     const unsigned int n)
{
	if (n & 1)
		branch(key);
	if (n & 2) {
		branch(key);
		branch(key);
	}
	if (n & 4)
		branches_4(key);
	if (n & 8) {
		branches_4(key);
		branches_4(key);
	}
	if (n & 16)
		branches_16(key);
	if (n & 32) {
		branches_16(key);
		branches_16(key);
	}
}

/* A key, and a function with as many branches as its number says. */
#define KEY(n)								\
static DEFINE_STATIC_KEY_FALSE(key_##n);				\
static noinline __used void branches_of_##n(void)			\
{									\
	branches(&key_##n, n);						\
}

KEY(1)
KEY(2)
KEY(3)
KEY(4)
KEY(5)
KEY(6)
KEY(7)
KEY(8)
KEY(9)
KEY(10)
KEY(11)
KEY(12)
KEY(13)
KEY(14)
KEY(15)
KEY(16)
KEY(17)
KEY(18)
KEY(19)
KEY(20)
KEY(21)
KEY(22)
KEY(23)
KEY(24)
KEY(25)
KEY(26)
KEY(27)
KEY(28)
KEY(29)
KEY(30)
KEY(31)
KEY(32)
KEY(33)
KEY(34)
KEY(35)
KEY(36)
KEY(37)
KEY(38)
KEY(39)
KEY(40)

#define ENTRY(n) { #n, &key_##n.key }

static const struct flip {
	const char *name;
	struct static_key *key;
} flips[] = {
	ENTRY(1), ENTRY(2), ENTRY(3), ENTRY(4), ENTRY(5), ENTRY(6), ENTRY(7), ENTRY(8),
	ENTRY(9), ENTRY(10), ENTRY(11), ENTRY(12), ENTRY(13), ENTRY(14), ENTRY(15), ENTRY(16),
	ENTRY(17), ENTRY(18), ENTRY(19), ENTRY(20), ENTRY(21), ENTRY(22), ENTRY(23), ENTRY(24),
	ENTRY(25), ENTRY(26), ENTRY(27), ENTRY(28), ENTRY(29), ENTRY(30), ENTRY(31), ENTRY(32),
	ENTRY(33), ENTRY(34), ENTRY(35), ENTRY(36), ENTRY(37), ENTRY(38), ENTRY(39), ENTRY(40),
};

static struct dentry *directory;

static ssize_t flip_write(struct file *file, const char __user *text,
			  size_t size, loff_t *position)
{
	const struct flip *flip = file->private_data;
	bool on;
	int ret;

	ret = kstrtobool_from_user(text, size, &on);
	if (ret)
		return ret;
	if (on)
		static_key_enable(flip->key);
	else
		static_key_disable(flip->key);
	return size;
}

static const struct file_operations flip_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = flip_write,
};

static int __init kernelx_flip_init(void)
{
	unsigned int i;

	directory = debugfs_create_dir("kernelx_flip", NULL);
	for (i = 0; i < ARRAY_SIZE(flips); i++)
		debugfs_create_file(flips[i].name, 0200, directory,
				    (void *)&flips[i], &flip_fops);
	return 0;
}
module_init(kernelx_flip_init);

static void __exit kernelx_flip_exit(void)
{
	debugfs_remove(directory);
}
module_exit(kernelx_flip_exit);

MODULE_DESCRIPTION("KernelX test: static keys to compare with");
MODULE_LICENSE("GPL");
