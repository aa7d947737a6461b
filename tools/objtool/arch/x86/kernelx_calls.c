// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: what a function reads of its arguments and leaves of its caller's
 * registers, found in its code, and who calls it.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/hash.h>

#include <objtool/arch.h>
#include <objtool/builtin.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx.h>
#include <objtool/kernelx_calls.h>
#include <objtool/kernelx_dwarf.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/objtool.h>

#define TABLE_BITS	12

/* What KASAN puts into frames; and how many instructions may come before that is done. */
#define KASAN_FRAME_MAGIC	0x41b58ab3
#define KASAN_PROLOGUE		64

/* How far to look for the first use of arguments. */
#define MAX_DEPTH	8
#define MAX_STEPS	2000

struct answer {
	struct hlist_node node;
	struct symbol *func;
	bool reads_known;
	bool clobbers_known;
	bool busy;
	bool unsure;
	u64 reads;
	u64 clobbers;
};

static struct hlist_head answers[1 << TABLE_BITS];

static struct answer *answer_of(struct symbol *func)
{
	struct hlist_head *head = &answers[hash_ptr(func, TABLE_BITS)];
	struct answer *answer;

	hlist_for_each_entry(answer, head, node)
		if (answer->func == func)
			return answer;
	answer = calloc(1, sizeof(*answer));
	if (!answer)
		return NULL;
	answer->func = func;
	hlist_add_head(&answer->node, head);
	return answer;
}

/* All that a routine in assembly may look at. */
static u64 all_registers(void)
{
	return ~REG_PARTS(CFI_SP, PART_64);
}

static u64 all_caller_saved(void)
{
	u64 parts = 0;
	int k;

	for (k = 0; k < CALLER_SAVED_REGS; k++)
		parts |= REG_PARTS(caller_saved[k], PART_64);
	return parts;
}

static u64 whole_registers(u64 parts)
{
	u64 whole = 0;
	int reg;

	for (reg = 0; reg < EFFECTS_REGS; reg++)
		if (parts & REG_PARTS(reg, PART_64))
			whole |= REG_PARTS(reg, PART_64);
	return whole;
}

/* Registers of which every part is there. */
static u64 complete_registers(u64 parts)
{
	u64 complete = 0;
	int reg;

	for (reg = 0; reg < EFFECTS_REGS; reg++)
		if ((parts & REG_PARTS(reg, PART_64)) == REG_PARTS(reg, PART_64))
			complete |= REG_PARTS(reg, PART_64);
	return complete;
}

/*
 * Routines in assembly that C code calls from asm statements, with all registers kept
 * but those that the statement names. Of those in other objects only the name is known.
 */
static bool keeps_registers(const struct symbol *func)
{
	static const char * const prefixes[] = {
		"__get_user_", "__put_user_", "preempt_schedule", "__SCT__preempt_schedule",
		"rep_", "copy_user_", "__copy_user_", "clear_page", "__clear_user",
		"__sw_hweight", "__fentry__", "kernelx_thunk_", "__x86_indirect_thunk",
		"__this_cpu_cmpxchg", "cmpxchg8b_emu", "this_cpu_cmpxchg",
	};
	unsigned int k;

	for (k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++)
		if (!strncmp(func->name, prefixes[k], strlen(prefixes[k])))
			return true;
	return false;
}

/*
 * Thunks of arch/x86/entry/thunk.S, which asm statements call without a word about
 * registers: they save all. Static calls stand for the same.
 */
bool callee_saves_all(const struct symbol *func)
{
	return !strcmp(func->name, "preempt_schedule_thunk") ||
	       !strcmp(func->name, "preempt_schedule_notrace_thunk") ||
	       !strcmp(func->name, "__SCT__preempt_schedule") ||
	       !strcmp(func->name, "__SCT__preempt_schedule_notrace");
}

/* Static calls without arguments; others can have any function behind them. */
static bool is_bare_static_call(const struct symbol *func)
{
	return !strcmp(func->name, "__SCT__cond_resched") ||
	       !strcmp(func->name, "__SCT__might_resched") ||
	       !strcmp(func->name, "__SCT__preempt_schedule") ||
	       !strcmp(func->name, "__SCT__preempt_schedule_notrace") ||
	       !strcmp(func->name, "__SCT__irqentry_exit_cond_resched");
}

bool callee_unknown(const struct symbol *func)
{
	return func->static_call_tramp && !is_bare_static_call(func);
}

bool callee_looks_away(const struct symbol *func)
{
	/* The scheduler works on other tasks; after __stack_chk_fail() nothing is left. */
	return func->fentry || callee_observes(func) || is_bare_static_call(func) ||
	       !strncmp(func->name, "preempt_schedule", 16) ||
	       !strcmp(func->name, "__stack_chk_fail");
}

bool callee_is_assembly(struct objtool_file *file, struct symbol *func)
{
	if (func->fentry || callee_unknown(func) || is_bare_static_call(func))
		return false;
	return keeps_registers(func) ||
	       (dwarf_present(file) && func->sec && func->sec->idx && !dwarf_knows(file, func));
}

static struct instruction *entry_of(struct objtool_file *file, struct symbol *func)
{
	if (!func->sec || !func->sec->idx || !func->len)
		return NULL;
	/* Another object may have a stronger one. */
	if (!opts.link && func->bind == STB_WEAK)
		return NULL;
	return find_insn(file, func->sec, func->offset);
}

static bool is_pop_of(const struct effects *effects, u64 parts)
{
	return effects->nr_memory && effects->memory[0].base == CFI_SP &&
	       effects->memory[0].access == MEMORY_READ && !effects->memory[0].displacement &&
	       (effects->writes & REG_PARTS(CFI_SP, PART_64)) && (effects->writes & parts);
}

static bool insn_effects(const struct instruction *insn, struct effects *effects)
{
	struct insn decoded;

	memset(effects, 0, sizeof(*effects));
	if (insn_is_padding(insn))
		return true;
	if (!insn_bytes(insn, &decoded))
		return false;
	arch_insn_effects(&decoded, effects);
	return true;
}

/* Where a call leads, or a jump to another function: its beginning, or a place in it. */
static struct symbol *destination(struct instruction *insn)
{
	struct symbol *func;

	if (insn->type != INSN_CALL && !is_static_jump(insn))
		return NULL;
	if (insn->_call_dest || insn->type == INSN_CALL)
		return insn->_call_dest;
	func = insn->jump_dest ? flow_func(insn->jump_dest) : NULL;
	return func != flow_func(insn) ? func : NULL;
}

static u64 clobbers_of_insn(struct objtool_file *file, struct instruction *insn)
{
	struct symbol *dest = destination(insn);

	switch (insn->type) {
	case INSN_CALL_DYNAMIC:
		return all_caller_saved();
	case INSN_JUMP_DYNAMIC:
		return insn->alts ? 0 : all_caller_saved();
	default:
		return dest ? callee_clobbers(file, dest) : 0;
	}
}

static u64 scan_clobbers(struct objtool_file *file, struct symbol *func)
{
	u64 clobbers = 0, kept = 0, saved = all_caller_saved();
	struct symbol *part = func;
	struct instruction *insn;
	struct effects effects;

	for (;;) {
		for (insn = entry_of(file, part);
		     insn && insn->offset < part->offset + part->len;
		     insn = next_insn_same_sec(file, insn)) {
			if (!insn_effects(insn, &effects) || effects.unknown)
				continue;
			if (is_pop_of(&effects, saved))
				kept |= effects.writes & saved;
			clobbers |= effects.may_write | clobbers_of_insn(file, insn);
		}
		if (part != func || func->cfunc == func || !func->cfunc)
			break;
		part = func->cfunc;
	}
	return whole_registers(clobbers & saved) & ~whole_registers(kept);
}

/*
 * As few as possible when in doubt: what is not clobbered stays a register that may
 * still be needed.
 */
u64 callee_clobbers(struct objtool_file *file, struct symbol *func)
{
	struct answer *answer;

	if (func->fentry || callee_saves_all(func) || callee_is_assembly(file, func))
		return 0;
	/* Called from C, but for those above. */
	if (!entry_of(file, func) || func->static_call_tramp)
		return all_caller_saved();
	if (func->alias)
		func = func->alias;
	answer = answer_of(func);
	if (!answer || answer->busy)
		return 0;
	if (!answer->clobbers_known) {
		answer->busy = true;
		answer->clobbers = scan_clobbers(file, func);
		answer->clobbers_known = true;
		answer->busy = false;
	}
	return answer->clobbers;
}

/* A search for reads of arguments before they are written. */
struct search {
	struct objtool_file *file;
	struct symbol *func;
	unsigned int steps;
	unsigned int depth;
	bool unsure;
	u64 reads;
	struct seen {
		const struct instruction *insn;
		u64 left;
	} *seen;
};

static u64 reads_at(struct objtool_file *file, struct symbol *func, bool *unsure,
		    unsigned int depth);

/* Has this instruction been visited with all of these? Notes it. */
static bool seen(struct search *search, const struct instruction *insn, u64 left)
{
	unsigned int k = hash_ptr(insn, TABLE_BITS);

	for (;; k = (k + 1) & ((1 << TABLE_BITS) - 1)) {
		struct seen *entry = &search->seen[k];

		if (!entry->insn) {
			entry->insn = insn;
			entry->left = left;
			return false;
		}
		if (entry->insn != insn)
			continue;
		if (!(left & ~entry->left))
			return true;
		entry->left |= left;
		return false;
	}
}

static void search_from(struct search *search, struct instruction *insn, u64 left);

/* Arguments that a called function reads, and those that are left after it. */
static u64 search_call(struct search *search, struct symbol *callee, u64 left)
{
	bool unsure = false;

	if (!callee || callee_unknown(callee)) {
		search->reads |= left;
		search->unsure = true;
		return 0;
	}
	if (callee->fentry)
		return left;
	search->reads |= left & reads_at(search->file, callee, &unsure, search->depth + 1);
	search->unsure |= unsure;
	return left & ~callee_clobbers(search->file, callee);
}

static void search_branch(struct search *search, struct instruction *insn, u64 left)
{
	struct alternative *alt = insn->alts;
	struct instruction *next;

	while (alt) {
		next = kernelx_alternative(&alt);
		if (next)
			search_from(search, next, left);
	}
}

static bool search_jump(struct search *search, struct instruction *insn, u64 left)
{
	struct symbol *dest = destination(insn);

	/* The middle of a function is none. */
	if (dest && (insn->_call_dest || flow_is_entry(insn->jump_dest)))
		search_call(search, dest, left);
	else if (insn->jump_dest)
		search_from(search, insn->jump_dest, left);
	else
		search_call(search, NULL, left);
	return insn->type == INSN_JUMP_CONDITIONAL;
}

static void search_from(struct search *search, struct instruction *insn, u64 left)
{
	struct effects effects;

	while (left && insn) {
		if (flow_func(insn) != search->func && !insn_is_aside(insn)) {
			search->reads |= left;
			search->unsure = true;
			return;
		}
		if (seen(search, insn, left))
			return;
		if (++search->steps > MAX_STEPS || !insn_effects(insn, &effects)) {
			search->reads |= left;
			search->unsure = true;
			return;
		}
		search->reads |= left & whole_registers(effects.value | effects.address);
		search_branch(search, insn, left & ~search->reads);
		left &= ~complete_registers(effects.writes);
		left &= ~search->reads;
		switch (insn->type) {
		case INSN_RETURN:
			return;
		case INSN_CALL:
			left = search_call(search, insn->_call_dest, left);
			break;
		case INSN_CALL_DYNAMIC:
			left = search_call(search, NULL, left);
			break;
		case INSN_JUMP_CONDITIONAL:
		case INSN_JUMP_UNCONDITIONAL:
			if (!search_jump(search, insn, left))
				return;
			break;
		case INSN_JUMP_DYNAMIC:
			if (!insn->alts)
				search_call(search, NULL, left);
			return;
		default:
			break;
		}
		if (insn->dead_end)
			return;
		insn = insn_following(search->file, insn);
	}
}

static u64 reads_at(struct objtool_file *file, struct symbol *func, bool *unsure,
		    unsigned int depth)
{
	struct search search = { .file = file, .depth = depth };
	u64 may = callee_is_assembly(file, func) ? all_registers() :
						    dwarf_arguments(file, func);
	struct instruction *entry;
	struct answer *answer;

	if (callee_saves_all(func))
		return 0;
	entry = entry_of(file, func);
	if (func->alias)
		func = func->alias;
	answer = entry ? answer_of(func) : NULL;
	if (!answer || callee_unknown(func) || depth > MAX_DEPTH) {
		*unsure = true;
		return may;
	}
	if (answer->reads_known) {
		*unsure |= answer->unsure;
		return answer->reads;
	}
	search.func = flow_func(entry);
	if (!search.func || answer->busy) {
		*unsure = true;
		return may;
	}
	search.seen = calloc(1 << TABLE_BITS, sizeof(*search.seen));
	if (!search.seen) {
		*unsure = true;
		return may;
	}
	answer->busy = true;
	search_from(&search, entry, may);
	answer->busy = false;
	free(search.seen);
	answer->reads = search.reads;
	answer->unsure = search.unsure;
	answer->reads_known = true;
	*unsure |= search.unsure;
	return search.reads;
}

u64 callee_reads(struct objtool_file *file, struct symbol *func, bool *unsure)
{
	*unsure = false;
	if (func->fentry || is_bare_static_call(func))
		return 0;
	return reads_at(file, func, unsure, 0);
}

/* The calls and tail calls of the object, by callee. */
static struct call *calls;
static unsigned int nr_calls;

/* Functions that call what nobody knows. Each stands there once for a run of calls. */
static struct symbol **wild;
static unsigned int nr_wild;

bool callee_observes(const struct symbol *func)
{
	static const char * const prefixes[] = {
		"__SCT__tp_func_", "__traceiter_", "__warn_printk", "_printk", "__dynamic_pr_debug",
		"__trace_printk", "__trace_bprintk", "_dev_printk", "_dev_err", "_dev_warn",
	};
	unsigned int k;

	for (k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++)
		if (!strncmp(func->name, prefixes[k], strlen(prefixes[k])))
			return true;
	return false;
}

static bool is_one_of(const struct symbol *func, const char * const *names, unsigned int nr)
{
	unsigned int k;

	for (k = 0; k < nr; k++)
		if (!strcmp(func->name, names[k]))
			return true;
	return false;
}

bool callee_computes(const struct symbol *func)
{
	static const char * const names[] = {
		"__msecs_to_jiffies", "__usecs_to_jiffies", "jiffies_to_msecs",
		"jiffies_to_usecs", "nsecs_to_jiffies", "int_sqrt",
	};

	return is_one_of(func, names, sizeof(names) / sizeof(names[0]));
}

bool callee_keeps(const struct symbol *func)
{
	static const char * const names[] = {
		"mod_timer", "mod_timer_pending", "timer_reduce", "add_timer", "add_timer_on",
	};

	return is_one_of(func, names, sizeof(names) / sizeof(names[0]));
}

bool callee_interrupts(const struct symbol *func)
{
	return !strcmp(func->name, "do_softirq") || !strcmp(func->name, "__do_softirq") ||
	       !strncmp(func->name, "preempt_schedule", 16) || is_bare_static_call(func);
}

bool callee_wild(const struct symbol *callee)
{
	if (!callee)
		return true;
	if (callee->fentry || callee_observes(callee) || keeps_registers(callee) ||
	    callee_computes(callee) || callee_keeps(callee))
		return false;
	return callee->static_call_tramp || !callee->sec || !callee->sec->idx;
}

static int note_wild(struct instruction *insn)
{
	struct symbol *func = flow_func(insn), **bigger;
	bool unknown = false;

	if (insn->type == INSN_CALL)
		unknown = insn->_call_dest && callee_wild(insn->_call_dest);
	else if (insn->type == INSN_CALL_DYNAMIC)
		unknown = true;
	else if (insn->type == INSN_JUMP_DYNAMIC)
		unknown = !insn->alts;
	else if (is_static_jump(insn) && insn->_call_dest)
		unknown = callee_wild(insn->_call_dest);
	if (!unknown || !func || (nr_wild && wild[nr_wild - 1] == func))
		return 0;
	if (!(nr_wild & 1023)) {
		bigger = realloc(wild, (nr_wild + 1024) * sizeof(*bigger));
		if (!bigger)
			return -1;
		wild = bigger;
	}
	wild[nr_wild++] = func;
	return 0;
}

static int compare_calls(const void *a, const void *b)
{
	const struct call *first = a, *second = b;

	if (first->callee != second->callee)
		return first->callee < second->callee ? -1 : 1;
	if (first->insn != second->insn)
		return first->insn < second->insn ? -1 : 1;
	return 0;
}

static int find_calls(struct objtool_file *file)
{
	static bool done;
	unsigned int size = 1 << 12;
	struct section *sec;

	if (done)
		return 0;
	/* Not nothing, even if nobody calls anybody. */
	calls = malloc(size * sizeof(*calls));
	if (!calls)
		return -1;
	list_for_each_entry(sec, &file->elf->sections, list) {
		struct instruction *insn;

		if (!(sec->sh.sh_flags & SHF_EXECINSTR))
			continue;
		sec_for_each_insn(file, sec, insn) {
			struct symbol *callee = canonical_func(destination(insn));

			if (note_wild(insn))
				return -1;
			if (!callee)
				continue;
			if (nr_calls == size) {
				struct call *bigger;

				size *= 2;
				bigger = realloc(calls, size * sizeof(*calls));
				if (!bigger)
					return -1;
				calls = bigger;
			}
			calls[nr_calls].callee = callee;
			calls[nr_calls].insn = insn;
			calls[nr_calls++].caller = flow_func(insn);
		}
	}
	qsort(calls, nr_calls, sizeof(*calls), compare_calls);
	done = true;
	return 0;
}

const struct call *calls_of(struct objtool_file *file, struct symbol *func, unsigned int *nr)
{
	unsigned int low = 0, high, first;

	*nr = 0;
	if (find_calls(file))
		return NULL;
	func = canonical_func(func);
	high = nr_calls;
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (calls[middle].callee < func)
			low = middle + 1;
		else
			high = middle;
	}
	first = low;
	while (low < nr_calls && calls[low].callee == func)
		low++;
	*nr = low - first;
	return calls + first;
}

struct symbol *const *wild_callers(struct objtool_file *file, unsigned int *nr)
{
	static struct symbol *none;

	if (find_calls(file))
		return NULL;
	*nr = nr_wild;
	return nr_wild ? wild : &none;
}

/* Sections that say something about text and do not make anybody call it. */
static bool is_description(const struct section *sec)
{
	static const char * const names[] = {
		KERNELX_SITES_SECTION, "__mcount_loc", "__patchable_function_entries",
		".orc_unwind_ip", ".static_call_sites", ".return_sites", ".retpoline_sites",
		".call_sites", ".cfi_sites", ".ibt_endbr_seal", "__jump_table", "__bug_table",
		".altinstructions", ".smp_locks", "__ex_table", "_error_injection_whitelist",
		"_kprobe_blacklist", ".discard.addressable", ".discard.unwind_hints",
		".discard.annotate_insn", ".discard.retpoline_safe", ".discard.noendbr",
		".discard.instr_begin", ".discard.instr_end", ".discard.reachable",
		".discard.unreachable", ".discard.annotate_data", ".init.klp_funcs",
		".discard.validate_unret", ".discard.intra_function_calls",
		".discard.func_stack_frame_non_standard", ".discard.ignore_alts",
		".eh_frame", ".kcfi_traps", ".llvm.call-graph-profile",
	};
	unsigned int k;

	if (!strncmp(sec->name, ".debug", 6))
		return true;
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (!strcmp(sec->name, names[k]))
			return true;
	return false;
}

struct taken {
	struct section *sec;
	unsigned long offset;
};

static struct taken *taken;
static unsigned int nr_taken;

static int compare_taken(const void *a, const void *b)
{
	const struct taken *first = a, *second = b;

	if (first->sec != second->sec)
		return first->sec < second->sec ? -1 : 1;
	return first->offset < second->offset ? -1 : first->offset > second->offset;
}

static int add_taken(struct section *sec, unsigned long offset)
{
	struct taken *bigger;

	if (!find_func_by_offset(sec, offset))
		return 0;
	if (!(nr_taken & 1023)) {
		bigger = realloc(taken, (nr_taken + 1024) * sizeof(*taken));
		if (!bigger)
			return -1;
		taken = bigger;
	}
	taken[nr_taken].sec = sec;
	taken[nr_taken++].offset = offset;
	return 0;
}

/* movq $imm32, to memory */
static bool is_immediate_store(const struct instruction *insn, struct insn *decoded)
{
	return insn_bytes(insn, decoded) && decoded->opcode.nbytes == 1 &&
	       decoded->opcode.bytes[0] == 0xc7 && insn_rex(decoded, 8) &&
	       !insn_rm_is_register(decoded);
}

/* The instruction whose last four bytes are an immediate at @offset. */
static struct instruction *insn_of_immediate(struct objtool_file *file, struct section *sec,
					     unsigned long offset)
{
	unsigned int before;

	for (before = 3; before <= MAX_INSN_SIZE - 4 && before <= offset; before++) {
		struct instruction *insn = find_insn(file, sec, offset - before);

		if (insn)
			return insn->len == before + 4 ? insn : NULL;
	}
	return NULL;
}

/*
 * With KASAN, a function describes its frame at its lower end: a magic number, a string and
 * its own address, which are for reports.
 */
static bool describes_frame(struct objtool_file *file, struct section *sec,
			    struct reloc *reloc)
{
	struct instruction *insn = insn_of_immediate(file, sec, reloc_offset(reloc)), *other;
	struct symbol *func = insn ? flow_func(insn) : NULL;
	struct insn store, magic;
	unsigned int steps;

	if (!func || reloc->sym->sec != func->sec ||
	    reloc->sym->offset + reloc_addend(reloc) != func->offset ||
	    !is_immediate_store(insn, &store))
		return false;
	other = entry_of(file, func);
	for (steps = 0; other && other != insn && steps < KASAN_PROLOGUE; steps++) {
		if (is_immediate_store(other, &magic) &&
		    magic.immediate.value == KASAN_FRAME_MAGIC &&
		    X86_MODRM_RM(magic.modrm.value) == X86_MODRM_RM(store.modrm.value) &&
		    magic.sib.value == store.sib.value &&
		    magic.rex_prefix.value == store.rex_prefix.value &&
		    magic.displacement.value + 16 == store.displacement.value)
			return true;
		other = next_insn_same_sec(file, other);
	}
	return false;
}

/* Every reference to the beginning of a function that is not a branch to it. */
static int find_taken(struct objtool_file *file)
{
	struct section *sec;
	struct reloc *reloc;

	list_for_each_entry(sec, &file->elf->sections, list) {
		bool text = sec->sh.sh_flags & SHF_EXECINSTR;

		if (!sec->rsec || is_description(sec))
			continue;
		for_each_reloc(sec->rsec, reloc) {
			struct symbol *sym = reloc->sym;
			unsigned long target;

			if (!sym->sec || !(sym->sec->sh.sh_flags & SHF_EXECINSTR) ||
			    (text && (reloc_type(reloc) == R_X86_64_PLT32 ||
				      describes_frame(file, sec, reloc))))
				continue;
			target = sym->offset + reloc_addend(reloc);
			if (add_taken(sym->sec, target) || add_taken(sym->sec, target + 4))
				return -1;
		}
	}
	qsort(taken, nr_taken, sizeof(*taken), compare_taken);
	return 0;
}

/*
 * Is the function in a set of BTF identifiers? BPF programs call those by name: there is
 * a symbol for each, __BTF_ID__func__<name>__<number>, and no reference to the function.
 */
static bool in_btf_set(struct objtool_file *file, const struct symbol *func)
{
	static const char prefix[] = "__BTF_ID__func__";
	struct section *sec = find_section_by_name(file->elf, ".BTF_ids");
	size_t length = strlen(func->name);
	struct symbol *sym;
	const char *name;

	if (!sec)
		return false;
	list_for_each_entry(sym, &sec->symbol_list, list) {
		if (strncmp(sym->name, prefix, sizeof(prefix) - 1))
			continue;
		name = sym->name + sizeof(prefix) - 1;
		if (!strncmp(name, func->name, length) && !strncmp(name + length, "__", 2))
			return true;
	}
	return false;
}

bool callers_unknown(struct objtool_file *file, struct symbol *func)
{
	static bool done, failed;
	struct taken key;

	if (!done) {
		failed = find_taken(file);
		done = true;
	}
	func = canonical_func(func);
	/* Of a single object, anybody may call what is global. */
	if (failed || (!opts.link && func->bind != STB_LOCAL) || in_btf_set(file, func))
		return true;
	key.sec = func->sec;
	key.offset = func->offset;
	return nr_taken && bsearch(&key, taken, nr_taken, sizeof(*taken), compare_taken);
}
