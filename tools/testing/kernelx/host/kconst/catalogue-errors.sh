# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Errors in the catalogue.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

# bad TEXT: the catalogue on standard input should be refused with the text.
bad()
{
	catalogue
	rejects 1 "$1" "$KCONST" list --catalogue cat --version 6.12
}

# bad_line TEXT LINE: a stanza that is right but for the line should be refused.
bad_line()
{
	rm -f cat/Kconst
	knob t/a 'define A in a.h' "$2" 'default 16'
	rejects 1 "cat/Kconst:3: $1" "$KCONST" list --catalogue cat --version 6.12
}

test_unknown_words()
{
	bad_line 'unknown word `rnage`: did you mean `range`?' 'rnage 1 2'
	bad_line 'unknown word `zzzzzzzz`: see Documentation/' 'zzzzzzzz 1'
	printf 'konb a/b\n' | bad 'cat/Kconst:1: unknown word `konb`: did you mean `knob`?'
	printf 'define A in b\n' | bad 'indented by a tab'
	printf 'knob a/b\n    default 3\n' | bad 'cat/Kconst:2: the words of a stanza are indented by one tab'
	printf '\tdefault 3\n' | bad '`default` stands outside a stanza'
}

test_bad_names()
{
	for n in a ab/ /b A/b a/B a-b/c a/b/c a/.b a/b.c; do
		printf 'knob %s\n' $n | bad "cat/Kconst:1: \`$n\` should be subsystem/name"
	done
	printf 'knob .meta/b\n' | bad '`.meta` is taken'
	printf 'knob transition/b\n' | bad '`transition` is taken'
	printf 'knob transaction/b\n' | bad '`transaction` is taken'
	printf 'knob transition_timeout_ms/b\n' | bad '`transition_timeout_ms` is taken'
	printf 'knob\n' | bad 'the name of the knob is missing'
	printf 'knob a/b c\n' | bad '`c` does not belong here'
}

test_duplicates_and_collisions()
{
	knob a/b 'define A in a.h' 'default 16'
	knob a/b 'define A in a.h' 'default 16'
	knob a_b/c 'define A in a.h' 'default 16'
	knob a/b_c 'define A in a.h' 'default 16'
	rejects 1 'knob a/b exists already (cat/Kconst:1)' "$KCONST" list --catalogue cat --version 6.12
	rejects 1 'knob a/b_c has the same symbol `a_b_c` as a_b/c (cat/Kconst:' \
		"$KCONST" list --catalogue cat --version 6.12
}

test_words_given_twice()
{
	for w in 'range 1 2' 'unit x' 'state benign "x"' 'group g' 'instance f' 'context struct a *b'; do
		rm -f cat/Kconst
		knob t/a "$w" "$w" 'define A in a.h' 'default 1'
		rejects 1 "cat/Kconst:3: \`${w%% *}\` was given before, on line 2" \
			"$KCONST" list --catalogue cat --version 6.12
	done
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 16' 'default 17'
	rejects 1 'cat/Kconst:4: knob t/a: `default` was given before, on line 3' \
		"$KCONST" list --catalogue cat --version 6.12
}

test_words_missing()
{
	printf 'knob a/b\n' | bad 'knob a/b has no anchor'
	for w in default range unit help; do
		grep -qF "has no \`$w\`" err
	done
	printf 'knob a/b\n\thelp\n\tunit x\n' | bad 'cat/Kconst:2: the help text is empty'
}

test_bad_lines()
{
	bad_line '`in` should stand before `B in a.h`' 'define A B in a.h'
	bad_line '`1A` should be the name of a macro' 'define 1A in a.h'
	bad_line 'the line ends where `in` should stand' 'define A'
	bad_line 'the file is missing' 'define A in'
	bad_line 'the path `/a.h` must be relative' 'define A in /a.h'
	bad_line 'the path `../a.h` must not contain' 'define A in ../a.h'
	bad_line 'the path `a//b` has an empty component' 'define A in a//b'
	bad_line '`please` does not belong here' 'define A in a.h please'
	bad_line 'the expression around the literal in double quotes' 'literal 3 of f in a.c'
	bad_line 'the quote in front of the expression around the literal is not closed' 'literal "3 of f in a.c'
	bad_line 'the expression around the literal is empty' 'literal "" of f in a.c'
	bad_line 'the upper bound is missing' 'range 1'
	bad_line '`* HZ` does not belong here: put an expression with spaces in parentheses' 'range 1 60 * HZ'
	bad_line 'write `CONFIG_A` without CONFIG_' 'depends on CONFIG_A'
	bad_line '`!A` is not a CONFIG symbol' 'depends on !A'
	bad_line '`|| B` should be `&& SYM`' 'depends on A || B'
	bad_line 'a CONFIG symbol is missing' 'depends on A &&'
	bad_line '`on` should stand before `A`' 'depends A'
	bad_line '`state maybe` should be' 'state maybe'
	bad_line 'the name of a refresh hook is missing' 'state refresh'
	bad_line 'the reason in double quotes' 'state benign x'
	bad_line '`g-h` should be the name of a group' 'group g-h'
	bad_line '`f-g` should be the name of a function' 'instance f f-g'
	bad_line '`context` should be' 'context struct sock sk'
	bad_line '`struct` should stand before' 'context sock *sk'
	bad_line 'the expression that points to it' 'context struct sock *'
	bad_line '`*sk` should be the tag of a structure' 'context struct *sk'
	bad_line 'the unit is missing' 'unit'
	bad_line 'the reason in double quotes' 'fixed "A" in a.h'
}

test_bad_expressions()
{
	for e in '1, 2:has a comma' '(1:has brackets' '1):has brackets' '1;:is not an expression' \
		'"a:does not end' '#:is not an expression' '(]:has brackets'; do
		rm -f cat/Kconst
		knob t/a 'define A in a.h' "default ${e%%:*}"
		rejects 1 "${e#*:}" "$KCONST" list --catalogue cat --version 6.12
		rm -f cat/Kconst
		knob t/a 'define A in a.h' 'default 3' "range 1 ${e%%:*}"
		rejects 1 'cat/Kconst:4:' "$KCONST" list --catalogue cat --version 6.12
	done
}

test_range_and_default()
{
	for r in '33 64' '1 31' '0x21 64' '(33) 64' '1 31UL'; do
		rm -f cat/Kconst
		knob t/a 'define A in a.h' 'default 32U' "range $r"
		rejects 1 "cat/Kconst:4: knob t/a: the range $r does not hold the default 32U: find out which" \
			"$KCONST" list --catalogue cat --version 6.12
	done
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 32' 'range 64 1'
	rejects 1 'is empty: write the lower bound first' "$KCONST" list --catalogue cat --version 6.12
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 32' 'range 32 32'
	knob t/b 'define A in a.h' 'default 0' 'range 0 4294967295UL'
	knob t/c 'define A in a.h' 'default 10 * HZ' 'range 1 2'
	"$KCONST" list --catalogue cat --version 6.12
}

# What was accepted here and failed in the compiler, far from the catalogue.
test_values_beyond_32_bits()
{
	for r in '0 4294967296' '0 0x100000000UL' '0 (4294967296)' '0 99999999999999999999999' \
		'-1 64' '(-1) 64' '-99999999999999999999999 64'; do
		rm -f cat/Kconst
		knob t/a 'define A in a.h' 'default 16' "range $r"
		rejects 1 'cat/Kconst:4: knob t/a: the ' "$KCONST" list --catalogue cat --version 6.12
		grep -q 'bound `.*` is no value of a knob: 0 to 4294967295 are' err
	done
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 4294967296'
	rejects 1 'cat/Kconst:3: knob t/a: the default `4294967296` is no value of a knob' \
		"$KCONST" list --catalogue cat --version 6.12
	# All of them in one run, with those of another kind.
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default -16' 'range -1 4294967296'
	knob t/b 'define A in a.h' 'dfault 16' 'range 1 2 3'
	knob t/c 'define A in a.h' 'default 16' 'range 64 1'
	rejects 1 'cat/Kconst:3: knob t/a: the default' "$KCONST" list --catalogue cat --version 6.12
	grep -q '^cat/Kconst:4: knob t/a: the lower bound' err
	grep -q '^cat/Kconst:4: knob t/a: the upper bound' err
	grep -q 'unknown word `dfault`' err
	grep -q '`3` does not belong here' err
	grep -q 'knob t/c: the range 64 1 is empty' err
}

test_kinds_do_not_mix()
{
	bad_line 'knob t/a: `literal` and `define` (line 2) in one stanza' 'literal "16" of f in a.c'
	rm -f cat/Kconst
	knob t/a 'variable a in a.c' 'variable b in a.c' 'default 3'
	rejects 1 '`variable` was given before' "$KCONST" list --catalogue cat --version 6.12
	rm -f cat/Kconst
	knob t/a 'literal "3" of f in a.c' 'default 3' 'alias A in a.c' 'fixed "A" in a.c "r"'
	rejects 1 '`alias` needs a name to follow' "$KCONST" list --catalogue cat --version 6.12
	grep -qF '`fixed` needs a name to look for' err
}

test_uapi_is_refused()
{
	rm -f cat/Kconst
	knob t/a 'define A in include/uapi/linux/a.h' 'default 3'
	rejects 1 'goes to user space' "$KCONST" list --catalogue cat --version 6.12
}

test_source_errors()
{
	printf 'source "none/Kconst"\n' | bad 'cat/Kconst:1: cannot read cat/none/Kconst: No such file'
	printf 'source "Kconst"\n' | bad 'cat/Kconst:1: cat/Kconst is read already'
	printf 'source "../x"\n' | bad 'must not contain'
	printf 'source none\n' | bad 'the file in double quotes'
	mkdir cat/dir
	printf 'source "dir"\n' | bad 'cannot read cat/dir: Is a directory'
	rejects 1 'none/Kconst: cannot read the catalogue' "$KCONST" list --catalogue none --version 6.12
}

test_several_errors_in_one_run()
{
	printf 'knob A\n\tfoo\nknob b/c\n\tdefault\n\trange 5\n' | bad 'cat/Kconst:1:'
	for line in 2 3 4 5; do
		grep -q "^cat/Kconst:$line: " err
	done
}

test_refused()
{
	printf 'refused t/a\n\tdefine A in a.h\n' | bad 'cat/Kconst:1: refused t/a has no `reason`'
	printf 'refused t/a\n\treason\n\t  None.\n' |
		bad 'cat/Kconst:1: refused t/a does not say where the constant stands'
	printf 'refused t/a\n\tdefine A in a.h\n\tdefault 3\n' | bad 'cat/Kconst:3: unknown word `default`'
	printf 'refused t/a\n\tdefine A in a.h\n\treson\n' | bad 'did you mean `reason`?'
	printf 'refused t/a\n\tdefine A in a.h\n\treason\n\nknob t/b\n' | bad 'the reason is empty'
	printf 'refused a\n' | bad 'should be subsystem/name'
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 16'
	printf 'refused t/a\n\tdefine A in a.h\n\treason\n\t  None.\n' >>cat/Kconst
	rejects 1 'knob t/a is refused (cat/Kconst:' "$KCONST" list --catalogue cat --version 6.12
}
