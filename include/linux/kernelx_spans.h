/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KERNELX_SPANS_H
#define _LINUX_KERNELX_SPANS_H

/*
 * What objtool found out about KernelX sites, as it stands in two ELF sections of
 * vmlinux and of modules. objtool includes this file too. All references are 32-bit
 * offsets from the field that holds them, so that the sections need no relocation at
 * run time. See Documentation/dev-tools/kernelx/spans.rst.
 */

#define KERNELX_FACTS_SECTION	"__kernelx_facts"
#define KERNELX_SPANS_SECTION	"__kernelx_spans"

/* Changes with every change of what follows. */
#define KERNELX_FACTS_VERSION	2

/* struct kernelx_facts.flags: the classes of a site */
#define KERNELX_DEPENDENT	0x1	/* its instance may use the knob, or its group, again */
#define KERNELX_ESCAPES		0x2	/* stored beyond the frame */
#define KERNELX_EQUALITY	0x4	/* tested for equality with what may outlive it */
#define KERNELX_UNBOUNDED	0x8	/* goes where no span can list it */

/* Why it is dependent. */
#define KERNELX_BY_FUNCTION	0x10	/* one call of its function can reach another site */
#define KERNELX_BY_LOOP		0x20	/* it is in its own span */
#define KERNELX_BY_SPAN		0x40	/* one is in the span of another */
#define KERNELX_BY_CALLEE	0x80	/* a function called in the span leads to one */
#define KERNELX_BY_STANZA	0x40000	/* its stanza names a function as the instance */

/* Why a span is wider than what was seen to depend on the value. */
#define KERNELX_WIDE_INDIRECT_CALL	0x100	/* passed to a function not known */
#define KERNELX_WIDE_EXTERNAL_CALL	0x200	/* passed to a function of another object */
#define KERNELX_WIDE_UNKNOWN_INSN	0x400	/* went into an unknown instruction */
#define KERNELX_WIDE_ADDRESS_TAKEN	0x800	/* in a slot whose address is known elsewhere */
#define KERNELX_WIDE_UNKNOWN_CALLER	0x1000	/* returned to callers that are not known */
#define KERNELX_WIDE_ASSEMBLY		0x2000	/* in a register at a call of assembly code */
#define KERNELX_WIDE_OTHER_REGISTER	0x4000	/* went to a vector or system register */
#define KERNELX_WIDE_FRAME		0x8000	/* the stack pointer is not known */
#define KERNELX_WIDE_RECURSION		0x10000	/* the analysis met itself, or its limit */
#define KERNELX_WIDE_INDIRECT_JUMP	0x20000	/* a jump whose targets are not known */
#define KERNELX_WIDE_ALL		0x3ff00

/* The words that people see, in this order: word(flag, text). */
#define KERNELX_FLAG_WORDS(word)					\
	word(KERNELX_BY_FUNCTION,		"by-function")		\
	word(KERNELX_BY_LOOP,			"by-loop")		\
	word(KERNELX_BY_SPAN,			"by-span")		\
	word(KERNELX_BY_CALLEE,			"by-callee")		\
	word(KERNELX_BY_STANZA,			"by-stanza")		\
	word(KERNELX_EQUALITY,			"equality")		\
	word(KERNELX_ESCAPES,			"escapes")		\
	word(KERNELX_UNBOUNDED,			"unbounded")		\
	word(KERNELX_WIDE_INDIRECT_CALL,	"indirect-call")	\
	word(KERNELX_WIDE_EXTERNAL_CALL,	"external-call")	\
	word(KERNELX_WIDE_UNKNOWN_INSN,		"unknown-instruction")	\
	word(KERNELX_WIDE_ADDRESS_TAKEN,	"address-taken")	\
	word(KERNELX_WIDE_UNKNOWN_CALLER,	"unknown-caller")	\
	word(KERNELX_WIDE_ASSEMBLY,		"assembly")		\
	word(KERNELX_WIDE_OTHER_REGISTER,	"other-register")	\
	word(KERNELX_WIDE_FRAME,		"frame")		\
	word(KERNELX_WIDE_RECURSION,		"recursion")		\
	word(KERNELX_WIDE_INDIRECT_JUMP,	"indirect-jump")

/* struct kernelx_facts.use: what the first instruction that uses the value does */
enum kernelx_use {
	KERNELX_USE_NONE,	/* nothing: the value is dead */
	KERNELX_USE_COMPARE,
	KERNELX_USE_STORE,
	KERNELX_USE_PASS,	/* an argument of a call */
	KERNELX_USE_RETURN,
	KERNELX_USE_SHIFT,	/* as the count of a shift */
	KERNELX_USE_MULTIPLY,
	KERNELX_USE_DIVIDE,
	KERNELX_USE_ADDRESS,	/* an index into memory */
	KERNELX_USE_COMBINE,	/* with another value: add, and, conditional move */
	KERNELX_USE_BRANCHES,	/* differs from path to path */
};

#define KERNELX_USE_WORDS(word)						\
	word(KERNELX_USE_NONE,			"none")			\
	word(KERNELX_USE_COMPARE,		"compare")		\
	word(KERNELX_USE_STORE,			"store")		\
	word(KERNELX_USE_PASS,			"pass")			\
	word(KERNELX_USE_RETURN,		"return")		\
	word(KERNELX_USE_SHIFT,			"shift")		\
	word(KERNELX_USE_MULTIPLY,		"multiply")		\
	word(KERNELX_USE_DIVIDE,		"divide")		\
	word(KERNELX_USE_ADDRESS,		"address")		\
	word(KERNELX_USE_COMBINE,		"combine")		\
	word(KERNELX_USE_BRANCHES,		"branches")

/**
 * struct kernelx_facts - what is known of one site
 * @site:	its record in __kernelx_sites; relative.
 * @version:	KERNELX_FACTS_VERSION.
 * @use:	enum kernelx_use, with the value @factor * V + @addend.
 * @width:	bits of the operand there: 8, 16, 32 or 64.
 * @reg:	number of the register that the site writes.
 * @flags:	KERNELX_*.
 * @critical:	size of the critical span in bytes; it begins with those bytes of the site
 *		that are patched, behind a prefix.
 * @frame:	from the stack pointer at the site up to the canonical frame address (what
 *		the stack pointer was before the call of the function), in bytes; 0 if it
 *		is not known.
 * @place:	where the value escapes first, or is tested for equality; relative; 0 if
 *		it is not.
 * @factor:	see @use.
 * @addend:	see @use.
 *
 * In the order of __kernelx_sites within an object.
 */
struct kernelx_facts {
	s32 site;
	u8 version;
	u8 use;
	u8 width;
	u8 reg;
	u32 flags;
	u32 critical;
	u32 frame;
	s32 place;
	s64 factor;
	s64 addend;
};

/**
 * struct kernelx_span - a part of the safe span of one site
 * @start:	first byte; relative.
 * @size:	bytes.
 * @site:	the site's record in __kernelx_sites; relative.
 *
 * A value derived from what the site brought in is needed at every instruction that
 * begins within. To look up a return address, subtract one: a call that receives such
 * a value, or keeps one alive, lies within, but what follows need not.
 *
 * Sorted by section and address when objtool writes them, and by address when the
 * kernel has started or loaded a module. Parts of different sites may overlap.
 */
struct kernelx_span {
	s32 start;
	u32 size;
	s32 site;
};

#endif /* _LINUX_KERNELX_SPANS_H */
