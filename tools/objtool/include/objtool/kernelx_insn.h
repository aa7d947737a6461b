/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_INSN_H
#define _OBJTOOL_KERNELX_INSN_H

#include <stdbool.h>
#include <string.h>

#include <asm/insn.h>
#include <objtool/arch.h>
#include <objtool/check.h>
#include <objtool/elf.h>

/*
 * The bytes of objtool's instructions, and where they lead.
 */

/* What stands for the padding of a replacement has no bytes in the file. */
static inline bool insn_is_padding(const struct instruction *insn)
{
	return insn->alt_group && insn == insn->alt_group->nop;
}

/* Return: false if the instruction is padding or cannot be decoded. */
static inline bool insn_bytes(const struct instruction *insn, struct insn *decoded)
{
	const unsigned char *code;

	if (insn_is_padding(insn))
		return false;
	code = insn->sec->data->d_buf;
	return !insn_decode(decoded, code + insn->offset, insn->len, INSN_MODE_64);
}

/* A prefix bit: 8 for W, 4 for R, 2 for X, 1 for B. */
static inline bool insn_rex(const struct insn *decoded, unsigned int bit)
{
	return decoded->rex_prefix.nbytes && (decoded->rex_prefix.bytes[0] & bit);
}

static inline int insn_modrm_reg(const struct insn *decoded)
{
	return X86_MODRM_REG(decoded->modrm.bytes[0]) | (insn_rex(decoded, 4) ? 8 : 0);
}

static inline int insn_modrm_rm(const struct insn *decoded)
{
	return X86_MODRM_RM(decoded->modrm.bytes[0]) | (insn_rex(decoded, 1) ? 8 : 0);
}

static inline bool insn_rm_is_register(const struct insn *decoded)
{
	return decoded->modrm.nbytes && X86_MODRM_MOD(decoded->modrm.bytes[0]) == 3;
}

/*
 * What asm statements put aside is in no function: code that an original jumps to, and that
 * jumps back, before alternatives are patched.
 */
static inline bool insn_is_aside(const struct instruction *insn)
{
	return !strcmp(insn->sec->name, ".altinstr_aux");
}

/*
 * What runs after an instruction that does not jump. Alternatives are patched in place:
 * from the end of a replacement it goes on after the original.
 */
static inline struct instruction *insn_following(struct objtool_file *file,
						 struct instruction *insn)
{
	struct alt_group *group = insn->alt_group;

	if (group && group->orig_group &&
	    (insn == group->last_insn || insn == group->nop))
		insn = group->orig_group->last_insn;
	return next_insn_same_sec(file, insn);
}

/* A function under the one name that stands for all its aliases and its cold part. */
static inline struct symbol *canonical_func(struct symbol *func)
{
	if (func && func->alias)
		func = func->alias;
	return func && func->pfunc ? func->pfunc : func;
}

#endif /* _OBJTOOL_KERNELX_INSN_H */
