// SPDX-License-Identifier: GPL-2.0
/*
 * Latched state of VM_READAHEAD_PAGES: see <linux/kernelx_readahead.h>.
 *
 * All of a backing device's readahead state is written under bdi_lock, so that
 * a change, an administrator who sets a value and a driver that updates its
 * limits come one after the other. ra_seq lets an open, which takes no lock,
 * see all of it from before a write or all of it from after.
 *
 * Code that assigns ra_pages itself without telling us (there is some outside
 * this tree) is noticed by its value: if ra_pages is not ra_default, somebody
 * chose it.
 */
#include <linux/atomic.h>
#include <linux/backing-dev.h>
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernelx_readahead.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/rculist.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

/* On from the first change: files opened before may hold an old default. */
DEFINE_STATIC_KEY_FALSE(kernelx_readahead_turned);

/*
 * What the last change set, 0 if there was none. Whoever has read the constant
 * and then waited for bdi_lock while a change went by finds the new value here.
 */
static unsigned int ra_turned;
static seqcount_spinlock_t ra_seq = SEQCNT_SPINLOCK_ZERO(ra_seq, &bdi_lock);

static void ra_lock(void)
	__acquires(&bdi_lock)
{
	spin_lock_bh(&bdi_lock);
	write_seqcount_begin(&ra_seq);
}

static void ra_unlock(void)
	__releases(&bdi_lock)
{
	write_seqcount_end(&ra_seq);
	spin_unlock_bh(&bdi_lock);
}

static bool bdi_follows(struct backing_dev_info *bdi)
{
	return !READ_ONCE(bdi->ra_set) &&
	       READ_ONCE(bdi->ra_pages) == READ_ONCE(bdi->ra_default);
}

/* Give @bdi the default @def, and where nobody chose ra_pages, ra_pages too. */
static void bdi_move_default(struct backing_dev_info *bdi, unsigned long def)
{
	unsigned long old = bdi->ra_default;

	/*
	 * cmpxchg, because code that assigns ra_pages without bdi_lock must
	 * not have its value overwritten.
	 */
	if (!bdi->ra_set && cmpxchg(&bdi->ra_pages, old, def) != old)
		WRITE_ONCE(bdi->ra_set, true);
	WRITE_ONCE(bdi->ra_default, def);
}

/* Bring @bdi along to a constant of @pages. */
static void bdi_turn_readahead(struct backing_dev_info *bdi, unsigned int pages)
{
	unsigned long old = bdi->io_default;

	bdi_move_default(bdi, max((unsigned long)pages * bdi->ra_scale,
				  (unsigned long)bdi->ra_floor));

	if (old && cmpxchg(&bdi->io_pages, old, pages) == old)
		bdi->io_default = pages;
	else
		bdi->io_default = 0;
}

/**
 * bdi_register_readahead - catch up with changes since bdi_alloc()
 * @bdi: the backing device that is about to enter bdi_list
 *
 * A change before this is seen here, a change after it finds @bdi in the list.
 */
void bdi_register_readahead(struct backing_dev_info *bdi)
{
	lockdep_assert_held(&bdi_lock);

	if (!ra_turned)
		return;
	write_seqcount_begin(&ra_seq);
	bdi_turn_readahead(bdi, ra_turned);
	write_seqcount_end(&ra_seq);
}

/**
 * bdi_limit_readahead - apply the queue limits of a block device
 * @bdi: its backing device
 * @floor: the least number of pages that makes sense for its I/O size
 * @pages: VM_READAHEAD_PAGES
 *
 * The caller sets io_pages from the limits: it has no default any more.
 */
void bdi_limit_readahead(struct backing_dev_info *bdi, unsigned long floor,
			 unsigned long pages)
{
	unsigned long def;
	bool follows;

	ra_lock();
	follows = bdi_follows(bdi);
	if (ra_turned)
		pages = ra_turned;
	bdi->io_default = 0;
	/* ra_pages is never decreased here, so the floor isn't either. */
	bdi->ra_floor = max_t(unsigned long, bdi->ra_floor, floor);
	def = max_t(unsigned long, pages * bdi->ra_scale, bdi->ra_floor);

	/*
	 * A smaller ra_pages that somebody chose is overruled: what the device
	 * holds from now on is the default.
	 */
	if (follows || bdi->ra_pages < def) {
		WRITE_ONCE(bdi->ra_pages, def);
		WRITE_ONCE(bdi->ra_set, false);
	}
	WRITE_ONCE(bdi->ra_default, def);
	ra_unlock();
}

/**
 * bdi_scale_readahead - make the default that of several devices
 * @bdi: backing device of a file system, not scaled yet
 * @scale: how many devices stand behind it
 */
void bdi_scale_readahead(struct backing_dev_info *bdi, unsigned long scale)
{
	unsigned long def;

	ra_lock();
	bdi->ra_scale = scale;
	def = max_t(unsigned long, bdi->ra_default * scale, bdi->ra_floor);
	if (bdi_follows(bdi)) {
		WRITE_ONCE(bdi->ra_pages, def);
	} else {
		WRITE_ONCE(bdi->ra_pages, bdi->ra_pages * scale);
		/* Somebody's choice stays one, whatever it may equal now. */
		WRITE_ONCE(bdi->ra_set, true);
	}
	WRITE_ONCE(bdi->ra_default, def);
	ra_unlock();
}
EXPORT_SYMBOL_GPL(bdi_scale_readahead);

/**
 * bdi_floor_readahead - give the default a least value
 * @bdi: backing device of a file system
 * @floor: the least number of pages that makes sense for it
 */
void bdi_floor_readahead(struct backing_dev_info *bdi, unsigned long floor)
{
	unsigned long def;

	ra_lock();
	bdi->ra_floor = max_t(unsigned long, bdi->ra_floor, floor);
	def = max_t(unsigned long, bdi->ra_default, floor);
	if (bdi_follows(bdi)) {
		WRITE_ONCE(bdi->ra_pages, def);
	} else {
		WRITE_ONCE(bdi->ra_pages, max(bdi->ra_pages, floor));
		WRITE_ONCE(bdi->ra_set, true);
	}
	WRITE_ONCE(bdi->ra_default, def);
	ra_unlock();
}
EXPORT_SYMBOL_GPL(bdi_floor_readahead);

/**
 * bdi_set_readahead - set a backing device's readahead to a chosen value
 * @bdi: backing device
 * @pages: what an administrator, a mount option or a server asked for
 */
void bdi_set_readahead(struct backing_dev_info *bdi, unsigned long pages)
{
	ra_lock();
	WRITE_ONCE(bdi->ra_pages, pages);
	WRITE_ONCE(bdi->ra_set, true);
	ra_unlock();
}
EXPORT_SYMBOL_GPL(bdi_set_readahead);

/**
 * bdi_set_io_pages - set a backing device's I/O size to a chosen value
 * @bdi: backing device
 * @pages: what the server or the transport can take
 */
void bdi_set_io_pages(struct backing_dev_info *bdi, unsigned long pages)
{
	ra_lock();
	bdi->io_pages = pages;
	bdi->io_default = 0;
	ra_unlock();
}
EXPORT_SYMBOL_GPL(bdi_set_io_pages);

/**
 * file_ra_reset - set a file's readahead to that of its backing device
 * @ra: readahead state of the file
 * @bdi: backing device of the file
 */
void file_ra_reset(struct file_ra_state *ra, struct backing_dev_info *bdi)
{
	unsigned long pages;
	unsigned int seq;
	bool follows;

	do {
		seq = read_seqcount_begin(&ra_seq);
		pages = READ_ONCE(bdi->ra_pages);
		follows = bdi_follows(bdi);
	} while (read_seqcount_retry(&ra_seq, seq));

	/* Whoever sees the new ra_pages must not see the old ra_default. */
	WRITE_ONCE(ra->ra_default, 0);
	smp_wmb(); /* pairs with the cmpxchgs in __file_ra_follow() */
	WRITE_ONCE(ra->ra_pages, pages);
	if (follows)
		WRITE_ONCE(ra->ra_default, pages);
}

/**
 * file_ra_set - set a file's readahead to a chosen value
 * @ra: readahead state of the file
 * @pages: what a program asked for
 */
void file_ra_set(struct file_ra_state *ra, unsigned long pages)
{
	WRITE_ONCE(ra->ra_default, 0);
	smp_wmb(); /* pairs with the cmpxchgs in __file_ra_follow() */
	WRITE_ONCE(ra->ra_pages, pages);
}
EXPORT_SYMBOL_GPL(file_ra_set);

/**
 * __file_ra_follow - the part of file_ra_follow() that does something
 * @ra: readahead state of the file
 * @mapping: what is read
 *
 * What the file follows is the default of its backing device, not ra_pages of
 * it: a new read_ahead_kb has never reached files that are open.
 *
 * Nothing serialises the readers of one open file, nor posix_fadvise() with
 * them, as everywhere in struct file_ra_state. The exchanges see to it that of
 * two readers one moves both fields, and that a value chosen in the meantime
 * stays. What remains is benign: if the chosen value is the very one that was
 * there before, it may be taken for a default for once, and the file reads
 * ahead by the new default until it is advised or opened again.
 */
void __file_ra_follow(struct file_ra_state *ra, struct address_space *mapping)
{
	unsigned int old = READ_ONCE(ra->ra_default);
	unsigned int new;

	if (!old || READ_ONCE(ra->ra_pages) != old)
		return;
	new = READ_ONCE(inode_to_bdi(mapping->host)->ra_default);
	if (!new || new == old)
		return;
	if (cmpxchg(&ra->ra_pages, old, new) == old)
		cmpxchg(&ra->ra_default, old, new);
}

/**
 * kernelx_refresh_mm_readahead - bring latched state to a changed constant
 * @old: the value before, not needed: every device knows its own default
 * @new: the value that all uses of VM_READAHEAD_PAGES now see
 *
 * Context: process context, may sleep. Called with changes serialised, and
 * without cpus_read_lock() or text_mutex.
 * Return: 0, it cannot fail.
 */
int kernelx_refresh_mm_readahead(u32 old, u32 new)
{
	struct backing_dev_info *bdi;

	/* Before any default moves, or a file could miss that it did. */
	static_branch_enable(&kernelx_readahead_turned);

	ra_lock();
	ra_turned = new;
	list_for_each_entry(bdi, &bdi_list, bdi_list)
		bdi_turn_readahead(bdi, new);
	ra_unlock();
	return 0;
}
