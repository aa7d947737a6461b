// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX registry: which sites belong to which knob, in vmlinux and in the
 * modules that are loaded, and writing all of a knob's sites.
 *
 * Each knob has an array of its sites in ascending order of address, so that
 * a change allocates nothing and each of its two steps is one text-poke batch (as
 * far as the kernel batches: 256 sites at a time). The arrays change only
 * when a module comes or goes and when __init text is about to be freed.
 */
#define pr_fmt(fmt) "kernelx: " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <asm/sections.h>

#include "internal.h"
#include "sites.h"
#include "spans.h"

/* From the linker script: all records of vmlinux. */
extern const struct kernelx_site __start___kernelx_sites[];
extern const struct kernelx_site __stop___kernelx_sites[];

static int compare_addresses(const void *a, const void *b)
{
	const void *first = kernelx_site_address(*(const struct kernelx_site **)a);
	const void *second = kernelx_site_address(*(const struct kernelx_site **)b);

	return first < second ? -1 : first > second;
}

/* Does the site hold @value in the direct form, as it must at quiet moments? */
static bool site_holds(const struct kernelx_site *site, u32 value)
{
	u32 held;

	return arch_kernelx_read_site(site, &held) == KERNELX_FORM_DIRECT &&
	       held == value;
}

/* All sites indirect (the old value), one store, all sites direct. */
static void write_sites(struct kernelx_value *value, u32 new,
			const struct kernelx_site **sites, unsigned int nr)
{
	unsigned int i;

	arch_kernelx_write_begin();
	for (i = 0; i < nr; i++)
		arch_kernelx_write_indirect(sites[i]);
	arch_kernelx_write_end();

	/*
	 * The atomic point. The write batches around it order it on every CPU:
	 * no site returned @new before, and none will return the old value
	 * from here on.
	 */
	WRITE_ONCE(value->value, new);

	arch_kernelx_write_begin();
	for (i = 0; i < nr; i++)
		arch_kernelx_write_direct(sites[i], new);
	arch_kernelx_write_end();
}

/**
 * kernelx_sites_set() - bring all sites of a knob to a value
 * @knob: the knob
 * @value: a value in its range
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0, or -EIO if a site does not hold the old value; none is changed
 * then.
 */
int kernelx_sites_set(struct kernelx_knob *knob, u32 value)
{
	u32 old = kernelx_get(knob);
	unsigned int i;

	lockdep_assert_held(&kernelx_mutex);
	for (i = 0; i < knob->nr_sites; i++) {
		if (site_holds(knob->sites[i], old))
			continue;
		pr_err("%s: the text at %pS does not hold %u as it should, nothing is changed\n",
		       knob->name, kernelx_site_address(knob->sites[i]), old);
		return -EIO;
	}
	write_sites(knob->value, value, knob->sites, knob->nr_sites);
	return 0;
}

/**
 * kernelx_sites_set_early() - the same for a boot parameter
 * @knob: the knob
 * @value: a value in its range
 *
 * Before any allocator works and while there is one CPU. Modules follow when
 * they are loaded.
 */
void __init kernelx_sites_set_early(struct kernelx_knob *knob, u32 value)
{
	u32 old = kernelx_get(knob);
	const struct kernelx_site *site;

	for (site = __start___kernelx_sites; site < __stop___kernelx_sites; site++) {
		if (kernelx_site_value(site) == knob->value &&
		    !site_holds(site, old)) {
			pr_err("%s: the text at %pS does not hold %u, boot parameter ignored\n",
			       knob->name, kernelx_site_address(site), old);
			return;
		}
	}
	for (site = __start___kernelx_sites; site < __stop___kernelx_sites; site++)
		if (kernelx_site_value(site) == knob->value)
			write_sites(knob->value, value, &site, 1);
	WRITE_ONCE(knob->value->value, value);
}

static unsigned int count_sites(const struct kernelx_knob *knob,
				const struct kernelx_site *sites, unsigned int nr)
{
	unsigned int i, count = 0;

	for (i = 0; i < nr; i++)
		count += kernelx_site_value(&sites[i]) == knob->value;
	return count;
}

/* Return: a knob's array with the new sites in it, ordered, or NULL. */
static const struct kernelx_site **
merge_sites(const struct kernelx_knob *knob, const struct kernelx_site *sites,
	    unsigned int nr, unsigned int count)
{
	const struct kernelx_site **merged;
	unsigned int i, next = knob->nr_sites;

	merged = kvmalloc_array(knob->nr_sites + count, sizeof(*merged),
				GFP_KERNEL);
	if (!merged)
		return NULL;
	memcpy(merged, knob->sites, knob->nr_sites * sizeof(*merged));
	for (i = 0; i < nr; i++)
		if (kernelx_site_value(&sites[i]) == knob->value)
			merged[next++] = &sites[i];
	sort(merged, next, sizeof(*merged), compare_addresses, NULL);
	return merged;
}

/*
 * Are these sites ours, and do they hold what they should? Those of a module
 * hold what they were compiled with; boot parameters have changed vmlinux's.
 */
static int check_sites(const struct kernelx_site *sites, unsigned int nr,
		       const struct module *mod)
{
	const char *image = mod ? mod->name : "vmlinux";
	const struct kernelx_knob *knob;
	unsigned int i;
	void *address;
	u32 expected;

	for (i = 0; i < nr; i++) {
		address = kernelx_site_address(&sites[i]);
		knob = kernelx_knob_of(kernelx_site_value(&sites[i]));
		if (!knob) {
			pr_err("%s: the site at %pS belongs to no knob of this kernel\n",
			       image, address);
			return -ENOEXEC;
		}
		if (sites[i].min > knob->min || sites[i].max < knob->max) {
			pr_err("%s: %s: the code at %pS is right for %u..%u only: built from another catalogue?\n",
			       image, knob->name, address, sites[i].min,
			       sites[i].max);
			return -ENOEXEC;
		}
		expected = mod ? knob->default_value : kernelx_get(knob);
		if (!site_holds(&sites[i], expected)) {
			pr_err("%s: %s: the text at %pS does not hold the default %u: built from another catalogue?\n",
			       image, knob->name, address, expected);
			return -ENOEXEC;
		}
	}
	return 0;
}

/* New sites hold the default; write those whose knob has been turned. */
static void catch_up(const struct kernelx_site *sites, unsigned int nr)
{
	const struct kernelx_site *site;
	struct kernelx_knob *knob;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		site = &sites[i];
		knob = kernelx_knob_of(kernelx_site_value(site));
		if (!site_holds(site, kernelx_get(knob)))
			write_sites(knob->value, kernelx_get(knob), &site, 1);
	}
}

/* The classes of all knobs, after their sites have changed. */
static void update_flags(void)
{
	const struct kernelx_facts *facts;
	struct kernelx_knob *knob;
	unsigned int i;
	u32 flags;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		flags = 0;
		for (i = 0; i < knob->nr_sites; i++) {
			facts = kernelx_site_facts(knob->sites[i]);
			flags |= facts ? facts->flags : KERNELX_UNKNOWN;
		}
		/* Pairs with kernelx_knob_flags(), which takes no lock. */
		WRITE_ONCE(knob->flags, flags);
	}
}

/**
 * kernelx_sites_add() - register the sites of vmlinux or of a module
 * @sites: its records
 * @nr: how many
 * @mod: the module, or NULL for vmlinux
 *
 * Brings them to the values in force. None of a module's code has run yet. What is
 * known of the sites is known already (kernelx_spans_add()).
 *
 * Context: may sleep; takes kernelx_mutex.
 *
 * Return: 0; -ENOEXEC if a site is not what it should be, -ENOMEM. Then none
 * is registered.
 */
int kernelx_sites_add(const struct kernelx_site *sites, unsigned int nr,
		      const struct module *mod)
{
	const struct kernelx_site ***merged;
	unsigned int i, count;
	int ret;

	guard(mutex)(&kernelx_mutex);
	ret = check_sites(sites, nr, mod);
	if (ret)
		return ret;
	merged = kcalloc(kernelx_nr_knobs, sizeof(*merged), GFP_KERNEL);
	if (!merged)
		return -ENOMEM;
	for (i = 0; i < kernelx_nr_knobs; i++) {
		count = count_sites(&kernelx_knobs[i], sites, nr);
		if (!count)
			continue;
		merged[i] = merge_sites(&kernelx_knobs[i], sites, nr, count);
		if (!merged[i]) {
			ret = -ENOMEM;
			break;
		}
	}
	/* Nothing can fail from here. */
	for (i = 0; i < kernelx_nr_knobs; i++) {
		struct kernelx_knob *knob = &kernelx_knobs[i];

		if (!merged[i])
			continue;
		if (ret) {
			kvfree(merged[i]);
			continue;
		}
		kvfree(knob->sites);
		knob->sites = merged[i];
		knob->nr_sites += count_sites(knob, sites, nr);
	}
	kfree(merged);
	if (ret)
		return ret;
	update_flags();
	catch_up(sites, nr);
	return 0;
}

/**
 * kernelx_sites_remove() - forget sites whose text goes away
 * @gone: says of an address whether its text goes away
 * @data: for @gone
 *
 * Cannot fail, allocates nothing. No site that it removes is written any more
 * when it returns.
 *
 * Context: may sleep; takes kernelx_mutex.
 */
void kernelx_sites_remove(bool (*gone)(unsigned long address, void *data),
			  void *data)
{
	struct kernelx_knob *knob;
	unsigned int from, to;

	guard(mutex)(&kernelx_mutex);
	kernelx_for_each_knob(knob) {
		for (from = 0, to = 0; from < knob->nr_sites; from++) {
			const struct kernelx_site *site = knob->sites[from];

			if (!gone((unsigned long)kernelx_site_address(site), data))
				knob->sites[to++] = site;
		}
		knob->nr_sites = to;
	}
	update_flags();
}

/**
 * kernelx_reserved() - is there a site in a range of text?
 * @start: first byte
 * @end: last byte
 *
 * For those who write to text at run time (kprobes): the bytes of a site are
 * ours. Any context in which modules cannot go away.
 *
 * Return: true if any byte of the range belongs to a site.
 */
bool kernelx_reserved(const void *start, const void *end)
{
	const struct kernelx_site *site;

	for (site = __start___kernelx_sites; site < __stop___kernelx_sites; site++)
		if (kernelx_site_overlaps(site, start, end))
			return true;
	return kernelx_module_reserved(start, end);
}

/**
 * kernelx_probe_refused() - is this the text of a site or stub? Say so
 * @address: where a kprobe is wanted
 *
 * Any context in which modules cannot go away.
 *
 * Return: true if there must be no probe.
 */
bool kernelx_probe_refused(const void *address)
{
	if (!kernelx_reserved(address, address))
		return false;
	pr_notice_ratelimited("no kprobe at %pS: a knob's site or its stub; probe before or after the site\n",
			      address);
	return true;
}

/* Not is_kernel_inittext(): the text of built-in __exit functions goes too. */
static bool in_init_section(unsigned long address, void *unused)
{
	return init_section_contains((void *)address, 1);
}

static int __init register_vmlinux(void)
{
	struct kernelx_knob *knob;
	int ret;

	kernelx_spans_init();
	ret = kernelx_sites_add(__start___kernelx_sites,
				__stop___kernelx_sites - __start___kernelx_sites,
				NULL);
	if (ret) {
		kernelx_for_each_knob(knob) {
			knob->broken = "its sites were not registered at boot, see the log";
			WRITE_ONCE(knob->flags, KERNELX_UNKNOWN);
		}
	}
	return ret;
}
early_initcall(register_vmlinux);

/*
 * The text of __init functions is freed soon after the last initcall. What
 * still runs there runs with the value its sites have now.
 */
static int __init forget_init_text(void)
{
	kernelx_sites_remove(in_init_section, NULL);
	kernelx_spans_forget_init(__start___kernelx_sites);
	return 0;
}
late_initcall_sync(forget_init_text);
