// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: the flow of a function.
 *
 * Finds every instruction that the function can execute, where its stack pointer is
 * and what its memory operands are, and which places for values are needed where. All
 * of it errs to one side: a place counts as needed, a slot as known to others, a
 * register as read, when in doubt.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <linux/hash.h>
#include <objtool/kernelx_layout.h>

#include <objtool/arch.h>
#include <objtool/builtin.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx.h>
#include <objtool/kernelx_dwarf.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/objtool.h>

#define MAX_SLOTS	8192
#define ELEMENTS_BEFORE	64
#define INDEX_BITS	8

#define REG_PARTS_ALL(reg)	REG_PARTS(reg, PART_64)

const unsigned char argument_regs[ARGUMENT_REGS] = {
	CFI_DI, CFI_SI, CFI_DX, CFI_CX, CFI_R8, CFI_R9,
};

const unsigned char caller_saved[CALLER_SAVED_REGS] = {
	CFI_AX, CFI_CX, CFI_DX, CFI_SI, CFI_DI, CFI_R8, CFI_R9, CFI_R10, CFI_R11,
};

/* Which registers hold addresses in the frame, and which hold anything at all. */
struct frame_state {
	bool reached;
	u16 defined;
	u16 apart;		/* ... and which point to something that is on no stack */
	s32 offset[EFFECTS_REGS];
};

static struct hlist_head flows[1 << INDEX_BITS];

struct flow_entry {
	struct hlist_node node;
	struct symbol *func;
	int object;
	struct flow *flow;
};

struct index_entry {
	struct hlist_node node;
	const struct instruction *insn;
	unsigned int i;
};

struct symbol *flow_func(struct instruction *insn)
{
	struct symbol *func = insn_func(insn);

	return func ? func->pfunc : NULL;
}

int flow_index(const struct flow *flow, const struct instruction *insn)
{
	struct index_entry *entry;

	hlist_for_each_entry(entry, &flow->index[hash_ptr(insn, INDEX_BITS)], node)
		if (entry->insn == insn)
			return entry->i;
	return -1;
}

static int add_insn(struct flow *flow, struct instruction *insn)
{
	struct index_entry *entry;
	struct flow_insn *insns;
	struct insn decoded;
	int i = flow_index(flow, insn);

	if (i >= 0)
		return i;
	if (!(flow->nr & 63)) {
		insns = realloc(flow->insns, (flow->nr + 64) * sizeof(*insns));
		if (!insns)
			return -1;
		flow->insns = insns;
	}
	entry = malloc(sizeof(*entry));
	if (!entry)
		return -1;
	entry->insn = insn;
	entry->i = flow->nr;
	hlist_add_head(&entry->node, &flow->index[hash_ptr(insn, INDEX_BITS)]);

	insns = &flow->insns[flow->nr];
	memset(insns, 0, sizeof(*insns));
	insns->insn = insn;
	insns->frame = FRAME_UNKNOWN;
	if (insn_is_padding(insn))
		return flow->nr++;
	if (!insn_bytes(insn, &decoded))
		return -1;
	arch_insn_effects(&decoded, &insns->effects);
	return flow->nr++;
}

static bool belongs(const struct flow *flow, struct instruction *insn)
{
	return flow_func(insn) == flow->func || insn_is_aside(insn);
}

static int add_successor(struct flow *flow, unsigned int *total, unsigned int i,
			 struct instruction *next)
{
	u32 *successors;
	int n;

	if (next && !belongs(flow, next)) {
		/* A call that does not return can be the last instruction. */
		flow->insns[i].lost |= flow->insns[i].kind != FLOW_CALL &&
				       flow->insns[i].insn->type != INSN_TRAP &&
				       flow->insns[i].insn->type != INSN_BUG;
		return 0;
	}
	if (!next)
		return 0;
	n = add_insn(flow, next);
	if (n < 0)
		return -1;
	if (!(*total & 63)) {
		successors = realloc(flow->successors, (*total + 64) * sizeof(*successors));
		if (!successors)
			return -1;
		flow->successors = successors;
	}
	flow->successors[(*total)++] = n;
	flow->insns[i].nr_successors++;
	return 0;
}

bool flow_leads_to(const struct flow *flow, u32 from, u32 to)
{
	const struct flow_insn *fi = &flow->insns[from];
	unsigned int k;

	for (k = 0; k < fi->nr_successors; k++)
		if (flow->successors[fi->first_successor + k] == to)
			return true;
	return false;
}

bool flow_is_entry(struct instruction *insn)
{
	struct symbol *func = flow_func(insn);

	return func && insn->sec == func->sec && insn->offset == func->offset;
}

/* How an instruction leaves the function, if it does, and if it goes on after it. */
static bool classify(struct flow *flow, struct flow_insn *fi)
{
	struct instruction *insn = fi->insn;
	bool conditional;

	switch (insn->type) {
	case INSN_RETURN:
		fi->kind = FLOW_RETURN;
		return false;
	case INSN_CALL:
		fi->kind = FLOW_CALL;
		fi->callee = insn->_call_dest;
		break;
	case INSN_CALL_DYNAMIC:
		fi->kind = FLOW_CALL;
		break;
	case INSN_JUMP_CONDITIONAL:
	case INSN_JUMP_UNCONDITIONAL:
		conditional = insn->type == INSN_JUMP_CONDITIONAL;
		if (insn->jump_dest && belongs(flow, insn->jump_dest) && !insn->_call_dest)
			return conditional;
		fi->kind = FLOW_TAIL;
		fi->callee = insn->_call_dest;
		/* Into the middle of another function: like a jump to anywhere. */
		if (!fi->callee && insn->jump_dest && flow_is_entry(insn->jump_dest))
			fi->callee = flow_func(insn->jump_dest);
		fi->lost = !fi->callee;
		return conditional;
	case INSN_JUMP_DYNAMIC:
	case INSN_JUMP_DYNAMIC_CONDITIONAL:
		if (!insn->alts)
			fi->kind = FLOW_TAIL;
		return insn->type == INSN_JUMP_DYNAMIC_CONDITIONAL;
	default:
		break;
	}
	return !insn->dead_end;
}

static int discover(struct objtool_file *file, struct flow *flow, struct instruction *entry)
{
	unsigned int i, total = 0;

	if (add_insn(flow, entry) < 0)
		return -1;
	for (i = 0; i < flow->nr; i++) {
		struct instruction *insn = flow->insns[i].insn;
		struct alternative *alt = insn->alts;
		bool goes_on;

		flow->insns[i].first_successor = total;
		goes_on = classify(flow, &flow->insns[i]);
		while (alt)
			if (add_successor(flow, &total, i, kernelx_alternative(&alt)))
				return -1;
		flow->insns[i].nr_instead = flow->insns[i].nr_successors;
		if (is_static_jump(insn) && flow->insns[i].kind == FLOW_NORMAL &&
		    add_successor(flow, &total, i, insn->jump_dest))
			return -1;
		if (goes_on && add_successor(flow, &total, i, insn_following(file, insn)))
			return -1;
	}
	return 0;
}

/* Callees, now that all instructions are there. */
static void find_arguments(struct objtool_file *file, struct flow *flow)
{
	struct flow_insn *fi;
	unsigned int k;

	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++) {
		if (fi->kind != FLOW_CALL && fi->kind != FLOW_TAIL)
			continue;
		if (fi->callee) {
			fi->assembly = callee_is_assembly(file, fi->callee);
			fi->arguments = callee_reads(file, fi->callee, &fi->unsure);
			fi->clobbers = callee_clobbers(file, fi->callee);
			continue;
		}
		fi->unsure = true;
		for (k = 0; k < ARGUMENT_REGS; k++)
			fi->arguments |= REG_PARTS_ALL(argument_regs[k]);
		/*
		 * A function of a paravirtualised kernel may keep to fewer registers than
		 * others, and its caller knows; it returns something in any case.
		 */
		fi->clobbers = REG_PARTS_ALL(CFI_AX);
		if (fi->effects.nr_memory && fi->effects.memory[0].rip)
			continue;
		for (k = 0; k < CALLER_SAVED_REGS; k++)
			fi->clobbers |= REG_PARTS_ALL(caller_saved[k]);
	}
}

static u16 regs_of(u64 parts)
{
	u16 regs = 0;
	int reg;

	for (reg = 0; reg < EFFECTS_REGS; reg++)
		if (parts & REG_PARTS_ALL(reg))
			regs |= 1 << reg;
	return regs;
}

static void take_address(struct flow *flow, s32 offset)
{
	if (offset == FRAME_UNKNOWN)
		return;
	if (offset == FRAME_SOMEWHERE)
		offset = flow->lowest;
	if (flow->taken == FRAME_UNKNOWN || offset < flow->taken)
		flow->taken = offset;
}

/* and $-32, %rsp: the compiler aligns its frame. */
static bool aligns_frame(const struct flow_insn *fi)
{
	struct insn insn;

	return (fi->effects.may_write & REG_PARTS_ALL(CFI_SP)) &&
	       insn_bytes(fi->insn, &insn) && insn.opcode.nbytes == 1 &&
	       (insn.opcode.bytes[0] == 0x81 || insn.opcode.bytes[0] == 0x83) &&
	       X86_MODRM_REG(insn.modrm.bytes[0]) == 4;
}

/*
 * Does the instruction only move an address in the frame, to @reg with @offset? Then the
 * address stays known.
 *
 * From where the frame is aligned, the compiler itself does not know how far it is to
 * what lies above, and refers to that by another register: any distance will do to tell
 * slots apart, if only the two do not overlap.
 */
static bool moves_address(const struct flow_insn *fi, const struct frame_state *state,
			  int *reg, s32 *offset)
{
	const struct memory_operand *memory = &fi->effects.memory[0];
	struct insn insn;
	s32 from;

	if (!insn_bytes(fi->insn, &insn) || insn.vex_prefix.nbytes || insn.opcode.nbytes != 1)
		return false;
	switch (insn.opcode.bytes[0]) {
	case 0x89:	/* mov reg, rm */
		if (!insn_rex(&insn, 8) || !insn_rm_is_register(&insn))
			return false;
		*reg = insn_modrm_rm(&insn);
		*offset = state->offset[insn_modrm_reg(&insn)];
		return true;
	case 0x8b:	/* mov rm, reg */
		if (!insn_rex(&insn, 8) || !insn_rm_is_register(&insn))
			return false;
		*reg = insn_modrm_reg(&insn);
		*offset = state->offset[insn_modrm_rm(&insn)];
		return true;
	case 0x81:	/* add, sub, and imm, rm */
	case 0x83:
		if (!insn_rex(&insn, 8) || !insn_rm_is_register(&insn))
			return false;
		*reg = insn_modrm_rm(&insn);
		from = state->offset[*reg];
		if (from == FRAME_UNKNOWN || from == FRAME_SOMEWHERE)
			return false;
		if (X86_MODRM_REG(insn.modrm.bytes[0]) == 0)
			*offset = from + insn.immediate.value;
		else if (X86_MODRM_REG(insn.modrm.bytes[0]) == 5)
			*offset = from - insn.immediate.value;
		else if (X86_MODRM_REG(insn.modrm.bytes[0]) == 4 && *reg == CFI_SP)
			*offset = from + insn.immediate.value;
		else
			return false;
		return true;
	case 0x8d:	/* lea */
		if (!insn_rex(&insn, 8) || memory->index >= 0 || memory->base < 0)
			return false;
		*reg = insn_modrm_reg(&insn);
		from = state->offset[memory->base];
		*offset = from == FRAME_UNKNOWN || from == FRAME_SOMEWHERE ? from :
			  from + memory->displacement;
		return true;
	case 0xc9:	/* leave: rsp = rbp + 8, and rbp is loaded */
		*reg = CFI_SP;
		from = state->offset[CFI_BP];
		*offset = from == FRAME_UNKNOWN || from == FRAME_SOMEWHERE ?
			  FRAME_UNKNOWN : from + 8;
		return true;
	}
	return false;
}

/* Stack pointer after instructions that move it by themselves. */
static s32 stack_pointer_after(const struct flow_insn *fi, s32 before)
{
	const struct effects *effects = &fi->effects;
	const struct memory_operand *memory = effects->memory;

	if (before == FRAME_UNKNOWN)
		return FRAME_UNKNOWN;
	if (fi->kind == FLOW_CALL || fi->kind == FLOW_RETURN)
		return before;
	/* What a push reads can be where the stack pointer is, too. */
	for (; memory < effects->memory + effects->nr_memory; memory++)
		if (memory->base == CFI_SP && memory->index < 0 &&
		    (memory->access & MEMORY_WRITE) &&
		    memory->displacement == -(int)memory->size)
			return before - memory->size;
	for (memory = effects->memory; memory < effects->memory + effects->nr_memory; memory++)
		if (memory->base == CFI_SP && memory->index < 0 &&
		    (memory->access & MEMORY_READ) && !memory->displacement)
			return before + memory->size;
	return FRAME_UNKNOWN;
}

/* Does it load a pointer to what is on no stack: the task, functions of a tracepoint? */
static bool loads_apart(struct objtool_file *file, const struct flow_insn *fi)
{
	static const char * const names[] = {
		"const_pcpu_hot", "pcpu_hot", "const_current_task", "current_task",
	};
	struct instruction *insn = fi->insn;
	struct reloc *reloc;
	struct insn decoded;
	unsigned int k;

	if (!fi->effects.nr_memory || !fi->effects.memory[0].rip ||
	    fi->effects.memory[0].access != MEMORY_READ || !insn_bytes(insn, &decoded) ||
	    decoded.opcode.nbytes != 1 || decoded.opcode.bytes[0] != 0x8b ||
	    !insn_rex(&decoded, 8))
		return false;
	reloc = find_reloc_by_dest_range(file->elf, insn->sec, insn->offset, insn->len);
	if (!reloc)
		return false;
	if (!fi->effects.memory[0].segment)
		return !strncmp(reloc->sym->name, "__tracepoint_", 13);
	/* The first member. */
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (!strcmp(reloc->sym->name, names[k]) && reloc_addend(reloc) == -4)
			return true;
	return false;
}

/* Registers that point to what is on no stack, after an instruction. */
static u16 apart_after(struct objtool_file *file, const struct flow_insn *fi, u16 before)
{
	u16 after = before & ~regs_of(fi->effects.may_write);
	struct insn insn;
	unsigned int k;

	if (fi->kind == FLOW_CALL)
		for (k = 0; k < CALLER_SAVED_REGS; k++)
			after &= ~(1 << caller_saved[k]);
	if (!insn_bytes(fi->insn, &insn) || insn.vex_prefix.nbytes || insn.opcode.nbytes != 1 ||
	    !insn_rex(&insn, 8))
		return after;
	if (loads_apart(file, fi))
		return after | 1 << insn_modrm_reg(&insn);
	if (!insn_rm_is_register(&insn))
		return after;
	if (insn.opcode.bytes[0] == 0x89 && (before & (1 << insn_modrm_reg(&insn))))
		after |= 1 << insn_modrm_rm(&insn);
	if (insn.opcode.bytes[0] == 0x8b && (before & (1 << insn_modrm_rm(&insn))))
		after |= 1 << insn_modrm_reg(&insn);
	return after;
}

/* Addresses in registers after a call. Assembly can have changed any, and maybe has not. */
static void forget_addresses(const struct flow_insn *fi, struct frame_state *state)
{
	bool unsure = fi->assembly && !callee_saves_all(fi->callee);
	unsigned int k;

	for (k = 0; k < CALLER_SAVED_REGS; k++) {
		s32 *offset = &state->offset[caller_saved[k]];

		if (fi->clobbers & REG_PARTS_ALL(caller_saved[k]))
			*offset = FRAME_UNKNOWN;
		else if (unsure && *offset != FRAME_UNKNOWN)
			*offset = FRAME_SOMEWHERE;
	}
}

/* What an instruction does to addresses in the frame. */
static void frame_transfer(struct flow *flow, const struct flow_insn *fi,
			   struct frame_state *state, bool note)
{
	const struct effects *effects = &fi->effects;
	u16 written = regs_of(effects->may_write), value = regs_of(effects->value);
	s32 stack = state->offset[CFI_SP], offset = FRAME_UNKNOWN;
	bool kept, stores = false, points = false;
	unsigned int k;
	int reg = -1;

	kept = moves_address(fi, state, &reg, &offset);
	for (k = 0; k < effects->nr_memory; k++)
		stores |= effects->memory[k].access & MEMORY_WRITE;

	if (note && fi->kind != FLOW_NORMAL) {
		for (k = 0; k < ARGUMENT_REGS; k++)
			if (fi->arguments & REG_PARTS_ALL(argument_regs[k]))
				take_address(flow, state->offset[argument_regs[k]]);
		if (fi->kind == FLOW_RETURN)
			take_address(flow, state->offset[CFI_AX]);
	} else if (note && !kept && (stores || effects->other_written)) {
		for (k = 0; k < EFFECTS_REGS; k++)
			if (value & (1 << k))
				take_address(flow, state->offset[k]);
	}
	for (k = 0; k < EFFECTS_REGS; k++)
		points |= (value & (1 << k)) && state->offset[k] != FRAME_UNKNOWN;

	if (written & (1 << CFI_SP))
		stack = stack_pointer_after(fi, stack);
	for (k = 0; k < EFFECTS_REGS; k++)
		if (written & (1 << k))
			state->offset[k] = points ? FRAME_SOMEWHERE : FRAME_UNKNOWN;
	state->offset[CFI_SP] = stack;
	if (kept)
		state->offset[reg] = offset;
	state->defined |= written;
	if (fi->kind == FLOW_CALL && !(fi->callee && fi->callee->fentry)) {
		forget_addresses(fi, state);
		state->defined &= ~regs_of(fi->clobbers);
		state->defined |= 1 << CFI_AX | 1 << CFI_DX;
		/* Assembly returns in any register. */
		for (k = 0; fi->assembly && k < CALLER_SAVED_REGS; k++)
			state->defined |= 1 << caller_saved[k];
	}
}

/* Return: true if @into has changed. */
static bool merge_frames(struct frame_state *into, const struct frame_state *from)
{
	bool changed = !into->reached;
	int k;

	if (changed) {
		*into = *from;
		return true;
	}
	if (into->apart & ~from->apart) {
		into->apart &= from->apart;
		changed = true;
	}
	if (from->defined & ~into->defined) {
		into->defined |= from->defined;
		changed = true;
	}
	for (k = 0; k < EFFECTS_REGS; k++) {
		s32 merged = k == CFI_SP ? FRAME_UNKNOWN : FRAME_SOMEWHERE;

		if (into->offset[k] == from->offset[k] || into->offset[k] == merged)
			continue;
		into->offset[k] = merged;
		changed = true;
	}
	return changed;
}

/* Of an unknown callee: what was never written cannot be an argument, nor what follows. */
static void limit_arguments(struct flow_insn *fi, const struct frame_state *state)
{
	unsigned int k;

	if (!fi->unsure || fi->assembly)
		return;
	for (k = 0; k < ARGUMENT_REGS; k++)
		if (!(state->defined & (1 << argument_regs[k])))
			break;
	for (; k < ARGUMENT_REGS; k++)
		fi->arguments &= ~REG_PARTS_ALL(argument_regs[k]);
}

static void place_operands(struct flow *flow, struct flow_insn *fi,
			   const struct frame_state *state)
{
	unsigned int k;

	for (k = 0; k < fi->effects.nr_memory; k++) {
		const struct memory_operand *memory = &fi->effects.memory[k];
		s32 base = memory->base < 0 ? FRAME_UNKNOWN : state->offset[memory->base];
		s32 first, last;

		fi->place[k] = OPERAND_NONE;
		fi->element[k] = FRAME_UNKNOWN;
		if (!(memory->access & (MEMORY_READ | MEMORY_WRITE)))
			continue;
		fi->place[k] = OPERAND_MEMORY;
		/* An index without a base can be a pointer that was shifted. */
		fi->apart[k] = memory->segment || (memory->base < 0 ? memory->index < 0 :
			       state->apart & (1 << memory->base));
		if (memory->segment || memory->base < 0)
			continue;
		if (base == FRAME_UNKNOWN) {
			if (memory->base == CFI_SP) {
				fi->place[k] = OPERAND_ANY_FRAME;
				flow->wide |= KERNELX_WIDE_FRAME;
				flow->indexed = INT_MIN;
			}
			continue;
		}
		if (base == FRAME_SOMEWHERE) {
			fi->place[k] = OPERAND_MAYBE_FRAME;
			flow->indexed = INT_MIN;
			continue;
		}
		fi->place[k] = OPERAND_ANY_FRAME;
		first = base + memory->displacement;
		if (memory->index >= 0 || !memory->size) {
			/* Compilers count from one, too: some elements before the first. */
			fi->element[k] = first;
			if (first - ELEMENTS_BEFORE < flow->indexed)
				flow->indexed = first - ELEMENTS_BEFORE;
			continue;
		}
		last = first + memory->size - 1;
		if (first < flow->lowest || last >= flow->lowest + MAX_SLOTS * SLOT_SIZE)
			continue;
		fi->place[k] = OPERAND_FRAME;
		fi->slot[k] = (first - flow->lowest) / SLOT_SIZE;
		fi->slots[k] = (last - flow->lowest) / SLOT_SIZE - fi->slot[k] + 1;
		fi->whole[k] = !(first & (SLOT_SIZE - 1)) && !(memory->size & (SLOT_SIZE - 1));
	}
}

static int track_frame(struct objtool_file *file, struct flow *flow)
{
	struct frame_state *states, state, before;
	unsigned int i, k, top = 0;
	u32 *stack;
	bool *queued;

	states = calloc(flow->nr, sizeof(*states));
	stack = malloc(flow->nr * sizeof(*stack));
	queued = calloc(flow->nr, sizeof(*queued));
	if (!states || !stack || !queued) {
		free(states);
		free(stack);
		free(queued);
		return -1;
	}
	for (k = 0; k < EFFECTS_REGS; k++)
		states[0].offset[k] = FRAME_UNKNOWN;
	states[0].offset[CFI_SP] = -8;
	if (flow->object >= 0)
		states[0].offset[flow->object] = OBJECT_OFFSET;
	states[0].reached = true;
	states[0].defined = regs_of(dwarf_arguments(file, flow->func));
	stack[top++] = 0;
	while (top) {
		i = stack[--top];
		queued[i] = false;
		before = states[i];
		state = before;
		frame_transfer(flow, &flow->insns[i], &state, false);
		state.apart = apart_after(file, &flow->insns[i], before.apart);
		for (k = 0; k < flow->insns[i].nr_successors; k++) {
			u32 next = flow->successors[flow->insns[i].first_successor + k];

			if (merge_frames(&states[next], k < flow->insns[i].nr_instead ?
					 &before : &state) && !queued[next]) {
				queued[next] = true;
				stack[top++] = next;
			}
		}
	}
	for (i = 0; i < flow->nr; i++) {
		flow->insns[i].frame = states[i].offset[CFI_SP];
		/* A jump to a function leaves no frame behind. */
		flow->insns[i].lost |= flow->insns[i].kind == FLOW_TAIL &&
				       !flow->insns[i].callee && flow->insns[i].frame != -8;
		if (flow->insns[i].frame != FRAME_UNKNOWN && flow->insns[i].frame < flow->lowest)
			flow->lowest = flow->insns[i].frame;
	}
	/* A push or call right there, and the red zone that the kernel does not use. */
	flow->lowest = (flow->lowest - 16) & ~(SLOT_SIZE - 1);
	for (i = 0; i < flow->nr; i++) {
		limit_arguments(&flow->insns[i], &states[i]);
		place_operands(flow, &flow->insns[i], &states[i]);
		for (k = 0; k < ARGUMENT_REGS; k++)
			flow->insns[i].pointer[k] = states[i].offset[argument_regs[k]];
		state = states[i];
		frame_transfer(flow, &flow->insns[i], &state, true);
	}
	free(states);
	free(stack);
	free(queued);
	return 0;
}

/* A plain load or store of one register. */
static bool is_plain_move(const struct flow_insn *fi)
{
	const struct effects *effects = &fi->effects;

	return effects->nr_memory == 1 && fi->place[0] == OPERAND_FRAME && fi->whole[0] &&
	       !effects->reads_flags && !effects->may_write_flags &&
	       (effects->memory[0].access == MEMORY_READ ||
		effects->memory[0].access == MEMORY_WRITE);
}

/* A pop of a register that callees need not keep: what it loads nobody wants. */
static bool removes_argument(const struct flow_insn *fi)
{
	unsigned int k;

	if (!(fi->effects.writes & REG_PARTS_ALL(CFI_SP)) ||
	    fi->effects.memory[0].access != MEMORY_READ)
		return false;
	for (k = 0; k < CALLER_SAVED_REGS; k++)
		if (fi->effects.writes & REG_PARTS_ALL(caller_saved[k]))
			return true;
	return false;
}

/* Which slots are stored whole and loaded whole, and not touched in any other way? */
static int find_spills(struct flow *flow)
{
	enum { STORED = 1, LOADED = 2, OTHER = 4 };
	struct flow_insn *fi;
	unsigned int k, s;
	u8 *seen;

	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++)
		for (k = 0; k < fi->effects.nr_memory; k++)
			if (fi->place[k] == OPERAND_FRAME &&
			    fi->slot[k] + fi->slots[k] > flow->nr_slots)
				flow->nr_slots = fi->slot[k] + fi->slots[k];
	flow->words = 2 + (flow->nr_slots + 63) / 64;
	flow->spill = calloc(flow->nr_slots + 1, sizeof(*flow->spill));
	seen = calloc(flow->nr_slots + 1, 1);
	if (!flow->spill || !seen) {
		free(seen);
		return -1;
	}
	for (fi = flow->insns; fi < flow->insns + flow->nr; fi++)
		for (k = 0; k < fi->effects.nr_memory; k++) {
			if (fi->place[k] != OPERAND_FRAME)
				continue;
			for (s = fi->slot[k]; s < fi->slot[k] + fi->slots[k]; s++) {
				if (!is_plain_move(fi))
					seen[s] |= OTHER;
				else if (removes_argument(fi))
					seen[s] |= OTHER;
				else if (fi->effects.memory[0].access == MEMORY_READ)
					seen[s] |= LOADED;
				else if (fi->effects.value)
					seen[s] |= STORED;
				else
					seen[s] |= OTHER;
			}
		}
	for (s = 0; s < flow->nr_slots; s++) {
		s32 offset = flow->lowest + (s32)s * SLOT_SIZE;

		flow->spill[s] = seen[s] == (STORED | LOADED) && offset < flow->indexed;
		/* Nor is the return address an element of an array. */
		flow->spill[s] |= offset >= -8 && offset < 0;
	}
	free(seen);
	return 0;
}

/*
 * Below all addresses that others know there are only spilled registers, as compilers
 * put them there, and other locals whose address nobody knows. One could still be the
 * head of a structure of which a member's address was handed out: so only what has the
 * look of a spill is taken for private.
 */
bool flow_exposed(const struct flow *flow, unsigned int slot)
{
	s32 offset = flow->lowest + (s32)slot * SLOT_SIZE;

	if (flow->taken == FRAME_UNKNOWN)
		return false;
	return offset >= flow->taken || slot >= flow->nr_slots || !flow->spill[slot];
}

bool flow_popped_next(const struct flow *flow, const struct flow_insn *fi, unsigned int k)
{
	const u64 stack_pointer = REG_PARTS_ALL(CFI_SP);
	const struct flow_insn *next;

	if (!(fi->effects.writes & stack_pointer) || fi->nr_successors != 1)
		return false;
	next = &flow->insns[flow->successors[fi->first_successor]];
	return (next->effects.writes & stack_pointer) && next->effects.nr_memory == 1 &&
	       next->effects.memory[0].access == MEMORY_READ &&
	       next->place[0] == OPERAND_FRAME && next->slot[0] == fi->slot[k] &&
	       next->slots[0] == fi->slots[k] && next->whole[0];
}

void flow_free(struct flow *flow)
{
	struct index_entry *entry;
	struct hlist_node *next;
	unsigned int k;

	for (k = 0; k < 1 << INDEX_BITS; k++)
		hlist_for_each_entry_safe(entry, next, &flow->index[k], node)
			free(entry);
	for (k = 0; k < flow->nr; k++)
		free(flow->insns[k].reads);
	free(flow->index);
	free(flow->insns);
	free(flow->successors);
	free(flow->spill);
	free(flow->live);
	free(flow);
}

/* @object: a register that points to what is seen as part of the frame; -1 if none does. */
static struct flow *build(struct objtool_file *file, struct symbol *func, int object,
			  bool complete)
{
	struct instruction *entry = find_insn(file, func->sec, func->offset);
	struct flow *flow;
	unsigned int i;

	if (!entry || flow_func(entry) != func)
		return NULL;
	flow = calloc(1, sizeof(*flow));
	if (!flow)
		return NULL;
	flow->func = func;
	flow->object = object;
	flow->taken = FRAME_UNKNOWN;
	flow->indexed = INT_MAX;
	flow->index = calloc(1 << INDEX_BITS, sizeof(*flow->index));
	if (!flow->index || discover(file, flow, entry))
		goto failed;
	find_arguments(file, flow);
	for (i = 0; i < flow->nr; i++)
		flow->aligned |= aligns_frame(&flow->insns[i]);
	if (track_frame(file, flow))
		goto failed;
	if (complete && (find_spills(flow) || flow_find_pointed(file, flow) ||
			 flow_find_live(flow)))
		goto failed;
	return flow;

failed:
	if (flow->index)
		flow_free(flow);
	else
		free(flow);
	return NULL;
}

static bool has_code(const struct symbol *func)
{
	if (!func || !func->sec || func->type != STT_FUNC)
		return false;
	/* Another object may have a stronger one. */
	return opts.link || func->bind != STB_WEAK;
}

struct flow *flow_scan_pointer(struct objtool_file *file, struct symbol *func, int reg)
{
	return has_code(func) ? build(file, canonical_func(func), reg, false) : NULL;
}

struct flow *flow_of(struct objtool_file *file, struct symbol *func)
{
	return flow_of_pointer(file, func, -1);
}

struct flow *flow_of_pointer(struct objtool_file *file, struct symbol *func, int reg)
{
	struct hlist_head *head;
	struct flow_entry *entry;

	if (!has_code(func))
		return NULL;
	func = canonical_func(func);
	head = &flows[hash_ptr(func, INDEX_BITS)];
	hlist_for_each_entry(entry, head, node)
		if (entry->func == func && entry->object == reg)
			return entry->flow;
	entry = malloc(sizeof(*entry));
	if (!entry)
		return NULL;
	entry->func = func;
	entry->object = reg;
	entry->flow = build(file, func, reg, true);
	hlist_add_head(&entry->node, head);
	return entry->flow;
}
