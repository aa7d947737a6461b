// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX leases: values that last as long as somebody keeps a file open.
 *
 * Who writes a transaction to an open file /sys/kernel/kernelx/lease holds its knobs:
 * nobody else can write them. When that open file is closed, which a process cannot help
 * when it dies, they get back the values that they had before, in one transaction. If
 * it cannot be done in time, a worker tries again until it can; so long are they held.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/cleanup.h>
#include <linux/kernfs.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "internal.h"

/* Between two attempts to give values back. */
#define RETURN_PERIOD	msecs_to_jiffies(500)

/**
 * struct kernelx_lease - the knobs that an open file holds
 * @list:	all that hold some.
 * @pid:	of the process that wrote the transaction.
 * @comm:	of it.
 * @closed:	the file is; values are to be given back.
 * @nr:		how many knobs.
 * @back:	the knobs, and the values that they had before.
 *
 * kernelx_mutex protects it; @closed is set without, too.
 */
struct kernelx_lease {
	struct list_head list;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool closed;
	unsigned int nr;
	struct kernelx_change *back;
};

static LIST_HEAD(leases);

static void return_again(struct work_struct *work);
static DECLARE_DELAYED_WORK(return_work, return_again);

/**
 * kernelx_lease_check() - may a knob be changed?
 * @knob: the knob
 * @lease: who asks, or NULL
 *
 * Context: kernelx_mutex is held.
 *
 * Return: 0, or -EBUSY and a message: somebody else holds it.
 */
int kernelx_lease_check(const struct kernelx_knob *knob, const struct kernelx_lease *lease)
{
	lockdep_assert_held(&kernelx_mutex);
	if (!knob->lease || knob->lease == lease)
		return 0;
	pr_notice_ratelimited("%s: leased by %s[%d]%s, the value stays %u\n", knob->name,
			      knob->lease->comm, knob->lease->pid,
			      READ_ONCE(knob->lease->closed) ? ", which is gone" :
						    ", until it closes its file",
			      kernelx_get(knob));
	return -EBUSY;
}

static void hold(struct kernelx_lease *lease)
{
	unsigned int i;

	for (i = 0; i < lease->nr; i++)
		lease->back[i].knob->lease = lease;
	lease->pid = task_tgid_nr(current);
	strscpy(lease->comm, current->comm);
	list_add_tail(&lease->list, &leases);
}

/*
 * A module that has come meanwhile uses a value where no span can list it. What a dead
 * process holds must come back all the same: in the mode that is always possible.
 */
static int give_back_each(struct kernelx_lease *lease)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < lease->nr && !ret; i++) {
		lease->back[i].mode = KERNELX_MODE_IMMEDIATE;
		ret = kernelx_change_locked(&lease->back[i], 1, lease);
	}
	if (!ret)
		pr_notice("lease of %s[%d]: the values came back one by one, in mode immediate: no other could be promised\n",
			  lease->comm, lease->pid);
	return ret;
}

/* Return: false if they cannot be given back now. */
static bool give_back(struct kernelx_lease *lease)
{
	unsigned int i;
	int ret;

	lockdep_assert_held(&kernelx_mutex);
	ret = kernelx_change_locked(lease->back, lease->nr, lease);
	if (ret == -EOPNOTSUPP)
		ret = give_back_each(lease);
	if (ret)
		return false;
	for (i = 0; i < lease->nr; i++)
		lease->back[i].knob->lease = NULL;
	list_del(&lease->list);
	kfree(lease->back);
	kfree(lease);
	return true;
}

static void return_again(struct work_struct *work)
{
	struct kernelx_lease *lease, *next;
	bool all = true;

	guard(mutex)(&kernelx_mutex);
	list_for_each_entry_safe(lease, next, &leases, list)
		if (READ_ONCE(lease->closed))
			all &= give_back(lease);
	if (!all)
		schedule_delayed_work(&return_work, RETURN_PERIOD);
}

/* --- the file --- */

static int lease_open(struct kernfs_open_file *of)
{
	struct kernelx_lease *lease = kzalloc(sizeof(*lease), GFP_KERNEL);

	of->priv = lease;
	return lease ? 0 : -ENOMEM;
}

static void lease_release(struct kernfs_open_file *of)
{
	struct kernelx_lease *lease = of->priv;

	/* Nobody writes to it any more. */
	if (!lease->nr) {
		kfree(lease);
		return;
	}
	WRITE_ONCE(lease->closed, true);
	/*
	 * Who is killed cannot wait for other writers, nor can those who close other files:
	 * kernfs holds a mutex that many share.
	 */
	if (!mutex_trylock(&kernelx_mutex)) {
		schedule_delayed_work(&return_work, 0);
		return;
	}
	if (!give_back(lease))
		schedule_delayed_work(&return_work, 0);
	mutex_unlock(&kernelx_mutex);
}

static int take(struct kernelx_lease *lease, struct kernelx_change *changes, unsigned int nr)
{
	struct kernelx_change *back __free(kfree) =
		kmemdup_array(changes, nr, sizeof(*changes), GFP_KERNEL);
	unsigned int i;
	int ret;

	if (!back)
		return -ENOMEM;
	if (mutex_lock_interruptible(&kernelx_mutex))
		return -EINTR;
	if (lease->nr) {
		pr_notice_ratelimited("lease: this open file holds knobs already; open another one\n");
		ret = -EBUSY;
	} else {
		for (i = 0; i < nr; i++)
			back[i].value = kernelx_get(changes[i].knob);
		ret = kernelx_change_locked(changes, nr, NULL);
	}
	if (!ret) {
		lease->nr = nr;
		lease->back = no_free_ptr(back);
		hold(lease);
	}
	mutex_unlock(&kernelx_mutex);
	return ret;
}

static ssize_t lease_write(struct kernfs_open_file *of, char *buf, size_t count, loff_t offset)
{
	struct kernelx_change *changes __free(kfree) = NULL;
	unsigned int nr;
	int ret;

	ret = kernelx_may_write("lease");
	if (!ret)
		ret = kernelx_parse_changes(buf, count, &changes, &nr);
	if (!ret)
		ret = take(of->priv, changes, nr);
	return kernelx_write_result(ret, count);
}

static int lease_show(struct seq_file *file, void *unused)
{
	const struct kernelx_lease *lease;
	unsigned int i;

	if (mutex_lock_killable(&kernelx_mutex))
		return -EINTR;
	list_for_each_entry(lease, &leases, list)
		for (i = 0; i < lease->nr; i++)
			seq_printf(file, "%s %u %u %d %s\n", lease->back[i].knob->name,
				   kernelx_get(lease->back[i].knob), lease->back[i].value,
				   lease->pid, lease->comm);
	mutex_unlock(&kernelx_mutex);
	return 0;
}

/* Not an attribute of sysfs, which does not tell when a file is closed. */
const struct kernfs_ops kernelx_lease_ops = {
	.open = lease_open,
	.release = lease_release,
	.seq_show = lease_show,
	.write = lease_write,
	.atomic_write_len = KERNELX_TRANSACTION_LENGTH,
};
