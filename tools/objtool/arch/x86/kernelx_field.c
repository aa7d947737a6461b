// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: which member of which structure a value is stored to.
 *
 * For people who judge an escape; nothing else depends on it. The base register is
 * followed back to where it was an argument, a result, or a member of something known.
 */
#include <stdio.h>
#include <string.h>

#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx_dwarf.h>
#include <objtool/kernelx_field.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/objtool.h>

#define MAX_SEARCH	128

/* An address: so many bytes into a structure. */
struct pointer {
	struct dwarf_type type;
	s64 offset;
};

struct search {
	struct objtool_file *file;
	const struct flow *flow;
	unsigned int nr;
	struct {
		u32 i;
		int reg;
	} seen[MAX_SEARCH];
};

static bool find_pointer(struct search *search, u32 i, int reg, struct pointer *pointer);

static bool is_load(const struct effects *effects)
{
	return effects->nr_memory == 1 && effects->memory[0].access == MEMORY_READ &&
	       effects->memory[0].size == 8 && effects->memory[0].base >= 0 &&
	       effects->memory[0].index < 0 && !effects->memory[0].segment && !effects->value;
}

static bool is_lea(const struct effects *effects)
{
	return effects->nr_memory == 1 && effects->memory[0].access == MEMORY_ADDRESS &&
	       effects->memory[0].base >= 0 && effects->memory[0].index < 0;
}

/* The one register that is moved, or -1. */
static int moved_from(const struct flow_insn *fi)
{
	struct insn insn;
	int reg;

	if (fi->effects.nr_memory || !insn_bytes(fi->insn, &insn) ||
	    insn.opcode.nbytes != 1 ||
	    (insn.opcode.bytes[0] != 0x89 && insn.opcode.bytes[0] != 0x8b))
		return -1;
	for (reg = 0; reg < EFFECTS_REGS; reg++)
		if (fi->effects.value == REG_PARTS(reg, PART_64))
			return reg;
	return -1;
}

/* What an instruction leaves in the register that it writes. */
static bool made_pointer(struct search *search, u32 i, struct pointer *pointer)
{
	const struct flow_insn *fi = &search->flow->insns[i];
	const struct effects *effects = &fi->effects;
	struct dwarf_type pointee;
	int from;

	if (is_load(effects)) {
		if (!find_pointer(search, i, effects->memory[0].base, pointer) ||
		    !dwarf_member(&pointer->type, pointer->offset + effects->memory[0].displacement,
				  NULL, 0, &pointee))
			return false;
		pointer->type = pointee;
		pointer->offset = 0;
		return true;
	}
	if (is_lea(effects)) {
		if (!find_pointer(search, i, effects->memory[0].base, pointer))
			return false;
		pointer->offset += effects->memory[0].displacement;
		return true;
	}
	from = moved_from(fi);
	return from >= 0 && find_pointer(search, i, from, pointer);
}

/* What a register points to before an instruction. */
static bool find_pointer(struct search *search, u32 i, int reg, struct pointer *pointer)
{
	const struct flow *flow = search->flow;
	unsigned int k;
	u32 p;

	for (k = 0; k < search->nr; k++)
		if (search->seen[k].i == i && search->seen[k].reg == reg)
			return false;
	if (search->nr == MAX_SEARCH)
		return false;
	search->seen[search->nr].i = i;
	search->seen[search->nr++].reg = reg;

	pointer->offset = 0;
	if (!i)
		return dwarf_pointer_argument(search->file, flow->func, reg, &pointer->type);
	for (p = 0; p < flow->nr; p++) {
		const struct flow_insn *fi = &flow->insns[p];
		bool found;

		if (!flow_leads_to(flow, p, i))
			continue;
		if (fi->kind == FLOW_CALL && reg == CFI_AX && fi->callee) {
			pointer->offset = 0;
			found = dwarf_pointer_result(search->file, fi->callee, &pointer->type);
		} else if (fi->effects.may_write & REG_PARTS(reg, PART_64)) {
			found = made_pointer(search, p, pointer);
		} else {
			found = find_pointer(search, p, reg, pointer);
		}
		if (found)
			return true;
	}
	return false;
}

static bool describe_variable(struct objtool_file *file, const struct instruction *insn,
			      char *text, size_t size)
{
	struct reloc *reloc = find_reloc_by_dest_range(file->elf, insn->sec, insn->offset,
						       insn->len);
	struct symbol *sym;

	if (!reloc)
		return false;
	sym = reloc->sym;
	/* A reference to a section: the object there. The displacement ends the instruction. */
	if (sym->type == STT_SECTION && sym->sec)
		sym = find_symbol_containing(sym->sec, reloc_addend(reloc) + 4);
	if (!sym)
		return false;
	snprintf(text, size, "%s", sym->name);
	return true;
}

bool describe_store(struct objtool_file *file, struct instruction *insn, char *text,
		    size_t size)
{
	struct flow *flow = flow_of(file, flow_func(insn));
	struct search search = { .file = file, .flow = flow };
	const struct memory_operand *memory;
	struct pointer pointer;
	unsigned int k;
	int i;

	i = flow ? flow_index(flow, insn) : -1;
	if (i < 0)
		return false;
	for (k = 0; k < flow->insns[i].effects.nr_memory; k++) {
		memory = &flow->insns[i].effects.memory[k];
		if (!(memory->access & MEMORY_WRITE) || flow->insns[i].place[k] != OPERAND_MEMORY)
			continue;
		if (memory->rip || (memory->base < 0 && memory->index < 0))
			return describe_variable(file, insn, text, size);
		return memory->index < 0 && memory->base >= 0 && !memory->segment &&
		       find_pointer(&search, i, memory->base, &pointer) &&
		       dwarf_member(&pointer.type, pointer.offset + memory->displacement, text,
				    size, NULL);
	}
	return false;
}
