// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compare what objtool knows about the effects of x86 instructions with what
 * capstone knows, for all instructions of ELF files.
 *
 * usage: effects-check [-v] FILE...	compare; -v: with what is claimed too much
 *        effects-check -t TABLE	compare with the table of expected effects
 *
 * An error is what capstone knows and objtool does not: a register, flags or memory
 * that is read or written, and an operand in memory that is another one. The other way
 * round, a claim too many is an error only if it is that something is written for sure:
 * the old value is thought to be gone then.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <capstone/capstone.h>

#define unlikely(condition)	(condition)
#include <asm/insn.h>
#include "arch/x86/lib/inat.c"
#include "arch/x86/lib/insn.c"

#include <objtool/kernelx_effects.h>

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

static void fail(const char *what, const char *which)
{
	fprintf(stderr, "effects-check: %s: %s\n", which, what);
	exit(2);
}

static void *allocate(size_t nr, size_t size)
{
	void *memory = calloc(nr, size);

	if (!memory)
		fail("out of memory", "calloc");
	return memory;
}

/* ---- what differs ---- */

enum aspect {
	LENGTH, READ, WRITE, KILL, FLAGS_READ, FLAGS_WRITE, FLAGS_KILL,
	MEMORY, MEMORY_ACCESS, MEMORY_SIZE, NR_KINDS
};

static const char * const kinds[NR_KINDS] = {
	[LENGTH] = "another length",
	[READ] = "register is read",
	[WRITE] = "register is written",
	[KILL] = "register is not written for sure",
	[FLAGS_READ] = "flags are read",
	[FLAGS_WRITE] = "flags are written",
	[FLAGS_KILL] = "not all flags are written for sure",
	[MEMORY] = "no such operand in memory",
	[MEMORY_ACCESS] = "another access to memory",
	[MEMORY_SIZE] = "another size of memory",
};

#include "effects-exceptions.h"

/* Differences of one kind of one form of an instruction */
struct difference {
	enum aspect kind;
	char form[96];
	char example[256];
	unsigned long count;
};

static struct difference differences[1000];
static unsigned int nr_differences;
static unsigned long errors, excepted;

static struct {
	unsigned long instructions, encodings, forms, undecoded, skipped_bytes;
	unsigned long not_in_capstone, unknown, unknown_encodings;
	unsigned long more_reads, more_writes, more_memory, more_flags;
} totals;

/* ---- names of general registers ---- */

static const char * const names[EFFECTS_REGS][4] = {
	{ "rax", "eax", "ax", "al" }, { "rcx", "ecx", "cx", "cl" },
	{ "rdx", "edx", "dx", "dl" }, { "rbx", "ebx", "bx", "bl" },
	{ "rsp", "esp", "sp", "spl" }, { "rbp", "ebp", "bp", "bpl" },
	{ "rsi", "esi", "si", "sil" }, { "rdi", "edi", "di", "dil" },
	{ "r8", "r8d", "r8w", "r8b" }, { "r9", "r9d", "r9w", "r9b" },
	{ "r10", "r10d", "r10w", "r10b" }, { "r11", "r11d", "r11w", "r11b" },
	{ "r12", "r12d", "r12w", "r12b" }, { "r13", "r13d", "r13w", "r13b" },
	{ "r14", "r14d", "r14w", "r14b" }, { "r15", "r15d", "r15w", "r15b" },
};

static const char * const high_names[] = { "ah", "ch", "dh", "bh" };

static const unsigned int part_sets[4] = { PART_64, PART_32, PART_16, PART_BYTE };

/* Of each of capstone's registers: the number and the parts */
static struct {
	s8 number;
	u8 parts;
} registers[X86_REG_ENDING];

static void name_register(csh handle, unsigned int reg)
{
	const char *name = cs_reg_name(handle, reg);
	unsigned int i, size;

	registers[reg].number = -1;
	if (!name)
		return;
	for (i = 0; i < NR(high_names); i++) {
		if (!strcmp(name, high_names[i])) {
			registers[reg].number = i;
			registers[reg].parts = PART_HIGH;
		}
	}
	for (i = 0; i < EFFECTS_REGS; i++) {
		for (size = 0; size < 4; size++) {
			if (!strcmp(name, names[i][size])) {
				registers[reg].number = i;
				registers[reg].parts = part_sets[size];
			}
		}
	}
}

static u64 read_parts(unsigned int reg)
{
	if (reg >= X86_REG_ENDING || registers[reg].number < 0)
		return 0;
	return REG_PARTS(registers[reg].number, registers[reg].parts);
}

static u64 written_parts(unsigned int reg)
{
	u64 parts = read_parts(reg);

	if (parts && registers[reg].parts == PART_32)
		return REG_PARTS(registers[reg].number, PART_64);
	return parts;
}

static int append(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vsnprintf(text + length, size - length, format, arguments);
	va_end(arguments);
	return result;
}

static void append_register(char *text, size_t size, unsigned int reg, unsigned int parts)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (parts == part_sets[i]) {
			append(text, size, "%s", names[reg][i]);
			return;
		}
	}
	if (parts == PART_HIGH && reg < 4)
		append(text, size, "%s", high_names[reg]);
	else
		append(text, size, "%s/%x", names[reg][0], parts);
}

static void append_parts(char *text, size_t size, const char *label, u64 set)
{
	unsigned int reg;

	if (!set)
		return;
	append(text, size, " %s", label);
	for (reg = 0; reg < EFFECTS_REGS && set != ALL_REG_PARTS; reg++) {
		unsigned int parts = set >> 4 * reg & PART_64;

		if (!parts)
			continue;
		append(text, size, text[strlen(text) - 1] == '=' ? "" : ",");
		append_register(text, size, reg, parts);
	}
	if (set == ALL_REG_PARTS)
		append(text, size, "all");
}

/* ---- effects as text ---- */

static void append_memory(char *text, size_t size, const struct memory_operand *memory)
{
	append(text, size, " %s%s%s%s%u[", memory->access ? "" : "none",
	       memory->access & MEMORY_READ ? "load" : "",
	       memory->access & MEMORY_WRITE ? "store" : "",
	       memory->access & MEMORY_ADDRESS ? "address" : "", memory->size);
	if (memory->segment)
		append(text, size, "segment:");
	if (memory->rip)
		append(text, size, "rip");
	if (memory->base >= 0)
		append(text, size, "%s", names[memory->base][0]);
	if (memory->index >= 0)
		append(text, size, "+%s*%u", names[memory->index][0], memory->scale);
	if (memory->displacement)
		append(text, size, "%+" PRId64, (int64_t)memory->displacement);
	append(text, size, "]");
}

static void describe(const struct effects *effects, char *text, size_t size)
{
	unsigned int i;

	text[0] = 0;
	if (effects->unknown)
		append(text, size, " unknown");
	append_parts(text, size, "value=", effects->value);
	append_parts(text, size, "address=", effects->address);
	append_parts(text, size, "writes=", effects->writes);
	append_parts(text, size, "may=", effects->may_write & ~effects->writes);
	if (effects->reads_flags)
		append(text, size, " reads-flags");
	if (effects->writes_flags)
		append(text, size, " new-flags");
	else if (effects->may_write_flags)
		append(text, size, " some-flags");
	if (effects->constant)
		append(text, size, " constant");
	if (effects->other_read)
		append(text, size, " other-read");
	if (effects->other_written)
		append(text, size, " other-written");
	for (i = 0; i < effects->nr_memory; i++)
		append_memory(text, size, &effects->memory[i]);
	/* What must hold whatever the instruction is */
	if (effects->writes & ~effects->may_write || effects->nr_memory > 2 ||
	    (effects->writes_flags && !effects->may_write_flags) ||
	    (effects->constant && effects->value))
		append(text, size, " INVALID");
}

/* ---- sets of what has been seen ---- */

struct key {
	unsigned char bytes[16];
};

struct set {
	struct key *keys;
	size_t size, used;
};

static size_t slot(const struct set *set, const struct key *key)
{
	u64 words[2];
	size_t i;

	memcpy(words, key, sizeof(words));
	i = (words[0] * 0x9e3779b97f4a7c15 ^ words[1] * 0xc2b2ae3d27d4eb4f) >> 20;
	for (i &= set->size - 1; set->keys[i].bytes[15]; i = (i + 1) & (set->size - 1))
		if (!memcmp(&set->keys[i], key, sizeof(*key)))
			break;
	return i;
}

static void grow(struct set *set)
{
	struct set larger = { .size = set->size ? 2 * set->size : 1024 };
	size_t i;

	larger.keys = allocate(larger.size, sizeof(*larger.keys));
	for (i = 0; i < set->size; i++)
		if (set->keys[i].bytes[15])
			larger.keys[slot(&larger, &set->keys[i])] = set->keys[i];
	larger.used = set->used;
	free(set->keys);
	*set = larger;
}

/* True if the key is new. Its last byte is not 0. */
static bool add(struct set *set, const struct key *key)
{
	size_t i;

	if (2 * (set->used + 1) > set->size)
		grow(set);
	i = slot(set, key);
	if (set->keys[i].bytes[15])
		return false;
	set->keys[i] = *key;
	set->used++;
	return true;
}

static struct set seen_encodings, seen_forms;

/* ---- one instruction ---- */

struct compared {
	csh handle;
	const cs_insn *cs;
	const struct insn *insn;
	struct effects effects;
	char form[96];
	u64 read, written;	/* by capstone */
};

static void describe_form(struct compared *c)
{
	const cs_x86 *x86 = &c->cs->detail->x86;
	static const char types[] = { [X86_OP_REG] = 'r', [X86_OP_IMM] = 'i', [X86_OP_MEM] = 'm' };
	unsigned int i;

	snprintf(c->form, sizeof(c->form), "%s",
		 c->cs->mnemonic + (strncmp(c->cs->mnemonic, "lock ", 5) ? 0 : 5));
	for (i = 0; i < x86->op_count; i++)
		append(c->form, sizeof(c->form), "%c%c%u", i ? ',' : ' ',
		       types[x86->operands[i].type], x86->operands[i].size * 8);
}

static void example(const struct compared *c, char *text, size_t size, u64 parts)
{
	char effects[200];
	unsigned int i;

	text[0] = 0;
	for (i = 0; i < c->insn->length; i++)
		append(text, size, "%02x", c->insn->kaddr[i]);
	append(text, size, " %s %s:", c->cs->mnemonic, c->cs->op_str);
	append_parts(text, size, "differs=", parts);
	describe(&c->effects, effects, sizeof(effects));
	append(text, size, " objtool:%s", effects);
}

static bool is_excepted(const struct compared *c, enum aspect kind, u64 parts)
{
	unsigned int i;

	for (i = 0; i < NR(exceptions); i++) {
		const struct exception *e = &exceptions[i];

		if (e->kind == kind && !(parts & ~e->parts) &&
		    !fnmatch(e->form, c->form, 0)) {
			exceptions_used[i]++;
			excepted++;
			return true;
		}
	}
	return false;
}

static void report(const struct compared *c, enum aspect kind, u64 parts)
{
	unsigned int i;

	if (is_excepted(c, kind, parts))
		return;
	errors++;
	for (i = 0; i < nr_differences; i++)
		if (differences[i].kind == kind && !strcmp(differences[i].form, c->form))
			break;
	if (i == nr_differences) {
		if (nr_differences == NR(differences))
			return;
		nr_differences++;
		differences[i].kind = kind;
		memcpy(differences[i].form, c->form, sizeof(c->form));
		example(c, differences[i].example, sizeof(differences[i].example), parts);
	}
	differences[i].count++;
}

static bool is_all_ones(const cs_x86_op *immediate)
{
	return ~(u64)immediate->imm << (64 - 8 * immediate->size) == 0;
}

/* The result does not depend on a register although it is an operand. */
static bool is_idiom(const struct compared *c)
{
	const cs_x86 *x86 = &c->cs->detail->x86;
	const cs_x86_op *last = &x86->operands[x86->op_count - 1];

	if (x86->op_count < 2)
		return false;
	if (last->type == X86_OP_IMM)
		return c->effects.constant && (last->imm == 0 || is_all_ones(last));
	return last->type == X86_OP_REG && last[-1].type == X86_OP_REG &&
	       last->reg == last[-1].reg &&
	       (c->effects.constant || !strcmp(c->cs->mnemonic, "sbb"));
}

static void compare_registers(struct compared *c)
{
	const struct effects *effects = &c->effects;
	u64 missed, ours = effects->value | effects->address;
	u8 nr_read, nr_written;
	cs_regs read, written;
	unsigned int i;

	if (cs_regs_access(c->handle, c->cs, read, &nr_read, written, &nr_written))
		fail("cs_regs_access", c->form);
	for (i = 0; i < nr_read; i++)
		c->read |= read_parts(read[i]);
	for (i = 0; i < nr_written; i++)
		c->written |= written_parts(written[i]);

	missed = c->read & ~ours;
	if (missed && !is_idiom(c))
		report(c, READ, missed);
	missed = c->written & ~effects->may_write;
	if (missed)
		report(c, WRITE, missed);
	missed = effects->writes & ~c->written;
	if (missed)
		report(c, KILL, missed);
	totals.more_reads += !!(ours & ~c->read);
	totals.more_writes += !!(effects->may_write & ~c->written);
}

#define CHANGES(flag)	(X86_EFLAGS_MODIFY_##flag | X86_EFLAGS_RESET_##flag | \
			 X86_EFLAGS_UNDEFINED_##flag | X86_EFLAGS_SET_##flag)

static void compare_flags(struct compared *c)
{
	static const u64 changes[] = {
		CHANGES(CF), CHANGES(ZF), CHANGES(SF), CHANGES(PF),
		CHANGES(OF) | X86_EFLAGS_RESET_0F,
	};
	static const u64 tests = X86_EFLAGS_TEST_CF | X86_EFLAGS_TEST_ZF | X86_EFLAGS_TEST_SF |
				 X86_EFLAGS_TEST_PF | X86_EFLAGS_TEST_OF;
	u64 eflags = c->cs->detail->x86.eflags;
	bool all = true, some = false;
	unsigned int i;

	/* The same field has the flags of the FPU there. */
	if (cs_insn_group(c->handle, c->cs, X86_GRP_FPU))
		return;
	for (i = 0; i < NR(changes); i++) {
		if (eflags & changes[i])
			some = true;
		else
			all = false;
	}
	if (eflags & tests && !c->effects.reads_flags)
		report(c, FLAGS_READ, 0);
	if (some && !c->effects.may_write_flags)
		report(c, FLAGS_WRITE, 0);
	if (!all && c->effects.writes_flags)
		report(c, FLAGS_KILL, 0);
	totals.more_flags += (c->effects.may_write_flags && !some) ||
			     (c->effects.reads_flags && !(eflags & tests));
}

static int register_number(unsigned int reg)
{
	return reg < X86_REG_ENDING ? registers[reg].number : -1;
}

static bool same_address(const struct memory_operand *memory, const x86_op_mem *mem)
{
	bool segment = mem->segment == X86_REG_FS || mem->segment == X86_REG_GS;
	int index = register_number(mem->index);

	return memory->base == register_number(mem->base) && memory->index == index &&
	       (index < 0 || memory->scale == mem->scale) &&
	       memory->displacement == mem->disp && memory->segment == segment &&
	       memory->rip == (mem->base == X86_REG_RIP || mem->base == X86_REG_EIP);
}

static void compare_operand(struct compared *c, const cs_x86_op *operand)
{
	const struct memory_operand *memory = NULL;
	unsigned int i, access = 0;

	for (i = 0; i < c->effects.nr_memory && !memory; i++)
		if (same_address(&c->effects.memory[i], &operand->mem))
			memory = &c->effects.memory[i];
	if (!memory) {
		report(c, MEMORY, 0);
		return;
	}
	if (memory->access & MEMORY_ADDRESS)
		return;
	if (operand->access & CS_AC_READ)
		access |= MEMORY_READ;
	if (operand->access & CS_AC_WRITE)
		access |= MEMORY_WRITE;
	if (access & ~memory->access)
		report(c, MEMORY_ACCESS, 0);
	if (memory->size != operand->size && memory->access)
		report(c, MEMORY_SIZE, 0);
	totals.more_memory += !!(memory->access & ~access);
}

static void compare(struct compared *c)
{
	const cs_x86 *x86 = &c->cs->detail->x86;
	unsigned int i;

	if (c->cs->size != c->insn->length) {
		report(c, LENGTH, 0);
		return;
	}
	compare_registers(c);
	compare_flags(c);
	for (i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM)
			compare_operand(c, &x86->operands[i]);
}

static void note_form(const struct compared *c)
{
	struct key key = { .bytes[15] = 1 };
	u64 hash = 0xcbf29ce484222325;
	const char *p;

	for (p = c->form; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001b3;
	memcpy(key.bytes, &hash, sizeof(hash));
	totals.forms += add(&seen_forms, &key);
}

static bool verbose;

/* What cannot be compared, if it is new: told with -v */
static void tell(const char *what, const struct insn *insn, const char *mnemonic)
{
	unsigned int i;

	if (!verbose)
		return;
	printf("# %s:", what);
	for (i = 0; i < insn->length; i++)
		printf(" %02x", insn->kaddr[i]);
	printf(" %s\n", mnemonic);
}

static void check_instruction(csh handle, const struct insn *insn, cs_insn *cs)
{
	struct compared c = { .handle = handle, .cs = cs, .insn = insn };
	const uint8_t *code = insn->kaddr;
	size_t size = insn->length;
	struct key key = { .bytes[15] = insn->length };
	uint64_t address = 0;
	bool disassembled;

	memcpy(key.bytes, insn->kaddr, insn->length);
	totals.instructions++;
	if (!add(&seen_encodings, &key))
		return;
	totals.encodings++;
	arch_insn_effects(insn, &c.effects);
	disassembled = cs_disasm_iter(handle, &code, &size, &address, cs);
	if (c.effects.unknown) {
		totals.unknown_encodings++;
		tell("unknown to objtool", insn, disassembled ? cs->mnemonic : "");
	}
	if (!disassembled) {
		totals.not_in_capstone++;
		tell("unknown to capstone", insn, c.effects.unknown ? "and to objtool" : "");
		return;
	}
	describe_form(&c);
	note_form(&c);
	if (!c.effects.unknown)
		compare(&c);
}

/* ---- ELF files ---- */

struct symbols {
	u64 *offsets;
	size_t nr;
};

static int compare_offsets(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* The offsets of functions in a section, in order, and its end */
static struct symbols find_symbols(Elf *elf, size_t index, u64 base, u64 size)
{
	struct symbols symbols = { 0 };
	Elf_Scn *section = NULL;
	Elf_Data *data = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;
	size_t i, nr;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB) {
			data = elf_getdata(section, NULL);
			break;
		}
	}
	nr = data ? header.sh_size / header.sh_entsize : 0;
	symbols.offsets = allocate(nr + 1, sizeof(*symbols.offsets));
	for (i = 0; i < nr; i++) {
		if (gelf_getsym(data, i, &symbol) && symbol.st_shndx == index &&
		    GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_value - base < size)
			symbols.offsets[symbols.nr++] = symbol.st_value - base;
	}
	symbols.offsets[symbols.nr++] = size;
	qsort(symbols.offsets, symbols.nr, sizeof(*symbols.offsets), compare_offsets);
	return symbols;
}

static void check_section(csh handle, cs_insn *cs, const unsigned char *text,
			  const struct symbols *symbols)
{
	u64 size = symbols->offsets[symbols->nr - 1], offset = 0;
	struct insn insn;
	size_t next = 0;

	while (offset < size) {
		int left = size - offset > MAX_INSN_SIZE ? MAX_INSN_SIZE : size - offset;

		while (symbols->offsets[next] <= offset)
			next++;
		if (insn_decode(&insn, text + offset, left, INSN_MODE_64) < 0 ||
		    insn.length > symbols->offsets[next] - offset) {
			/* Data, most likely: go on where the next function begins. */
			totals.undecoded++;
			totals.skipped_bytes += symbols->offsets[next] - offset;
			offset = symbols->offsets[next];
			continue;
		}
		check_instruction(handle, &insn, cs);
		offset += insn.length;
	}
}

static void check_file(csh handle, const char *path)
{
	cs_insn *cs = cs_malloc(handle);
	int fd = open(path, O_RDONLY);
	Elf_Scn *section = NULL;
	GElf_Ehdr file;
	GElf_Shdr header;
	Elf *elf;

	if (fd < 0)
		fail(strerror(errno), path);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || !gelf_getehdr(elf, &file) || file.e_machine != EM_X86_64)
		fail("not an ELF file for x86-64", path);
	while ((section = elf_nextscn(elf, section))) {
		struct symbols symbols;
		Elf_Data *data;
		u64 base;

		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_EXECINSTR) ||
		    header.sh_type != SHT_PROGBITS || !header.sh_size)
			continue;
		data = elf_rawdata(section, NULL);
		if (!data || data->d_size != header.sh_size)
			fail("cannot read a section", path);
		base = file.e_type == ET_REL ? 0 : header.sh_addr;
		symbols = find_symbols(elf, elf_ndxscn(section), base, header.sh_size);
		check_section(handle, cs, data->d_buf, &symbols);
		free(symbols.offsets);
	}
	elf_end(elf);
	close(fd);
	cs_free(cs, 1);
}

static double share(unsigned long part)
{
	return totals.encodings ? 100.0 * part / totals.encodings : 0;
}

static int by_count(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	return x->count > y->count ? -1 : x->count < y->count;
}

static void print_results(void)
{
	unsigned int i;

	qsort(differences, nr_differences, sizeof(differences[0]), by_count);
	for (i = 0; i < nr_differences; i++)
		printf("error: %s: %s: %lu, as %s\n", differences[i].form,
		       kinds[differences[i].kind], differences[i].count, differences[i].example);
	for (i = 0; i < NR(exceptions); i++) {
		if (!exceptions_used[i])
			printf("note: exception not needed: %s: %s\n", exceptions[i].form,
			       kinds[exceptions[i].kind]);
		else if (verbose)
			printf("# exception: %s: %s: %lu\n", exceptions[i].form,
			       kinds[exceptions[i].kind], exceptions_used[i]);
	}
	printf("%lu instructions, %lu encodings, %lu forms\n",
	       totals.instructions, totals.encodings, totals.forms);
	printf("%lu places not decoded, %lu bytes skipped\n",
	       totals.undecoded, totals.skipped_bytes);
	printf("%lu encodings unknown (%.3f %%), %lu not in capstone\n",
	       totals.unknown_encodings, share(totals.unknown_encodings), totals.not_in_capstone);
	printf("claimed too much: reads %.2f %%, writes %.2f %%, memory %.2f %%, flags %.2f %%\n",
	       share(totals.more_reads), share(totals.more_writes),
	       share(totals.more_memory), share(totals.more_flags));
	printf("%lu errors, %lu differences excepted\n", errors, excepted);
}

static int check_files(char **paths)
{
	csh handle;
	unsigned int i;

	elf_version(EV_CURRENT);
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) ||
	    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON))
		fail("cannot be used", "capstone");
	for (i = 0; i < X86_REG_ENDING; i++)
		name_register(handle, i);
	for (; *paths; paths++)
		check_file(handle, *paths);
	cs_close(&handle);
	print_results();
	if (!totals.instructions)
		fail("no instructions", "arguments");
	return errors != 0;
}

/* ---- the table of expected effects ---- */

static unsigned int parse_bytes(const char *text, unsigned char *bytes, unsigned int max)
{
	unsigned int nr = 0, byte;
	int length;

	while (nr < max && sscanf(text, " %2x%n", &byte, &length) == 1) {
		bytes[nr++] = byte;
		text += length;
	}
	return nr;
}

/* bytes ; instruction ; effects */
static bool check_line(char *line)
{
	unsigned char bytes[MAX_INSN_SIZE];
	char *name, *expected, text[600];
	struct effects effects;
	struct insn insn;
	unsigned int nr;

	line[strcspn(line, "\n")] = 0;
	nr = parse_bytes(line, bytes, sizeof(bytes));
	name = strchr(line, ';');
	expected = name ? strchr(name + 1, ';') : NULL;
	if (!nr || !expected) {
		printf("not a line of the table: %s\n", line);
		return false;
	}
	if (insn_decode(&insn, bytes, nr, INSN_MODE_64) < 0 || insn.length != nr) {
		printf("not an instruction: %s\n", line);
		return false;
	}
	arch_insn_effects(&insn, &effects);
	describe(&effects, text, sizeof(text));
	if (!strcmp(text, expected + 1))
		return true;
	printf("%s\n    but is:%s\n", line, text);
	return false;
}

static int check_table(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned int nr = 0, wrong = 0;
	char line[600];

	if (!file)
		fail(strerror(errno), path);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		nr++;
		wrong += !check_line(line);
	}
	fclose(file);
	printf("%u instructions, %u wrong\n", nr, wrong);
	return !nr || wrong;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "-t"))
		return check_table(argv[2]);
	argv++;
	if (*argv && !strcmp(*argv, "-v")) {
		verbose = true;
		argv++;
	}
	if (!*argv) {
		fprintf(stderr, "usage: effects-check [-v] FILE... | -t TABLE\n");
		return 2;
	}
	return check_files(argv);
}
