// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX sites: what must hold for the kernel to be able to patch them.
 *
 * A site that breaks a rule is an error, not a warning: the kernel would write
 * to code that it must not write to.
 */
#include <stdio.h>
#include <string.h>

#include <objtool/builtin.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx.h>
#include <objtool/objtool.h>
#include <objtool/warn.h>

#define STUBS_SECTION	".text..kernelx"

#define SITE_SIZE	5
#define MOV_IMM32	0xb8
#define STUB_LEA_SIZE	7

/* r8 to r15: a prefix precedes the bytes that are patched */
#define REX_B		0x41

/* Sections whose code runs where a breakpoint cannot be handled. */
static const char * const forbidden_sections[] = {
	".noinstr.text",
	".entry.text",
	".cpuidle.text",
	".head.text",
	".kprobes.text",
	".altinstr_replacement",
};

static bool forbidden_section(const struct section *sec)
{
	unsigned int i;

	if (sec->noinstr)
		return true;
	for (i = 0; i < sizeof(forbidden_sections) / sizeof(forbidden_sections[0]); i++)
		if (!strcmp(sec->name, forbidden_sections[i]))
			return true;
	return false;
}

static int error(const struct instruction *insn, const char *what)
{
	char *where = offstr(insn->sec, insn->offset);

	fprintf(stderr, "%s: error: objtool: %s: KernelX site %s\n",
		objname, where, what);
	free(where);
	return 1;
}

static int record_error(struct reloc *reloc)
{
	fprintf(stderr, "%s: error: objtool: %s+0x%lx: not the record of an instruction\n",
		objname, KERNELX_SITES_SECTION, (unsigned long)reloc_offset(reloc));
	return 1;
}

static const unsigned char *bytes(const struct instruction *insn)
{
	return (unsigned char *)insn->sec->data->d_buf + insn->offset;
}

/* The instruction whose last 5 bytes are at the target of a reference. */
static struct instruction *find_site(struct objtool_file *file,
				     struct section *sec, unsigned long offset)
{
	struct instruction *insn = find_insn(file, sec, offset);

	if (insn || !offset)
		return insn;
	insn = find_insn(file, sec, offset - 1);
	return insn && *bytes(insn) == REX_B ? insn : NULL;
}

/* Return: the register, or -1. */
static int site_register(const struct instruction *insn)
{
	const unsigned char *code = bytes(insn);
	int prefix = *code == REX_B;

	if (insn->len != SITE_SIZE + prefix || (code[prefix] & ~7) != MOV_IMM32)
		return -1;
	return (code[prefix] & 7) | prefix << 3;
}

static int check_site(const struct instruction *insn)
{
	if (site_register(insn) < 0)
		return error(insn, "is not a move of a 32-bit immediate to a register");
	if (forbidden_section(insn->sec))
		return error(insn, "must not be in code that cannot take a breakpoint");
	if (insn->visited & VISITED_BRANCH_UACCESS)
		return error(insn, "is in a user access region, read the value before it");
	return 0;
}

/* lea record(%rip), %reg; jmp kernelx_thunk_<reg>; with the site's register */
static int check_stub(struct objtool_file *file, const struct instruction *site,
		      const struct instruction *stub)
{
	const unsigned char *code = bytes(stub);
	static const char * const thunks[] = {
		"kernelx_thunk_rax", "kernelx_thunk_rcx", "kernelx_thunk_rdx",
		"kernelx_thunk_rbx", "", "kernelx_thunk_rbp",
		"kernelx_thunk_rsi", "kernelx_thunk_rdi", "kernelx_thunk_r8",
		"kernelx_thunk_r9", "kernelx_thunk_r10", "kernelx_thunk_r11",
		"kernelx_thunk_r12", "kernelx_thunk_r13", "kernelx_thunk_r14",
		"kernelx_thunk_r15",
	};
	struct instruction *jump;
	struct reloc *reloc;
	int reg = site_register(site);

	if (reg < 0)
		return 0;	/* reported already */

	if (strcmp(stub->sec->name, STUBS_SECTION))
		return error(site, "has a stub outside of " STUBS_SECTION);
	if (stub->len != STUB_LEA_SIZE || code[0] != (0x48 | (reg & 8) >> 1) ||
	    code[1] != 0x8d || code[2] != (0x05 | (reg & 7) << 3))
		return error(site, "has a stub that does not begin with lea to its register");
	jump = find_insn(file, stub->sec, stub->offset + STUB_LEA_SIZE);
	if (!jump || jump->type != INSN_JUMP_UNCONDITIONAL)
		return error(site, "has a stub that does not end in a jump");
	reloc = find_reloc_by_dest_range(file->elf, jump->sec, jump->offset, jump->len);
	if (!reloc || strcmp(reloc->sym->name, thunks[reg]))
		return error(site, "has a stub that does not end in the thunk of its register");
	return 0;
}

/* For the search for its spans. */
static int remember(const struct section *sec, struct reloc *reloc,
		    struct instruction *site)
{
	unsigned int record = reloc_offset(reloc) - KERNELX_RECORD_VALUE;
	u32 min, max;

	memcpy(&min, (char *)sec->data->d_buf + record + KERNELX_RECORD_MIN, sizeof(min));
	memcpy(&max, (char *)sec->data->d_buf + record + KERNELX_RECORD_MAX, sizeof(max));
	if (!kernelx_add_site(site, site_register(site), record,
			      reloc->sym->name + strlen(KERNELX_VALUE_PREFIX), min, max))
		return 0;
	return error(site, "cannot be remembered: out of memory");
}

/* Where spans are not known, nothing is recorded, and the kernel assumes the worst. */
int __weak kernelx_add_site(struct instruction *insn, int reg, unsigned int record,
			    const char *knob, u32 min, u32 max)
{
	return 0;
}

int __weak kernelx_create_spans(struct objtool_file *file)
{
	return 0;
}

int kernelx_check_sites(struct objtool_file *file)
{
	struct instruction *site = NULL, *stub;
	struct section *sec;
	struct reloc *reloc;
	int errors = 0;

	sec = find_section_by_name(file->elf, KERNELX_SITES_SECTION);
	if (!sec || !sec->rsec)
		return 0;
	for_each_reloc(sec->rsec, reloc) {
		switch (reloc_offset(reloc) % KERNELX_RECORD_SIZE) {
		case KERNELX_RECORD_SITE:
			site = find_site(file, reloc->sym->sec,
					 reloc->sym->offset + reloc_addend(reloc));
			if (!site) {
				errors += record_error(reloc);
				break;
			}
			errors += check_site(site);
			break;
		case KERNELX_RECORD_STUB:
			stub = find_insn(file, reloc->sym->sec,
					 reloc->sym->offset + reloc_addend(reloc));
			if (site && !stub)
				errors += error(site, "has no stub");
			else if (site)
				errors += check_stub(file, site, stub);
			break;
		case KERNELX_RECORD_VALUE:
			if (!site)
				break;
			if (strncmp(reloc->sym->name, KERNELX_VALUE_PREFIX,
				    strlen(KERNELX_VALUE_PREFIX)))
				errors += error(site, "does not name the value of a knob");
			else
				errors += remember(sec, reloc, site);
			break;
		}
	}
	return errors;
}
