# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Anchors that the sources do not bear out.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

test_define_gone()
{
	echo '#define COUNTS 3' | source_file a.h
	knob t/a 'define COUNT in a.h' 'default 3'
	refuses 'cat/Kconst:2: knob t/a: tree/a.h has no `#define COUNT`, but `COUNTS`: name the macro'
}

test_define_changed()
{
	printf '\n#define A (4 * 2)\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4 * 3'
	refuses 'cat/Kconst:3: knob t/a: A is `(4 * 2)` (tree/a.h:2), but the stanza says `4 * 3`: check that range and help still hold, then write `default (4 * 2)`'
}

test_define_ambiguous()
{
	printf '#ifdef X\n#define A 4\n#else\n#define A 5\n#endif\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	refuses 'tree/a.h defines A twice, on lines 2 and 4: say which by its value, like `define "4" of A in a.h`'
	rm cat/Kconst
	knob t/a 'define "6" of A in a.h' 'default 6'
	refuses 'but not as `6`'
	printf '#define A 4\n#undef A\n#define A 4\n' | source_file a.h
	rm cat/Kconst
	knob t/a 'define "4" of A in a.h' 'default 4'
	refuses 'tree/a.h defines A twice, on lines 1 and 3'
}

test_define_of_no_value()
{
	printf '#define A(x) 4\n#define B\n#define C 1, 2\n#define D do {\n#define E a; b\n#define F ()\n' |
		source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	knob t/b 'define B in a.h' 'default 4'
	knob t/c 'define C in a.h' 'default 1'
	knob t/d 'define D in a.h' 'default 1'
	knob t/e 'define E in a.h' 'default 1'
	refuses 'A (tree/a.h:1) has parameters'
	grep -qF 'B (tree/a.h:2) has no value' err
	grep -qF 'the value `1, 2` of C (tree/a.h:3) has a comma outside parentheses' err
	grep -qF 'the value `do {` of D (tree/a.h:4) has brackets that do not match' err
	grep -qF 'is not an expression' err
}

test_file_gone()
{
	mkdir -p tree
	knob t/a 'define A in a.h' 'default 4'
	refuses 'cat/Kconst:2: cannot read tree/a.h: No such file'
	mkdir tree/a.h
	refuses 'Is a directory'
}

test_symbolic_link_is_refused()
{
	echo '#define A 4' | source_file b.h
	ln -s b.h tree/a.h
	knob t/a 'define A in a.h' 'default 4'
	refuses 'tree/a.h is a symbolic link'
	rejects 1 'is a symbolic link' "$KCONST" strip --tree tree a.h
}

test_literal_errors()
{
	literal_source
	knob t/a 'literal "a >> 3" of ff in a.c' 'default 3'
	knob t/b 'literal "a >> 4" of f in a.c' 'default 4'
	knob t/c 'literal "a << 3" of f in a.c' 'default 3'
	knob t/d 'literal "return" of f in a.c' 'default 3'
	knob t/e 'literal "3 + 3" of f in a.c' 'default 3'
	knob t/f 'literal "3" of f in a.c' 'default 3'
	knob t/g 'literal "a > 16" of g in a.c' 'default 16'
	knob t/h 'literal "3" of h in a.c' 'default 3'
	refuses 'knob t/a: tree/a.c has no function `ff` with a body at file scope, but `f`'
	grep -qF 'knob t/b: `a >> 4` is now `a >> 3` (tree/a.c:6): check that range and help still hold, then write `default 3` and quote `a >> 3`' err
	grep -qF 'knob t/c: `a << 3` does not stand in f() (tree/a.c:4)' err
	grep -qF 'knob t/d: `return` does not hold the default `3`' err
	grep -qF 'knob t/e: `3 + 3` holds the default `3` more than once' err
	grep -qF 'knob t/f: `3` stands in f() more than once, on lines 6 and 7' err
	grep -qF 'knob t/g: `a > 16` does not stand in g(), but in f() (tree/a.c:5): write `of f`' err
	grep -qF 'knob t/h: tree/a.c has no function `h`' err
}

test_literal_function_twice()
{
	printf '#ifdef X\nint f(void) { return 3; }\n#else\nint f(void) { return 3; }\n#endif\n' |
		source_file a.c
	knob t/a 'literal "3" of f in a.c' 'default 3'
	refuses 'has the function `f` twice, on lines 2 and 4'
}

test_literal_unbalanced_file()
{
	printf 'int g(void) {\nint f(void) { return 3; }\n' | source_file a.c
	knob t/a 'literal "3" of f in a.c' 'default 3'
	refuses 'the braces of tree/a.c do not match'
}

test_literal_must_bind_safely()
{
	source_file a.c <<'END'
int f(int a) { return a * HZ / 50; }
int g(int a) { return a + HZ / 50 * 2; }
int h(int a) { return a - 3 - 4; }
int i(int a) { return a << 3 + 4; }
int k(int a) { return a + 3; }
END
	knob t/f 'literal "a * HZ / 50" of f in a.c' 'default HZ / 50'
	refuses '`HZ / 50` is no value of its own in `a * HZ / 50` (tree/a.c:1)'
	rm cat/Kconst
	knob t/h 'literal "a - 3 - 4" of h in a.c' 'default 3 - 4'
	refuses 'is no value of its own'
	rm cat/Kconst
	knob t/k 'literal "a + 3" of k in a.c' 'default +3' 'range 1 9'
	refuses 'is no value of its own'
	rm cat/Kconst
	echo 'int j(int a) { return -HZ / 50; }' >>tree/a.c
	knob t/j 'literal "-HZ / 50" of j in a.c' 'default HZ / 50'
	refuses 'is no value of its own'
	rm cat/Kconst
	knob t/g 'literal "a + HZ / 50 * 2" of g in a.c' 'default HZ / 50'
	knob t/i 'literal "a << 3 + 4" of i in a.c' 'default 3 + 4'
	apply
}

test_variable_errors()
{
	source_file a.c <<'END'
static int a = 1;
static const int b[] = { 1 };
static const char *c = 0;
static const int d = 4;
static const int e;
int f(void)
{
	static const int g = 3;
	return a + b + c + d + e + g;
}
END
	for v in a b c e g; do
		rm -f cat/Kconst
		knob t/v "variable $v in a.c" 'default 1'
		refuses "knob t/v: \`$v\` (tree/a.c:"
		grep -qF 'is not a `static const` number at file scope' err
	done
	rm cat/Kconst
	knob t/v 'variable none in a.c' 'default 1'
	refuses 'has no `static const` variable `none`'
	rm cat/Kconst
	knob t/v 'variable d in a.c' 'default 5'
	refuses 'd is `4` (tree/a.c:4), but the stanza says `5`'
}

# bad_use TEXT LINE: a use of the variable v on a line of a function should be refused.
bad_use()
{
	printf 'static const int v = 3;\nint f(int a)\n{\n\tx(v);\n\t%s\n}\n' "$2" |
		source_file a.c
	refuses "knob t/v: \`v\` (tree/a.c:5) $1"
}

test_variable_uses_refused()
{
	knob t/v 'variable v in a.c' 'default 3'
	bad_use 'is declared again here' 'int v;'
	bad_use 'is declared again here' 'unsigned long *v = x;'
	bad_use 'is declared again here' 'struct s *v;'
	bad_use 'is declared again here' 'u32 a, v;'
	bad_use 'is declared again here' 'u32 a = f(1, 2), *v;'
	bad_use 'is declared again here' 'for (int v = 0; v; v++)'
	bad_use 'has its address taken' 'g(&v);'
	bad_use 'has its address taken' 'return &v;'
	printf 'static const int v = 3;\nint f(void) { return v; }\nint g(int v) { return v; }\n' |
		source_file a.c
	refuses '(tree/a.c:3) is used or declared again at file scope'
	printf 'static const int v = 3;\n#define V (v)\nint f(void) { return v + V; }\n' |
		source_file a.c
	refuses '(tree/a.c:2) stands in the body of a macro'
	printf 'static const int v = 3;\nint f(void) { return v; }\n#if v\n#endif\n' |
		source_file a.c
	refuses '(tree/a.c:3) stands in a preprocessor line'
	printf 'static const int v = 3;\nint f(void) { return v; }\nint w = v;\n' |
		source_file a.c
	refuses '(tree/a.c:3) is used or declared again at file scope'
	printf 'static const int v = 3;\n' | source_file a.c
	refuses 'no function in tree/a.c uses `v`'
	printf 'static const int v = 3;\nstatic const int v = 3;\n' | source_file a.c
	refuses 'defines v twice, on lines 1 and 2'
}

test_variable_uses_that_are_none()
{
	source_file a.c <<'END'
static const int v = 3;
int f(struct v *a)
{
	enum v b = a * v, c = g(a, v);
	goto v;
v:
	return a ? v : a->v + (u8)v + (a & v) + a[v];
}
END
	knob t/v 'variable v in a.c' 'default 3'
	apply
	[ "$(grep -o KERNELX tree/a.c | wc -l)" = 6 ]
	expect_line tree/a.c '	enum v b = a * KERNELX(t_v, 1, 4096, v), c = g(a, KERNELX(t_v, 1, 4096, v));'
}

test_fixed_errors()
{
	source_file a.h <<'END'
#define A 4
#define F(x) (x + A)
int x[A];
int y[A];
END
	echo 'int f(int a) { return a % A; }' | source_file b.c
	knob t/a 'define A in a.h' 'default 4' 'alias F in a.h' \
		'fixed "[B]" in a.h "r"' \
		'fixed "A - A" in a.h "r"' \
		'fixed "[A]" in a.h "r"' \
		'fixed "z[A]" in a.h "r"' \
		'fixed "a % A" in b.c "r"' \
		'fixed "int f(int a) { return a % A" of f in b.c "r"' \
		'fixed "x[A]" of f in a.h "r"' \
		'fixed "F(x)" in a.h "r"'
	refuses 'cat/Kconst:5: knob t/a: `[B]` does not hold A'
	grep -qF 'Kconst:6: knob t/a: `A - A` holds A more than once' err
	grep -qF 'Kconst:7: knob t/a: `[A]` stands there more than once, on lines 3 and 4' err
	grep -qF 'Kconst:8: knob t/a: `z[A]` does not stand in tree/a.h' err
	grep -qF 'Kconst:9: knob t/a: `a % A` stands in f() (tree/b.c:1): write `of f`' err
	grep -qF 'Kconst:10: knob t/a: `int f(int a) { return a % A` stands at file scope (tree/b.c:1): leave `of f` out' err
	grep -qF 'Kconst:11: knob t/a: tree/a.h has no function `f`' err
	grep -qF 'Kconst:12:' err
}

test_fixed_is_a_use()
{
	printf '#define A 4\n#ifdef A\n#if defined(A) && defined A\nint x[A];\n#endif\n#endif\n#undef A\n' |
		source_file a.h
	knob t/a 'define A in a.h' 'default 4' 'fixed "A" in a.h "size"'
	apply
	expect_line tree/a.h 'int x[KERNELX_DEFAULT(4, A)];'
	expect_line tree/a.h '#if defined(A) && defined A'
}

test_fixed_does_not_span_directives()
{
	printf '#define A 4\n#undef B\nA\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4' 'fixed "B A" in a.h "r"'
	refuses '`B A` does not stand in tree/a.h'
}

test_fixed_of_function_like_alias()
{
	printf '#define A 4\n#define F(x) (x + A)\nint y[F(1)];\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4' 'alias F in a.h' 'fixed "F(1)" in a.h "r"'
	refuses 'F has no value of its own here'
}

test_alias_errors()
{
	printf '#define A 4\n#define B 5\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4' 'alias B in a.h' 'alias C in a.h'
	refuses 'cat/Kconst:4: knob t/a: B (tree/a.h:2) does not use A: remove the line'
	grep -qF 'cat/Kconst:5: knob t/a: tree/a.h has no `#define C`' err
}

test_one_constant_one_knob()
{
	printf '#define A 4\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	knob t/b 'define A in a.h' 'default 4'
	refuses 'knob t/b: tree/a.h:1 belongs to t/a already (cat/Kconst:2)'
}
