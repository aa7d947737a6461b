// SPDX-License-Identifier: GPL-2.0
/*
 * Executes code around a site twice from the same state, with two values.
 *
 * Calls are either stepped over, as if they had changed every register that they may, or
 * entered. Transfers of control between functions are done here, not by the emulator, so
 * that thunks need not be gone through.
 */
#include <string.h>

#include "oracle.h"

struct run run;
struct step steps[MAX_STEPS];
struct access accesses[MAX_ACCESSES];
unsigned int nr_accesses;

/* Of the first run. */
static unsigned int nr_steps;
static enum end first_end;
static u64 first_end_address;

static struct step second_step;
/* An instruction to be carried out here. */
static const struct insn *event;

static u64 random_of(u64 what)
{
	return mix(run.seed ^ mix(what));
}

static void finish(enum end end, u64 address)
{
	if (run.ended)
		return;
	run.ended = true;
	run.end = end;
	run.end_address = address;
	uc_emu_stop(uc);
}

/* Where the last jump went to another function: is that a call of it? */
static bool leave_function(u64 address)
{
	const struct insn *from = run.step->insn;

	if (from->kind == INSN_CALL || from->kind == INSN_CALL_INDIRECT) {
		finish(END_NORETURN, address);
		return true;
	}
	if (from->kind != INSN_JUMP || from->target != address) {
		finish(from->kind == INSN_JUMP_INDIRECT ? END_INDIRECT : END_FAULT, address);
		return true;
	}
	if (!run.enter || !follow) {
		if (run.second)
			compare_arguments(address);
		finish(END_TAIL_CALL, address);
		return true;
	}
	run.function = image_function(address);
	if (!run.function)
		finish(END_FAULT, address);
	return run.ended;
}

/* Has the second run left the first? */
static bool parted(u64 address)
{
	if (run.nr_steps == nr_steps) {
		bool same = address == first_end_address;

		if (same && first_end == END_TAIL_CALL)
			compare_arguments(address);
		finish(same ? first_end : END_DIVERGED, address);
		return true;
	}
	if (address != steps[run.nr_steps].address) {
		finish(END_DIVERGED, address);
		return true;
	}
	return false;
}

static void note_step(struct step *step, u64 address)
{
	const struct insn *insn = decode(address);

	step->address = address;
	step->insn = insn;
	step->access = run.nr_accesses;
	step->depth = (u8)run.depth;
	step->anchor = run.depth ? run.calls[0] : address;
	step->covered = (run.depth && run.covered[run.depth - 1]) ||
			site_covers(run.site, address);
}

/* Anything but what the emulator executes by itself. */
static bool is_event(const struct insn *insn)
{
	if (insn->address == run.site->start)
		return true;
	if (insn->branch && run.force && !run.depth)
		return true;
	if (insn->kind == INSN_JUMP_INDIRECT)
		return insn->target != 0;
	return insn->kind != INSN_PLAIN && insn->kind != INSN_JUMP;
}

static void hook_code(uc_engine *engine, u64 address, u32 size, void *data)
{
	struct step *step;

	if (run.ended)
		return;
	if (run.second) {
		compare_settle();
		if (parted(address))
			return;
	}
	if (run.step && !run.depth && !image_same_function(run.function, address) &&
	    leave_function(address))
		return;
	if (run.nr_steps == run.limit) {
		finish(END_LIMIT, address);
		return;
	}
	step = run.second ? &second_step : &steps[run.nr_steps];
	if (run.second) {
		struct registers now;

		machine_get(&now);
		note_step(step, address);
		compare_step(&now);
		step->registers = now;
	} else {
		note_step(step, address);
		machine_get(&step->registers);
	}
	run.step = step;
	run.clobbered = 0;
	run.written[run.depth] |= step->insn->written_any;
	run.nr_steps++;
	if (!run.ended && is_event(step->insn)) {
		event = step->insn;
		uc_emu_stop(engine);
	}
}

static void hook_access(uc_engine *engine, uc_mem_type type, u64 address, int size, s64 value,
			void *data)
{
	bool write = type == UC_MEM_WRITE;
	const struct access *first;
	struct access *access;
	u8 bytes[16];

	if (run.ended || !run.step || size > 8)
		return;
	if (run.second) {
		first = &accesses[run.nr_accesses++];
		if (run.nr_accesses > nr_accesses || first->write != write ||
		    first->size != size)
			finish(END_FAULT, run.step->address);
		else if (write)
			compare_write(first, address, (u64)value);
		else
			compare_read(first, address);
		return;
	}
	if (run.nr_accesses == MAX_ACCESSES) {
		finish(END_LIMIT, run.step->address);
		return;
	}
	access = &accesses[run.nr_accesses++];
	*access = (struct access){ address, (u64)value, (u8)size, write };
	if (size < 8)
		access->value &= (1ull << size * 8) - 1;
	/* Both make sure that the memory is what it is to be in this state. */
	if (write)
		machine_store(address, NULL, (unsigned int)size);
	else
		machine_load(address, bytes, (unsigned int)size);
}

static bool hook_unmapped(uc_engine *engine, uc_mem_type type, u64 address, int size, s64 value,
			  void *data)
{
	return machine_map(address, (unsigned int)size);
}

void run_open(void)
{
	uc_hook hook;

	if (uc_hook_add(uc, &hook, UC_HOOK_CODE, (void *)hook_code, NULL, 1, 0) ||
	    uc_hook_add(uc, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)hook_access,
			NULL, 1, 0) ||
	    uc_hook_add(uc, &hook, UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_WRITE_UNMAPPED,
			(void *)hook_unmapped, NULL, 1, 0))
		fail("unicorn does not take hooks");
}

/* Nobody needs what is in these registers, nor the flags: it is the same in both runs. */
static void forget(struct registers *now, u16 which)
{
	run.clobbered |= which;
	for (unsigned int i = 0; i < NR_REGISTERS; i++)
		if (which & 1u << i)
			now->r[i] = machine_value(random_of(run.nr_steps * 16ul + i));
	now->flags = 2 | (random_of(run.nr_steps) & 0x8d5);
}

/* A call that has returned: it may have changed all that it may. */
static u64 step_over(const struct insn *insn, struct registers *now)
{
	if (run.second)
		compare_arguments(insn->kind == INSN_CALL ? insn->target : 0);
	run.result->calls++;
	run.written[run.depth] |= CLOBBERED;
	forget(now, CLOBBERED);
	return insn->address + insn->size;
}

/* Is it of a compiler, and profiled? Then its callers count on nothing but the convention. */
static bool has_convention(u64 function)
{
	const struct insn *first = decode(function);

	return first->kind == INSN_NOTHING ||
	       (first->size && decode(function + first->size)->kind == INSN_NOTHING);
}

/*
 * A call that was gone into has returned. What it may change without saving it holds
 * nothing, even if it has not been changed this time; but for what it may have returned. Of
 * that, compilers read parts nevertheless: sete %dl leaves the rest of rdx as it is, and
 * cmove %ebx,%edx takes all of it along.
 */
static void returned(const struct insn *from, struct registers *now)
{
	u16 written = run.written[run.depth + 1];

	run.written[run.depth] |= written;
	if (has_convention(from->target))
		forget(now, (u16)(CLOBBERED & ~(written & RETURNED)));
}

/* The same value in both runs. */
static void push(struct registers *now, u64 value)
{
	struct access access = { now->r[RSP] - 8, value, 8, true };

	now->r[RSP] -= 8;
	machine_store(now->r[RSP], &value, sizeof(value));
	if (run.second)
		compare_write(&access, access.address, value);
}

/*
 * Code that disables interrupts saves all flags, and means one of them. The others are
 * made those of the first run.
 */
static u64 push_flags(const struct insn *insn, struct registers *now)
{
	push(now, steps[run.nr_steps - 1].registers.flags);
	return insn->address + insn->size;
}

static u64 go_into(const struct insn *insn, struct registers *now)
{
	u64 back = insn->address + insn->size;
	unsigned int depth = run.depth++;

	run.calls[depth] = insn->address;
	run.covered[depth] = run.step->covered;
	run.frames[depth + 1] = now->r[RSP];
	run.written[depth + 1] = 0;
	run.result->entered++;
	push(now, back);
	return insn->target;
}

/* The function that the site is in returns: go on in a caller. */
static u64 go_back(u64 to, const struct registers *now)
{
	struct frame frame;

	if (run.second && to == NO_RETURN)
		run.result->returned_value = compare_differs(RAX);
	if (to == NO_RETURN) {
		finish(END_RETURN, to);
		return to;
	}
	run.function = image_function(to);
	frame = image_frame(to);
	if (!run.function || !frame.known || frame.base != RSP) {
		finish(END_RETURN, to);
		return to;
	}
	run.frames[0] = now->r[RSP] + (u64)(s64)frame.offset;
	run.result->returned++;
	return to;
}

static u64 return_from(struct registers *now)
{
	const struct insn *from;
	u64 to;

	machine_load(now->r[RSP], &to, sizeof(to));
	now->r[RSP] += 8;
	if (!run.depth)
		return go_back(to, now);
	run.depth--;
	from = decode(run.calls[run.depth]);
	if (now->r[RSP] != run.frames[run.depth + 1] || to != from->address + from->size)
		finish(END_FAULT, to);
	else
		returned(from, now);
	return to;
}

static u64 call(const struct insn *insn, struct registers *now)
{
	/* What cannot be decoded cannot be entered. */
	if (insn->kind == INSN_CALL && run.depth < run.enter &&
	    now->r[RSP] > STACK_BASE + 0x400 && decode(insn->target)->size)
		return go_into(insn, now);
	return step_over(insn, now);
}

/*
 * Which way makes no difference to the analysis, so any is as good, and the same in both
 * runs; only, what does not go on teaches nothing.
 */
static u64 branch(const struct insn *insn)
{
	u64 next = insn->address + insn->size;

	if (decode(next)->kind == INSN_TRAP)
		return insn->target;
	if (decode(insn->target)->kind == INSN_TRAP)
		return next;
	return random_of(run.nr_steps) & 1 ? next : insn->target;
}

/* Carry out @insn; returns where execution goes on. */
static u64 carry_out(const struct insn *insn, struct registers *now, bool *changed)
{
	u64 next = insn->address + insn->size;

	*changed = true;
	if (insn->address == run.site->start) {
		now->r[run.site->reg] = run.value;
		if (!run.reached)
			run.reached = run.nr_steps;
		return next;
	}
	switch (insn->kind) {
	case INSN_JUMP:
		*changed = false;
		return branch(insn);
	case INSN_CALL:
	case INSN_CALL_INDIRECT:
		return call(insn, now);
	case INSN_NOTHING:
		return next;
	case INSN_PUSH_FLAGS:
		return push_flags(insn, now);
	case INSN_CLOCK:
		now->r[RAX] = random_of(run.nr_steps) & 0xffffffff;
		now->r[RDX] = random_of(run.nr_steps) >> 32;
		return next;
	case INSN_RETURN:
		return return_from(now);
	case INSN_JUMP_INDIRECT:
		if (run.depth) {
			step_over(insn, now);
			return return_from(now);
		}
		if (run.second)
			compare_arguments(0);
		finish(END_INDIRECT, next);
		return next;
	case INSN_CALL_NORETURN:
		if (run.second)
			compare_arguments(insn->target);
		finish(END_NORETURN, next);
		return next;
	case INSN_TRAP:
		finish(END_TRAP, next);
		return next;
	default:
		finish(END_UNKNOWN, next);
		return next;
	}
}

static void execute(u64 address)
{
	struct registers now;

	while (!run.ended) {
		uc_err error;
		bool changed;

		event = NULL;
		error = uc_emu_start(uc, address, NO_RETURN, 0, 0);
		if (run.ended)
			break;
		if (!event) {
			finish(error == UC_ERR_INSN_INVALID ? END_UNKNOWN : END_FAULT, 0);
			break;
		}
		now = run.step->registers;
		address = carry_out(event, &now, &changed);
		if (!run.ended && changed)
			machine_set(&now);
	}
}

/* Frames of callers above @cfa, until one has none that are known. */
static void prepare_callers(u64 cfa)
{
	const struct symbol *function = run.site->function;
	u64 to, top = STACK_BASE + STACK_BYTES - 8;

	for (unsigned int level = 0; ; level++) {
		const struct callers *callers = callers_of(function);
		struct frame frame = { 0 };

		to = NO_RETURN;
		/* What they do with what is returned, only the table can tell. */
		if (callers->count && follow && level < 4) {
			to = callers->returns[random_of(20 + level) % callers->count];
			frame = image_frame(to);
			function = image_function(to);
		}
		machine_store(cfa - 8, &to, sizeof(to));
		if (to == NO_RETURN || !frame.known || frame.base != RSP || !function ||
		    cfa + (u64)(s64)frame.offset > top)
			break;
		cfa += (u64)(s64)frame.offset;
	}
}

/* Make a stack whose last frame is that of the site's function. */
static u64 prepare_stack(struct registers *registers, u64 address)
{
	const struct site *site = run.site;
	struct frame frame = image_frame(address);
	u64 cfa;

	registers->r[RSP] = STACK_BASE + STACK_BYTES / 2;
	cfa = registers->r[RSP] + (u64)(s64)frame.offset;
	if (frame.base == RBP) {
		registers->r[RBP] = registers->r[RSP] + site->to_frame_pointer;
		cfa = registers->r[RSP] + site->to_frame_address;
	}
	if (frame.indirect)
		machine_store(registers->r[RBP] + (u64)(s64)frame.offset, &cfa, sizeof(cfa));
	prepare_callers(cfa);
	return cfa;
}

static void run_once(bool second, u32 value, struct run_result *result)
{
	struct site *site = run.site;
	u64 start = run.entered ? site->function->address : site->start;
	struct registers registers;

	run.second = second;
	run.value = value;
	run.function = site->function;
	run.depth = 0;
	run.reached = 0;
	memset(run.written, 0, sizeof(run.written));
	run.nr_steps = 0;
	run.nr_accesses = 0;
	run.step = NULL;
	run.ended = false;
	run.result = result;
	memset(result, 0, sizeof(*result));
	for (unsigned int i = 0; i < NR_REGISTERS; i++)
		registers.r[i] = machine_value(random_of(i + 100));
	registers.flags = 2 | (random_of(6) & 0x8d5);
	run.frames[0] = prepare_stack(&registers, start);
	machine_set(&registers);
	if (second)
		compare_begin();
	execute(start);
	result->end = run.end;
	result->length = run.reached ? run.nr_steps - run.reached : 0;
}

/*
 * With a frame pointer, ORC does not tell where the stack pointer is. It is at the site
 * where it is at calls.
 */
static bool look_at_frame(struct site *site)
{
	for (unsigned int i = 0; i < run.nr_steps; i++) {
		const struct step *step = &steps[i];
		struct frame frame = image_frame(step->address);

		if (step->depth || (step->address != site->start &&
				    step->insn->kind != INSN_CALL &&
				    step->insn->kind != INSN_CALL_INDIRECT) ||
		    !frame.known || frame.base != RBP)
			continue;
		site->to_frame_pointer = step->registers.r[RBP] - step->registers.r[RSP];
		site->to_frame_address = run.frames[0] - step->registers.r[RSP];
		return true;
	}
	return false;
}

bool run_frame(struct site *site)
{
	struct frame frame = image_frame(site->start);
	bool found = !frame.known || frame.base == RSP;
	struct run_result result;

	run.site = site;
	run.entered = true;
	run.enter = 0;
	run.force = true;
	run.limit = options.steps;
	for (u64 i = 0; !found && i < 200; i++) {
		run.seed = mix(site->start) + i;
		machine_state(run.seed, site->value, site->value, site->min, site->max);
		run_once(false, site->value, &result);
		found = look_at_frame(site);
	}
	return frame.known && found;
}

static u32 choose_value(const struct site *site, u64 random)
{
	u64 span = (u64)site->max - site->min;
	u64 r = mix(random);

	switch (random >> 61) {
	case 0:
		return site->min;
	case 1:
		return site->max;
	case 2:
		return site->value;
	case 3:
	case 4:
	case 5:
		/* Of any order of magnitude. */
		return (u32)(site->min + (r >> 6) % ((span >> (r & 31)) + 1));
	default:
		return (u32)(site->min + r % (span + 1));
	}
}

/* Start some at the entry of the function, unless that does not lead to the site. */
static bool from_entry(const struct site *site)
{
	if (random_of(7) % 4)
		return false;
	return site->entries < 32 || site->arrivals * 16 >= site->entries;
}

void run_state(struct site *site, u64 seed, struct run_result *result)
{
	static const unsigned int depths[] = { 0, 0, 0, 1, 1, 2, 3, MAX_DEPTH };
	u32 a, b;

	run.site = site;
	run.seed = seed;
	a = choose_value(site, random_of(1));
	for (u64 i = 2; (b = choose_value(site, random_of(i * 1000))) == a; )
		i++;
	machine_state(seed, a, b, site->min, site->max);
	run.enter = depths[random_of(8) >> 61];
	run.force = random_of(8) & 2;
	run.limit = options.steps * (run.enter ? 4 : 1);
	if (run.limit > MAX_STEPS)
		run.limit = MAX_STEPS;
	run.entered = from_entry(site);
	site->entries += run.entered;
	run_once(false, a, result);
	machine_undo();
	site->arrivals += run.entered && run.reached;
	if (run.entered && !run.reached) {
		run.entered = false;
		run_once(false, a, result);
		machine_undo();
	}
	nr_steps = run.nr_steps;
	nr_accesses = run.nr_accesses;
	first_end = run.end;
	first_end_address = run.end_address;
	run_once(true, b, result);
	compare_end();
}
