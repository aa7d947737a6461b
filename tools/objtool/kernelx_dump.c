// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: objtool --dump=kernelx
 *
 * Prints what the two sections of a kernel image, a module or an object say, a line for
 * each site and for each part of a span, in columns divided by single spaces. A place is
 * <symbol>+0x<offset>, and an address besides where the object is linked.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <objtool/kernelx.h>
#include <objtool/kernelx_dump.h>
#include <objtool/kernelx_layout.h>

/* A section, or a part of one, with its relocations if it has some. */
struct table {
	const char *name;
	size_t index;
	GElf_Addr address;
	const char *data;
	size_t size;
	Elf_Data *relocs;
	size_t nr_relocs;
};

struct image {
	Elf *elf;
	size_t names;
	Elf_Data *symbols;
	size_t nr_symbols;
	size_t symbol_names;
	bool linked;
	/* Functions and objects, by section and address. */
	GElf_Sym *sorted;
	size_t nr_sorted;
};

/* A place that a record refers to. */
struct place {
	size_t section;		/* 0 in a linked image */
	GElf_Addr address;
};

static struct image image;

static int fail(const char *name, const char *what)
{
	fprintf(stderr, "%s: error: objtool: %s\n", name, what);
	return -1;
}

static int compare_symbols(const void *a, const void *b)
{
	const GElf_Sym *first = a, *second = b;

	if (!image.linked && first->st_shndx != second->st_shndx)
		return first->st_shndx < second->st_shndx ? -1 : 1;
	if (first->st_value != second->st_value)
		return first->st_value < second->st_value ? -1 : 1;
	/* Of two at the same place the function counts, and then the larger. */
	if (GELF_ST_TYPE(first->st_info) != GELF_ST_TYPE(second->st_info))
		return GELF_ST_TYPE(first->st_info) < GELF_ST_TYPE(second->st_info) ? -1 : 1;
	return first->st_size < second->st_size ? -1 : first->st_size > second->st_size;
}

static int read_symbols(void)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	GElf_Sym sym;
	size_t i;

	while ((scn = elf_nextscn(image.elf, scn))) {
		if (!gelf_getshdr(scn, &header))
			return -1;
		if (header.sh_type != SHT_SYMTAB)
			continue;
		image.symbols = elf_getdata(scn, NULL);
		image.nr_symbols = header.sh_size / header.sh_entsize;
		image.symbol_names = header.sh_link;
	}
	if (!image.symbols)
		return -1;
	image.sorted = malloc(image.nr_symbols * sizeof(*image.sorted));
	if (!image.sorted)
		return -1;
	for (i = 0; i < image.nr_symbols; i++) {
		int type;

		if (!gelf_getsym(image.symbols, i, &sym))
			return -1;
		type = GELF_ST_TYPE(sym.st_info);
		if (type == STT_FUNC || type == STT_OBJECT)
			image.sorted[image.nr_sorted++] = sym;
	}
	qsort(image.sorted, image.nr_sorted, sizeof(*image.sorted), compare_symbols);
	return 0;
}

static const char *symbol_name(const GElf_Sym *sym)
{
	const char *name = elf_strptr(image.elf, image.symbol_names, sym->st_name);

	return name ? name : "?";
}

/* The symbol that a place lies in, or NULL. */
static const GElf_Sym *symbol_at(struct place place)
{
	size_t low = 0, high = image.nr_sorted;
	const GElf_Sym *sym;

	while (low < high) {
		size_t middle = (low + high) / 2;

		sym = &image.sorted[middle];
		if ((!image.linked && sym->st_shndx > place.section) ||
		    ((image.linked || sym->st_shndx == place.section) &&
		     sym->st_value > place.address))
			high = middle;
		else
			low = middle + 1;
	}
	if (!low)
		return NULL;
	sym = &image.sorted[low - 1];
	if (!image.linked && sym->st_shndx != place.section)
		return NULL;
	return place.address < sym->st_value + sym->st_size ? sym : NULL;
}

static void print_place(struct place place)
{
	const GElf_Sym *sym = symbol_at(place);

	if (sym)
		printf("%s+0x%llx", symbol_name(sym),
		       (unsigned long long)(place.address - sym->st_value));
	else
		printf("?+0x%llx", (unsigned long long)place.address);
}

/* A table that is a section of its own. */
static bool find_section(const char *name, struct table *table)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	Elf_Data *data;
	bool found = false;

	while ((scn = elf_nextscn(image.elf, scn))) {
		const char *this;

		if (!gelf_getshdr(scn, &header))
			return false;
		this = elf_strptr(image.elf, image.names, header.sh_name);
		if (this && !strcmp(this, name)) {
			data = elf_getdata(scn, NULL);
			if (!data)
				return false;
			table->index = elf_ndxscn(scn);
			table->address = header.sh_addr;
			table->data = data->d_buf;
			table->size = data->d_size;
			found = true;
		}
	}
	scn = NULL;
	while (found && (scn = elf_nextscn(image.elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_RELA &&
		    header.sh_info == table->index) {
			table->relocs = elf_getdata(scn, NULL);
			table->nr_relocs = header.sh_size / header.sh_entsize;
		}
	return found;
}

static bool find_symbol(const char *prefix, const char *name, GElf_Sym *sym)
{
	size_t length = strlen(prefix), i;

	for (i = 0; i < image.nr_symbols; i++) {
		const char *this;

		if (!gelf_getsym(image.symbols, i, sym))
			return false;
		this = symbol_name(sym);
		if (!strncmp(this, prefix, length) && !strcmp(this + length, name))
			return true;
	}
	return false;
}

/* A table in a linked kernel: the linker script puts symbols around it. */
static bool find_bounds(const char *name, struct table *table)
{
	GElf_Sym start, stop;
	GElf_Shdr header;
	Elf_Data *data;
	Elf_Scn *scn;

	if (!find_symbol("__start_", name, &start) || !find_symbol("__stop_", name, &stop))
		return false;
	scn = elf_getscn(image.elf, start.st_shndx);
	data = scn ? elf_getdata(scn, NULL) : NULL;
	if (!data || !gelf_getshdr(scn, &header) || stop.st_value < start.st_value ||
	    stop.st_value - header.sh_addr > data->d_size)
		return false;
	table->index = start.st_shndx;
	table->address = start.st_value;
	table->data = (char *)data->d_buf + (start.st_value - header.sh_addr);
	table->size = stop.st_value - start.st_value;
	return true;
}

static bool find_table(const char *name, struct table *table)
{
	memset(table, 0, sizeof(*table));
	table->name = name;
	return find_section(name, table) || (image.linked && find_bounds(name, table));
}

/* What the 32-bit reference at an offset in a table refers to. Return: false if nothing. */
static bool follow(const struct table *table, size_t offset, struct place *place)
{
	GElf_Rela rela;
	GElf_Sym sym;
	int32_t value;
	size_t i;

	if (image.linked) {
		memcpy(&value, table->data + offset, sizeof(value));
		place->section = 0;
		place->address = table->address + offset + value;
		return value;
	}
	for (i = 0; i < table->nr_relocs; i++) {
		if (!gelf_getrela(table->relocs, i, &rela) || rela.r_offset != offset)
			continue;
		if (!gelf_getsym(image.symbols, GELF_R_SYM(rela.r_info), &sym))
			return false;
		place->section = sym.st_shndx;
		place->address = sym.st_value + rela.r_addend;
		return true;
	}
	return false;
}

/* The knob of a record: its symbol, which may be in another object. */
static void print_knob(const struct table *records, size_t record)
{
	const char *name = NULL;
	struct place place;
	GElf_Rela rela;
	GElf_Sym sym;
	size_t i;

	if (image.linked) {
		const GElf_Sym *value;

		value = follow(records, record + KERNELX_RECORD_VALUE, &place) ?
			symbol_at(place) : NULL;
		name = value ? symbol_name(value) : NULL;
	}
	for (i = 0; i < records->nr_relocs && !name; i++)
		if (gelf_getrela(records->relocs, i, &rela) &&
		    rela.r_offset == record + KERNELX_RECORD_VALUE &&
		    gelf_getsym(image.symbols, GELF_R_SYM(rela.r_info), &sym))
			name = symbol_name(&sym);
	if (name && !strncmp(name, KERNELX_VALUE_PREFIX, strlen(KERNELX_VALUE_PREFIX)))
		name += strlen(KERNELX_VALUE_PREFIX);
	fputs(name ? name : "?", stdout);
}

static void print_address(struct place place)
{
	if (image.linked)
		printf(" %llx ", (unsigned long long)place.address);
	else
		printf(" - ");
	print_place(place);
}

static const char *use_word(unsigned int use)
{
	static const char * const words[] = {
#define WORD(value, text)	\
		[value] = text,
		KERNELX_USE_WORDS(WORD)
#undef WORD
	};

	return use < sizeof(words) / sizeof(words[0]) ? words[use] : "?";
}

static void print_flags(u32 flags)
{
	static const struct {
		u32 flag;
		const char *word;
	} words[] = {
#define WORD(value, text) { value, text },
		KERNELX_FLAG_WORDS(WORD)
#undef WORD
	};
	unsigned int i;

	fputs(flags & KERNELX_DEPENDENT ? " dependent" : " independent", stdout);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (flags & words[i].flag)
			printf(",%s", words[i].word);
}

/* Which record does a reference mean? */
static size_t record_of(const struct table *records, struct place place)
{
	return place.address - (image.linked ? records->address : 0);
}

static int print_facts(const char *name, const struct table *records,
		       const struct table *facts)
{
	struct place site, place;
	struct kernelx_facts fact;
	size_t at, record;

	if (facts->size % sizeof(fact) || facts->size / sizeof(fact) !=
	    records->size / KERNELX_RECORD_SIZE)
		return fail(name, KERNELX_FACTS_SECTION " does not match " KERNELX_SITES_SECTION);
	for (at = 0; at < facts->size; at += sizeof(fact)) {
		memcpy(&fact, facts->data + at, sizeof(fact));
		if (fact.version != KERNELX_FACTS_VERSION)
			return fail(name, "facts of another version");
		if (!follow(facts, at + offsetof(struct kernelx_facts, site), &site))
			return fail(name, "a fact without a site");
		record = record_of(records, site);
		if (record % KERNELX_RECORD_SIZE || record >= records->size ||
		    !follow(records, record, &site))
			return fail(name, "a fact about no site");
		printf("site %zu ", record / KERNELX_RECORD_SIZE);
		print_knob(records, record);
		print_address(site);
		printf(" r%u %s %lld*V%+lld %u critical %u frame %u", fact.reg,
		       use_word(fact.use), (long long)fact.factor, (long long)fact.addend,
		       fact.width, fact.critical, fact.frame);
		print_flags(fact.flags);
		if (follow(facts, at + offsetof(struct kernelx_facts, place), &place)) {
			printf(" at");
			print_address(place);
		}
		putchar('\n');
	}
	return 0;
}

static int print_spans(const char *name, const struct table *records,
		       const struct table *spans)
{
	struct place site, start;
	struct kernelx_span span;
	size_t at;

	if (spans->size % sizeof(span))
		return fail(name, KERNELX_SPANS_SECTION " has a part of a record");
	for (at = 0; at < spans->size; at += sizeof(span)) {
		memcpy(&span, spans->data + at, sizeof(span));
		if (!follow(spans, at + offsetof(struct kernelx_span, start), &start) ||
		    !follow(spans, at + offsetof(struct kernelx_span, site), &site))
			return fail(name, "a span without a site");
		printf("span %zu", record_of(records, site) / KERNELX_RECORD_SIZE);
		print_address(start);
		printf(" %u\n", span.size);
	}
	return 0;
}

int kernelx_dump(const char *name)
{
	struct table records, facts, spans;
	GElf_Ehdr header;
	int fd, ret = -1;

	elf_version(EV_CURRENT);
	fd = open(name, O_RDONLY);
	if (fd < 0) {
		perror(name);
		return -1;
	}
	image.elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!image.elf || !gelf_getehdr(image.elf, &header) ||
	    elf_getshdrstrndx(image.elf, &image.names)) {
		fail(name, elf_errmsg(-1));
		goto out;
	}
	image.linked = header.e_type != ET_REL;
	if (read_symbols()) {
		fail(name, "no symbols");
		goto out;
	}
	if (!find_table(KERNELX_SITES_SECTION, &records)) {
		ret = 0;
		goto out;
	}
	if (!find_table(KERNELX_FACTS_SECTION, &facts) ||
	    !find_table(KERNELX_SPANS_SECTION, &spans)) {
		fail(name,
		     "has KernelX sites, but objtool has not been run on it (of vmlinux, only the whole has facts)");
		goto out;
	}
	ret = print_facts(name, &records, &facts);
	if (!ret)
		ret = print_spans(name, &records, &spans);
out:
	elf_end(image.elf);
	close(fd);
	return ret;
}
