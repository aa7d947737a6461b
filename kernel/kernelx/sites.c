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

/* Or, if a policy chooses it, do they ask? */
static bool site_is_right(const struct kernelx_site *site, const struct kernelx_knob *knob)
{
	u32 unused;

	if (knob->asks)
		return arch_kernelx_read_site(site, &unused) == KERNELX_FORM_INDIRECT;
	return site_holds(site, kernelx_get(knob));
}

/**
 * kernelx_sites_check() - do all sites of a knob hold its value?
 * @knob: the knob
 *
 * Context: may sleep; kernelx_mutex is held.
 *
 * Return: 0, or -EIO and a message.
 */
int kernelx_sites_check(const struct kernelx_knob *knob)
{
	unsigned int i;

	lockdep_assert_held(&kernelx_mutex);
	for (i = 0; i < knob->nr_sites; i++) {
		if (site_is_right(knob->sites[i], knob))
			continue;
		pr_err("%s: the text at %pS does not %s %u as it should, nothing is changed\n",
		       knob->name, kernelx_site_address(knob->sites[i]),
		       knob->asks ? "ask, beside" : "hold", kernelx_get(knob));
		return -EIO;
	}
	return 0;
}

/* Return: of all knobs that change, the one with the next site by address, or NULL. */
static struct kernelx_knob *next_to_write(void)
{
	struct kernelx_knob *knob, *next = NULL;

	kernelx_for_each_knob(knob) {
		if (!knob->writing || knob->written == knob->nr_sites)
			continue;
		if (!next || kernelx_site_address(knob->sites[knob->written]) <
			     kernelx_site_address(next->sites[next->written]))
			next = knob;
	}
	return next;
}

/* One batch for all knobs, in the order that it has to be given in. */
static void write_sites(enum kernelx_form form)
{
	const struct kernelx_site *site;
	struct kernelx_knob *knob;
	u32 unused;

	lockdep_assert_held(&kernelx_mutex);
	kernelx_for_each_knob(knob)
		knob->written = 0;
	arch_kernelx_write_begin();
	while ((knob = next_to_write())) {
		site = knob->sites[knob->written++];
		/* A policy is asked. */
		if (form == KERNELX_FORM_DIRECT && knob->asks)
			continue;
		/* If arming failed, some or all have never been indirect. */
		if (arch_kernelx_read_site(site, &unused) == form)
			continue;
		if (form == KERNELX_FORM_INDIRECT)
			arch_kernelx_write_indirect(site);
		else
			arch_kernelx_write_direct(site, kernelx_get(knob));
	}
	arch_kernelx_write_end();
}

/**
 * kernelx_sites_arm() - all sites of the knobs that change become indirect
 *
 * They still return the old value. When it returns, every CPU executes the indirect
 * form.
 *
 * Context: may sleep; kernelx_mutex is held.
 */
void kernelx_sites_arm(void)
{
	write_sites(KERNELX_FORM_INDIRECT);
}

/**
 * kernelx_sites_settle() - all of them become direct, with the value in force
 *
 * Context: may sleep; kernelx_mutex is held.
 */
void kernelx_sites_settle(void)
{
	write_sites(KERNELX_FORM_DIRECT);
}

/* A site of its own: nothing that uses it has run yet. */
static void write_site(const struct kernelx_site *site, u32 value)
{
	arch_kernelx_write_begin();
	arch_kernelx_write_indirect(site);
	arch_kernelx_write_end();
	arch_kernelx_write_begin();
	arch_kernelx_write_direct(site, value);
	arch_kernelx_write_end();
}

/* It comes while tasks go over: they shall find it as they find the others. */
static void arm_site(const struct kernelx_site *site)
{
	arch_kernelx_write_begin();
	arch_kernelx_write_indirect(site);
	arch_kernelx_write_end();
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
			write_site(site, value);
	knob->value->slots[0] = value;
	knob->value->slots[1] = value;
	knob->value->value = value;
}

/* The sites of a knob as they will be, old and new. */
struct merged {
	const struct kernelx_site **sites;
	unsigned int nr;
};

static int merge_sites(struct merged *merged, const struct kernelx_site *sites,
		       struct kernelx_knob *const *knobs, unsigned int nr)
{
	const struct kernelx_knob *knob;
	struct merged *to;
	unsigned int i;

	for (i = 0; i < nr; i++)
		merged[knobs[i] - kernelx_knobs].nr++;
	for (i = 0; i < kernelx_nr_knobs; i++) {
		knob = &kernelx_knobs[i];
		to = &merged[i];
		if (!to->nr)
			continue;
		to->sites = kvmalloc_array(knob->nr_sites + to->nr, sizeof(*to->sites),
					   GFP_KERNEL);
		if (!to->sites)
			return -ENOMEM;
		to->nr = knob->nr_sites;
		memcpy(to->sites, knob->sites, to->nr * sizeof(*to->sites));
	}
	for (i = 0; i < nr; i++) {
		to = &merged[knobs[i] - kernelx_knobs];
		to->sites[to->nr++] = &sites[i];
	}
	for (i = 0; i < kernelx_nr_knobs; i++)
		if (merged[i].sites)
			sort(merged[i].sites, merged[i].nr, sizeof(*merged[i].sites),
			     compare_addresses, NULL);
	return 0;
}

/* Could a policy that is attached to the knob be asked at a site as it has been promised? */
static bool policy_could_ask(const struct kernelx_knob *knob, const struct kernelx_site *site)
{
	const struct kernelx_facts *facts = kernelx_site_facts(site);
	const u32 flags = facts ? facts->flags : KERNELX_UNKNOWN;

	if (!knob->asks || knob->asks & KERNELX_ASK_EACH)
		return true;
	if (flags & KERNELX_UNBOUNDED)
		return false;
	if (!(flags & KERNELX_DEPENDENT))
		return true;
	return knob->asks & KERNELX_ASK_INSTANCE && facts->frame;
}

/*
 * Are these sites ours, and do they hold what they should? Those of a module
 * hold what they were compiled with; boot parameters have changed vmlinux's.
 */
static int check_sites(const struct kernelx_site *sites,
		       struct kernelx_knob *const *knobs, unsigned int nr,
		       const struct module *mod)
{
	const char *image = mod ? mod->name : "vmlinux";
	const struct kernelx_knob *knob;
	unsigned int i;
	void *address;
	u32 expected;

	for (i = 0; i < nr; i++) {
		address = kernelx_site_address(&sites[i]);
		knob = knobs[i];
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
		if (!policy_could_ask(knob, &sites[i])) {
			pr_err("%s: %s: policy %s cannot be asked for instances at %pS; detach it, load the module, attach it again\n",
			       image, knob->name, knob->policy.name, address);
			return -EBUSY;
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
static void catch_up(const struct kernelx_site *sites, struct kernelx_knob *const *knobs,
		     unsigned int nr)
{
	const struct kernelx_site *site;
	struct kernelx_knob *knob;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		site = &sites[i];
		knob = knobs[i];
		if (knob->stuck || knob->asks)
			arm_site(site);
		else if (!site_holds(site, kernelx_get(knob)))
			write_site(site, kernelx_get(knob));
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

/* @knobs: whose each site is, or NULL. */
static int add_sites(const struct kernelx_site *sites, struct kernelx_knob *const *knobs,
		     unsigned int nr, const struct module *mod)
{
	struct merged *merged;
	unsigned int i;
	int ret;

	lockdep_assert_held(&kernelx_mutex);
	ret = check_sites(sites, knobs, nr, mod);
	if (ret)
		return ret;
	merged = kcalloc(kernelx_nr_knobs, sizeof(*merged), GFP_KERNEL);
	if (!merged)
		return -ENOMEM;
	ret = merge_sites(merged, sites, knobs, nr);
	/* All or none: what has no memory is given back. */
	for (i = 0; i < kernelx_nr_knobs; i++) {
		struct kernelx_knob *knob = &kernelx_knobs[i];

		if (!merged[i].sites)
			continue;
		if (ret) {
			kvfree(merged[i].sites);
			continue;
		}
		kvfree(knob->sites);
		knob->sites = merged[i].sites;
		knob->nr_sites = merged[i].nr;
	}
	kfree(merged);
	if (ret)
		return ret;
	update_flags();
	catch_up(sites, knobs, nr);
	return 0;
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
 * Return: 0; -ENOEXEC if a site is not what it should be, -EBUSY if the policy of its knob
 * does not go with it, -ENOMEM. Then none is registered.
 */
int kernelx_sites_add(const struct kernelx_site *sites, unsigned int nr,
		      const struct module *mod)
{
	struct kernelx_knob **knobs;
	unsigned int i;
	int ret;

	/* To find them takes time, and is a part of each boot: once. */
	knobs = kvmalloc_array(nr, sizeof(*knobs), GFP_KERNEL);
	if (!knobs)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		knobs[i] = kernelx_knob_of(kernelx_site_value(&sites[i]));
	scoped_guard(mutex, &kernelx_mutex)
		ret = add_sites(sites, knobs, nr, mod);
	kvfree(knobs);
	return ret;
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
