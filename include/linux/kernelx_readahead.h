/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What follows a change of VM_READAHEAD_PAGES at run time.
 *
 * The constant is latched twice: into a backing device when it is allocated
 * and whenever its queue limits change, and from there into every file that is
 * opened. A change reaches both where nobody has chosen another value:
 *
 *   struct backing_dev_info
 *     ra_default   what ra_pages is if nobody sets it:
 *                  max(VM_READAHEAD_PAGES * ra_scale, ra_floor)
 *     ra_floor     the least the device asks for, from its optimal I/O size
 *     ra_scale     how many devices stand behind it
 *     ra_set       somebody chose ra_pages: a change leaves it alone, even if
 *                  the chosen value is the default
 *     io_default   what io_pages is if nobody sets it; 0: somebody did
 *
 *   struct file_ra_state
 *     ra_default   the default of the backing device that ra_pages is a copy
 *                  of; 0: somebody chose ra_pages
 *
 * Backing devices are walked when the value changes. Files are not: no walk of
 * the file tables finds those that only a mapping, a socket or an io_uring
 * holds. They catch up when they next read ahead.
 *
 * Without CONFIG_KERNELX every function here is the assignment it stands for.
 */
#ifndef _LINUX_KERNELX_READAHEAD_H
#define _LINUX_KERNELX_READAHEAD_H

#include <linux/backing-dev-defs.h>

struct address_space;
struct file_ra_state;

#ifdef CONFIG_KERNELX

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/types.h>

DECLARE_STATIC_KEY_FALSE(kernelx_readahead_turned);

int kernelx_refresh_mm_readahead(u32 old, u32 new);

void bdi_register_readahead(struct backing_dev_info *bdi);
void bdi_limit_readahead(struct backing_dev_info *bdi, unsigned long floor,
			 unsigned long pages);
void bdi_scale_readahead(struct backing_dev_info *bdi, unsigned long scale);
void bdi_floor_readahead(struct backing_dev_info *bdi, unsigned long floor);
void bdi_set_readahead(struct backing_dev_info *bdi, unsigned long pages);
void bdi_set_io_pages(struct backing_dev_info *bdi, unsigned long pages);

void file_ra_reset(struct file_ra_state *ra, struct backing_dev_info *bdi);
void file_ra_set(struct file_ra_state *ra, unsigned long pages);
void __file_ra_follow(struct file_ra_state *ra, struct address_space *mapping);

/**
 * bdi_init_readahead - start a backing device with the default readahead
 * @bdi: a backing device that nobody else sees yet
 * @pages: VM_READAHEAD_PAGES
 */
static inline void bdi_init_readahead(struct backing_dev_info *bdi,
				      unsigned long pages)
{
	bdi->ra_pages = pages;
	bdi->io_pages = pages;
	bdi->ra_default = pages;
	bdi->io_default = pages;
	bdi->ra_scale = 1;
}

/**
 * file_ra_follow - bring a file's readahead up to a changed default
 * @ra: readahead state of the file
 * @mapping: what is read
 *
 * To be called where ra_pages is about to be used. Costs a NOP until the
 * default is changed for the first time.
 *
 * Return: @ra
 */
static __always_inline struct file_ra_state *
file_ra_follow(struct file_ra_state *ra, struct address_space *mapping)
{
	if (static_branch_unlikely(&kernelx_readahead_turned))
		__file_ra_follow(ra, mapping);
	return ra;
}

#else /* !CONFIG_KERNELX */

static inline void bdi_init_readahead(struct backing_dev_info *bdi,
				      unsigned long pages)
{
	bdi->ra_pages = pages;
	bdi->io_pages = pages;
}

static inline void bdi_register_readahead(struct backing_dev_info *bdi)
{
}

/*
 * Macros, as struct file_ra_state need not be known here, and as even an argument
 * that an inline function ignores can change what registers a compiler chooses.
 * Nor must this header use a macro that counts its uses, such as max(): the
 * names that are made with that count are part of the object code.
 */
#define bdi_limit_readahead(bdi, floor, pages) \
	((bdi)->ra_pages = max3((bdi)->ra_pages, floor, pages))
#define bdi_floor_readahead(bdi, floor) \
	((bdi)->ra_pages = max((bdi)->ra_pages, floor))
#define bdi_scale_readahead(bdi, scale)	((bdi)->ra_pages *= (scale))
#define bdi_set_readahead(bdi, pages)	((bdi)->ra_pages = (pages))
#define bdi_set_io_pages(bdi, pages)	((bdi)->io_pages = (pages))
#define file_ra_reset(ra, bdi)		((ra)->ra_pages = (bdi)->ra_pages)
#define file_ra_set(ra, pages)		((ra)->ra_pages = (pages))
#define file_ra_follow(ra, mapping)	((void)sizeof(mapping), (ra))

#endif /* CONFIG_KERNELX */

#endif /* _LINUX_KERNELX_READAHEAD_H */
