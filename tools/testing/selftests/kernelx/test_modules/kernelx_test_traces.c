// SPDX-License-Identifier: GPL-2.0
/*
 * Stack traces taken inside of thunks: from a breakpoint on each of their
 * instructions, in whatever runs there while a knob is turned. Those of the
 * threads of this module must show the function that holds the site, right above
 * the thunk: the stub only jumps, and leaves no frame.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "kernelx_test.h"

/* At most: thunks are aligned, and begin behind their padding. */
#define THUNK_SIZE	16
#define MAX_PROBES	512
#define DEPTH		24

static struct kprobe *probes;
static unsigned int nr_probes;
static atomic_t traces, wrong_traces;
static unsigned long registers_seen;
static char first_wrong[512];

static const char * const names[] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10",
	"r11", "r12", "r13", "r14", "r15",
};

/* One of in_rax, in_rbx, ...: return its number, or -1. */
static int holder(unsigned long address)
{
	char symbol[KSYM_NAME_LEN];
	unsigned int i;

	snprintf(symbol, sizeof(symbol), "%ps", (void *)address);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strstarts(symbol, "in_") &&
		    str_has_prefix(symbol + 3, names[i]) == strlen(names[i]) &&
		    !isalnum(symbol[3 + strlen(names[i])]))
			return i;
	return -1;
}

static void remember(const unsigned long *entries, unsigned int nr)
{
	unsigned int i, length = 0;

	for (i = 0; i < nr && length < sizeof(first_wrong) - 1; i++)
		length += scnprintf(first_wrong + length,
				    sizeof(first_wrong) - length, " %ps",
				    (void *)entries[i]);
}

/*
 * The first entries are of this handler and of the exception; then comes what
 * was interrupted, the probed address, then who called.
 */
static int take_trace(struct kprobe *kprobe, struct pt_regs *regs)
{
	unsigned long entries[DEPTH];
	unsigned int nr, at;
	int number = -1;

	/*
	 * A breakpoint counts as an interrupt, so real ones cannot be told; but
	 * none executes a site of the knob that is turned.
	 */
	if (!strstarts(current->comm, "kernelx_test/"))
		return 0;
	nr = stack_trace_save(entries, DEPTH, 0);
	for (at = 0; at < nr; at++)
		/* The breakpoint is behind what is interrupted. */
		if (entries[at] == (unsigned long)kprobe->addr + 1)
			break;
	if (at + 1 < nr)
		number = holder(entries[at + 1]);
	atomic_inc(&traces);
	if (number >= 0)
		set_bit(number, &registers_seen);
	else if (atomic_inc_return(&wrong_traces) == 1)
		remember(entries, nr);
	return 0;
}

/* There only so that the probe stays a breakpoint. */
static void nothing(struct kprobe *kprobe, struct pt_regs *regs,
		    unsigned long flags)
{
}

/*
 * A probe on each instruction of some bytes; refused where none begins. Not on push
 * and pop: they are as long as a breakpoint, and the unwinder, which sees the address
 * behind it, takes them for executed.
 */
static void probe_bytes(void *start, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size && nr_probes < MAX_PROBES; i++) {
		struct kprobe *probe = &probes[nr_probes];

		if ((*((u8 *)start + i) & 0xf0) == 0x50)
			continue;
		memset(probe, 0, sizeof(*probe));
		probe->addr = start + i;
		probe->pre_handler = take_trace;
		probe->post_handler = nothing;
		if (!register_kprobe(probe))
			nr_probes++;
	}
}

/* Where kernelx_thunk_<reg>() begins, kprobes know. */
static void probe_thunk(const char *name)
{
	struct kprobe find = { };
	char symbol[32];
	void *start;

	snprintf(symbol, sizeof(symbol), "kernelx_thunk_%s", name);
	find.symbol_name = symbol;
	if (register_kprobe(&find))
		return;
	start = find.addr;
	unregister_kprobe(&find);
	probe_bytes(start, THUNK_SIZE);
}

int kernelx_test_probe(void)
{
	unsigned int i;

	if (probes)
		return -EBUSY;
	probes = kcalloc(MAX_PROBES, sizeof(*probes), GFP_KERNEL);
	if (!probes)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		probe_thunk(names[i]);
	return 0;
}

void kernelx_test_unprobe(void)
{
	unsigned int i;

	for (i = 0; i < nr_probes; i++)
		unregister_kprobe(&probes[i]);
	kfree(probes);
	probes = NULL;
	nr_probes = 0;
}

void kernelx_test_show_traces(struct seq_file *file)
{
	seq_printf(file, "probes %u\ntraces %d\n", nr_probes, atomic_read(&traces));
	seq_printf(file, "registers %lu\nwrong %d%s\n", hweight_long(registers_seen),
		   atomic_read(&wrong_traces), first_wrong);
}
