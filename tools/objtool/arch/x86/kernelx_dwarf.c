// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: how many registers the arguments and the result of a function take.
 *
 * That is all that is wanted of the debug information, for which it is read once, and
 * types only of functions that are asked for. What is not understood makes the answer
 * "all of them". DWARF 4 and 5, in relocatable objects.
 */
#define _GNU_SOURCE	/* memmem() */
#include <dwarf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/hash.h>
#include <linux/jhash.h>

#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx_dwarf.h>
#include <objtool/kernelx_flow.h>
#include <objtool/objtool.h>

#define TABLE_BITS	14
#define MAX_ABBREVS	4096
#define MAX_TYPE_DEPTH	16

/* A unit of .debug_info; offsets are those of the section. */
struct unit {
	struct unit *next;
	size_t start;
	size_t end;
	size_t first_die;
	size_t abbrevs;
	size_t addr_base;
	size_t str_base;
	int version;
};

/* A subprogram: where it is described. */
struct subprogram {
	struct hlist_node node;
	struct section *sec;		/* NULL: known by its name */
	unsigned long offset;
	const char *name;
	struct unit *unit;
	size_t die;
};

/*
 * The debug information is a good part of an object: only one unit of it is in memory at
 * a time, and names are read only where there are so few that they may be wanted (in
 * modules, which call functions of others).
 */
#define MAX_NAMES	(16 << 20)

struct reader {
	struct objtool_file *file;
	int fd;
	struct section *info;
	struct section *addr;
	Elf_Data *abbrev;
	Elf_Data *str;
	struct section *strings;
	struct section *offsets;
	bool keep_names;
	bool failed;
	/* The unit in hand, its bytes and its abbreviations. */
	const struct unit *unit;
	u8 *data;
	const u8 *abbrevs[MAX_ABBREVS];
};

/* What is wanted of one DIE. */
struct die {
	unsigned int tag;		/* 0: the end of a list of children */
	bool children;
	bool declaration;
	bool has_pc;
	struct section *pc_sec;
	unsigned long pc;
	const char *name;
	u64 name_at;			/* offset in .debug_str */
	u64 member_at;
	size_t type;			/* offset in the section, 0: none */
	size_t origin;
	size_t sibling;
	u64 byte_size;
	size_t next;			/* what follows its attributes */
};

static struct reader *reader;
static struct hlist_head subprograms[1 << TABLE_BITS];

/* The bytes of the unit in hand from an offset in the section to its end. */
static const u8 *bytes(const struct reader *r, size_t at)
{
	return r->data + (at - r->unit->start);
}

static u64 fixed(struct reader *r, size_t *at, unsigned int size)
{
	u64 value = 0;

	if (size > 8 || *at + size > r->unit->end) {
		r->failed = true;
		return 0;
	}
	memcpy(&value, bytes(r, *at), size);
	*at += size;
	return value;
}

static u64 leb(const u8 **at, const u8 *end)
{
	unsigned int shift = 0;
	u64 value = 0;

	while (*at < end) {
		u8 byte = *(*at)++;

		if (shift < 64)
			value |= (u64)(byte & 0x7f) << shift;
		shift += 7;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

static u64 number(struct reader *r, size_t *at)
{
	const u8 *p = bytes(r, *at), *begin = p;
	u64 value = leb(&p, bytes(r, r->unit->end));

	*at += p - begin;
	return value;
}

/* An offset into another section, which in a relocatable object is in the relocation. */
static u64 reference(struct reader *r, struct section *sec, size_t at, u64 value,
		     struct symbol **sym)
{
	struct reloc *reloc = find_reloc_by_dest(r->file->elf, sec, at);

	if (sym)
		*sym = reloc ? reloc->sym : NULL;
	return reloc ? reloc->sym->offset + reloc_addend(reloc) : value;
}

static void set_pc(struct reader *r, struct die *die, struct section *sec, size_t at)
{
	struct symbol *sym;

	die->pc = reference(r, sec, at, 0, &sym);
	if (!sym || !sym->sec)
		return;
	die->pc_sec = sym->sec;
	die->has_pc = true;
}

static bool is_index(unsigned int form)
{
	return form == DW_FORM_strx || (form >= DW_FORM_strx1 && form <= DW_FORM_strx4);
}

/* Reads one attribute, and keeps it if it is wanted. */
static void attribute(struct reader *r, struct die *die, unsigned int name, unsigned int form,
		      size_t *at)
{
	size_t base = r->unit->start, begin = *at;
	u64 value = 0;

	switch (form) {
	case DW_FORM_addr:
		*at += 8;
		if (name == DW_AT_low_pc)
			set_pc(r, die, r->info, begin);
		return;
	case DW_FORM_addrx:
		value = number(r, at);
		if (name == DW_AT_low_pc && r->addr)
			set_pc(r, die, r->addr, r->unit->addr_base + 8 * value);
		return;
	case DW_FORM_flag_present:
		value = 1;
		break;
	case DW_FORM_data1: case DW_FORM_ref1: case DW_FORM_flag: case DW_FORM_strx1:
	case DW_FORM_addrx1:
		value = fixed(r, at, 1);
		break;
	case DW_FORM_data2: case DW_FORM_ref2: case DW_FORM_strx2: case DW_FORM_addrx2:
		value = fixed(r, at, 2);
		break;
	case DW_FORM_strx3: case DW_FORM_addrx3:
		value = fixed(r, at, 3);
		break;
	case DW_FORM_data4: case DW_FORM_ref4: case DW_FORM_strx4: case DW_FORM_addrx4:
	case DW_FORM_ref_addr: case DW_FORM_sec_offset: case DW_FORM_strp:
	case DW_FORM_line_strp: case DW_FORM_strp_sup: case DW_FORM_ref_sup4:
		value = fixed(r, at, 4);
		break;
	case DW_FORM_data8: case DW_FORM_ref8: case DW_FORM_ref_sig8: case DW_FORM_ref_sup8:
		value = fixed(r, at, 8);
		break;
	case DW_FORM_data16:
		*at += 16;
		return;
	case DW_FORM_udata: case DW_FORM_ref_udata: case DW_FORM_strx: case DW_FORM_loclistx:
	case DW_FORM_rnglistx:
		value = number(r, at);
		break;
	case DW_FORM_sdata:
		number(r, at);
		return;
	case DW_FORM_string:
		if (name == DW_AT_name && r->keep_names)
			die->name = (const char *)bytes(r, begin);
		*at += strnlen((const char *)bytes(r, begin), r->unit->end - begin) + 1;
		return;
	case DW_FORM_block1:
		*at += fixed(r, at, 1);
		return;
	case DW_FORM_block2:
		*at += fixed(r, at, 2);
		return;
	case DW_FORM_block4:
		*at += fixed(r, at, 4);
		return;
	case DW_FORM_block: case DW_FORM_exprloc:
		value = number(r, at);
		*at += value;
		return;
	default:
		r->failed = true;
		return;
	}

	switch (name) {
	case DW_AT_data_member_location:
		die->member_at = value;
		break;
	case DW_AT_name:
		if (is_index(form) && r->keep_names && r->offsets)
			die->name_at = reference(r, r->offsets, r->unit->str_base + 4 * value,
						 0, NULL);
		if (form == DW_FORM_strp && r->keep_names)
			die->name_at = reference(r, r->info, begin, value, NULL);
		if (form == DW_FORM_strp && r->str) {
			value = reference(r, r->info, begin, value, NULL);
			if (value < r->str->d_size)
				die->name = (const char *)r->str->d_buf + value;
		}
		break;
	case DW_AT_type:
		die->type = form == DW_FORM_ref_addr ?
			    reference(r, r->info, begin, value, NULL) : base + value;
		break;
	case DW_AT_abstract_origin:
	case DW_AT_specification:
		die->origin = form == DW_FORM_ref_addr ?
			      reference(r, r->info, begin, value, NULL) : base + value;
		break;
	case DW_AT_sibling:
		die->sibling = base + value;
		break;
	case DW_AT_byte_size:
		die->byte_size = value;
		break;
	case DW_AT_declaration:
		die->declaration = value;
		break;
	}
}

/* Reads a unit. */
static void read_bytes(struct reader *r, const struct unit *unit)
{
	size_t size = unit->end - unit->start;
	u8 *data = realloc(r->data, size);

	r->unit = unit;
	if (data)
		r->data = data;
	if (!data || pread(r->fd, data, size, r->info->sh.sh_offset + unit->start) != (ssize_t)size)
		r->failed = true;
}

/* Reads a unit and finds its abbreviations. */
static void use_unit(struct reader *r, const struct unit *unit)
{
	const u8 *start = r->abbrev->d_buf, *at, *end;
	u64 code, name, form;

	if (r->unit == unit)
		return;
	read_bytes(r, unit);
	memset(r->abbrevs, 0, sizeof(r->abbrevs));
	end = start + r->abbrev->d_size;
	if (unit->abbrevs >= r->abbrev->d_size)
		r->failed = true;
	if (r->failed)
		return;
	for (at = start + unit->abbrevs; at < end;) {
		code = leb(&at, end);
		if (!code)
			return;
		if (code < MAX_ABBREVS)
			r->abbrevs[code] = at;
		leb(&at, end);
		at++;
		do {
			name = leb(&at, end);
			form = leb(&at, end);
			if (form == DW_FORM_implicit_const)
				leb(&at, end);
		} while ((name || form) && at < end);
	}
}

static void read_die(struct reader *r, size_t at, struct die *die)
{
	const u8 *abbrev, *end = (const u8 *)r->abbrev->d_buf + r->abbrev->d_size;
	u64 code, name, form;

	memset(die, 0, sizeof(*die));
	code = number(r, &at);
	if (code >= MAX_ABBREVS || (code && !r->abbrevs[code]))
		r->failed = true;
	if (code && !r->failed) {
		abbrev = r->abbrevs[code];
		die->tag = leb(&abbrev, end);
		die->children = *abbrev++;
		for (;;) {
			name = leb(&abbrev, end);
			form = leb(&abbrev, end);
			if ((!name && !form) || r->failed)
				break;
			if (form != DW_FORM_implicit_const) {
				attribute(r, die, name, form, &at);
				continue;
			}
			form = leb(&abbrev, end);
			if (name == DW_AT_byte_size)
				die->byte_size = form;
			if (name == DW_AT_data_member_location)
				die->member_at = form;
		}
	}
	die->next = at;
}

static u32 place_hash(const struct section *sec, unsigned long offset)
{
	return hash_long((unsigned long)sec + offset, TABLE_BITS);
}

static u32 name_hash(const char *name)
{
	return jhash(name, strlen(name), 0) & ((1 << TABLE_BITS) - 1);
}

static void add_subprogram(struct reader *r, struct unit *unit, size_t at, const struct die *die)
{
	struct subprogram *subprogram;

	if (!die->has_pc && !(die->declaration && die->name))
		return;
	subprogram = calloc(1, sizeof(*subprogram));
	if (!subprogram) {
		r->failed = true;
		return;
	}
	subprogram->unit = unit;
	subprogram->die = at;
	if (die->has_pc) {
		subprogram->sec = die->pc_sec;
		subprogram->offset = die->pc;
		hlist_add_head(&subprogram->node,
			       &subprograms[place_hash(die->pc_sec, die->pc)]);
	} else {
		subprogram->name = die->name;
		hlist_add_head(&subprogram->node, &subprograms[name_hash(die->name)]);
	}
}

/* All subprograms of a unit. Types and blocks are stepped over where that is possible. */
static void read_unit(struct reader *r, struct unit *unit)
{
	size_t at = unit->first_die;
	struct die die;

	use_unit(r, unit);
	while (at < unit->end && !r->failed) {
		read_die(r, at, &die);
		if (die.tag == DW_TAG_subprogram)
			add_subprogram(r, unit, at, &die);
		if (die.children && die.sibling > at && die.tag != DW_TAG_compile_unit)
			at = die.sibling;
		else
			at = die.next;
	}
}

/* Where a unit's part of a table begins, that of addresses or of strings: its first DIE. */
static size_t find_base(struct reader *r, const struct unit *unit, unsigned int wanted)
{
	size_t at = unit->first_die, begin;
	const u8 *abbrev, *end = (const u8 *)r->abbrev->d_buf + r->abbrev->d_size;
	u64 code, name, form;
	struct die ignored;

	use_unit(r, unit);
	code = number(r, &at);
	if (!code || code >= MAX_ABBREVS || !r->abbrevs[code])
		return 8;
	abbrev = r->abbrevs[code];
	leb(&abbrev, end);
	abbrev++;
	memset(&ignored, 0, sizeof(ignored));
	for (;;) {
		name = leb(&abbrev, end);
		form = leb(&abbrev, end);
		if ((!name && !form) || r->failed)
			return 8;
		begin = at;
		if (form == DW_FORM_implicit_const) {
			leb(&abbrev, end);
			continue;
		}
		if (name == wanted)
			return reference(r, r->info, begin, fixed(r, &at, 4), NULL);
		attribute(r, &ignored, name, form, &at);
	}
}

/* The header of the unit that begins at an offset. */
static struct unit *read_header(struct reader *r, size_t start)
{
	struct unit head = { .start = start, .end = start + 16 }, *unit;
	size_t at = start;
	u64 length;

	if (head.end > r->info->sh.sh_size)
		head.end = r->info->sh.sh_size;
	read_bytes(r, &head);
	unit = calloc(1, sizeof(*unit));
	if (!unit) {
		r->failed = true;
		return NULL;
	}
	unit->start = start;
	length = fixed(r, &at, 4);
	unit->end = at + length;
	unit->version = fixed(r, &at, 2);
	unit->addr_base = 8;
	if (length >= 0xfffffff0 || unit->end > r->info->sh.sh_size)
		r->failed = true;
	if (unit->version == 5 && fixed(r, &at, 1) == DW_UT_compile && fixed(r, &at, 1) == 8) {
		unit->abbrevs = reference(r, r->info, at, 0, NULL);
		unit->first_die = at + 4;
	} else if (unit->version == 4) {
		unit->abbrevs = reference(r, r->info, at, 0, NULL);
		at += 4;
		if (fixed(r, &at, 1) == 8)
			unit->first_die = at;
	}
	r->unit = NULL;
	return unit;
}

static bool read_units(struct reader *r)
{
	struct unit *unit;
	size_t at;

	for (at = 0; at + 12 < r->info->sh.sh_size; at = unit->end) {
		unit = read_header(r, at);
		if (!unit || r->failed)
			return false;
		if (!unit->first_die)
			continue;
		if (r->addr)
			unit->addr_base = find_base(r, unit, DW_AT_addr_base);
		if (r->offsets)
			unit->str_base = find_base(r, unit, DW_AT_str_offsets_base);
		read_unit(r, unit);
		if (r->failed)
			return false;
	}
	return true;
}

/* objtool does not read these sections. */
static Elf_Data *section_data(struct objtool_file *file, const struct section *sec)
{
	return sec ? elf_getdata(elf_getscn(file->elf->elf, sec->idx), NULL) : NULL;
}

static void open_reader(struct objtool_file *file)
{
	static bool done;
	struct section *str;
	struct reader *r;

	if (done)
		return;
	done = true;
	r = calloc(1, sizeof(*r));
	if (!r)
		return;
	r->file = file;
	r->fd = file->elf->fd;
	r->info = find_section_by_name(file->elf, ".debug_info");
	r->addr = find_section_by_name(file->elf, ".debug_addr");
	r->offsets = find_section_by_name(file->elf, ".debug_str_offsets");
	r->abbrev = section_data(file, find_section_by_name(file->elf, ".debug_abbrev"));
	str = find_section_by_name(file->elf, ".debug_str");
	r->strings = str;
	if (str && str->sh.sh_size <= MAX_NAMES)
		r->str = section_data(file, str);
	if (r->info && r->abbrev && read_units(r)) {
		reader = r;
		return;
	}
	free(r->data);
	free(r);
}

static const struct subprogram *find_subprogram(struct symbol *func)
{
	struct subprogram *subprogram;
	u32 hash;

	if (func->sec && func->sec->idx) {
		hash = place_hash(func->sec, func->offset);
		hlist_for_each_entry(subprogram, &subprograms[hash], node)
			if (subprogram->sec == func->sec && subprogram->offset == func->offset)
				return subprogram;
		return NULL;
	}
	hlist_for_each_entry(subprogram, &subprograms[name_hash(func->name)], node)
		if (!subprogram->sec && !strcmp(subprogram->name, func->name))
			return subprogram;
	return NULL;
}

static bool in_unit(const struct unit *unit, size_t at)
{
	return at >= unit->first_die && at < unit->end;
}

/*
 * How many registers does a value of this type take? 0: it is passed in memory.
 * Return: negative if there is no telling.
 */
static int registers_of(struct reader *r, size_t type)
{
	struct die die;
	int depth;

	for (depth = 0; depth < MAX_TYPE_DEPTH; depth++) {
		if (!in_unit(r->unit, type))
			return -1;
		read_die(r, type, &die);
		if (r->failed)
			return -1;
		switch (die.tag) {
		case DW_TAG_pointer_type:
			return 1;
		case DW_TAG_base_type:
		case DW_TAG_enumeration_type:
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			if (!die.byte_size)
				return die.declaration ? -1 : 0;
			if (die.byte_size > 16)
				return 0;
			return die.byte_size > 8 ? 2 : 1;
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			type = die.type;
			break;
		default:
			return -1;
		}
	}
	return -1;
}

/* The DIE that tells the type: what is inlined elsewhere refers to its abstract self. */
static bool typed_die(struct reader *r, const struct subprogram *subprogram, struct die *die)
{
	int depth;

	use_unit(r, subprogram->unit);
	read_die(r, subprogram->die, die);
	for (depth = 0; die->origin && depth < 4; depth++) {
		if (!in_unit(r->unit, die->origin))
			return false;
		read_die(r, die->origin, die);
	}
	return !r->failed && die->tag == DW_TAG_subprogram && !die->origin;
}

/* clang passes what a pointer points to in place of the pointer, and tells nobody. */
static bool promotes_arguments(struct objtool_file *file, const struct symbol *func)
{
	static int clang = -1;
	struct section *comment;

	if (clang < 0) {
		comment = find_section_by_name(file->elf, ".comment");
		/* Without it, who knows. */
		clang = !comment || !comment->data ||
			memmem(comment->data->d_buf, comment->sh.sh_size, "clang", 5);
	}
	return clang && func->bind == STB_LOCAL;
}

/*
 * Copies that the compiler made of a function can take other arguments. Those for
 * constants only take fewer.
 */
static bool is_clone(struct objtool_file *file, const struct symbol *func)
{
	const char *suffix = strchr(func->name, '.');

	if (promotes_arguments(file, func))
		return true;
	return suffix && (strncmp(suffix, ".constprop.", 11) || strchr(suffix + 11, '.'));
}

bool dwarf_present(struct objtool_file *file)
{
	open_reader(file);
	return reader;
}

bool dwarf_knows(struct objtool_file *file, struct symbol *func)
{
	open_reader(file);
	return reader && find_subprogram(func);
}

u64 dwarf_returns(struct objtool_file *file, struct symbol *func)
{
	u64 both = REG_PARTS(CFI_AX, PART_64) | REG_PARTS(CFI_DX, PART_64);
	const struct subprogram *subprogram;
	struct die die;

	open_reader(file);
	subprogram = reader ? find_subprogram(func) : NULL;
	if (!subprogram || !typed_die(reader, subprogram, &die))
		return both;
	if (!die.type)
		return 0;
	switch (registers_of(reader, die.type)) {
	case 0:		/* the address of the memory */
	case 1:
		return REG_PARTS(CFI_AX, PART_64);
	default:
		return both;
	}
}

u64 dwarf_arguments(struct objtool_file *file, struct symbol *func)
{
	const struct subprogram *subprogram;
	int used = 0, registers, k;
	u64 parts = 0;
	struct die die;
	size_t at;

	open_reader(file);
	subprogram = reader && !is_clone(file, func) ? find_subprogram(func) : NULL;
	if (!subprogram || !typed_die(reader, subprogram, &die))
		goto all;
	if (die.type && registers_of(reader, die.type) <= 0)
		used++;
	for (at = die.next; die.children && used < ARGUMENT_REGS;) {
		struct die child;

		read_die(reader, at, &child);
		if (reader->failed || child.tag == DW_TAG_unspecified_parameters)
			goto all;
		if (child.tag != DW_TAG_formal_parameter)
			break;
		registers = child.type ? registers_of(reader, child.type) : -1;
		if (registers < 0)
			goto all;
		used += registers;
		at = child.next;
	}
	/* Formal parameters come first and have no children. */
	for (k = 0; k < used && k < ARGUMENT_REGS; k++)
		parts |= REG_PARTS(argument_regs[k], PART_64);
	return parts;
all:
	for (k = 0; k < ARGUMENT_REGS; k++)
		parts |= REG_PARTS(argument_regs[k], PART_64);
	return parts;
}

/* Through typedefs and qualifiers. Return: false if it is not in the unit. */
static bool plain_type(struct reader *r, size_t at, struct die *die, size_t *where)
{
	int depth;

	for (depth = 0; depth < MAX_TYPE_DEPTH && in_unit(r->unit, at); depth++) {
		read_die(r, at, die);
		if (r->failed)
			return false;
		*where = at;
		switch (die->tag) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			at = die->type;
			break;
		default:
			return true;
		}
	}
	return false;
}

/* The structure that a pointer of this type points to. */
static bool structure_behind(struct reader *r, size_t pointer, struct dwarf_type *type)
{
	struct die die;
	size_t at;

	if (!plain_type(r, pointer, &die, &at) || die.tag != DW_TAG_pointer_type || !die.type ||
	    !plain_type(r, die.type, &die, &at) || die.declaration ||
	    (die.tag != DW_TAG_structure_type && die.tag != DW_TAG_union_type))
		return false;
	type->unit = r->unit;
	type->die = at;
	return true;
}

bool dwarf_pointer_result(struct objtool_file *file, struct symbol *func,
			  struct dwarf_type *type)
{
	const struct subprogram *subprogram;
	struct die die;

	open_reader(file);
	subprogram = reader ? find_subprogram(func) : NULL;
	return subprogram && typed_die(reader, subprogram, &die) && die.type &&
	       structure_behind(reader, die.type, type);
}

bool dwarf_pointer_argument(struct objtool_file *file, struct symbol *func, int reg,
			    struct dwarf_type *type)
{
	const struct subprogram *subprogram;
	int used = 0, registers;
	struct die die, child;
	size_t at;

	open_reader(file);
	subprogram = reader && !is_clone(file, func) ? find_subprogram(func) : NULL;
	if (!subprogram || !typed_die(reader, subprogram, &die))
		return false;
	if (die.type && registers_of(reader, die.type) <= 0)
		used++;
	for (at = die.next; die.children && used < ARGUMENT_REGS; at = child.next) {
		read_die(reader, at, &child);
		if (reader->failed || child.tag != DW_TAG_formal_parameter || !child.type)
			return false;
		if (argument_regs[used] == reg)
			return structure_behind(reader, child.type, type);
		registers = registers_of(reader, child.type);
		if (registers < 0)
			return false;
		used += registers;
	}
	return false;
}

static void add_name(struct reader *r, const struct die *die, const char *before, char *text,
		     size_t size)
{
	size_t length = strlen(text);
	char name[64] = "";

	if (die->name)
		snprintf(name, sizeof(name), "%s", die->name);
	else if (die->name_at && r->strings &&
		 pread(r->fd, name, sizeof(name) - 1,
		       r->strings->sh.sh_offset + die->name_at) < 0)
		return;
	/* Members without a name are none to the reader. */
	if (name[0] && length < size)
		snprintf(text + length, size - length, "%s%s", before, name);
}

/* The member that an offset is in. */
static bool find_member(struct reader *r, const struct die *structure, u64 offset,
			struct die *found, struct die *type, size_t *type_at)
{
	struct die child, child_type;
	unsigned int inside = 0;	/* types that are described in this one */
	bool good = false;
	size_t at, child_at;
	u64 size;

	for (at = structure->next; structure->children;) {
		read_die(r, at, &child);
		if (r->failed || (!child.tag && !inside))
			break;
		at = child.children && child.sibling ? child.sibling : child.next;
		if (!child.tag)
			inside--;
		else if (child.children && !child.sibling)
			inside++;
		if (inside || child.tag != DW_TAG_member || child.member_at > offset ||
		    !child.type || !plain_type(r, child.type, &child_type, &child_at))
			continue;
		/* Arrays have no size of their own here: the next member ends them. */
		size = child_type.tag == DW_TAG_pointer_type ? 8 : child_type.byte_size;
		if (size && offset >= child.member_at + size)
			continue;
		*found = child;
		*type = child_type;
		*type_at = child_at;
		good = true;
		if (size)
			break;
	}
	return good && !r->failed;
}

bool dwarf_member(const struct dwarf_type *type, u64 offset, char *text, size_t size,
		  struct dwarf_type *pointee)
{
	struct reader *r = reader;
	struct die structure, member, inner;
	size_t at = type->die, inner_at;
	bool good = false;
	int depth;

	use_unit(r, type->unit);
	r->keep_names = text;
	read_die(r, at, &structure);
	if (text) {
		text[0] = 0;
		add_name(r, &structure,
			 structure.tag == DW_TAG_union_type ? "union " : "struct ", text, size);
	}
	for (depth = 0; depth < MAX_TYPE_DEPTH && !r->failed; depth++) {
		if (!find_member(r, &structure, offset, &member, &inner, &inner_at))
			break;
		good = true;
		if (text)
			add_name(r, &member, ".", text, size);
		offset -= member.member_at;
		if (inner.tag != DW_TAG_structure_type && inner.tag != DW_TAG_union_type)
			break;
		structure = inner;
		good = false;
	}
	if (good && pointee)
		good = !offset && structure_behind(r, member.type, pointee);
	r->keep_names = false;
	return good && !r->failed;
}
