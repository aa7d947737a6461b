# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The forms of anchors, and the uses that are fixed or follow.

test_define_keeps_place_and_comment()
{
	source_file block/blk.h <<'END'
#define OTHER	1
#define COUNT	32	/* how many */
#define SIZE (128 * 1024)// bytes
END
	knob block/count 'define COUNT in block/blk.h' 'default 32'
	knob block/size 'define SIZE in block/blk.h' 'default 128 * 1024' \
		'range 1 (1 << 30)'
	apply
	expect tree/block/blk.h <<'END'
#define OTHER	1
#define COUNT	KERNELX(block_count, 1, 4096, 32)	/* how many */
#define SIZE KERNELX(block_size, 1, (1 << 30), (128 * 1024))// bytes
END
}

test_context_comes_with_the_site()
{
	source_file a.h <<'END'
#define A 32 /* x */
#define B (A * 2)
END
	knob t/a 'define A in a.h' 'alias B in a.h' 'default 32' 'context struct sock *inet_csk(sk)->peer'
	apply
	expect tree/a.h <<'END'
#define A KERNELX_WITH(struct sock *, inet_csk(sk)->peer, t_a, 1, 4096, 32) /* x */
#define B (A * 2)
END
	"$KCONST" strip --tree tree a.h
	expect tree/a.h <<'END'
#define A 32 /* x */
#define B (A * 2)
END
}

test_define_ignores_suffix_and_parentheses()
{
	source_file a.h <<'END'
#define A ((32UL))
#define B msecs_to_jiffies(2)
#  define	C	10*HZ
#define D NSEC_PER_MSEC
END
	knob t/a 'define A in a.h' 'default 32'
	knob t/b 'define B in a.h' 'default msecs_to_jiffies(2)'
	knob t/c 'define C in a.h' 'default (10 * HZ)'
	knob t/d 'define D in a.h' 'default NSEC_PER_MSEC'
	apply
	expect tree/a.h <<'END'
#define A KERNELX(t_a, 1, 4096, ((32UL)))
#define B KERNELX(t_b, 1, 4096, msecs_to_jiffies(2))
#  define	C	KERNELX(t_c, 1, 4096, 10*HZ)
#define D KERNELX(t_d, 1, 4096, NSEC_PER_MSEC)
END
}

test_define_continued_lines()
{
	printf '#define A \\\n\t(1 +	\\\n\t /* two */ 2) \\\n\nint x;\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 1 + 2'
	apply
	printf '#define A \\\n\tKERNELX(t_a, 1, 4096, (1 +	\\\n\t /* two */ 2)) \\\n\nint x;\n' |
		expect tree/a.h
}

test_define_in_comment_or_string_is_none()
{
	source_file a.c <<'END'
/*
#define A 1
*/
// \
#define A 2
char *s = "\
#define A 3";
#define A 4
int y; #define A 5
END
	knob t/a 'define A in a.c' 'default 4'
	apply
	expect_line tree/a.c '#define A KERNELX(t_a, 1, 4096, 4)'
	expect_line tree/a.c '#define A 3";'
}

test_define_repeated_in_two_files()
{
	echo '#define A 4' | source_file a.c
	echo '#define A (4)' | source_file b.c
	knob t/a 'define A in a.c' 'define A in b.c' 'default 4'
	apply
	expect_line tree/a.c '#define A KERNELX(t_a, 1, 4096, 4)'
	expect_line tree/b.c '#define A KERNELX(t_a, 1, 4096, (4))'
}

test_define_selected_by_value()
{
	source_file a.c <<'END'
#ifdef X
#define A HUGE
#else
#define A 512
#endif
END
	knob t/a 'define "HUGE" of A in a.c' 'default HUGE'
	apply
	expect_line tree/a.c '#define A KERNELX(t_a, 1, 4096, HUGE)'
	expect_line tree/a.c '#define A 512'
}

literal_source()
{
	source_file a.c <<'END'
static int f(int a);
int g(void) { return a >> 3; }
static int __init f(int a)
{
	if (a > 16)	/* a >> 3 */
		return a >> 3;
	return 3;
}
int other = 3;
END
}

test_literal()
{
	literal_source
	knob t/shift 'literal "a >> 3" of f in a.c' 'default 3'
	knob t/limit 'literal "a > 16" of f in a.c' 'default 16'
	apply
	expect tree/a.c <<'END'
static int f(int a);
int g(void) { return a >> 3; }
static int __init f(int a)
{
	if (a > KERNELX(t_limit, 1, 4096, 16))	/* a >> 3 */
		return a >> KERNELX(t_shift, 1, 4096, 3);
	return 3;
}
int other = 3;
END
}

test_literal_repeated_and_two_in_one_expression()
{
	echo 'int f(int a) { return 4 * a + 8; } int g(int a) { return 4 * a; }' | source_file a.c
	knob t/four 'literal "4 * a + 8" of f in a.c' 'literal "4 * a" of g in a.c' 'default 4'
	knob t/eight 'literal "4 * a + 8" of f in a.c' 'default 8'
	apply
	expect tree/a.c <<'END'
int f(int a) { return KERNELX(t_four, 1, 4096, 4) * a + KERNELX(t_eight, 1, 4096, 8); } int g(int a) { return KERNELX(t_four, 1, 4096, 4) * a; }
END
}

test_literal_over_lines_and_with_quotes()
{
	printf 'void f(void)\n{\n\tp("%%d\\\\n", 5 *\n\t  HZ);\n}\n' | source_file a.c
	knob t/a 'literal "(\"%d\\\\n\", 5 * HZ)" of f in a.c' 'default 5 * HZ'
	apply
	printf 'void f(void)\n{\n\tp("%%d\\\\n", KERNELX(t_a, 1, 4096, 5 *\n\t  HZ));\n}\n' |
		expect tree/a.c
}

test_literal_in_functions_of_all_shapes()
{
	source_file a.c <<'END'
#define helper(x) do { \
	if (x) { \
} while (0)
struct s { int (*f)(void); } s = { .f = f };
static __printf(1, 2) int one(char *f, ...) __acquires(x) { return 1; }
SYSCALL_DEFINE2(two, int, a, int, b)
{
	return 2;
}
#ifdef A
static int three(int a)
{
	if (a) {
#else
static int three_b(int a)
{
	if (!a) {
#endif
		return 3;
	}
}
static int (*four(int a))(int)
{
	return 4;
}
#ifdef SMP
static void other(void) { }
#else
static inline void other(void) { }
#endif
struct t { int five; };
static int five(void) { return 5; }
END
	knob t/one 'literal "return 1" of one in a.c' 'default 1'
	knob t/two 'literal "return 2" of two in a.c' 'default 2'
	knob t/three 'literal "return 3" of three_b in a.c' 'default 3'
	knob t/four 'literal "return 4" of four in a.c' 'default 4'
	knob t/five 'literal "return 5" of five in a.c' 'default 5'
	apply
	for n in one two three four five; do
		grep -q "KERNELX(t_$n, 1, 4096, [1-5])" tree/a.c
	done
}

test_literal_in_macro_of_function()
{
	source_file a.c <<'END'
#define OUTER (inner >> 2)
int f(int a)
{
#define INNER (a >> 3)
#if 3 > 2
	return INNER;
#endif
}
END
	knob t/a 'literal "a >> 3" of f in a.c' 'default 3'
	apply
	expect_line tree/a.c '#define INNER (a >> KERNELX(t_a, 1, 4096, 3))'
}

test_variable()
{
	source_file a.c <<'END'
static const u32 win = 10;	/* win */
struct s { int win; };
static const struct s t = { .win = 3 };
int f(struct s *s)
{
	s->win = t.win;
	if (win > s->win && sizeof(win))
		return x(win);
	return win * 2;
}
END
	knob t/win 'variable win in a.c' 'default 10'
	apply
	expect tree/a.c <<'END'
static const u32 win = 10;	/* win */
struct s { int win; };
static const struct s t = { .win = 3 };
int f(struct s *s)
{
	s->win = t.win;
	if (KERNELX(t_win, 1, 4096, win) > s->win && sizeof(KERNELX(t_win, 1, 4096, win)))
		return x(KERNELX(t_win, 1, 4096, win));
	return KERNELX(t_win, 1, 4096, win) * 2;
}
END
}

test_variable_alias_and_fixed()
{
	source_file a.c <<'END'
static const int w = 10, v = 20;
#define TWICE (2 * v)
#define OTHER (3 * v)
int f(void)
{
	return v + TWICE + g(&v);
}
END
	knob t/v 'variable v in a.c' 'default 20' 'alias TWICE in a.c' \
		'fixed "3 * v" in a.c "r"' 'fixed "&v" of f in a.c "r"'
	apply
	expect_line tree/a.c '#define TWICE (2 * KERNELX(t_v, 1, 4096, v))'
	expect_line tree/a.c '#define OTHER (3 * v)'
	expect_line tree/a.c '	return KERNELX(t_v, 1, 4096, v) + TWICE + g(&v);'
}

test_fixed_and_alias()
{
	source_file a.h <<'END'
#define MAX 32UL
#define ALIAS MAX
#define DERIVED (ALIAS * 2)
#if MAX > 4
int array[MAX];
#endif
END
	source_file b.c <<'END'
int array[DERIVED];
int f(int i)
{
	return i % MAX + MAX;
}
END
	knob t/max 'define MAX in a.h' 'default 32' 'alias ALIAS in a.h' \
		'alias DERIVED in a.h' 'fixed "MAX > 4" in a.h "#if"' \
		'fixed "array[MAX]" in a.h "size"' 'fixed "[DERIVED]" in b.c "size"' \
		'fixed "i % MAX" of f in b.c "power of two"'
	apply
	expect tree/a.h <<'END'
#define MAX KERNELX(t_max, 1, 4096, 32UL)
#define ALIAS MAX
#define DERIVED (ALIAS * 2)
#if KERNELX_DEFAULT(32UL, MAX) > 4
int array[KERNELX_DEFAULT(32UL, MAX)];
#endif
END
	expect tree/b.c <<'END'
int array[KERNELX_DEFAULT((32UL * 2), DERIVED)];
int f(int i)
{
	return i % KERNELX_DEFAULT(32UL, MAX) + MAX;
}
END
}

test_fixed_joins_continued_body()
{
	printf '#define A (1 + \\\n\t2)\n#define B A\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 1 + 2' 'fixed "B A" in a.h "other macro"'
	apply
	expect_line tree/a.h '#define B KERNELX_DEFAULT((1 + 2), A)'
}

test_nested()
{
	source_file a.c <<'END'
#define A 3
#define B A
int f(int x)
{
#define INNER (x >> 3)
#define SAME 9 * x
	return INNER + SAME;
}
END
	knob t/same 'define SAME in a.c' 'default 9 * x'
	knob t/nine 'literal "9 * x" of f in a.c' 'default 9'
	knob t/a 'define A in a.c' 'default 3' 'fixed "B A" in a.c "r"'
	knob t/b 'define B in a.c' 'default A'
	knob t/inner 'define INNER in a.c' 'default x >> 3'
	knob t/shift 'literal "x >> 3" of f in a.c' 'default 3'
	apply
	expect_line tree/a.c '#define B KERNELX(t_b, 1, 4096, KERNELX_DEFAULT(3, A))'
	expect_line tree/a.c \
		'#define INNER KERNELX(t_inner, 1, 4096, (x >> KERNELX(t_shift, 1, 4096, 3)))'
	expect_line tree/a.c \
		'#define SAME KERNELX(t_same, 1, 4096, KERNELX(t_nine, 1, 4096, 9) * x)'
	cp tree/a.c once
	apply
	cmp once tree/a.c
	"$KCONST" strip --tree tree a.c
	expect_line tree/a.c '#define INNER (x >> 3)'
	expect_line tree/a.c '#define B A'
}
