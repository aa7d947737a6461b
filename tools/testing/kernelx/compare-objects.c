// SPDX-License-Identifier: GPL-2.0
/*
 * Compare what relocatable object files put into a kernel: sections that occupy
 * memory (names, sizes, attributes, contents, relocations with what they refer to) and
 * symbols. Debug information and comments are not looked at.
 *
 * The name of a local symbol refers to nothing, and often has the value of
 * __COUNTER__ in it. Where only such names differ, that is noted, not counted.
 *
 * usage: compare-objects DIRECTORY_A DIRECTORY_B <NAMES
 *
 * NAMES are paths below both directories, one per line. Prints each difference,
 * then the numbers of what was compared. Exit status: 0 equal, 1 different,
 * 2 something could not be read.
 */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than that of one pair tells nothing new. */
#define MAX_REPORTS 8

struct section {
	Elf_Scn *scn;
	GElf_Shdr header;
	const char *name;
	unsigned int number;	/* of those with that name, from 0 */
};

struct symbol {
	GElf_Sym sym;
	const char *name;
	unsigned int section;	/* 0: undefined, absolute or common */
};

struct object {
	const char *path;
	int fd;
	Elf *elf;
	size_t nr_sections;
	struct section *sections;
	size_t nr_symbols;
	struct symbol *symbols;
};

struct relocations {
	Elf_Data *data;
	size_t count;
	bool addends;
};

static unsigned long nr_objects, nr_different, nr_renamed, nr_sections, nr_bytes, nr_relocations;
static const char *pair;
static unsigned int reports;
/* An object of which only names of local symbols differ. */
static char example[1024];

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory) {
		perror("compare-objects");
		exit(2);
	}
	return memory;
}

static void report(const char *format, ...)
{
	va_list arguments;

	if (++reports > MAX_REPORTS)
		return;
	printf("%s: ", pair);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static void unreadable(const char *path, const char *what)
{
	fprintf(stderr, "compare-objects: %s: %s\n", path, what);
	exit(2);
}

static bool occupies_memory(const struct section *section)
{
	return section->header.sh_flags & SHF_ALLOC;
}

static Elf_Data *contents(const struct object *object, const struct section *section)
{
	Elf_Data *data = elf_getdata(section->scn, NULL);

	if (!data)
		unreadable(object->path, elf_errmsg(-1));
	return data;
}

static void read_sections(struct object *object)
{
	struct section *section;
	size_t names, i, j;

	if (elf_getshdrnum(object->elf, &object->nr_sections) ||
	    elf_getshdrstrndx(object->elf, &names))
		unreadable(object->path, elf_errmsg(-1));
	object->sections = allocate(object->nr_sections, sizeof(*section));
	for (i = 0; i < object->nr_sections; i++) {
		section = &object->sections[i];
		section->scn = elf_getscn(object->elf, i);
		if (!section->scn || !gelf_getshdr(section->scn, &section->header))
			unreadable(object->path, elf_errmsg(-1));
		section->name = elf_strptr(object->elf, names, section->header.sh_name);
		if (!section->name)
			unreadable(object->path, elf_errmsg(-1));
		if (!occupies_memory(section))
			continue;
		for (j = 0; j < i; j++)
			section->number += occupies_memory(&object->sections[j]) &&
				!strcmp(object->sections[j].name, section->name);
	}
}

static void read_symbols(struct object *object)
{
	Elf_Data *wide = NULL, *data = NULL;
	const struct section *table = NULL;
	struct symbol *symbol;
	Elf32_Word index;
	size_t i;

	for (i = 0; i < object->nr_sections; i++) {
		if (object->sections[i].header.sh_type == SHT_SYMTAB_SHNDX)
			wide = contents(object, &object->sections[i]);
		if (object->sections[i].header.sh_type != SHT_SYMTAB)
			continue;
		table = &object->sections[i];
		data = contents(object, table);
	}
	if (!table)
		return;
	object->nr_symbols = table->header.sh_size / table->header.sh_entsize;
	object->symbols = allocate(object->nr_symbols, sizeof(*symbol));
	for (i = 0; i < object->nr_symbols; i++) {
		symbol = &object->symbols[i];
		if (!gelf_getsymshndx(data, wide, i, &symbol->sym, &index))
			unreadable(object->path, elf_errmsg(-1));
		if (symbol->sym.st_shndx == SHN_XINDEX)
			symbol->section = index;
		else if (symbol->sym.st_shndx < SHN_LORESERVE)
			symbol->section = symbol->sym.st_shndx;
		symbol->name = elf_strptr(object->elf, table->header.sh_link,
					  symbol->sym.st_name);
		if (!symbol->name || symbol->section >= object->nr_sections)
			unreadable(object->path, "damaged symbol table");
	}
}

static struct object *open_object(const char *directory, const char *name)
{
	struct object *object = allocate(1, sizeof(*object));
	char *path = allocate(strlen(directory) + strlen(name) + 2, 1);

	sprintf(path, "%s/%s", directory, name);
	object->path = path;
	object->fd = open(path, O_RDONLY);
	if (object->fd < 0) {
		perror(path);
		exit(2);
	}
	object->elf = elf_begin(object->fd, ELF_C_READ_MMAP, NULL);
	if (!object->elf || elf_kind(object->elf) != ELF_K_ELF)
		unreadable(path, "not an ELF file");
	read_sections(object);
	read_symbols(object);
	return object;
}

static void close_object(struct object *object)
{
	elf_end(object->elf);
	close(object->fd);
	free(object->sections);
	free(object->symbols);
	free((void *)object->path);
	free(object);
}

/* The section of @object that corresponds to @section of another one. */
static struct section *find_section(const struct object *object,
				    const struct section *section)
{
	size_t i;

	for (i = 0; i < object->nr_sections; i++) {
		struct section *found = &object->sections[i];

		if (occupies_memory(found) && found->number == section->number &&
		    !strcmp(found->name, section->name))
			return found;
	}
	return NULL;
}

/* Name the function or object at @offset. */
static const char *place(const struct object *object, const struct section *section,
			 unsigned long offset)
{
	static char text[256];
	size_t i;

	for (i = 0; i < object->nr_symbols; i++) {
		const struct symbol *symbol = &object->symbols[i];

		if (&object->sections[symbol->section] == section &&
		    symbol->sym.st_value <= offset &&
		    offset - symbol->sym.st_value < symbol->sym.st_size) {
			snprintf(text, sizeof(text), " (%s+0x%lx)", symbol->name,
				 offset - (unsigned long)symbol->sym.st_value);
			return text;
		}
	}
	return "";
}

static struct relocations relocations_of(const struct object *object,
					 const struct section *section)
{
	struct relocations found = { 0 };
	size_t i;

	for (i = 0; i < object->nr_sections; i++) {
		const GElf_Shdr *header = &object->sections[i].header;

		if ((header->sh_type != SHT_RELA && header->sh_type != SHT_REL) ||
		    &object->sections[header->sh_info] != section)
			continue;
		found.data = contents(object, &object->sections[i]);
		found.count = header->sh_size / header->sh_entsize;
		found.addends = header->sh_type == SHT_RELA;
		break;
	}
	return found;
}

static GElf_Rela relocation(const struct object *object,
			    const struct relocations *table, size_t i)
{
	GElf_Rela rela = { 0 };
	GElf_Rel rel;

	if (table->addends) {
		if (!gelf_getrela(table->data, i, &rela))
			unreadable(object->path, elf_errmsg(-1));
	} else {
		if (!gelf_getrel(table->data, i, &rel))
			unreadable(object->path, elf_errmsg(-1));
		rela.r_offset = rel.r_offset;
		rela.r_info = rel.r_info;
	}
	return rela;
}

/* What a symbol stands for, in words that do not depend on numbering. */
static void describe(const struct object *object, size_t index, char *text, size_t size)
{
	const struct symbol *symbol;
	const struct section *section;

	if (index >= object->nr_symbols)
		unreadable(object->path, "damaged relocation");
	symbol = &object->symbols[index];
	section = &object->sections[symbol->section];
	if (symbol->section && GELF_ST_BIND(symbol->sym.st_info) == STB_LOCAL)
		snprintf(text, size, "section %s #%u +0x%lx", section->name, section->number,
			 (unsigned long)symbol->sym.st_value);
	else if (!symbol->section)
		snprintf(text, size, "%s (%s)", symbol->name,
			 symbol->sym.st_shndx == SHN_UNDEF ? "undefined" : "absolute");
	else
		snprintf(text, size, "%s (%s #%u +0x%lx)", symbol->name, section->name,
			 section->number, (unsigned long)symbol->sym.st_value);
}

static void compare_relocations(const struct object *a, const struct section *in_a,
				const struct object *b, const struct section *in_b)
{
	struct relocations of_a = relocations_of(a, in_a), of_b = relocations_of(b, in_b);
	char names[2][512];
	GElf_Rela x, y;
	size_t i;

	if (of_a.count != of_b.count)
		report("section %s: %zu relocations, %zu in the other", in_a->name,
		       of_a.count, of_b.count);
	for (i = 0; i < of_a.count && i < of_b.count; i++) {
		x = relocation(a, &of_a, i);
		y = relocation(b, &of_b, i);
		describe(a, GELF_R_SYM(x.r_info), names[0], sizeof(names[0]));
		describe(b, GELF_R_SYM(y.r_info), names[1], sizeof(names[1]));
		nr_relocations++;
		if (x.r_offset == y.r_offset && x.r_addend == y.r_addend &&
		    GELF_R_TYPE(x.r_info) == GELF_R_TYPE(y.r_info) &&
		    !strcmp(names[0], names[1]))
			continue;
		report("section %s: relocation at 0x%lx%s: %s%+ld, in the other at 0x%lx: %s%+ld",
		       in_a->name, (unsigned long)x.r_offset, place(a, in_a, x.r_offset),
		       names[0], (long)x.r_addend, (unsigned long)y.r_offset, names[1],
		       (long)y.r_addend);
		break;
	}
}

static void compare_contents(const struct object *a, const struct section *in_a,
			     const struct object *b, const struct section *in_b)
{
	const unsigned char *x, *y;
	unsigned long i;

	if (in_a->header.sh_type == SHT_NOBITS || !in_a->header.sh_size ||
	    in_a->header.sh_size != in_b->header.sh_size)
		return;
	x = contents(a, in_a)->d_buf;
	y = contents(b, in_b)->d_buf;
	nr_bytes += in_a->header.sh_size;
	if (!memcmp(x, y, in_a->header.sh_size))
		return;
	for (i = 0; x[i] == y[i];)
		i++;
	report("section %s: offset 0x%lx%s: %02x, in the other %02x", in_a->name, i,
	       place(a, in_a, i), x[i], y[i]);
}

static void compare_sections(const struct object *a, const struct object *b)
{
	const struct section *in_a, *in_b;
	size_t i;

	for (i = 0; i < a->nr_sections; i++) {
		in_a = &a->sections[i];
		if (!occupies_memory(in_a))
			continue;
		in_b = find_section(b, in_a);
		if (!in_b) {
			report("section %s: only in %s", in_a->name, a->path);
			continue;
		}
		nr_sections++;
		if (in_a->header.sh_type != in_b->header.sh_type ||
		    in_a->header.sh_flags != in_b->header.sh_flags ||
		    in_a->header.sh_addralign != in_b->header.sh_addralign ||
		    in_a->header.sh_entsize != in_b->header.sh_entsize)
			report("section %s: attributes differ", in_a->name);
		if (in_a->header.sh_size != in_b->header.sh_size)
			report("section %s: %lu bytes, %lu in the other", in_a->name,
			       (unsigned long)in_a->header.sh_size,
			       (unsigned long)in_b->header.sh_size);
		compare_contents(a, in_a, b, in_b);
		compare_relocations(a, in_a, b, in_b);
	}
	for (i = 0; i < b->nr_sections; i++) {
		in_b = &b->sections[i];
		if (occupies_memory(in_b) && !find_section(a, in_b))
			report("section %s: only in %s", in_b->name, b->path);
	}
}

/* The symbols with their places; those of local ones with @names only. */
static char **list_symbols(const struct object *object, size_t *count, bool names)
{
	char **list = allocate(object->nr_symbols, sizeof(*list));
	size_t i;

	for (i = 0, *count = 0; i < object->nr_symbols; i++) {
		const struct symbol *symbol = &object->symbols[i];
		const struct section *section = &object->sections[symbol->section];
		int type = GELF_ST_TYPE(symbol->sym.st_info);
		char where[512], *text;
		const char *name;

		if (type == STT_SECTION || type == STT_FILE || !symbol->name[0] ||
		    (symbol->section && !occupies_memory(section)))
			continue;
		describe(object, i, where, sizeof(where));
		name = names || GELF_ST_BIND(symbol->sym.st_info) != STB_LOCAL ?
			symbol->name : "-";
		text = allocate(strlen(where) + strlen(name) + 64, 1);
		sprintf(text, "%s %s type %d binding %d visibility %d size %lu", where, name, type,
			GELF_ST_BIND(symbol->sym.st_info),
			GELF_ST_VISIBILITY(symbol->sym.st_other),
			(unsigned long)symbol->sym.st_size);
		list[(*count)++] = text;
	}
	return list;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_symbols(char **list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

/* Returns whether the two have the same symbols. */
static bool compare_symbols(const struct object *a, const struct object *b, bool names)
{
	size_t in_a, in_b, i = 0, j = 0;
	char **x = list_symbols(a, &in_a, names), **y = list_symbols(b, &in_b, names);
	bool equal = true;

	qsort(x, in_a, sizeof(*x), by_text);
	qsort(y, in_b, sizeof(*y), by_text);
	while (i < in_a || j < in_b) {
		int order = i == in_a ? 1 : j == in_b ? -1 : strcmp(x[i], y[j]);

		if (order) {
			equal = false;
			if (!names)
				report("symbol %s: only in %s", order < 0 ? x[i] : y[j],
				       order < 0 ? a->path : b->path);
			else if (!example[0])
				snprintf(example, sizeof(example), "%s: %s", pair,
					 order < 0 ? x[i] : y[j]);
		}
		i += order <= 0;
		j += order >= 0;
	}
	free_symbols(x, in_a);
	free_symbols(y, in_b);
	return equal;
}

int main(int argc, char **argv)
{
	char *name = NULL;
	size_t space = 0;
	ssize_t length;

	if (argc != 3) {
		fputs("usage: compare-objects DIRECTORY_A DIRECTORY_B <NAMES\n", stderr);
		return 2;
	}
	elf_version(EV_CURRENT);
	while ((length = getline(&name, &space, stdin)) > 0) {
		struct object *a, *b;

		name[strcspn(name, "\n")] = '\0';
		pair = name;
		reports = 0;
		a = open_object(argv[1], name);
		b = open_object(argv[2], name);
		compare_sections(a, b);
		if (compare_symbols(a, b, false) && !reports)
			nr_renamed += !compare_symbols(a, b, true);
		if (reports > MAX_REPORTS)
			printf("%s: and %u more differences\n", name, reports - MAX_REPORTS);
		nr_objects++;
		nr_different += reports != 0;
		close_object(a);
		close_object(b);
	}
	free(name);
	if (nr_renamed)
		printf("note: names of local symbols differ in %lu objects, e.g. %s\n", nr_renamed,
		       example);
	printf("%lu objects compared, %lu different: %lu sections, %lu bytes, %lu relocations\n",
	       nr_objects, nr_different, nr_sections, nr_bytes, nr_relocations);
	return nr_different != 0;
}
