/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KERNELX_ORACLE_H
#define KERNELX_ORACLE_H

/*
 * The parts of oracle-check: the kernel image and its tables (image.c, sites.c), what an
 * instruction reads and writes (decode.c), the emulated machine (machine.c), two runs of
 * a piece of code that are compared (run.c), and what was found (report.c).
 */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <stdio.h>
#include <unicorn/unicorn.h>

#include "../../../../../include/linux/kernelx_spans.h"
#include "../../../../../kernel/kernelx/arch.h"

#define PAGE_BYTES	4096u
#define NR_REGISTERS	16
#define NR_FLAGS	6

/* General registers by the numbers that instructions have for them. */
enum register_number { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11 };

/* What a call may change; in what it returns something; what it may be given. */
#define CLOBBERED	(BIT(RAX) | BIT(RCX) | BIT(RDX) | BIT(RSI) | BIT(RDI) | BIT(R8) | \
			 BIT(R9) | BIT(R10) | BIT(R11))
#define RETURNED	(BIT(RAX) | BIT(RDX))
#define ARGUMENTS	(BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(RCX) | BIT(R8) | BIT(R9))

/* image.c */

struct symbol {
	u64 address;
	u64 size;
	const char *name;
};

/* Addresses that calls and jumps to are not what they are elsewhere. */
enum special {
	SPECIAL_NONE,
	SPECIAL_RETURN,		/* a return thunk */
	SPECIAL_INDIRECT,	/* a thunk that goes where a register points */
	SPECIAL_TRACE,		/* __fentry__: nothing */
	SPECIAL_NORETURN,
};

/* How the canonical frame address is found at some place. */
struct frame {
	bool known;
	bool indirect;	/* it is stored there */
	u8 base;	/* RSP or RBP */
	s32 offset;
};

void image_open(const char *path);
/* What stands at @address, or NULL if not all of it is in the file. */
const void *image_bytes(u64 address, size_t size);
bool image_symbol(const char *name, u64 *address);
/* The function that @address lies in, or NULL. */
const struct symbol *image_function(u64 address);
/* The same function, or a part of it that the compiler split off? */
bool image_same_function(const struct symbol *function, u64 address);
const char *image_name(u64 address);
enum special image_special(u64 address);
struct frame image_frame(u64 address);
/* Call @each for each range of pages that the emulator shall see as it is in the file. */
void image_pages(void (*each)(u64 address, u64 end));
/* ... and for each range that holds variables, and may hold some of the above. */
void image_variables(void (*each)(u64 start, u64 end));
/* Is @address a jump that is made and unmade at run time? */
bool image_jump_label(u64 address, u64 *target);
/* Call @each with where each direct call of @function returns to. */
void image_callers(const struct symbol *function, void (*each)(u64 address, void *context),
		   void *context);

/* sites.c */

struct range {
	u64 start;
	u64 end;
};

/* Where direct calls of a function return to. */
struct callers {
	const struct symbol *function;
	struct callers *next;
	unsigned int count;
	u64 *returns;
};

struct site {
	u64 record;
	u64 start;	/* with a prefix */
	u64 end;
	u8 reg;
	u32 min;
	u32 max;
	u32 value;	/* as built */
	const char *knob;
	const struct symbol *function;
	const struct kernelx_facts *facts;	/* or NULL */
	struct range *spans;
	unsigned int nr_spans;
	u64 use;	/* the instruction that uses the value first, or 0 */
	/* From the stack pointer at the site up to the frame pointer, and to the frame address. */
	u64 to_frame_pointer;
	u64 to_frame_address;
	unsigned int entries;	/* runs from the function's entry */
	unsigned int arrivals;	/* those of them that reached the site */
	const char *uncovered;	/* why not */
};

enum table { TABLE_IMAGE, TABLE_FUNCTION, TABLE_EMPTY };
enum mutation { MUTATE_NONE, MUTATE_SHRINK, MUTATE_HALVE, MUTATE_LATE, MUTATE_FACTS };

/* Does the table tell what other functions do with a value? */
extern bool follow;
extern struct site *sites;
extern unsigned int nr_sites;

void sites_read(enum table table, enum mutation mutation);
const struct callers *callers_of(const struct symbol *function);
bool site_covers(const struct site *site, u64 address);

/* decode.c */

enum insn_kind {
	INSN_PLAIN,
	INSN_JUMP,		/* direct, conditional or not */
	INSN_JUMP_INDIRECT,
	INSN_CALL,
	INSN_CALL_INDIRECT,
	INSN_CALL_NORETURN,
	INSN_NOTHING,		/* a call that does nothing */
	INSN_RETURN,
	INSN_PUSH_FLAGS,
	INSN_CLOCK,		/* what it gives differs from time to time */
	INSN_TRAP,
	INSN_UNKNOWN,
};

/* Register sets are a bit for each byte of each register. */
struct insn {
	u64 address;
	struct insn *next;
	u64 target;		/* of a direct jump or call */
	bool branch;		/* it may jump or not */
	u8 size;
	u8 kind;
	u8 flags_read;
	u8 flags_written;
	u8 read[NR_REGISTERS];
	u8 written[NR_REGISTERS];
	u16 read_any;		/* a bit for each register */
	u16 written_any;
	bool save;		/* stores a register, which it does not read else */
	bool restore;		/* pops one */
	bool reload;		/* loads one: that it restores it if it was saved there */
	u8 saved;		/* which */
};

void decode_open(void);
struct insn *decode(u64 address);
void decode_print(u64 address, char *text, size_t size);

/* The arithmetic flags in the order of the bits in insn.flags_*. */
extern const u16 flag_bits[NR_FLAGS];
extern const char *const flag_names[NR_FLAGS];
extern const char *const register_names[NR_REGISTERS];

/* machine.c */

#define STACK_BASE	0xffffc90000100000ull
#define STACK_BYTES	0x8000u
#define NO_RETURN	0xffffffffdead0000ull	/* nothing is there */

struct registers {
	u64 r[NR_REGISTERS];
	u64 flags;
};

extern uc_engine *uc;

u64 mix(u64 x);
void machine_open(void);
/* A new state: all memory but text and constants is new, near the given values. */
void machine_state(u64 seed, u32 a, u32 b, u64 min, u64 max);
u64 machine_value(u64 seed);
/* The memory at @address, never NULL; not across pages. */
u8 *machine_byte(u64 address);
void machine_load(u64 address, void *bytes, unsigned int size);
/* Can be undone. */
void machine_store(u64 address, const void *bytes, unsigned int size);
void machine_undo(void);
void machine_get(struct registers *registers);
void machine_set(const struct registers *registers);
/* Make a page be there for the emulator. */
bool machine_map(u64 address, unsigned int size);

/* run.c: executes */

/* How long a trace can get, and into how many calls. */
#define MAX_STEPS	4096
#define MAX_ACCESSES	(MAX_STEPS * 4)
#define MAX_DEPTH	32

enum end {
	END_DIVERGED,	/* control flow differs */
	END_RETURN,
	END_TAIL_CALL,
	END_NORETURN,
	END_FAULT,
	END_TRAP,
	END_UNKNOWN,
	END_LIMIT,
	END_INDIRECT,
	END_STACK,
	END_MISSED,	/* did not reach the site */
	NR_ENDS,
};

struct options {
	unsigned int states;
	unsigned int steps;
	u64 seed;
	bool strict_arguments;
	unsigned int reports;
	bool verbose;
	const char *knob;
};

extern struct options options;

struct run_result {
	enum end end;
	unsigned int length;	/* from the site on */
	unsigned int calls;	/* stepped over */
	unsigned int entered;
	unsigned int returned;	/* to a caller */
	bool returned_value;	/* that differed, to nowhere */
};

struct access {
	u64 address;
	u64 value;
	u8 size;
	bool write;
};

struct step {
	u64 address;
	u64 anchor;	/* the call in the function looked at that it belongs to, or itself */
	const struct insn *insn;
	struct registers registers;
	unsigned int access;	/* the first of its accesses */
	bool covered;		/* by the safe span, or a call around it is */
	u8 depth;
};

/* A run, as far as it has come. */
struct run {
	bool second;
	struct site *site;
	u64 seed;
	u32 value;
	bool entered;		/* began at the function's entry */
	unsigned int enter;	/* how deep it goes into calls */
	bool force;		/* takes branches at random */
	unsigned int limit;
	const struct symbol *function;	/* at depth 0 */
	unsigned int depth;
	u64 frames[MAX_DEPTH + 1];	/* canonical frame addresses */
	u64 calls[MAX_DEPTH];		/* where they were made */
	bool covered[MAX_DEPTH];	/* one of the calls up to there is in the span */
	unsigned int reached;	/* first step after the site */
	unsigned int nr_steps;
	unsigned int nr_accesses;
	struct step *step;	/* the current one */
	u16 written[MAX_DEPTH + 1];	/* registers, since the call */
	u16 clobbered;		/* ... that it has left to nobody, with the flags */
	enum end end;
	bool ended;
	u64 end_address;
	struct run_result *result;
};

extern struct run run;
/* Those of the first run. */
extern struct step steps[MAX_STEPS];
extern struct access accesses[MAX_ACCESSES];
extern unsigned int nr_accesses;

void run_open(void);
/* Find out how the frame at the site looks; false if that fails. */
bool run_frame(struct site *site);
void run_state(struct site *site, u64 seed, struct run_result *result);

/* compare.c: what of the second run differs from the first, and is needed */

void compare_begin(void);
/* Looks at the step that is about to be executed, with @registers. */
void compare_step(const struct registers *registers);
void compare_read(const struct access *first, u64 address);
void compare_write(const struct access *first, u64 address, u64 value);
/* Before an instruction: undo what made the one before it use the first run's addresses. */
void compare_settle(void);
/* The current step calls or jumps to another function. */
void compare_arguments(u64 callee);
bool compare_differs(unsigned int reg);
void compare_end(void);

/* report.c */

enum violation {
	VIOLATION_REGISTER,
	VIOLATION_FLAG,
	VIOLATION_STACK,
	VIOLATION_ESCAPE,
	VIOLATION_ARGUMENT,
	VIOLATION_FRAME,
	VIOLATION_USE,
	NR_VIOLATIONS,
};

struct finding {
	enum violation kind;
	const struct site *site;
	u64 address;
	s64 place;	/* register, flag, offset from the canonical frame address */
	u64 a;
	u64 b;
	u64 reader;	/* the instruction that needs it, or the callee */
	bool entered;	/* the run began at the function's entry */
	unsigned int depth;
	unsigned int count;
};

void report_finding(const struct finding *finding);
void report_checked(const struct site *site, u64 address);
void report_run(const struct site *site, const struct run_result *result);
/* Returns the number of violations. */
unsigned int report_print(void);

void *allocate(size_t count, size_t size);
void *grow(void *memory, size_t count, size_t size);
void __noreturn __printf(1, 2) fail(const char *format, ...);

#endif /* KERNELX_ORACLE_H */
