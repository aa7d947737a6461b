# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The audit of a whole tree.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

audit()
{
	"$KCONST" audit --catalogue cat --tree tree --version 6.12
}

audited()
{
	printf '#define A 32\n#define ALIAS A\n' | source_file include/linux/a.h
	printf '#define P (4)\nint p = P;\n' | source_file mm/p.h
	printf 'int f(void)\n{\n\treturn A + ALIAS; /* A */\n}\n' | source_file mm/use.c
	printf '#define A 5\n#define B A\n' | source_file mm/own.c
	printf '#include "../mm/p.h"\nint g(void) { return x->A + P; }\n' | source_file net/p.c
	printf '#define P 9\n#define Q P\n' | source_file net/q.c
	printf 'int h(void) { return P; }\n' | source_file net/r.c
	printf 'int i(int a) { return a >> 3; }\n' | source_file net/s.c
	printf '#define B A\n' | source_file tools/x.c
	knob t/a 'define A in include/linux/a.h' 'default 32' 'alias ALIAS in include/linux/a.h'
	knob t/p 'define P in mm/p.h' 'default 4'
	knob t/s 'literal "a >> 3" of i in net/s.c' 'default 3'
}

test_audit_lists_uses()
{
	audited
	audit >l
	cat >want <<'END'
t/a	alias	include/linux/a.h:2	-
t/a	site	mm/use.c:3	f
t/a	site	mm/use.c:3	f
t/p	file-scope	mm/p.h:2	-
t/p	site	net/p.c:2	g
t/s	site	net/s.c:1	i
END
	expect l <want
	apply
	audit >l
	expect l <want
}

test_audit_finds_aliases()
{
	audited
	printf '#define TWICE(x) \\\n\t(x * A)\n' | source_file drivers/d.h
	printf '#define MORE ALIAS\n#if A > 3\n#endif\n' | source_file drivers/e.c
	printf '\tmov $A, %%eax\n' | source_file arch/x.S
	rejects 1 'tree/drivers/d.h:2: the macro TWICE uses A of knob t/a: add `alias TWICE in drivers/d.h` to cat/Kconst:1' audit
	grep -qF 'tree/drivers/e.c:1: the macro MORE uses ALIAS of knob t/a' err
	grep -qF 'tree/drivers/e.c:2: an #if uses A of knob t/a' err
	grep -qF 'tree/arch/x.S:1: assembly uses A' err
	sed -i 's/\tdefine A.*/&\n\tfixed "x * A" in drivers\/d.h "r"\n\tfixed "A > 3" in drivers\/e.c "r"\n\talias MORE in drivers\/e.c/' cat/Kconst
	rm tree/arch/x.S
	audit >l
	expect_line l "$(printf 't/a\tfixed\tdrivers/d.h:2\t-')"
	expect_line l "$(printf 't/a\tfixed\tdrivers/e.c:2\t-')"
	expect_line l "$(printf 't/a\talias\tdrivers/e.c:1\t-')"
}

test_audit_finds_bare_values()
{
	printf '#define A 10*HZ\nint f(int x)\n{\n\treturn x / A;\n}\nint g(int x) { return x + A; }\n' |
		source_file mm/a.c
	knob t/a 'define A in mm/a.c' 'default 10 * HZ'
	rejects 1 'tree/mm/a.c:4: the value of A (knob t/a) has no parentheses' audit
	[ "$(wc -l <err)" = 1 ]
}

test_audit_finds_unused()
{
	echo '#define A 10' | source_file mm/a.c
	knob t/a 'define A in mm/a.c' 'default 10'
	rejects 1 'cat/Kconst:1: knob t/a: nothing in the tree uses it' audit
}

test_audit_checks_refused()
{
	mkdir -p cat
	source_file x.c <<'END'
#define A 4
#if B
static int f(int x)
{
	return x + 7;
}
#else
static int f(int x)
{
	return x;
}
#endif
static int h(void) { return A; }
enum { IDLE = 3 };
static const int v = 5;
END
	knob t/a 'define A in x.c' 'default 4'
	cat >>cat/Kconst <<'END'
refused t/literal
	literal "x + 7" of f in x.c
	reason
	  One of two bodies has it.
refused t/enumerator
	variable IDLE in x.c
	reason
	  It has no address.
refused t/macro
	define A in x.c
	reason
	  Beside the knob, for another reason.
refused t/later
	define B in y.c since 7.0
	reason
	  This version does not have it.
END
	audit >l
	for wrong in 'define B in x.c' 'literal "x + 8" of f in x.c' 'literal "x + 7" of g in x.c' \
		'variable IDLER in x.c'; do
		printf 'refused t/wrong\n\t%s\n\treason\n\t  None.\n' "$wrong" >cat/Kconst
		rejects 1 'cat/Kconst:2: refused t/wrong: tree/x.c has no ' \
			"$KCONST" audit --catalogue cat --tree tree --version 6.12
	done
}
