/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_CALLS_H
#define _OBJTOOL_KERNELX_CALLS_H

#include <stdbool.h>

struct instruction;
struct objtool_file;
struct symbol;

/**
 * struct call - a direct call, or a jump to another function
 * @callee: the function called
 * @caller: the function that holds the instruction; NULL if it is in none
 * @insn: the instruction
 */
struct call {
	struct symbol *callee;
	struct symbol *caller;
	struct instruction *insn;
};

/**
 * calls_of() - all direct calls of a function, in the object
 * @file: the object
 * @func: the function
 * @nr: how many
 *
 * Return: the first of them, or NULL without memory.
 */
const struct call *calls_of(struct objtool_file *file, struct symbol *func, unsigned int *nr);

/* Can the function be called in other ways than these? */
bool callers_unknown(struct objtool_file *file, struct symbol *func);

/**
 * wild_callers() - functions that call what nobody knows
 * @file: the object
 * @nr: how many; a function can be there more than once
 *
 * Return: the first of them, or NULL without memory.
 */
struct symbol *const *wild_callers(struct objtool_file *file, unsigned int *nr);

/* Can a call lead to any function? @callee is NULL if it is indirect. */
bool callee_wild(const struct symbol *callee);

/*
 * Does a function only show values to people and to tracing programs? What it stores is
 * no state that the kernel goes by.
 */
bool callee_observes(const struct symbol *func);

/*
 * Functions of the kernel whose code a module's object does not have, but of which is known
 * what they do with a value: some compute another of it, and nothing else; timers keep it,
 * and call what they are told to when nobody waits for that.
 */
bool callee_computes(const struct symbol *func);
bool callee_keeps(const struct symbol *func);

/*
 * Does a call run what an interrupt could as well run there: softirqs, another task? That is
 * in instances of its own.
 */
bool callee_interrupts(const struct symbol *func);

/* Is the function only a stand-in for others (a static call)? */
bool callee_unknown(const struct symbol *func);

#endif /* _OBJTOOL_KERNELX_CALLS_H */
