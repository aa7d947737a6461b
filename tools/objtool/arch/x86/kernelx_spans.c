// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: what is known of every site, and the sections that say so.
 *
 * See Documentation/dev-tools/kernelx/spans.rst.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objtool/kernelx_layout.h>

#include <objtool/arch.h>
#include <objtool/builtin.h>
#include <objtool/check.h>
#include <objtool/elf.h>
#include <objtool/kernelx.h>
#include <objtool/kernelx_answers.h>
#include <objtool/kernelx_calls.h>
#include <objtool/kernelx_derive.h>
#include <objtool/kernelx_field.h>
#include <objtool/kernelx_flow.h>
#include <objtool/kernelx_insn.h>
#include <objtool/kernelx_parts.h>
#include <objtool/kernelx_reach.h>
#include <objtool/kernelx_use.h>
#include <objtool/objtool.h>
#include <objtool/warn.h>

#define DERIVED_CLASSES	(KERNELX_ESCAPES | KERNELX_EQUALITY | KERNELX_UNBOUNDED)
#define SITE_SIZE	5

/* A range of text. */
struct range {
	struct section *sec;
	unsigned long start;
	unsigned long end;
};

struct site {
	unsigned int record;		/* offset in the section of records */
	const char *knob;		/* its C symbol, without the prefix */
	struct instruction *insn;
	int reg;
	u32 min;
	u32 max;
	u32 flags;
	u32 frame;
	struct instruction *escape;
	struct instruction *equality;
	struct first_use use;
	struct range *ranges;
	unsigned int nr_ranges;
	unsigned int nr_derived;	/* those of derived values; ways between sites follow */
	u32 wide;			/* reasons that stand */
	struct symbol **callees;	/* called while a derived value is needed */
	unsigned int nr_callees;
	bool wild;			/* so is what nobody knows */
};

static struct site *sites;
static unsigned int nr_sites;

static bool grow(void *array, unsigned int nr, size_t size)
{
	void **pointer = array, *bigger;

	if (nr & 15)
		return true;
	bigger = realloc(*pointer, (nr + 16) * size);
	if (!bigger)
		return false;
	*pointer = bigger;
	return true;
}

/* Alternatives run in place: a replacement is where the original is. */
static bool add_range(struct site *site, const struct instruction *insn)
{
	const struct alt_group *group = insn->alt_group;
	struct range range = { insn->sec, insn->offset, insn->offset + insn->len };

	if (group) {
		if (group->orig_group)
			group = group->orig_group;
		range.sec = group->first_insn->sec;
		range.start = group->first_insn->offset;
		range.end = group->last_insn->offset + group->last_insn->len;
	} else if (insn_is_aside(insn)) {
		/* It has had its time when knobs can be turned. */
		return true;
	}
	if (!grow(&site->ranges, site->nr_ranges, sizeof(range)))
		return false;
	site->ranges[site->nr_ranges++] = range;
	return true;
}

static bool add_callee(struct site *site, const struct flow_insn *fi)
{
	struct symbol *callee = fi->callee;

	if (fi->kind != FLOW_CALL && fi->kind != FLOW_TAIL)
		return true;
	site->wild |= callee_wild(callee);
	if (!callee || callee_observes(callee))
		return true;
	if (!grow(&site->callees, site->nr_callees, sizeof(callee)))
		return false;
	site->callees[site->nr_callees++] = callee;
	return true;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct range *first = a, *second = b;

	if (first->sec != second->sec)
		return first->sec->idx < second->sec->idx ? -1 : 1;
	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return 0;
}

static void merge_ranges(struct site *site)
{
	unsigned int from, to = 0;

	if (!site->nr_ranges)
		return;
	qsort(site->ranges, site->nr_ranges, sizeof(*site->ranges), compare_ranges);
	for (from = 1; from < site->nr_ranges; from++) {
		struct range *last = &site->ranges[to], *next = &site->ranges[from];

		if (next->sec == last->sec && next->start <= last->end) {
			if (next->end > last->end)
				last->end = next->end;
		} else {
			site->ranges[++to] = *next;
		}
	}
	site->nr_ranges = to + 1;
}

static bool in_span(const struct site *site, const struct instruction *insn)
{
	unsigned int k;

	for (k = 0; k < site->nr_ranges; k++)
		if (site->ranges[k].sec == insn->sec && insn->offset >= site->ranges[k].start &&
		    insn->offset < site->ranges[k].end)
			return true;
	return false;
}

/*
 * A call that comes back with a value is in the span: the value is on its way after the
 * callee is gone from the stack, in a return thunk or while what others hooked to the
 * return is running.
 */
static bool brings_value(const struct derived *function, unsigned int i)
{
	const struct flow *flow = function->flow;
	const struct flow_insn *fi = &flow->insns[i];
	unsigned int k;

	for (k = 0; fi->kind == FLOW_CALL && k < fi->nr_successors; k++)
		if (derived_before(function, flow->successors[fi->first_successor + k]))
			return true;
	return false;
}

static int add_derived(struct site *site, const struct derivation *d)
{
	const struct derived *function;
	unsigned int i;

	for (function = d->functions; function; function = function->next) {
		const struct flow *flow = function->flow;

		for (i = 0; i < flow->nr; i++) {
			if (!derived_before(function, i)) {
				if (brings_value(function, i) &&
				    !add_range(site, flow->insns[i].insn))
					return -1;
				continue;
			}
			if (!add_range(site, flow->insns[i].insn) ||
			    !add_callee(site, &flow->insns[i]))
				return -1;
		}
	}
	site->nr_derived = site->nr_ranges;
	return 0;
}

static int analyse(struct objtool_file *file, struct site *site)
{
	struct derivation d = { .file = file };
	struct flow *flow;
	unsigned int i;
	int ret = -1;

	derive_from_site(&d, site->insn, site->reg);
	if (d.failed || add_derived(site, &d))
		goto out;
	site->flags = d.flags;
	site->wide = derivation_wide(&d);
	site->escape = d.escape;
	site->equality = d.equality;

	flow = flow_of(file, flow_func(site->insn));
	i = flow_index(flow, site->insn);
	if (flow->insns[i].frame != FRAME_UNKNOWN && !flow->aligned)
		site->frame = -flow->insns[i].frame;
	find_first_use(flow, i, site->reg, site->min, site->max, &site->use);
	ret = 0;
out:
	derivation_free(&d);
	return ret;
}

/* Which instructions lie on a way from one to another? */
static bool *between(const struct flow *flow, unsigned int from, unsigned int to)
{
	bool *after = calloc(flow->nr, 1), *before = calloc(flow->nr, 1), changed = true;
	unsigned int i, k;

	if (!after || !before) {
		free(after);
		free(before);
		return NULL;
	}
	before[to] = true;
	while (changed) {
		changed = false;
		for (i = 0; i < flow->nr; i++) {
			const struct flow_insn *fi = &flow->insns[i];

			for (k = 0; k < fi->nr_successors; k++) {
				u32 next = flow->successors[fi->first_successor + k];

				if ((after[i] || i == from) && !after[next]) {
					after[next] = true;
					changed = true;
				}
				if (before[next] && !before[i]) {
					before[i] = true;
					changed = true;
				}
			}
		}
	}
	for (i = 0; i < flow->nr; i++)
		after[i] &= before[i];
	free(before);
	return after;
}

static bool same_knob(const struct site *one, const struct site *other)
{
	return !strcmp(one->knob, other->knob) || answers_grouped(one->knob, other->knob);
}

/*
 * Add the way from one instruction to another to a span. Return: negative without
 * memory, 0 if there is none.
 */
static int add_way(struct site *site, const struct flow *flow, unsigned int from,
		   unsigned int to)
{
	bool *way = between(flow, from, to);
	unsigned int i;
	int ret;

	if (!way)
		return -1;
	ret = way[to];
	for (i = 0; i < flow->nr && ret > 0; i++)
		if (way[i] && (!add_range(site, flow->insns[i].insn) ||
			       !add_callee(site, &flow->insns[i])))
			ret = -1;
	free(way);
	return ret;
}

/* Two sites that one invocation of a function can both reach: the way between them. */
static int connect(struct objtool_file *file, struct site *one, struct site *other)
{
	struct flow *flow = flow_of(file, flow_func(one->insn));
	int ret;

	if (flow_func(other->insn) != flow_func(one->insn) || !flow)
		return 0;
	ret = add_way(one, flow, flow_index(flow, one->insn), flow_index(flow, other->insn));
	if (ret > 0) {
		one->flags |= KERNELX_DEPENDENT | KERNELX_BY_FUNCTION;
		other->flags |= KERNELX_DEPENDENT | KERNELX_BY_FUNCTION;
	}
	return ret < 0 ? ret : 0;
}

static bool has_range(const struct range *ranges, unsigned int nr, const struct range *wanted)
{
	unsigned int k;

	for (k = 0; k < nr; k++)
		if (!memcmp(&ranges[k], wanted, sizeof(*wanted)))
			return true;
	return false;
}

/* Are span and classes the same without what is assumed for some reasons? -1: no memory. */
static int same_without(struct objtool_file *file, const struct site *site, u32 ignore)
{
	struct derivation d = { .file = file, .ignore = ignore };
	struct site narrow = {};
	unsigned int k;
	int same = -1;

	derive_from_site(&d, site->insn, site->reg);
	if (d.failed || add_derived(&narrow, &d))
		goto out;
	same = !((d.flags ^ site->flags) & DERIVED_CLASSES);
	for (k = 0; same && k < site->nr_derived; k++)
		same = has_range(narrow.ranges, narrow.nr_ranges, &site->ranges[k]) ||
		       has_range(site->ranges + site->nr_derived,
				 site->nr_ranges - site->nr_derived, &site->ranges[k]);
out:
	free(narrow.ranges);
	free(narrow.callees);
	derivation_free(&d);
	return same;
}

/* A reason that has added nothing is none. */
static int drop_reasons(struct objtool_file *file, struct site *site)
{
	u32 reasons = site->flags & KERNELX_WIDE_ALL & ~site->wide, ignore = 0, reason;
	int same;

	for (; reasons; reasons &= ~reason) {
		reason = reasons & -reasons;
		same = same_without(file, site, ignore | reason);
		if (same < 0)
			return -1;
		if (same)
			ignore |= reason;
	}
	site->flags &= ~ignore;
	return 0;
}

/* The functions from which a site of a knob can be reached. */
struct knob_reach {
	struct knob_reach *next;
	const struct site *of;
	struct reach *reach;
	bool open;			/* somebody unknown can call one of them */
};

static const struct knob_reach *find_reach(struct objtool_file *file, const struct site *of)
{
	static struct knob_reach *found;
	struct knob_reach *knob;
	unsigned int i;

	for (knob = found; knob; knob = knob->next)
		if (same_knob(knob->of, of))
			return knob;
	knob = calloc(1, sizeof(*knob));
	if (!knob)
		return NULL;
	knob->of = of;
	knob->reach = reach_new();
	if (!knob->reach)
		goto failed;
	for (i = 0; i < nr_sites; i++)
		if (same_knob(of, &sites[i]) && reach_add(knob->reach, flow_func(sites[i].insn)))
			goto failed;
	if (reach_extend(file, knob->reach, true))
		goto failed;
	for (i = 0; i < knob->reach->nr && !knob->open; i++)
		knob->open = callers_unknown(file, knob->reach->functions[i]);
	knob->next = found;
	found = knob;
	return knob;

failed:
	reach_free(knob->reach);
	free(knob);
	return NULL;
}

/* What a module calls in the kernel, or in another module, may have a site, too. */
static bool is_shared(const struct site *site, struct symbol *func)
{
	return is_elsewhere(func) && callee_wild(func) && answers_shared(site->knob);
}

/* The function of the site has it itself; a call of that is another instance. */
static bool is_site_of(const struct site *other, const struct site *site,
		       const struct symbol *func)
{
	return flow_func(other->insn) == func && func != flow_func(site->insn) &&
	       same_knob(site, other);
}

static bool has_other_site(const struct site *site, const struct parts *parts)
{
	unsigned int i, k;

	for (i = 0; i < parts->nr; i++) {
		if (is_shared(site, parts->functions[i]))
			return true;
		for (k = 0; k < nr_sites; k++)
			if (is_site_of(&sites[k], site, parts->functions[i]))
				return true;
	}
	return false;
}

/* Our frame is gone: from the entry of each part to its sites, and to the next part. */
static int add_entries(struct objtool_file *file, struct site *site, const struct parts *parts)
{
	unsigned int i, k;

	for (i = 0; i < parts->nr; i++) {
		struct symbol *func = parts->functions[i];
		struct flow *flow = flow_of(file, func);

		/* Elsewhere: a call would be in the span, but of a jump nothing remains. */
		if (!flow)
			continue;
		if (!add_range(site, flow->insns[0].insn))
			return -1;
		for (k = 0; k < nr_sites; k++)
			if (is_site_of(&sites[k], site, func) &&
			    add_way(site, flow, 0, flow_index(flow, sites[k].insn)) < 0)
				return -1;
		for (k = 0; k < flow->nr; k++)
			if (flow->insns[k].kind == FLOW_TAIL && flow->insns[k].callee &&
			    is_part(parts, canonical_func(flow->insns[k].callee)) &&
			    add_way(site, flow, 0, k) < 0)
				return -1;
	}
	return 0;
}

/*
 * The instance that begins with a site of the callee lasts until ours, when that comes
 * after the call.
 */
static int extend_callee(struct site *site, const struct flow *flow, unsigned int call,
			 unsigned int here, const struct parts *parts)
{
	unsigned int i;

	for (i = 0; i < nr_sites; i++) {
		struct site *other = &sites[i];
		struct symbol *func = flow_func(other->insn);

		if (!is_part(parts, func) || !is_site_of(other, site, func))
			continue;
		if (!add_range(other, flow->insns[call].insn) ||
		    add_way(other, flow, call, here) < 0)
			return -1;
		other->flags |= KERNELX_DEPENDENT | KERNELX_BY_FUNCTION;
	}
	return 0;
}

static int connect_call(struct objtool_file *file, struct site *site, const struct flow *flow,
			unsigned int call, const struct parts *parts)
{
	const unsigned int here = flow_index(flow, site->insn);
	const struct flow_insn *fi = &flow->insns[call];
	int before, after;

	after = add_way(site, flow, here, call);
	before = add_way(site, flow, call, here);
	if (before < 0 || after < 0)
		return -1;
	/* While it is called, and until what it returns is here. */
	if (before && (!add_range(site, fi->insn) ||
		       extend_callee(site, flow, call, here, parts)))
		return -1;
	if (after && fi->kind == FLOW_TAIL && add_entries(file, site, parts))
		return -1;
	if (before || after)
		site->flags |= KERNELX_DEPENDENT | KERNELX_BY_FUNCTION;
	return 0;
}

/*
 * A function that is called before or after the site has another one: what the compiler
 * has put out of line, or the source. What such a function calls in turn is an instance
 * of its own, as long as no value is needed meanwhile.
 */
static int connect_calls(struct objtool_file *file, struct site *site)
{
	struct flow *flow = flow_of(file, flow_func(site->insn));
	const struct knob_reach *knob = find_reach(file, site);
	struct parts parts = { };
	unsigned int i;
	int ret = knob ? 0 : -1;

	for (i = 0; i < flow->nr && !ret; i++) {
		const struct flow_insn *fi = &flow->insns[i];

		if ((fi->kind != FLOW_CALL && fi->kind != FLOW_TAIL) || !fi->callee)
			continue;
		ret = find_parts(file, knob->reach, fi->callee, &parts);
		if (!ret && has_other_site(site, &parts))
			ret = connect_call(file, site, flow, i, &parts);
	}
	free(parts.functions);
	return ret;
}

/* While a value is needed, can a call lead to a site? */
static bool calls_lead_to_site(const struct site *site, const struct knob_reach *knob,
			       const struct reach *wild, u32 *why)
{
	bool unknown = site->wild;
	unsigned int i;

	*why = 0;
	for (i = 0; i < site->nr_callees; i++) {
		if (reaches(knob->reach, site->callees[i]))
			return true;
		unknown |= reaches(wild, site->callees[i]);
	}
	*why = KERNELX_WIDE_INDIRECT_CALL;
	return unknown && knob->open;
}

/* Is it the function of the source, or what a compiler has made of it (NAME.isra.0)? */
static bool has_name(const struct symbol *func, const char *name, size_t len)
{
	return func->type == STT_FUNC && !strncmp(func->name, name, len) &&
	       (!func->name[len] || func->name[len] == '.');
}

/* Adds all of the functions of a name to a span. Return: how many, or -1 without memory. */
static int add_functions(struct objtool_file *file, struct site *site, const char *name,
			 size_t len)
{
	struct section *sec;
	struct symbol *func;
	int added = 0;

	list_for_each_entry(sec, &file->elf->sections, list) {
		sec_for_each_sym(sec, func) {
			const struct flow *flow;
			unsigned int i;

			if (!has_name(func, name, len) || canonical_func(func) != func)
				continue;
			flow = flow_of(file, func);
			if (!flow)
				return -1;
			for (i = 0; i < flow->nr; i++)
				if (!add_range(site, flow->insns[i].insn) ||
				    !add_callee(site, &flow->insns[i]))
					return -1;
			added++;
		}
	}
	return added;
}

/* The stanza names functions that are one instance from beginning to end. */
static int add_instance(struct objtool_file *file, struct site *site)
{
	const char *name = answers_instance(site->knob);
	size_t len;
	int added;

	for (; name; name = name[len] ? name + len + 1 : NULL) {
		len = strcspn(name, ",");
		added = add_functions(file, site, name, len);
		if (added < 0)
			return -1;
		if (!added) {
			fprintf(stderr,
				"%s: error: objtool: knob %s: the object has no function %.*s, which the stanza names in its line `instance': if the compiler has put it into its callers, name those, or make it noinline\n",
				objname, answers_name(site->knob), (int)len, name);
			return 1;
		}
		site->flags |= KERNELX_DEPENDENT | KERNELX_BY_STANZA;
	}
	return 0;
}

/* The ways between sites of a knob. They can add to the spans of other sites than this one. */
static int connect_all(struct objtool_file *file, struct site *site)
{
	unsigned int i;

	for (i = 0; i < nr_sites; i++) {
		struct site *other = &sites[i];

		if (other != site && same_knob(site, other) && connect(file, site, other))
			return -1;
	}
	return connect_calls(file, site);
}

/*
 * Does a site depend on others of its knob? All ways are known. Return: 0; 1 after a
 * message; negative without memory.
 */
static int find_dependent(struct objtool_file *file, struct site *site)
{
	const struct knob_reach *knob = find_reach(file, site);
	const struct reach *wild = reach_wild(file);
	unsigned int i, how;
	u32 why;
	int ret;

	if (!knob || !wild || drop_reasons(file, site))
		return -1;
	merge_ranges(site);
	for (i = 0; i < nr_sites; i++) {
		if (!same_knob(site, &sites[i]) || !in_span(site, sites[i].insn))
			continue;
		how = site == &sites[i] ? KERNELX_BY_LOOP : KERNELX_BY_SPAN;
		site->flags |= KERNELX_DEPENDENT | how;
		sites[i].flags |= KERNELX_DEPENDENT | how;
	}
	if (answers_instance(site->knob)) {
		ret = add_instance(file, site);
		if (ret)
			return ret;
		merge_ranges(site);
		for (i = 0; i < nr_sites; i++)
			if (same_knob(site, &sites[i]) && &sites[i] != site &&
			    in_span(site, sites[i].insn))
				sites[i].flags |= KERNELX_DEPENDENT | KERNELX_BY_SPAN;
	}
	if (calls_lead_to_site(site, knob, wild, &why))
		site->flags |= KERNELX_DEPENDENT | KERNELX_BY_CALLEE | why;
	return 0;
}

static void complain(struct objtool_file *file, const struct site *site,
		     struct instruction *insn, const char *what)
{
	char *where = offstr(site->insn->sec, site->insn->offset);
	char *place = offstr(insn->sec, insn->offset);
	char field[256] = "";

	if (!describe_store(file, insn, field, sizeof(field)))
		field[0] = 0;
	fprintf(stderr,
		"%s: error: objtool: knob %s: the value of the site at %s %s at %s%s%s%s: the stanza must say what is done about that: `state refresh HOOK' or `state benign \"reason\"'\n",
		objname, answers_name(site->knob), where, what, place, field[0] ? " (" : "",
		field, field[0] ? ")" : "");
	free(where);
	free(place);
}

/* Nothing becomes tunable whose reach nobody has looked at. */
static int check_answers(struct objtool_file *file)
{
	int errors = 0;
	unsigned int i;

	for (i = 0; i < nr_sites; i++) {
		const struct site *site = &sites[i];

		if (answers_state(site->knob))
			continue;
		if (site->flags & KERNELX_ESCAPES) {
			complain(file, site, site->escape ? site->escape : site->insn, "escapes");
			errors++;
		} else if (site->flags & KERNELX_UNBOUNDED) {
			complain(file, site, site->insn,
				 "is returned to callers that are not known");
			errors++;
		} else if (site->flags & KERNELX_EQUALITY) {
			complain(file, site, site->equality, "is only tested for equality");
			errors++;
		}
	}
	return errors;
}

/* A 32-bit reference from a place in a section of ours. */
static int refer(struct objtool_file *file, struct section *from, unsigned int nr,
		 unsigned long at, struct section *to, unsigned long offset)
{
	struct reloc *reloc;

	if (to->sh.sh_flags & SHF_EXECINSTR) {
		reloc = elf_init_reloc_text_sym(file->elf, from, at, nr, to, offset);
		return reloc ? 0 : -1;
	}
	if (!to->sym)
		return -1;
	reloc = elf_init_reloc_data_sym(file->elf, from, at, nr, to->sym, offset);
	if (!reloc)
		return -1;
	set_reloc_type(file->elf, reloc, R_X86_64_PC32);
	return 0;
}

static const struct instruction *place_of(const struct site *site)
{
	const struct instruction *insn = site->escape ? site->escape : site->equality;

	/* Replacements run where the original is. */
	if (insn && insn->alt_group && insn->alt_group->orig_group)
		insn = insn->alt_group->orig_group->first_insn;
	return insn;
}

static int write_facts(struct objtool_file *file, struct section *records)
{
	struct kernelx_facts *facts;
	struct section *sec;
	unsigned int i, nr = nr_sites, reloc = 0;
	unsigned long at;

	for (i = 0; i < nr_sites; i++)
		nr += !!place_of(&sites[i]);
	sec = elf_create_section_pair(file->elf, KERNELX_FACTS_SECTION, sizeof(*facts),
				      nr_sites, nr);
	if (!sec)
		return -1;
	sec->sh.sh_addralign = 8;
	facts = sec->data->d_buf;
	for (i = 0; i < nr_sites; i++, facts++) {
		const struct site *site = &sites[i];
		const struct instruction *place = place_of(site);

		facts->version = KERNELX_FACTS_VERSION;
		facts->use = site->use.use;
		facts->width = site->use.width;
		facts->reg = site->reg;
		facts->flags = site->flags;
		/* From the bytes that are patched: without a prefix. */
		facts->critical = site->use.size - (site->insn->len - SITE_SIZE);
		facts->frame = site->frame;
		facts->factor = site->use.factor;
		facts->addend = site->use.addend;
		at = i * sizeof(*facts);
		if (refer(file, sec, reloc++, at + offsetof(struct kernelx_facts, site),
			  records, site->record))
			return -1;
		if (place && refer(file, sec, reloc++, at + offsetof(struct kernelx_facts, place),
				   place->sec, place->offset))
			return -1;
	}
	return 0;
}

/* A range, and the site it belongs to. */
struct span {
	const struct range *range;
	const struct site *site;
};

static int compare_spans(const void *a, const void *b)
{
	const struct span *first = a, *second = b;
	int order = compare_ranges(first->range, second->range);

	if (order)
		return order;
	return first->site < second->site ? -1 : first->site > second->site;
}

static int write_spans(struct objtool_file *file, struct section *records)
{
	struct kernelx_span *record;
	struct span *spans;
	struct section *sec;
	unsigned int i, k, nr = 0;
	int ret = -1;

	for (i = 0; i < nr_sites; i++)
		nr += sites[i].nr_ranges;
	spans = malloc((nr + 1) * sizeof(*spans));
	sec = elf_create_section_pair(file->elf, KERNELX_SPANS_SECTION, sizeof(*record), nr,
				      2 * nr);
	if (!spans || !sec)
		goto out;
	sec->sh.sh_addralign = 4;
	nr = 0;
	for (i = 0; i < nr_sites; i++)
		for (k = 0; k < sites[i].nr_ranges; k++) {
			spans[nr].range = &sites[i].ranges[k];
			spans[nr++].site = &sites[i];
		}
	qsort(spans, nr, sizeof(*spans), compare_spans);
	record = sec->data->d_buf;
	for (i = 0; i < nr; i++, record++) {
		const struct range *range = spans[i].range;
		unsigned long at = i * sizeof(*record);

		record->size = range->end - range->start;
		if (refer(file, sec, 2 * i, at + offsetof(struct kernelx_span, start),
			  range->sec, range->start) ||
		    refer(file, sec, 2 * i + 1, at + offsetof(struct kernelx_span, site),
			  records, spans[i].site->record))
			goto out;
	}
	ret = 0;
out:
	free(spans);
	return ret;
}

int kernelx_add_site(struct instruction *insn, int reg, unsigned int record, const char *knob,
		     u32 min, u32 max)
{
	struct site *site;

	if (!grow(&sites, nr_sites, sizeof(*sites)))
		return -1;
	site = &sites[nr_sites++];
	memset(site, 0, sizeof(*site));
	site->insn = insn;
	site->reg = reg;
	site->record = record;
	site->knob = knob;
	site->min = min;
	site->max = max;
	return 0;
}

int kernelx_create_spans(struct objtool_file *file)
{
	struct section *records = find_section_by_name(file->elf, KERNELX_SITES_SECTION);
	unsigned int errors = 0, i;

	if (!nr_sites)
		return 0;
	if (find_section_by_name(file->elf, KERNELX_FACTS_SECTION)) {
		fprintf(stderr, "%s: error: objtool: already has %s\n", objname,
			KERNELX_FACTS_SECTION);
		return -1;
	}
	if (answers_read())
		return -1;
	for (i = 0; i < nr_sites; i++)
		if (analyse(file, &sites[i]))
			goto failed;
	for (i = 0; i < nr_sites; i++)
		if (connect_all(file, &sites[i]))
			goto failed;
	for (i = 0; i < nr_sites; i++)
		switch (find_dependent(file, &sites[i])) {
		case 0:
			break;
		case 1:
			errors++;
			break;
		default:
			goto failed;
		}
	if (check_answers(file) || errors)
		return -1;
	if (!write_facts(file, records) && !write_spans(file, records))
		return 0;
failed:
	fprintf(stderr,
		"%s: error: objtool: cannot find the spans of KernelX sites: out of memory, or code that cannot be decoded\n",
		objname);
	return -1;
}
