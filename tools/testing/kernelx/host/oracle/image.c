// SPDX-License-Identifier: GPL-2.0
/*
 * A linked kernel image: bytes by address, symbols, frames by its ORC tables.
 */
#include <asm/orc_types.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oracle.h"

struct code {
	u64 start;
	u64 end;
};

struct special_address {
	u64 address;
	enum special special;
};

static const u8 *file;
static Elf *elf;
static GElf_Phdr *segments;
static size_t nr_segments;
static struct code *code;
static size_t nr_code;
static struct symbol *functions, *symbols;
static size_t nr_functions, nr_symbols;
/* Direct calls: the address of the function, and as the size, where it returns to. */
static struct symbol *calls;
static size_t nr_calls;
static struct special_address *specials;
static size_t nr_specials;
static u64 orc_ips, orcs;
static size_t nr_orcs;

static const char *const noreturn_names[] = {
#define NORETURN(name)	#name,
#include "noreturns.h"
#undef NORETURN
};

const void *image_bytes(u64 address, size_t size)
{
	for (size_t i = 0; i < nr_segments; i++) {
		const GElf_Phdr *s = &segments[i];

		if (address >= s->p_vaddr && address - s->p_vaddr < s->p_filesz &&
		    size <= s->p_filesz - (address - s->p_vaddr))
			return file + s->p_offset + (address - s->p_vaddr);
	}
	return NULL;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* The last of @count symbols that begins at or before @address, and how many do. */
static size_t symbols_before(const struct symbol *table, size_t count, u64 address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (table[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct symbol *image_function(u64 address)
{
	size_t i = symbols_before(functions, nr_functions, address);

	/* Functions do not nest, but several names can have one address. */
	for (unsigned int tries = 0; i-- > 0 && tries < 8; tries++)
		if (address - functions[i].address < functions[i].size)
			return &functions[i];
	return NULL;
}

static size_t base_length(const char *name)
{
	const char *cold = strstr(name, ".cold");

	return cold ? (size_t)(cold - name) : strlen(name);
}

bool image_same_function(const struct symbol *function, u64 address)
{
	const struct symbol *other;
	size_t length;

	if (address - function->address < function->size)
		return true;
	other = image_function(address);
	if (!other)
		return false;
	if (other->address == function->address)
		return true;
	length = base_length(function->name);
	return length == base_length(other->name) &&
	       !strncmp(function->name, other->name, length) &&
	       (strstr(other->name, ".cold") || strstr(function->name, ".cold"));
}

const char *image_name(u64 address)
{
	static char text[256];
	size_t i = symbols_before(symbols, nr_symbols, address);

	if (!i)
		return "?";
	/* Of several, better that of a function. */
	while (i > 1 && !symbols[i - 1].size && symbols[i - 2].address == symbols[i - 1].address)
		i--;
	if (symbols[i - 1].address == address)
		return symbols[i - 1].name;
	snprintf(text, sizeof(text), "%s+0x%lx", symbols[i - 1].name,
		 (unsigned long)(address - symbols[i - 1].address));
	return text;
}

bool image_symbol(const char *name, u64 *address)
{
	for (size_t i = 0; i < nr_symbols; i++) {
		if (!strcmp(symbols[i].name, name)) {
			*address = symbols[i].address;
			return true;
		}
	}
	return false;
}

enum special image_special(u64 address)
{
	for (size_t i = 0; i < nr_specials; i++)
		if (specials[i].address == address)
			return specials[i].special;
	return SPECIAL_NONE;
}

static bool starts(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static enum special special_name(const char *name)
{
	if (starts(name, "__x86_indirect_"))
		return SPECIAL_INDIRECT;
	if (!strcmp(name, "__x86_return_thunk"))
		return SPECIAL_RETURN;
	if (!strcmp(name, "__fentry__"))
		return SPECIAL_TRACE;
	for (size_t i = 0; i < sizeof(noreturn_names) / sizeof(*noreturn_names); i++)
		if (!strcmp(name, noreturn_names[i]))
			return SPECIAL_NORETURN;
	return SPECIAL_NONE;
}

static void add_special(u64 address, enum special special)
{
	specials = grow(specials, nr_specials, sizeof(*specials));
	specials[nr_specials++] = (struct special_address){ address, special };
}

static void read_symbols(Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_size / header->sh_entsize;

	symbols = allocate(count, sizeof(*symbols));
	functions = allocate(count, sizeof(*functions));
	for (size_t i = 0; i < count; i++) {
		struct symbol symbol;
		enum special special;
		GElf_Sym sym;

		if (!gelf_getsym(data, (int)i, &sym) || sym.st_shndx == SHN_UNDEF ||
		    GELF_ST_TYPE(sym.st_info) == STT_SECTION ||
		    GELF_ST_TYPE(sym.st_info) == STT_FILE)
			continue;
		symbol.address = sym.st_value;
		symbol.size = sym.st_size;
		symbol.name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (!symbol.name)
			continue;
		symbols[nr_symbols++] = symbol;
		if (GELF_ST_TYPE(sym.st_info) == STT_FUNC && sym.st_size)
			functions[nr_functions++] = symbol;
		special = special_name(symbol.name);
		if (special)
			add_special(symbol.address, special);
	}
	qsort(symbols, nr_symbols, sizeof(*symbols), by_address);
	qsort(functions, nr_functions, sizeof(*functions), by_address);
}

static void read_sections(void)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		fail("no section names");
	while ((section = elf_nextscn(elf, section))) {
		const char *name;

		if (!gelf_getshdr(section, &header))
			fail("%s", elf_errmsg(-1));
		name = elf_strptr(elf, names, header.sh_name);
		if (header.sh_type == SHT_SYMTAB)
			read_symbols(section, &header);
		if (header.sh_flags & SHF_EXECINSTR && header.sh_addr) {
			code = grow(code, nr_code, sizeof(*code));
			code[nr_code++] = (struct code){ header.sh_addr,
							 header.sh_addr + header.sh_size };
		}
		if (name && !strcmp(name, ".orc_unwind_ip")) {
			orc_ips = header.sh_addr;
			nr_orcs = header.sh_size / sizeof(s32);
		}
		if (name && !strcmp(name, ".orc_unwind"))
			orcs = header.sh_addr;
	}
}

void image_open(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat status;
	size_t count;

	if (fd < 0 || fstat(fd, &status))
		fail("%s: cannot be read", path);
	file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		fail("%s: cannot be mapped", path);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_getphdrnum(elf, &count))
		fail("%s: %s", path, elf_errmsg(-1));
	segments = allocate(count, sizeof(*segments));
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr *s = &segments[nr_segments];

		/* What is linked at 0 are the offsets of variables that each CPU has. */
		if (gelf_getphdr(elf, (int)i, s) && s->p_type == PT_LOAD && s->p_vaddr)
			nr_segments++;
	}
	read_sections();
	if (!nr_functions)
		fail("%s: no symbols", path);
}

void image_pages(void (*each)(u64 address, u64 end))
{
	u64 mask = ~(u64)(PAGE_BYTES - 1), end = 0;

	for (size_t i = 0; i < nr_segments; i++) {
		const GElf_Phdr *s = &segments[i];

		if (!(s->p_flags & PF_W))
			each(s->p_vaddr & mask, (s->p_vaddr + s->p_filesz) & mask);
	}
	/* Text in a segment that can be written; in the order of addresses. */
	for (size_t i = 0; i < nr_code; i++) {
		u64 start = code[i].start & mask;
		bool constant = false;

		for (size_t j = 0; j < nr_segments; j++)
			constant |= !(segments[j].p_flags & PF_W) &&
				    code[i].start - segments[j].p_vaddr < segments[j].p_filesz;
		if (constant)
			continue;
		if (start < end)
			start = end;
		end = (code[i].end + PAGE_BYTES - 1) & mask;
		if (start < end)
			each(start, end);
	}
}

void image_variables(void (*each)(u64 start, u64 end))
{
	u64 mask = ~(u64)(PAGE_BYTES - 1);

	for (size_t i = 0; i < nr_segments; i++) {
		const GElf_Phdr *s = &segments[i];

		if (s->p_flags & PF_W)
			each(s->p_vaddr & mask, (s->p_vaddr + s->p_memsz + ~mask) & mask);
	}
}

struct jump_label {
	s32 code;
	s32 target;
	s64 key;
};

bool image_jump_label(u64 address, u64 *target)
{
	static const struct jump_label *labels;
	static u64 start, stop;

	if (!stop) {
		if (!image_symbol("__start___jump_table", &start) ||
		    !image_symbol("__stop___jump_table", &stop))
			stop = 1;
		else
			labels = image_bytes(start, stop - start);
	}
	if (!labels)
		return false;
	for (size_t i = 0; i < (stop - start) / sizeof(*labels); i++) {
		u64 entry = start + i * sizeof(*labels);

		if (entry + (u64)(s64)labels[i].code != address)
			continue;
		*target = entry + offsetof(struct jump_label, target) +
			  (u64)(s64)labels[i].target;
		return true;
	}
	return false;
}

static bool orc_find(u64 address, struct orc_entry *entry)
{
	const s32 *ips = image_bytes(orc_ips, nr_orcs * sizeof(s32));
	const struct orc_entry *table = image_bytes(orcs, nr_orcs * sizeof(*table));
	size_t low = 0, high = nr_orcs;

	if (!ips || !table)
		return false;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (orc_ips + middle * sizeof(s32) + ips[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	*entry = table[low - 1];
	return true;
}

struct frame image_frame(u64 address)
{
	struct frame frame = { 0 };
	struct orc_entry orc;

	if (!orc_find(address, &orc) || orc.type != ORC_TYPE_CALL)
		return frame;
	frame.indirect = orc.sp_reg == ORC_REG_BP_INDIRECT;
	frame.base = orc.sp_reg == ORC_REG_BP || frame.indirect ? RBP : RSP;
	frame.known = orc.sp_reg == ORC_REG_SP || frame.base == RBP;
	frame.offset = orc.sp_offset;
	return frame;
}

/* Is @address where an instruction begins? */
static bool decodes_to(const struct symbol *function, u64 address)
{
	u64 at = function->address;

	while (at < address) {
		const struct insn *insn = decode(at);

		if (!insn->size)
			return false;
		at += insn->size;
	}
	return at == address;
}

/* All that looks like a direct call of a function. */
static void index_calls_in(const struct code *range)
{
	size_t size = range->end - range->start;
	const u8 *bytes = image_bytes(range->start, size);

	for (size_t i = 0; bytes && i + 5 <= size; i++) {
		u64 to = range->start + i + 5;
		size_t at;
		s32 offset;

		if (bytes[i] != 0xe8)
			continue;
		memcpy(&offset, bytes + i + 1, sizeof(offset));
		at = symbols_before(functions, nr_functions, to + (u64)(s64)offset);
		if (!at || functions[at - 1].address != to + (u64)(s64)offset)
			continue;
		calls = grow(calls, nr_calls, sizeof(*calls));
		calls[nr_calls++] = (struct symbol){ to + (u64)(s64)offset, to, NULL };
	}
}

void image_callers(const struct symbol *function, void (*each)(u64 address, void *context),
		   void *context)
{
	size_t i;

	if (!nr_calls) {
		for (i = 0; i < nr_code; i++)
			index_calls_in(&code[i]);
		qsort(calls, nr_calls, sizeof(*calls), by_address);
	}
	i = symbols_before(calls, nr_calls, function->address);
	while (i-- > 0 && calls[i].address == function->address) {
		u64 to = calls[i].size;
		const struct symbol *caller = image_function(to - 5);

		/* What follows may not be there: a function can know that it won't return. */
		if (caller && to < caller->address + caller->size && decodes_to(caller, to - 5))
			each(to, context);
	}
}
