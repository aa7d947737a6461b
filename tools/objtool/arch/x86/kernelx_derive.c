// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: where the values go that derive from the one a site brings in.
 *
 * A thin slice: values that are computed from it, not what is found at an address, or
 * done or left out, because of it. What the flags of a comparison select (setcc, cmovcc)
 * counts as computed.
 */
#include <stdlib.h>
#include <string.h>

#include <asm/insn.h>
#include <linux/hash.h>
#include <objtool/kernelx_layout.h>

#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx.h>
#include <objtool/kernelx_calls.h>
#include <objtool/kernelx_derive.h>
#include <objtool/kernelx_dwarf.h>
#include <objtool/kernelx_equality.h>
#include <objtool/kernelx_flow.h>
#include <objtool/objtool.h>

#define MAX_CALL_DEPTH	24
#define SUMMARY_BITS	12

/* Bytes: an array in the frame, from the address that its elements are counted from. */
#define ARRAY_SIZE_SEEN	64

/*
 * What becomes of an argument in a function, or of derived values in slots of what the
 * argument points to.
 */
struct summary {
	struct hlist_node node;
	const struct flow *flow;
	u64 argument;
	u64 object[OBJECT_WORDS];
	u64 written[OBJECT_WORDS];
	u32 ignore;
	bool busy;
	bool returns;
	u32 flags;
	struct instruction *escape;
	struct instruction *equality;
};

static struct hlist_head summaries[1 << SUMMARY_BITS];

static u64 *before(const struct derived *function, unsigned int i)
{
	return function->before + (size_t)i * function->flow->words;
}

bool derived_before(const struct derived *function, unsigned int i)
{
	unsigned int w;

	for (w = 0; w < function->flow->words; w++)
		if (before(function, i)[w])
			return true;
	return false;
}

/* Assume something for a reason. Return: false if that reason is to be ignored. */
static bool widen(struct derivation *d, u32 why)
{
	if (d->ignore & why)
		return false;
	d->flags |= why;
	return true;
}

static void escapes(struct derivation *d, struct instruction *insn, u32 why)
{
	if (!widen(d, why))
		return;
	d->flags |= KERNELX_ESCAPES;
	if (!d->escape)
		d->escape = insn;
}

static void unbounded(struct derivation *d, u32 why)
{
	if (widen(d, why))
		d->flags |= KERNELX_UNBOUNDED;
}

static struct derived *function_of(struct derivation *d, struct flow *flow)
{
	struct derived *function;

	for (function = d->functions; function; function = function->next)
		if (function->flow == flow)
			return function;
	function = calloc(1, sizeof(*function));
	if (!function)
		goto failed;
	function->flow = flow;
	function->before = calloc((size_t)flow->nr * flow->words, sizeof(u64));
	function->queued = calloc(flow->nr, sizeof(bool));
	function->queue = malloc(flow->nr * sizeof(u32));
	if (!function->before || !function->queued || !function->queue) {
		free(function->before);
		free(function->queued);
		free(function->queue);
		free(function);
		goto failed;
	}
	function->next = d->functions;
	d->functions = function;
	return function;

failed:
	d->failed = true;
	return NULL;
}

/* Derived values arrive before an instruction; those that nobody needs do not count. */
static void arrive(struct derived *function, unsigned int i, const u64 *places)
{
	const u64 *live = flow_live(function->flow, i);
	u64 *there = before(function, i);
	bool changed = false;
	unsigned int w;

	for (w = 0; w < function->flow->words; w++) {
		u64 new = places[w] & live[w] & ~there[w];

		there[w] |= new;
		changed |= new != 0;
	}
	if (!changed || function->queued[i])
		return;
	function->queued[i] = true;
	function->queue[function->nr_queued++] = i;
}

static void arrive_after(struct derived *function, unsigned int i, const u64 *places)
{
	const struct flow *flow = function->flow;
	const struct flow_insn *fi = &flow->insns[i];
	unsigned int k;

	for (k = fi->nr_instead; k < fi->nr_successors; k++)
		arrive(function, flow->successors[fi->first_successor + k], places);
	/* The fixup of a fault finds what was done so far. */
	for (k = 0; k < fi->nr_instead; k++) {
		u32 next = flow->successors[fi->first_successor + k];
		const struct alt_group *group = flow->insns[next].insn->alt_group;

		if (!group || !group->orig_group)
			arrive(function, next, places);
	}
}

/* What runs instead of an instruction finds what was there before it. */
static void arrive_instead(struct derived *function, unsigned int i)
{
	const struct flow *flow = function->flow;
	const struct flow_insn *fi = &flow->insns[i];
	unsigned int k;

	for (k = 0; k < fi->nr_instead; k++)
		arrive(function, flow->successors[fi->first_successor + k],
		       before(function, i));
}

static void arrive_registers(struct derivation *d, struct flow *flow, unsigned int i,
			     u64 registers, bool after)
{
	struct derived *function = function_of(d, flow);
	u64 *places;

	if (!function)
		return;
	places = calloc(flow->words, sizeof(*places));
	if (!places) {
		d->failed = true;
		return;
	}
	places[0] = registers;
	if (after)
		arrive_after(function, i, places);
	else
		arrive(function, i, places);
	free(places);
}

/* Remembers whose callers get what a function returns. Return: true if that is new. */
static bool returns_as(struct derivation *d, struct derived *function, struct symbol *func)
{
	struct symbol **bigger;
	unsigned int k;

	for (k = 0; k < function->nr_returns_as; k++)
		if (function->returns_as[k] == func)
			return false;
	bigger = realloc(function->returns_as, (k + 1) * sizeof(*bigger));
	if (!bigger) {
		d->failed = true;
		return false;
	}
	function->returns_as = bigger;
	function->returns_as[function->nr_returns_as++] = func;
	return true;
}

static bool has_derived_slot(const struct flow *flow, const u64 *places, unsigned int first,
			     unsigned int nr)
{
	unsigned int s;

	for (s = first; s < first + nr && s < flow->nr_slots; s++)
		if (places[2 + s / 64] & (1ULL << (s % 64)))
			return true;
	return false;
}

static void mark_slots(const struct flow *flow, u64 *places, unsigned int first,
		       unsigned int nr, bool derived)
{
	unsigned int s;

	for (s = first; s < first + nr && s < flow->nr_slots; s++) {
		if (derived)
			places[2 + s / 64] |= 1ULL << (s % 64);
		else
			places[2 + s / 64] &= ~(1ULL << (s % 64));
	}
}

static bool has_derived_element(const struct flow *flow, const u64 *places)
{
	unsigned int s;

	if (places[1] & PLACE_ELEMENT)
		return true;
	for (s = 0; s < flow->nr_slots; s++)
		if (!flow->spill[s] && has_derived_slot(flow, places, s, 1))
			return true;
	return false;
}

static bool has_derived_array(const struct derived *function, s32 element)
{
	unsigned int k;

	for (k = 0; element != FRAME_UNKNOWN && k < function->nr_arrays; k++)
		if (abs(function->arrays[k] - element) < ARRAY_SIZE_SEEN)
			return true;
	return false;
}

/*
 * A derived value is written to an element of an array. What is seen of that are elements
 * nearby; that it can be any slot is what is assumed.
 */
static void store_element(struct derived *function, s32 element, u64 *places)
{
	const struct flow *flow = function->flow;
	unsigned int s;

	if (element == FRAME_UNKNOWN)
		return;
	if (!has_derived_array(function, element)) {
		if (function->nr_arrays == DERIVED_ARRAYS)
			return;
		function->arrays[function->nr_arrays++] = element;
	}
	for (s = 0; s < flow->nr_slots; s++) {
		s32 distance = flow->lowest + (s32)s * SLOT_SIZE - element;

		if (!flow->spill[s] && distance >= 0 && distance < ARRAY_SIZE_SEEN)
			mark_slots(flow, places, s, 1, true);
	}
	places[1] |= PLACE_ELEMENT;
}

/* Does the instruction read a derived value, other than to form an address? */
static bool reads_derived(const struct derivation *d, const struct derived *function,
			  const struct flow_insn *fi, const u64 *places)
{
	const struct effects *effects = &fi->effects;
	const struct flow *flow = function->flow;
	unsigned int k;

	if (places[0] & effects->value)
		return true;
	if (effects->reads_flags && (places[1] & PLACE_FLAGS))
		return true;
	for (k = 0; k < effects->nr_memory; k++) {
		if (!(effects->memory[k].access & MEMORY_READ))
			continue;
		if (fi->place[k] == OPERAND_FRAME &&
		    has_derived_slot(flow, places, fi->slot[k], fi->slots[k]))
			return true;
		/* Elements are no other slots, then. */
		if (d->ignore & KERNELX_WIDE_FRAME) {
			if ((places[1] & PLACE_ELEMENT) &&
			    has_derived_array(function, fi->element[k]))
				return true;
			continue;
		}
		if (fi->place[k] == OPERAND_FRAME && (places[1] & PLACE_ELEMENT) &&
		    !flow->spill[fi->slot[k]])
			return true;
		if ((fi->place[k] == OPERAND_ANY_FRAME ||
		     fi->place[k] == OPERAND_MAYBE_FRAME) && has_derived_element(flow, places))
			return true;
	}
	return false;
}

/* A derived value is in slots whose address others know. */
static void expose(struct derivation *d, const struct flow *flow, const struct flow_insn *fi,
		   unsigned int k, u64 *places)
{
	unsigned int s;

	if (widen(d, KERNELX_WIDE_ADDRESS_TAKEN))
		places[1] |= PLACE_EXPOSED;
	/* Does it escape for sure, or for all that is known? */
	for (s = fi->slot[k]; s < fi->slot[k] + fi->slots[k]; s++)
		if (fi->place[k] == OPERAND_FRAME && flow_callee_reads(flow, s)) {
			escapes(d, fi->insn, 0);
			return;
		}
	escapes(d, fi->insn, KERNELX_WIDE_ADDRESS_TAKEN);
}

/* A derived value is written to what an argument points to. */
static void store_object(struct derivation *d, struct derived *function,
			 const struct flow_insn *fi, unsigned int k, u64 *places)
{
	unsigned int s, first = object_slot(function->flow);

	mark_slots(function->flow, places, fi->slot[k], fi->slots[k], true);
	for (s = fi->slot[k] - first; s < fi->slot[k] + fi->slots[k] - first; s++)
		if (s < OBJECT_SLOTS)
			d->written[s / 64] |= 1ULL << (s % 64);
	escapes(d, fi->insn, 0);
}

/* A derived value is written to memory. */
static void store(struct derivation *d, struct derived *function, const struct flow_insn *fi,
		  unsigned int k, u64 *places)
{
	const struct flow *flow = function->flow;
	unsigned int s;

	switch (fi->place[k]) {
	case OPERAND_FRAME:
		if (flow->object >= 0 && (s32)fi->slot[k] >= object_slot(flow)) {
			store_object(d, function, fi, k, places);
			break;
		}
		mark_slots(flow, places, fi->slot[k], fi->slots[k], true);
		for (s = fi->slot[k]; s < fi->slot[k] + fi->slots[k]; s++) {
			if (!flow_exposed(flow, s) || flow_popped_next(flow, fi, k))
				continue;
			expose(d, flow, fi, k, places);
			break;
		}
		break;
	case OPERAND_MAYBE_FRAME:
		escapes(d, fi->insn, 0);
		__attribute__((__fallthrough__));
	case OPERAND_ANY_FRAME:
		if (!widen(d, KERNELX_WIDE_FRAME)) {
			store_element(function, fi->element[k], places);
			break;
		}
		for (s = 0; s < flow->nr_slots; s++)
			if (!flow->spill[s])
				mark_slots(flow, places, s, 1, true);
		places[1] |= PLACE_ELEMENT;
		if (flow->taken != FRAME_UNKNOWN)
			expose(d, flow, fi, k, places);
		break;
	case OPERAND_MEMORY:
		escapes(d, fi->insn, 0);
		break;
	case OPERAND_NONE:
		break;
	}
}

static const struct summary *summary_of(struct derivation *d, struct flow *flow, u32 ignore,
					u64 argument, const u64 *object);

static void use_summary(struct derivation *d, const struct summary *summary)
{
	d->flags |= summary->flags;
	if (summary->escape && !d->escape)
		d->escape = summary->escape;
	if (summary->equality && !d->equality)
		d->equality = summary->equality;
}

/*
 * A call with a pointer to slots of the frame: what the callee does with derived values in
 * them, as far as that is seen. Return: it returns a derived value.
 */
static bool pass_pointer(struct derivation *d, const struct flow *flow,
			 const struct flow_insn *fi, unsigned int k, u64 *places)
{
	s32 from = (fi->pointer[k] - flow->lowest) / SLOT_SIZE;
	const struct summary *summary;
	u64 object[OBJECT_WORDS] = {};
	bool any = false;
	struct flow *callee;
	s32 s;

	for (s = 0; s < OBJECT_SLOTS; s++)
		if (from + s >= 0 && has_derived_slot(flow, places, from + s, 1)) {
			object[s / 64] |= 1ULL << (s % 64);
			any = true;
		}
	callee = any ? flow_of_pointer(d->file, fi->callee, argument_regs[k]) : NULL;
	summary = callee ? summary_of(d, callee, KERNELX_WIDE_ALL, 0, object) : NULL;
	if (!summary || summary->busy)
		return false;
	use_summary(d, summary);
	for (s = 0; s < OBJECT_SLOTS; s++)
		if (from + s >= 0 && (summary->written[s / 64] & (1ULL << (s % 64))))
			mark_slots(flow, places, from + s, 1, true);
	return summary->returns;
}

static bool pass_pointers(struct derivation *d, const struct flow *flow,
			  const struct flow_insn *fi, u64 *places)
{
	bool returns = false;
	unsigned int k;

	for (k = 0; fi->reads && k < ARGUMENT_REGS; k++)
		if (fi->pointer[k] != FRAME_UNKNOWN && fi->pointer[k] != FRAME_SOMEWHERE &&
		    (fi->arguments & REG_PARTS(argument_regs[k], PART_64)))
			returns |= pass_pointer(d, flow, fi, k, places);
	return returns;
}

/* The reason for what is assumed of a callee without a flow. */
static u32 unknown_callee(const struct flow_insn *fi)
{
	return fi->callee && !callee_unknown(fi->callee) ? KERNELX_WIDE_EXTERNAL_CALL :
							   KERNELX_WIDE_INDIRECT_CALL;
}

/* What a call does with derived arguments. Return: it may return a derived value. */
static bool pass(struct derivation *d, const struct flow_insn *fi, u64 arguments)
{
	struct flow *callee = NULL;
	bool returns = false;
	unsigned int k;
	u32 why;

	if (fi->callee && callee_observes(fi->callee))
		return false;
	if (fi->callee && !callee_unknown(fi->callee))
		callee = flow_of(d->file, fi->callee);
	if (!callee && fi->callee && callee_computes(fi->callee))
		return true;
	if (!callee && fi->callee && callee_keeps(fi->callee)) {
		escapes(d, fi->insn, 0);
		return false;
	}
	if (!callee) {
		why = unknown_callee(fi);
		escapes(d, fi->insn, why);
		return !(d->ignore & why);
	}
	for (k = 0; k < EFFECTS_REGS; k++) {
		const struct summary *summary;
		u64 argument = REG_PARTS(k, PART_64);

		if (!(arguments & argument))
			continue;
		summary = summary_of(d, callee, d->ignore, argument, NULL);
		if (!summary || summary->busy) {
			escapes(d, fi->insn, KERNELX_WIDE_RECURSION);
			returns |= !(d->ignore & KERNELX_WIDE_RECURSION);
			continue;
		}
		use_summary(d, summary);
		returns |= summary->returns;
	}
	return returns;
}

static bool takes_all_registers(const struct flow_insn *fi)
{
	unsigned int k;

	for (k = 0; k < ARGUMENT_REGS; k++)
		if (!(fi->arguments & REG_PARTS(argument_regs[k], PART_64)))
			return false;
	return true;
}

/* Derived arguments on the stack: the callee's own slots above its frame. */
static bool passes_on_stack(const struct derivation *d, const struct flow *flow,
			    const struct flow_insn *fi, const u64 *places)
{
	struct flow *callee = NULL;
	unsigned int first, s, theirs;

	if (fi->callee && callee_observes(fi->callee))
		return false;
	if (fi->frame == FRAME_UNKNOWN)
		return (places[1] & PLACE_ELEMENT) ||
		       has_derived_slot(flow, places, 0, flow->nr_slots);
	first = stack_arguments(flow, fi);
	if (fi->callee && !callee_unknown(fi->callee))
		callee = flow_of(d->file, fi->callee);
	/* The stack is for what did not find room in registers. */
	if (!callee && !takes_all_registers(fi))
		return false;
	for (s = first; s < flow->nr_slots; s++) {
		if (flow->spill[s] || !has_derived_slot(flow, places, s, 1))
			continue;
		if (!callee)
			return true;
		theirs = ((s32)(s - first) * SLOT_SIZE - callee->lowest) / SLOT_SIZE;
		if (has_derived_slot(callee, flow_live(callee, 0), theirs, 1))
			return true;
	}
	return false;
}

static u64 returned_registers(struct derivation *d, struct symbol *func)
{
	return dwarf_returns(d->file, func);
}

/* A function returns a derived value: follow it to the callers. */
static void return_to_callers(struct derivation *d, struct symbol *func)
{
	u64 registers = REG_PARTS(CFI_AX, PART_64) | REG_PARTS(CFI_DX, PART_64);
	unsigned int nr, k;
	const struct call *call;

	for (k = 0; k < d->nr_returned; k++)
		if (d->returned[k] == func)
			return;
	if (!(d->nr_returned & 15)) {
		struct symbol **bigger;

		bigger = realloc(d->returned, (d->nr_returned + 16) * sizeof(*bigger));
		if (!bigger) {
			d->failed = true;
			return;
		}
		d->returned = bigger;
	}
	d->returned[d->nr_returned++] = func;

	if (callers_unknown(d->file, func))
		unbounded(d, KERNELX_WIDE_UNKNOWN_CALLER);
	call = calls_of(d->file, func, &nr);
	if (!call) {
		d->failed = true;
		return;
	}
	for (; nr; nr--, call++) {
		struct flow *flow = flow_of(d->file, call->caller);
		struct derived *function;
		int i;

		if (!flow) {
			unbounded(d, KERNELX_WIDE_UNKNOWN_CALLER);
			continue;
		}
		i = flow_index(flow, call->insn);
		/* From where, then? */
		if (i < 0) {
			unbounded(d, KERNELX_WIDE_UNKNOWN_CALLER);
			continue;
		}
		if (flow->insns[i].kind == FLOW_TAIL) {
			return_to_callers(d, flow->func);
			continue;
		}
		function = function_of(d, flow);
		if (!function)
			return;
		returns_as(d, function, flow->func);
		arrive_registers(d, flow, i, registers, true);
	}
}

static void leave(struct derivation *d, struct derived *function, u64 registers)
{
	unsigned int k;

	if (!(registers & returned_registers(d, function->flow->func)))
		return;
	if (d->of_argument) {
		d->returns = true;
		return;
	}
	for (k = 0; k < function->nr_returns_as; k++)
		return_to_callers(d, function->returns_as[k]);
}

/* The caller's frame is gone: the callee itself is where the value lives from here. */
static void jump_to(struct derivation *d, struct derived *function, const struct flow_insn *fi,
		    u64 arguments)
{
	bool returns = pass(d, fi, arguments);
	struct derived *target;
	struct flow *callee;
	unsigned int k;
	u32 why;

	if (d->of_argument) {
		d->returns |= returns;
		return;
	}
	callee = fi->callee && !callee_unknown(fi->callee) ? flow_of(d->file, fi->callee) : NULL;
	if (!callee) {
		if (!fi->callee || !(callee_computes(fi->callee) || callee_keeps(fi->callee))) {
			why = fi->callee ? unknown_callee(fi) : KERNELX_WIDE_INDIRECT_JUMP;
			unbounded(d, why);
			returns = !(d->ignore & why);
		}
		for (k = 0; returns && k < function->nr_returns_as; k++)
			return_to_callers(d, function->returns_as[k]);
		return;
	}
	target = function_of(d, callee);
	if (!target)
		return;
	for (k = 0; k < function->nr_returns_as; k++)
		if (returns_as(d, target, function->returns_as[k]) && returns)
			return_to_callers(d, function->returns_as[k]);
	arrive_registers(d, callee, 0, arguments, false);
}

/*
 * Which registers are needed after a call that a C function would have clobbered? That is
 * so around assembly. Of what is in another object it is only its name that says so.
 */
static u64 survives_unseen(const struct flow *flow, const struct flow_insn *fi, const u64 *places)
{
	u64 registers = 0, live = 0;
	unsigned int k;

	if (!fi->callee || fi->callee->fentry || callee_saves_all(fi->callee) ||
	    (fi->callee->sec && fi->callee->sec->idx))
		return 0;
	for (k = 0; k < CALLER_SAVED_REGS; k++)
		registers |= REG_PARTS(caller_saved[k], PART_64);
	for (k = 0; k < fi->nr_successors; k++)
		live |= flow_live(flow, flow->successors[fi->first_successor + k])[0];
	return places[0] & registers & live;
}

static void call(struct derivation *d, struct derived *function, const struct flow_insn *fi,
		 u64 *places)
{
	u64 arguments = places[0] & fi->arguments;
	u64 results = 0, survives;

	if (pass_pointers(d, function->flow, fi, places))
		results = REG_PARTS(CFI_AX, PART_64) | REG_PARTS(CFI_DX, PART_64);
	if (arguments && pass(d, fi, arguments))
		results = REG_PARTS(CFI_AX, PART_64) | REG_PARTS(CFI_DX, PART_64);
	if (passes_on_stack(d, function->flow, fi, places)) {
		escapes(d, fi->insn, KERNELX_WIDE_INDIRECT_CALL);
		if (!(d->ignore & KERNELX_WIDE_INDIRECT_CALL))
			results = REG_PARTS(CFI_AX, PART_64) | REG_PARTS(CFI_DX, PART_64);
	}
	places[0] &= ~fi->clobbers;
	survives = survives_unseen(function->flow, fi, places);
	if (survives && !widen(d, KERNELX_WIDE_ASSEMBLY))
		places[0] &= ~survives;
	places[0] |= results;
	places[1] &= ~PLACE_FLAGS;
}

static bool any_place(const struct flow *flow, const u64 *places)
{
	unsigned int w;

	for (w = 0; w < flow->words; w++)
		if (places[w])
			return true;
	return false;
}

/* From the places that hold derived values before an instruction to those after it. */
static void transfer(struct derivation *d, struct derived *function, struct flow_insn *fi,
		     u64 *places)
{
	const struct effects *effects = &fi->effects;
	const struct flow *flow = function->flow;
	bool derived = reads_derived(d, function, fi, places);
	unsigned int k;

	if (derived && equality_hazard(flow, fi, places) && !d->equality) {
		d->equality = fi->insn;
		d->flags |= KERNELX_EQUALITY;
	}
	if (fi->lost && any_place(flow, places)) {
		escapes(d, fi->insn, KERNELX_WIDE_INDIRECT_JUMP);
		unbounded(d, KERNELX_WIDE_INDIRECT_JUMP);
		d->returns |= !(d->ignore & KERNELX_WIDE_INDIRECT_JUMP);
	}
	switch (fi->kind) {
	case FLOW_RETURN:
		leave(d, function, places[0]);
		return;
	case FLOW_TAIL:
		if (passes_on_stack(d, flow, fi, places)) {
			escapes(d, fi->insn, KERNELX_WIDE_INDIRECT_CALL);
			unbounded(d, KERNELX_WIDE_INDIRECT_CALL);
			d->returns |= !(d->ignore & KERNELX_WIDE_INDIRECT_CALL);
		}
		d->returns |= pass_pointers(d, flow, fi, places);
		if (places[0] & fi->arguments)
			jump_to(d, function, fi, places[0] & fi->arguments);
		return;
	case FLOW_CALL:
		call(d, function, fi, places);
		return;
	case FLOW_NORMAL:
		break;
	}

	if (derived && effects->unknown) {
		escapes(d, fi->insn, KERNELX_WIDE_UNKNOWN_INSN);
		derived = !(d->ignore & KERNELX_WIDE_UNKNOWN_INSN);
	}
	if (derived && effects->other_written)
		escapes(d, fi->insn, KERNELX_WIDE_OTHER_REGISTER);
	places[0] &= ~effects->writes;
	if (effects->writes_flags)
		places[1] &= ~PLACE_FLAGS;
	for (k = 0; k < effects->nr_memory; k++)
		if (!derived && (effects->memory[k].access & MEMORY_WRITE) &&
		    fi->place[k] == OPERAND_FRAME && fi->whole[k])
			mark_slots(flow, places, fi->slot[k], fi->slots[k], false);
	if (!derived)
		return;
	places[0] |= effects->may_write & ~REG_PARTS(CFI_SP, PART_64);
	if (effects->may_write_flags)
		places[1] |= PLACE_FLAGS;
	for (k = 0; k < effects->nr_memory; k++)
		if (effects->memory[k].access & MEMORY_WRITE)
			store(d, function, fi, k, places);
}

static void follow(struct derivation *d)
{
	struct derived *function;
	u64 *places;
	bool again;

	do {
		again = false;
		for (function = d->functions; function && !d->failed; function = function->next) {
			size_t size = function->flow->words * sizeof(*places);

			if (!function->nr_queued)
				continue;
			places = malloc(size);
			if (!places) {
				d->failed = true;
				return;
			}
			while (function->nr_queued && !d->failed) {
				u32 i = function->queue[--function->nr_queued];

				function->queued[i] = false;
				arrive_instead(function, i);
				memcpy(places, before(function, i), size);
				transfer(d, function, &function->flow->insns[i], places);
				arrive_after(function, i, places);
			}
			free(places);
			again = true;
		}
	} while (again && !d->failed);
}

static void arrive_object(struct derivation *d, struct flow *flow, const u64 *object)
{
	struct derived *function = function_of(d, flow);
	unsigned int s, first = object_slot(flow);
	u64 *places = calloc(flow->words, sizeof(*places));

	if (!function || !places) {
		d->failed = true;
		free(places);
		return;
	}
	for (s = 0; s < OBJECT_SLOTS; s++)
		if (object[s / 64] & (1ULL << (s % 64)))
			mark_slots(flow, places, first + s, 1, true);
	arrive(function, 0, places);
	free(places);
}

static const struct summary *summary_of(struct derivation *d, struct flow *flow, u32 ignore,
					u64 argument, const u64 *object)
{
	static const u64 nothing[OBJECT_WORDS];
	struct derivation sub = {
		.file = d->file, .ignore = ignore, .of_argument = true,
		.depth = d->depth + 1,
	};
	struct hlist_head *head;
	struct summary *summary;

	if (!object)
		object = nothing;
	head = &summaries[hash_long((unsigned long)flow ^ argument, SUMMARY_BITS)];
	hlist_for_each_entry(summary, head, node)
		if (summary->flow == flow && summary->argument == argument &&
		    summary->ignore == ignore &&
		    !memcmp(summary->object, object, sizeof(summary->object)))
			return summary;
	if (d->depth >= MAX_CALL_DEPTH)
		return NULL;
	summary = calloc(1, sizeof(*summary));
	if (!summary)
		return NULL;
	summary->flow = flow;
	memcpy(summary->object, object, sizeof(summary->object));
	summary->argument = argument;
	summary->ignore = ignore;
	summary->busy = true;
	hlist_add_head(&summary->node, head);
	if (object == nothing)
		arrive_registers(&sub, flow, 0, argument, false);
	else
		arrive_object(&sub, flow, object);
	follow(&sub);
	summary->busy = false;
	if (sub.failed) {
		summary->busy = true;	/* for ever: nothing is known */
	} else {
		summary->returns = sub.returns;
		memcpy(summary->written, sub.written, sizeof(sub.written));
		summary->flags = sub.flags;
		summary->escape = sub.escape;
		summary->equality = sub.equality;
	}
	derivation_free(&sub);
	return summary;
}

void derive_from_site(struct derivation *d, struct instruction *site, int reg)
{
	struct flow *flow = flow_of(d->file, flow_func(site));
	struct derived *function;
	int i;

	i = flow ? flow_index(flow, site) : -1;
	function = i >= 0 ? function_of(d, flow) : NULL;
	if (!function) {
		d->failed = true;
		return;
	}
	returns_as(d, function, flow->func);
	/* The upper half is zero, whatever the value. */
	arrive_registers(d, flow, i, REG_PARTS(reg, PART_32), true);
	follow(d);
	d->flags |= flow->wide;
}

u32 derivation_wide(const struct derivation *d)
{
	const struct derived *function;
	u32 wide = 0;

	for (function = d->functions; function; function = function->next)
		wide |= function->flow->wide;
	return wide;
}

void derivation_free(struct derivation *d)
{
	struct derived *function, *next;

	for (function = d->functions; function; function = next) {
		next = function->next;
		free(function->before);
		free(function->queued);
		free(function->queue);
		free(function->returns_as);
		free(function);
	}
	free(d->returned);
}
