// SPDX-License-Identifier: GPL-2.0
/*
 * What an instruction does, after capstone, with what capstone does not tell.
 */
#include <capstone/capstone.h>
#include <string.h>

#include "oracle.h"

#define HASH_BITS	14

enum { CF, PF, AF, ZF, SF, OF };

const u16 flag_bits[NR_FLAGS] = { 1 << 0, 1 << 2, 1 << 4, 1 << 6, 1 << 7, 1 << 11 };
const char *const flag_names[NR_FLAGS] = { "CF", "PF", "AF", "ZF", "SF", "OF" };
const char *const register_names[NR_REGISTERS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

/* What a condition looks at, by its number without the lowest bit, which negates it. */
static const u8 condition_flags[8] = {
	1 << OF, 1 << CF, 1 << ZF, 1 << CF | 1 << ZF,
	1 << SF, 1 << PF, 1 << SF | 1 << OF, 1 << ZF | 1 << SF | 1 << OF,
};

struct part {
	u8 number;
	u8 read;	/* bytes of it */
	u8 written;	/* 32 bits clear the upper half */
};

static csh capstone;
static cs_insn *buffer;
static struct insn *known[1 << HASH_BITS];
static struct part parts[X86_REG_ENDING];

static void name_legacy(unsigned int number, x86_reg r64, x86_reg r32, x86_reg r16, x86_reg r8)
{
	parts[r64] = (struct part){ (u8)number, 0xff, 0xff };
	parts[r32] = (struct part){ (u8)number, 0x0f, 0xff };
	parts[r16] = (struct part){ (u8)number, 0x03, 0x03 };
	parts[r8] = (struct part){ (u8)number, 0x01, 0x01 };
}

void decode_open(void)
{
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK)
		fail("capstone does not start");
	cs_option(capstone, CS_OPT_DETAIL, CS_OPT_ON);
	cs_option(capstone, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
	buffer = cs_malloc(capstone);
	name_legacy(RAX, X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL);
	name_legacy(RCX, X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL);
	name_legacy(RDX, X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL);
	name_legacy(RBX, X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL);
	name_legacy(RSP, X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL);
	name_legacy(RBP, X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL);
	name_legacy(RSI, X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL);
	name_legacy(RDI, X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL);
	for (int i = 0; i < 8; i++)
		name_legacy(8 + (unsigned int)i, (x86_reg)(X86_REG_R8 + i),
			    (x86_reg)(X86_REG_R8D + i), (x86_reg)(X86_REG_R8W + i),
			    (x86_reg)(X86_REG_R8B + i));
	parts[X86_REG_AH] = (struct part){ RAX, 2, 2 };
	parts[X86_REG_CH] = (struct part){ RCX, 2, 2 };
	parts[X86_REG_DH] = (struct part){ RDX, 2, 2 };
	parts[X86_REG_BH] = (struct part){ RBX, 2, 2 };
}

static void reads(struct insn *insn, unsigned int reg)
{
	if (reg < X86_REG_ENDING)
		insn->read[parts[reg].number] |= parts[reg].read;
}

static void writes(struct insn *insn, unsigned int reg)
{
	if (reg < X86_REG_ENDING)
		insn->written[parts[reg].number] |= parts[reg].written;
}

static void registers_of(struct insn *insn, const cs_insn *cs)
{
	u8 nr_read, nr_written;
	cs_regs read, written;

	if (cs_regs_access(capstone, cs, read, &nr_read, written, &nr_written))
		return;
	for (unsigned int i = 0; i < nr_read; i++)
		reads(insn, read[i]);
	for (unsigned int i = 0; i < nr_written; i++)
		writes(insn, written[i]);
}

static const u64 flags_tested[NR_FLAGS] = {
	X86_EFLAGS_TEST_CF, X86_EFLAGS_TEST_PF, 0, X86_EFLAGS_TEST_ZF, X86_EFLAGS_TEST_SF,
	X86_EFLAGS_TEST_OF,
};

static const u64 flags_changed[NR_FLAGS] = {
	X86_EFLAGS_MODIFY_CF | X86_EFLAGS_RESET_CF | X86_EFLAGS_SET_CF | X86_EFLAGS_UNDEFINED_CF,
	X86_EFLAGS_MODIFY_PF | X86_EFLAGS_RESET_PF | X86_EFLAGS_SET_PF | X86_EFLAGS_UNDEFINED_PF,
	X86_EFLAGS_MODIFY_AF | X86_EFLAGS_RESET_AF | X86_EFLAGS_SET_AF | X86_EFLAGS_UNDEFINED_AF,
	X86_EFLAGS_MODIFY_ZF | X86_EFLAGS_RESET_ZF | X86_EFLAGS_SET_ZF | X86_EFLAGS_UNDEFINED_ZF,
	X86_EFLAGS_MODIFY_SF | X86_EFLAGS_RESET_SF | X86_EFLAGS_SET_SF | X86_EFLAGS_UNDEFINED_SF,
	X86_EFLAGS_MODIFY_OF | X86_EFLAGS_RESET_OF | X86_EFLAGS_SET_OF | X86_EFLAGS_UNDEFINED_OF,
};

static int condition(const cs_x86 *x86)
{
	if ((x86->opcode[0] & 0xf0) == 0x70)
		return x86->opcode[0] & 0x0f;
	if (x86->opcode[0] != 0x0f)
		return -1;
	switch (x86->opcode[1] & 0xf0) {
	case 0x40:
	case 0x80:
	case 0x90:
		return x86->opcode[1] & 0x0f;
	}
	return -1;
}

static void flags_of(struct insn *insn, const cs_insn *cs)
{
	const cs_x86 *x86 = &cs->detail->x86;
	int cc = condition(x86);

	for (unsigned int i = 0; i < NR_FLAGS; i++) {
		if (x86->eflags & flags_tested[i])
			insn->flags_read |= (u8)(1 << i);
		if (x86->eflags & flags_changed[i])
			insn->flags_written |= (u8)(1 << i);
	}
	if (cc >= 0)
		insn->flags_read = condition_flags[cc / 2];
	/* By zero places, a shift leaves them as they are. */
	if (x86->op_count == 2 && x86->operands[0].type == X86_OP_REG &&
	    x86->operands[0].reg == X86_REG_CL)
		insn->flags_written = 0;
	switch (cs->id) {
	case X86_INS_ADC:
	case X86_INS_SBB:
	case X86_INS_RCL:
	case X86_INS_RCR:
	case X86_INS_CMC:
		insn->flags_read |= 1 << CF;
		break;
	case X86_INS_LAHF:
		insn->flags_read = (1 << NR_FLAGS) - 1;
		break;
	case X86_INS_POPFQ:
		insn->flags_written = (1 << NR_FLAGS) - 1;
		break;
	}
}

static bool same_registers(const cs_x86 *x86)
{
	return x86->op_count == 2 && x86->operands[0].type == X86_OP_REG &&
	       x86->operands[1].type == X86_OP_REG && x86->operands[0].reg == x86->operands[1].reg;
}

static bool immediate(const cs_x86 *x86, s64 value)
{
	return x86->op_count == 2 && x86->operands[0].type == X86_OP_IMM &&
	       x86->operands[0].imm == value;
}

/* What gives the same whatever was there does not need what was there. */
static void independent_of(struct insn *insn, const cs_insn *cs)
{
	const cs_x86 *x86 = &cs->detail->x86;
	bool constant = false;

	switch (cs->id) {
	case X86_INS_XOR:
	case X86_INS_SUB:
	case X86_INS_SBB:
		constant = same_registers(x86);
		break;
	case X86_INS_XCHG:
		if (!same_registers(x86))
			break;
		memset(insn->written, 0, sizeof(insn->written));
		constant = true;
		break;
	case X86_INS_OR:
		constant = immediate(x86, -1) && x86->operands[1].type == X86_OP_REG;
		break;
	case X86_INS_AND:
		constant = immediate(x86, 0) && x86->operands[1].type == X86_OP_REG;
		break;
	case X86_INS_NOP:
	case X86_INS_ENDBR64:
		constant = true;
		break;
	}
	if (constant)
		memset(insn->read, 0, sizeof(insn->read));
}

/* Both operands are read and written, which capstone does not always say. */
static void exchange(struct insn *insn, const cs_x86 *x86)
{
	for (unsigned int i = 0; i < x86->op_count; i++) {
		if (x86->operands[i].type != X86_OP_REG)
			continue;
		reads(insn, x86->operands[i].reg);
		writes(insn, x86->operands[i].reg);
	}
}

static void more_registers(struct insn *insn, const cs_insn *cs)
{
	const cs_x86 *x86 = &cs->detail->x86;

	if (cs->id == X86_INS_XCHG || cs->id == X86_INS_XADD)
		exchange(insn, x86);
	/* A conditional move that does not move leaves what was there. */
	if (x86->opcode[0] == 0x0f && (x86->opcode[1] & 0xf0) == 0x40)
		reads(insn, x86->operands[x86->op_count - 1].reg);
	if (x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE) {
		switch (cs->id) {
		case X86_INS_MOVSB: case X86_INS_MOVSW: case X86_INS_MOVSD: case X86_INS_MOVSQ:
		case X86_INS_STOSB: case X86_INS_STOSW: case X86_INS_STOSD: case X86_INS_STOSQ:
		case X86_INS_SCASB: case X86_INS_CMPSB:
			reads(insn, X86_REG_RCX);
			writes(insn, X86_REG_RCX);
		}
	}
	independent_of(insn, cs);
}

static enum insn_kind call_kind(struct insn *insn, const cs_x86 *x86)
{
	if (x86->operands[0].type != X86_OP_IMM)
		return INSN_CALL_INDIRECT;
	insn->target = (u64)x86->operands[0].imm;
	switch (image_special(insn->target)) {
	case SPECIAL_TRACE:
		return INSN_NOTHING;
	case SPECIAL_INDIRECT:
		return INSN_CALL_INDIRECT;
	case SPECIAL_NORETURN:
		return INSN_CALL_NORETURN;
	case SPECIAL_RETURN:
	case SPECIAL_NONE:
		break;
	}
	return INSN_CALL;
}

static enum insn_kind jump_kind(struct insn *insn, const cs_x86 *x86)
{
	if (x86->operands[0].type != X86_OP_IMM)
		return INSN_JUMP_INDIRECT;
	insn->target = (u64)x86->operands[0].imm;
	switch (image_special(insn->target)) {
	case SPECIAL_RETURN:
		return INSN_RETURN;
	case SPECIAL_INDIRECT:
		return INSN_JUMP_INDIRECT;
	case SPECIAL_TRACE:
	case SPECIAL_NORETURN:
	case SPECIAL_NONE:
		break;
	}
	return INSN_JUMP;
}

static enum insn_kind kind_of(struct insn *insn, const cs_insn *cs)
{
	const cs_x86 *x86 = &cs->detail->x86;

	switch (cs->id) {
	case X86_INS_CALL:
		return call_kind(insn, x86);
	case X86_INS_JMP:
		return jump_kind(insn, x86);
	case X86_INS_RET:
		return INSN_RETURN;
	case X86_INS_UD2:
	case X86_INS_INT3:
	case X86_INS_INT:
		return INSN_TRAP;
	case X86_INS_PUSHFQ:
		return INSN_PUSH_FLAGS;
	case X86_INS_RDTSC:
	case X86_INS_RDTSCP:
	case X86_INS_RDPMC:
	case X86_INS_RDMSR:
		return INSN_CLOCK;
	case X86_INS_CLI:
	case X86_INS_STI:
	case X86_INS_INVALID:
		return INSN_PLAIN;
	case X86_INS_RDRAND:
	case X86_INS_RDSEED:
	case X86_INS_CPUID:
	case X86_INS_SWAPGS:
	case X86_INS_IN:
	case X86_INS_OUT:
	case X86_INS_HLT:
	case X86_INS_LCALL:
	case X86_INS_LJMP:
	case X86_INS_SYSCALL:
		return INSN_UNKNOWN;
	}
	if (cs_insn_group(capstone, cs, X86_GRP_JUMP))
		return jump_kind(insn, x86);
	if (cs_insn_group(capstone, cs, X86_GRP_PRIVILEGE) ||
	    cs_insn_group(capstone, cs, X86_GRP_IRET))
		return INSN_UNKNOWN;
	return INSN_PLAIN;
}

static bool is_part(x86_reg reg, unsigned int number)
{
	return parts[reg].read && parts[reg].number == number;
}

/*
 * A register that goes to the stack is not needed by that, nor where it comes back by a
 * pop: by what uses it then. That which a store addresses it needs.
 */
static void saves(struct insn *insn, const cs_insn *cs)
{
	const cs_x86 *x86 = &cs->detail->x86;
	const cs_x86_op *from = &x86->operands[0], *to = &x86->operands[1];
	const struct part *part;

	if (from->type != X86_OP_REG)
		return;
	part = &parts[from->reg];
	if (!(part->read & 1) || part->number == RSP)
		return;
	insn->saved = part->number;
	if (cs->id == X86_INS_PUSH || cs->id == X86_INS_POP) {
		insn->save = cs->id == X86_INS_PUSH;
		insn->restore = cs->id == X86_INS_POP;
	} else if (cs->id == X86_INS_MOV && to->type == X86_OP_MEM) {
		insn->save = !is_part(to->mem.base, part->number) &&
			     !is_part(to->mem.index, part->number);
	}
	if (insn->save || insn->restore)
		insn->read[part->number] = 0;
}

/* A function's epilogue can have other ways than pops. */
static void restores(struct insn *insn, const cs_insn *cs)
{
	const cs_x86_op *from = &cs->detail->x86.operands[0], *to = &cs->detail->x86.operands[1];

	if (cs->id == X86_INS_LEAVE) {
		insn->saved = RBP;
		insn->restore = true;
	} else if (cs->id == X86_INS_MOV && from->type == X86_OP_MEM && to->type == X86_OP_REG &&
		   parts[to->reg].read == 0xff && !(CLOBBERED & 1u << parts[to->reg].number)) {
		insn->saved = parts[to->reg].number;
		insn->reload = true;
	}
}

static void decode_new(struct insn *insn)
{
	size_t left = 15;
	u64 address = insn->address;
	const u8 *bytes = image_bytes(address, left);

	insn->kind = INSN_UNKNOWN;
	if (!bytes || !cs_disasm_iter(capstone, &bytes, &left, &address, buffer))
		return;
	insn->size = (u8)buffer->size;
	registers_of(insn, buffer);
	flags_of(insn, buffer);
	more_registers(insn, buffer);
	saves(insn, buffer);
	restores(insn, buffer);
	insn->kind = (u8)kind_of(insn, buffer);
	insn->branch = insn->kind == INSN_JUMP && buffer->id != X86_INS_JMP;
	if (buffer->id == X86_INS_NOP || buffer->id == X86_INS_JMP)
		insn->branch = image_jump_label(insn->address, &insn->target);
	if (insn->branch)
		insn->kind = INSN_JUMP;
	/* The stack pointer is the same in both runs. */
	insn->read[RSP] = 0;
	for (unsigned int i = 0; i < NR_REGISTERS; i++) {
		insn->read_any |= (u16)(!!insn->read[i] << i);
		insn->written_any |= (u16)(!!insn->written[i] << i);
	}
}

struct insn *decode(u64 address)
{
	struct insn **bucket = &known[mix(address) >> (64 - HASH_BITS)], *insn;

	for (insn = *bucket; insn; insn = insn->next)
		if (insn->address == address)
			return insn;
	insn = allocate(1, sizeof(*insn));
	insn->address = address;
	decode_new(insn);
	insn->next = *bucket;
	*bucket = insn;
	return insn;
}

void decode_print(u64 address, char *text, size_t size)
{
	size_t left = 15;
	const u8 *bytes = image_bytes(address, left);

	if (bytes && cs_disasm_iter(capstone, &bytes, &left, &address, buffer))
		snprintf(text, size, "%s %s", buffer->mnemonic, buffer->op_str);
	else
		snprintf(text, size, "?");
}
