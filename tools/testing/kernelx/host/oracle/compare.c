// SPDX-License-Identifier: GPL-2.0
/*
 * What differs between two runs, and where it is needed.
 *
 * A location is a byte of a register, a flag, or a byte of the stack. One that differs was
 * written by the instruction before step "since". When it is read, all steps from there
 * to the reader needed it, and must lie in the safe span.
 *
 * The span follows values, not addresses nor control. So the second run is made to access
 * memory where the first did, even if the address differs; and memory beyond the frame is
 * made to have what the first run stored.
 */
#include <string.h>

#include "oracle.h"

#define MAX_FIXUPS	8

struct fixup {
	u64 address;
	u8 bytes[8];
	unsigned int size;
};

static struct registers previous;
static u8 differing[NR_REGISTERS];
static u16 since[NR_REGISTERS][8];
static u16 flag_since[NR_FLAGS];
static u16 restored_since[8];
static bool restored;
/* Registers that were written since the last call. */
static u16 fresh;

static u8 stack_differs[STACK_BYTES];
static u16 stack_since[STACK_BYTES];
static u16 stack_touched[STACK_BYTES];
/* The register that was saved there, and 1. */
static u8 stack_saved[STACK_BYTES];
static unsigned int nr_touched;

static struct fixup restores[MAX_FIXUPS], stores[MAX_FIXUPS];
static unsigned int nr_restores, nr_stores;

/* The last step that the span does not cover. */
static int last_uncovered;
/* How many more intervals of need begin than end at a step. */
static int needs[MAX_STEPS + 1];

static unsigned int current(void)
{
	return run.nr_steps ? run.nr_steps - 1 : 0;
}

void compare_begin(void)
{
	memset(differing, 0, sizeof(differing));
	memset(since, 0, sizeof(since));
	memset(flag_since, 0, sizeof(flag_since));
	memset(needs, 0, sizeof(needs));
	memset(stack_saved, 0, sizeof(stack_saved));
	restored = false;
	fresh = 0;
	last_uncovered = -1;
	nr_restores = 0;
	nr_stores = 0;
}

static void violation(enum violation kind, const struct step *at, s64 place, u64 a, u64 b,
		      u64 reader)
{
	struct finding finding = {
		.kind = kind,
		.site = run.site,
		.address = at->anchor,
		.place = place,
		.a = a,
		.b = b,
		.reader = reader,
		.entered = run.entered,
		.depth = at->depth,
		.count = 1,
	};

	report_finding(&finding);
}

/* What differs since step @from is needed by step @to. */
static void need(enum violation kind, unsigned int from, unsigned int to, s64 place, u64 a, u64 b)
{
	needs[from]++;
	needs[to + 1]--;
	if (last_uncovered < (int)from)
		return;
	for (unsigned int i = from; i <= to; i++)
		if (!steps[i].covered)
			violation(kind, &steps[i], place, a, b, steps[to].address);
}

/* Which bytes of two registers differ. */
static u8 compare_bytes(u64 a, u64 b)
{
	u64 x = a ^ b;
	u8 mask = 0;

	for (unsigned int i = 0; x; i++, x >>= 8)
		mask |= (u8)(!!(x & 0xff) << i);
	return mask;
}

/* What was written by the step before @i has been so since @i. */
static void note_writes(unsigned int i, const struct registers *now)
{
	const struct step *before = &steps[i - 1];
	const struct insn *insn = before->insn;
	const struct registers *a = &steps[i].registers;
	u64 flags = (before->registers.flags ^ a->flags) | (previous.flags ^ now->flags);

	for (unsigned int r = 0; r < NR_REGISTERS; r++) {
		u8 written = insn->written[r];

		written |= compare_bytes(before->registers.r[r], a->r[r]);
		written |= compare_bytes(previous.r[r], now->r[r]);
		if (run.clobbered & 1u << r)
			written = 0xff;
		if (written)
			fresh |= (u16)(1 << r);
		for (unsigned int byte = 0; written; byte++, written >>= 1)
			if (written & 1)
				since[r][byte] = (u16)i;
		if (restored && insn->saved == r)
			memcpy(since[r], restored_since, sizeof(since[r]));
	}
	restored = false;
	for (unsigned int f = 0; f < NR_FLAGS; f++)
		if (run.clobbered || insn->flags_written & 1 << f || flags & flag_bits[f])
			flag_since[f] = (u16)i;
	if (run.clobbered)
		fresh = 0;
}

/*
 * A function takes nothing in a register that it has to save. What it reads of its caller's
 * is what is left there where it has written a part: "sete %bl" and then "mov %ebx,%eax".
 */
static bool is_left(unsigned int i, unsigned int r, unsigned int byte)
{
	return !(CLOBBERED & BIT(r)) && steps[i].depth > steps[since[r][byte]].depth;
}

static void read_registers(unsigned int i, const struct registers *now)
{
	const struct registers *a = &steps[i].registers;
	const struct insn *insn = steps[i].insn;

	for (unsigned int r = 0; r < NR_REGISTERS; r++) {
		u8 mask = insn->read[r] & differing[r];

		for (unsigned int byte = 0; mask; byte++, mask >>= 1)
			if (mask & 1 && !is_left(i, r, byte))
				need(VIOLATION_REGISTER, since[r][byte], i, r, a->r[r], now->r[r]);
	}
	for (unsigned int f = 0; f < NR_FLAGS; f++)
		if (insn->flags_read & 1 << f && (a->flags ^ now->flags) & flag_bits[f])
			need(VIOLATION_FLAG, flag_since[f], i, f,
			     !!(a->flags & flag_bits[f]), !!(now->flags & flag_bits[f]));
}

static bool is_value(u64 content, u32 value)
{
	const struct kernelx_facts *facts = run.site->facts;
	u64 expected = (u64)facts->factor * value + (u64)facts->addend;

	return !((content ^ expected) & (facts->width < 64 ? (1ull << facts->width) - 1 : ~0ull));
}

/* What objtool says that the first use gets, one of its registers must hold. */
static void check_use(unsigned int i, const struct registers *now)
{
	const struct insn *insn = steps[i].insn;
	u16 read = insn->read_any | (insn->save ? (u16)(1 << insn->saved) : 0);

	/* Not known */
	if (!run.site->facts->factor)
		return;
	/* What a call is given, or a return gives. */
	if (insn->kind != INSN_PLAIN)
		read |= ARGUMENTS | BIT(RAX);
	for (unsigned int k = run.reached; k < i; k++)
		if (steps[k].address <= run.site->start || steps[k].address >= run.site->use)
			return;
	for (unsigned int r = 0; r < NR_REGISTERS; r++)
		if (read & 1 << r && is_value(now->r[r], run.value))
			return;
	violation(VIOLATION_USE, &steps[i], 0, run.value, now->r[run.site->reg], steps[i].address);
}

void compare_step(const struct registers *now)
{
	unsigned int i = run.nr_steps;
	const struct registers *a = &steps[i].registers;

	if (i)
		note_writes(i, now);
	previous = *now;
	if (!steps[i].covered)
		last_uncovered = (int)i;
	for (unsigned int r = 0; r < NR_REGISTERS; r++)
		differing[r] = compare_bytes(a->r[r], now->r[r]);
	if (differing[RSP]) {
		run.ended = true;
		run.end = END_STACK;
		uc_emu_stop(uc);
		return;
	}
	read_registers(i, now);
	if (run.reached && steps[i].address == run.site->use)
		check_use(i, now);
}

static void note_fixup(struct fixup *fixups, unsigned int *count, u64 address, const void *bytes,
		       unsigned int size)
{
	struct fixup *f;

	if (*count == MAX_FIXUPS)
		fail("an instruction with too many accesses");
	f = &fixups[(*count)++];
	f->address = address;
	f->size = size;
	memcpy(f->bytes, bytes, size);
}

static void put(u64 address, const u8 *bytes, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		*machine_byte(address + i) = bytes[i];
}

void compare_settle(void)
{
	while (nr_restores) {
		const struct fixup *f = &restores[--nr_restores];

		put(f->address, f->bytes, f->size);
	}
	for (unsigned int i = 0; i < nr_stores; i++)
		put(stores[i].address, stores[i].bytes, stores[i].size);
	nr_stores = 0;
}

static void keep(u64 address, unsigned int size)
{
	u8 bytes[8];

	machine_load(address, bytes, size);
	note_fixup(restores, &nr_restores, address, bytes, size);
}

static bool on_stack(u64 address)
{
	return address - STACK_BASE < STACK_BYTES - 8;
}

/* Does a read from the stack bring a register back that was saved there? */
static bool brings_back(const struct insn *insn, u64 offset, unsigned int size)
{
	bool is = insn->restore || (insn->reload && size == 8);

	for (unsigned int i = 0; i < size && insn->reload; i++)
		is &= stack_saved[offset + i] == insn->saved + 1;
	return is;
}

void compare_read(const struct access *first, u64 address)
{
	const struct insn *insn = steps[current()].insn;
	u64 offset = first->address - STACK_BASE;
	u8 bytes[8];

	machine_load(first->address, bytes, first->size);
	if (address != first->address) {
		keep(address, first->size);
		put(address, bytes, first->size);
	}
	if (!on_stack(first->address))
		return;
	if (brings_back(insn, offset, first->size)) {
		restored = true;
		for (unsigned int i = 0; i < first->size; i++)
			restored_since[i] = stack_since[offset + i];
		return;
	}
	for (unsigned int i = 0; i < first->size; i++)
		if (stack_differs[offset + i])
			need(VIOLATION_STACK, stack_since[offset + i], current(),
			     (s64)((first->address + i - run.frames[0]) & ~3ull),
			     (u8)(bytes[i] ^ stack_differs[offset + i]), bytes[i]);
}

static void write_stack(const struct access *first, u64 value)
{
	const struct insn *insn = steps[current()].insn;
	u64 offset = first->address - STACK_BASE, different = first->value ^ value;

	for (unsigned int i = 0; i < first->size; i++, different >>= 8) {
		u8 *differs = &stack_differs[offset + i];

		if (!*differs && different & 0xff)
			stack_touched[nr_touched++] = (u16)(offset + i);
		/* An entry for what no longer differs stays where it is. */
		if (nr_touched == STACK_BYTES)
			fail("too many stores on the stack");
		*differs = different & 0xff;
		stack_saved[offset + i] = insn->save ? insn->saved + 1 : 0;
		stack_since[offset + i] = insn->save ? since[insn->saved][i] : (u16)run.nr_steps;
	}
}

/* To memory beyond the frame, where no use is looked for. */
static void write_beyond(const struct access *first, u64 value)
{
	const struct kernelx_facts *facts = run.site->facts;
	const struct step *step = &steps[current()];
	unsigned int reg = step->insn->saved;

	for (unsigned int i = 0; i < first->size && step->insn->save; i++)
		if (differing[reg] & 1 << i)
			need(VIOLATION_REGISTER, since[reg][i], current(), reg, first->value,
			     value);
	/* In a callee that has gone to another stack, as softirqs do: it brings it back. */
	if (step->insn->save && run.depth)
		return;
	if (value != first->value && facts && !(facts->flags & KERNELX_ESCAPES))
		violation(VIOLATION_ESCAPE, step, 0, first->value, value, step->address);
}

void compare_write(const struct access *first, u64 address, u64 value)
{
	bool frame = on_stack(first->address) && first->address < run.frames[run.depth];
	u64 mask = first->size < 8 ? (1ull << first->size * 8) - 1 : ~0ull;

	value &= mask;
	if (frame)
		write_stack(first, value);
	else
		write_beyond(first, value);
	if (address != first->address)
		keep(address, first->size);
	else if (frame || value == first->value)
		return;
	note_fixup(stores, &nr_stores, first->address, frame ? &value : &first->value,
		   first->size);
}

void compare_arguments(u64 callee)
{
	const struct step *step = &steps[current()];

	for (unsigned int r = 0; r < NR_REGISTERS; r++) {
		if (!(ARGUMENTS & 1u << r) || !(fresh & 1 << r) || !differing[r])
			continue;
		needs[current()]++;
		needs[current() + 1]--;
		if (!step->covered)
			violation(VIOLATION_ARGUMENT, step, r, step->registers.r[r],
				  previous.r[r], callee);
	}
	fresh = 0;
}

bool compare_differs(unsigned int reg)
{
	return differing[reg];
}

void compare_end(void)
{
	int depth = 0;

	for (unsigned int i = 0; i < run.nr_steps; i++) {
		depth += needs[i];
		if (depth > 0)
			report_checked(run.site, steps[i].anchor);
	}
	while (nr_touched)
		stack_differs[stack_touched[--nr_touched]] = 0;
}
