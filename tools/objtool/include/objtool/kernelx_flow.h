/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_FLOW_H
#define _OBJTOOL_KERNELX_FLOW_H

#include <stdbool.h>
#include <linux/types.h>
#include <objtool/kernelx_effects.h>

struct instruction;
struct objtool_file;
struct symbol;

/*
 * A function as the flow of values sees it: every instruction that can be reached from
 * its entry, in its cold part and in replacements of alternatives too, what each does,
 * and which of the places for values are still needed before it.
 *
 * Places are the parts of registers, the flags, and the slots of the frame: units of 4
 * bytes, by their distance to the canonical frame address (what the stack pointer was
 * before the call). A set of places is an array of words:
 *
 *	word 0		parts of registers, as in struct effects
 *	word 1		PLACE_*
 *	further ones	a bit for each slot
 */
#define PLACE_FLAGS		1ULL
/* A slot whose address others know holds a derived value. Dead when nobody can look. */
#define PLACE_EXPOSED		2ULL
/* Some element of an array in the frame, or what lies where nobody knows, is derived. */
#define PLACE_ELEMENT		4ULL

#define SLOT_SIZE		4
#define FRAME_UNKNOWN		((s32)0x80000000)
/* Of a register: it may point into the frame, who knows where. */
#define FRAME_SOMEWHERE		((s32)0x80000001)

#define ARGUMENT_REGS		6
extern const unsigned char argument_regs[ARGUMENT_REGS];

enum flow_kind {
	FLOW_NORMAL,
	FLOW_CALL,		/* direct or not: see callee */
	FLOW_TAIL,		/* a jump to another function; may be conditional */
	FLOW_RETURN,
};

enum operand_place {
	OPERAND_NONE,
	OPERAND_FRAME,		/* slots that are known */
	OPERAND_ANY_FRAME,	/* some slots */
	OPERAND_MAYBE_FRAME,	/* some slots, or not in the frame at all */
	OPERAND_MEMORY,		/* not in the frame */
};

/**
 * struct flow_insn - an instruction of a function
 * @insn:	objtool's.
 * @effects:	what it does.
 * @kind:	how it leaves.
 * @callee:	of a direct call or tail call; NULL if it is indirect.
 * @arguments:	registers that the callee takes, if it is a call or tail call.
 * @unsure:	@arguments is all that may be, not what is known.
 * @clobbers:	registers that hold nothing of the caller's after the call.
 * @frame:	stack pointer minus canonical frame address, or FRAME_UNKNOWN.
 * @place:	where each memory operand is.
 * @slot:	of an OPERAND_FRAME: the first, and how many, as bit numbers.
 * @element:	of an OPERAND_ANY_FRAME: where its array begins, or a little before or after, as
 *		a frame offset; FRAME_UNKNOWN if it is none.
 * @whole:	the operand covers its slots completely.
 * @apart:	the operand is not in the frame, for sure: a variable, or where a pointer goes
 *		that never leads to a stack.
 * @pointer:	of a call: the frame offset that each argument register points to, or
 *		FRAME_UNKNOWN.
 * @reads:	of a call: slots that the callee reads through them; NULL if none.
 * @assembly:	the callee keeps to no convention.
 * @lost:	it goes on where nobody looked.
 * @first_successor: of the instructions that may come next, in flow.successors.
 * @nr_successors: how many.
 * @nr_instead:	the first so many of them run instead of it, or before it is done: the
 *		replacements of an alternative, the fixup of a fault.
 */
struct flow_insn {
	struct instruction *insn;
	struct effects effects;
	enum flow_kind kind;
	struct symbol *callee;
	u64 arguments;
	u64 clobbers;
	bool unsure;
	bool assembly;
	bool lost;
	s32 frame;
	enum operand_place place[2];
	u32 slot[2];
	u16 slots[2];
	s32 element[2];
	bool whole[2];
	bool apart[2];
	s32 pointer[ARGUMENT_REGS];
	u64 *reads;
	u32 first_successor;
	u32 nr_successors;
	u32 nr_instead;
};

/**
 * struct flow - a function
 * @func:	its symbol.
 * @insns:	its instructions, the entry first.
 * @successors:	what flow_insn.first_successor counts in.
 * @words:	of a set of places.
 * @lowest:	the slot of bit 0 is at this many bytes from the canonical frame address.
 * @nr_slots:	how many.
 * @taken:	least frame offset of which the address is known elsewhere, or
 *		FRAME_UNKNOWN if none is.
 * @indexed:	from this frame offset on, slots may be elements of an array, or part of what
 *		a string instruction copies.
 * @spill:	for each slot: is it stored and loaded as a whole, as a spilled register?
 * @live:	for each instruction: places that are needed before it.
 * @wide:	KERNELX_WIDE_* that hold for the function as a whole.
 * @object:	of a flow_of_pointer(): the register that points to OBJECT_OFFSET; else -1.
 * @aligned:	it aligns its frame, by an amount that is not known: flow_insn.frame tells
 *		slots apart, but is not the distance to the canonical frame address.
 */
struct flow {
	struct symbol *func;
	struct flow_insn *insns;
	unsigned int nr;
	u32 *successors;
	unsigned int words;
	s32 lowest;
	unsigned int nr_slots;
	s32 taken;
	s32 indexed;
	bool *spill;
	u64 *live;
	u32 wide;
	int object;
	bool aligned;
	struct hlist_head *index;
};

/**
 * flow_of() - a function's flow, built when it is asked for first
 * @file: the object
 * @func: a function of it, not a cold part
 *
 * Return: the flow; NULL if there is no code or no memory: assume the worst.
 */
struct flow *flow_of(struct objtool_file *file, struct symbol *func);

/*
 * As if what an argument points to were part of the frame, so far above it that the two
 * do not meet.
 */
#define OBJECT_OFFSET		0x4000
/* How much of it is looked at. */
#define OBJECT_SLOTS		1024
#define OBJECT_WORDS		(OBJECT_SLOTS / 64)

/* The slot where it begins. */
static inline s32 object_slot(const struct flow *flow)
{
	return (OBJECT_OFFSET - flow->lowest) / SLOT_SIZE;
}

/**
 * flow_of_pointer() - a function's flow, with what an argument points to
 * @file: the object
 * @func: a function of it
 * @reg: the register that has the argument
 *
 * Return: as flow_of().
 */
struct flow *flow_of_pointer(struct objtool_file *file, struct symbol *func, int reg);

/*
 * The same, without places and what lives in them: only instructions and operands. For
 * flow_free().
 */
struct flow *flow_scan_pointer(struct objtool_file *file, struct symbol *func, int reg);

void flow_free(struct flow *flow);

/**
 * flow_find_pointed() - what callees read in the frame, through arguments that point there
 * @file: the object
 * @flow: the function
 *
 * Fills flow_insn.reads; for flow_of(). This is what is seen: others may read more. Return:
 * 0, or -1 without memory.
 */
int flow_find_pointed(struct objtool_file *file, struct flow *flow);

/* Does any callee read the slot, as far as that is seen? */
bool flow_callee_reads(const struct flow *flow, unsigned int slot);

/*
 * Is what is pushed popped right away, as flags are on their way to a register? Nobody else
 * can look in between, and then it is no part of the frame any more. @k is the operand that
 * is written.
 */
bool flow_popped_next(const struct flow *flow, const struct flow_insn *fi, unsigned int k);

/* Return: index of an instruction in the flow, or -1. */
int flow_index(const struct flow *flow, const struct instruction *insn);

/* Can one instruction come right after another? Both by index. */
bool flow_leads_to(const struct flow *flow, u32 from, u32 to);

/* The function that an instruction belongs to, be it in a cold part or a replacement. */
struct symbol *flow_func(struct instruction *insn);

/* Is it the first instruction of a function? */
bool flow_is_entry(struct instruction *insn);

static inline u64 *flow_live(const struct flow *flow, unsigned int i)
{
	return flow->live + (size_t)i * flow->words;
}

/* Fills flow.live; for flow_of(). Return: 0, or -1 without memory. */
int flow_find_live(struct flow *flow);

/* The first slot in which a callee's arguments can be. */
unsigned int stack_arguments(const struct flow *flow, const struct flow_insn *fi);

/* Are slots of an operand known beyond the function? */
bool flow_exposed(const struct flow *flow, unsigned int slot);

/**
 * callee_reads() - which argument registers a function reads
 * @file: the object
 * @func: the function
 * @unsure: set if that could not be found out: the answer is all that may be
 *
 * From its code, so that what is left in a register by chance does not count. Assembly
 * can take any register. Return: parts of registers, whole registers each.
 */
u64 callee_reads(struct objtool_file *file, struct symbol *func, bool *unsure);

/* Registers that hold nothing of the caller's when the function has returned. */
u64 callee_clobbers(struct objtool_file *file, struct symbol *func);

/* Does a callee save all registers of its caller's, and take nothing in them? */
bool callee_saves_all(const struct symbol *func);

/* Does a callee look at nothing in memory, for its caller? */
bool callee_looks_away(const struct symbol *func);

/* Does a function keep to no convention that compilers know? */
bool callee_is_assembly(struct objtool_file *file, struct symbol *func);

#define CALLER_SAVED_REGS	9
extern const unsigned char caller_saved[CALLER_SAVED_REGS];

#endif /* _OBJTOOL_KERNELX_FLOW_H */
