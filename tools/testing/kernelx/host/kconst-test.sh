#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of the catalogue compiler. KCONST names the program to test. Output is TAP.
# A test is a function test_*; it runs in a subshell with `set -e`, in a directory
# of its own, with the catalogue in cat/ and the tree in tree/.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016
set -eu

: "${KCONST:?KCONST should name the kconst program to test}"
KCONST=$(realpath "$KCONST")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- what the tests are made of ---

# source_file FILE: standard input becomes a source of the tree.
source_file()
{
	mkdir -p "tree/$(dirname "$1")"
	cat >"tree/$1"
}

# catalogue: standard input becomes the catalogue.
catalogue()
{
	mkdir -p cat
	cat >cat/Kconst
}

# knob NAME LINE...: add a stanza; range, unit and help have values that fit unless given.
knob()
{
	mkdir -p cat
	{
		printf 'knob %s\n' "$1"
		shift
		printf '\t%s\n' "$@"
		case "$(printf '\n%s' "$@")" in *"
range "*) ;; *) printf '\trange 1 4096\n' ;; esac
		case "$(printf '\n%s' "$@")" in *"
unit "*) ;; *) printf '\tunit things\n' ;; esac
		printf '\thelp\n\t  A text.\n\n'
	} >>cat/Kconst
}

apply()
{
	"$KCONST" apply --catalogue cat --tree tree --version "${VERSION:-6.12}"
}

# expect FILE: the file should be what stands on standard input.
expect()
{
	diff -u - "$1"
}

# expect_line FILE LINE: the file should have the line.
expect_line()
{
	grep -qxF -e "$2" "$1" || {
		echo "$1 has no line: $2"
		cat "$1"
		return 1
	}
}

# rejects STATUS TEXT COMMAND...: the command should fail so and say so.
rejects()
{
	local want=$1 text=$2 status=0
	shift 2
	"$@" >out 2>err || status=$?
	if [ "$status" -ne "$want" ]; then
		echo "exit status $status, not $want"
		cat err
		return 1
	fi
	grep -qF -e "$text" err || {
		echo "the message should have: $text"
		cat err
		return 1
	}
}

# refuses TEXT: apply should report an error with the text, and change nothing.
refuses()
{
	rm -rf before
	cp -a tree before
	rejects 1 "$1" apply
	diff -r before tree
}

# --- the forms ---

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

# --- what must stay as it is ---

everything()
{
	literal_source
	cp tree/a.c tree/pristine-a
	printf '#define A \\\r\n\t(1 + \\\r\n\t2)\r\n#if A\r\n#endif' | source_file crlf.h
	cp tree/crlf.h tree/pristine-crlf
	printf 'static const int v = 3;\nint f(void)\n{\n\treturn v +\n\t\tv;\n}' | source_file v.c
	cp tree/v.c tree/pristine-v
	knob t/shift 'literal "a >> 3" of f in a.c' 'default 3'
	knob t/a 'define A in crlf.h' 'default 1 + 2' 'fixed "#if A" in crlf.h "r"'
	knob t/v 'variable v in v.c' 'default 3'
}

test_lines_stay()
{
	everything
	apply
	for f in a.c:a crlf.h:crlf v.c:v; do
		new=tree/${f%:*}
		old=tree/pristine-${f#*:}
		[ "$(wc -l <"$new")" = "$(wc -l <"$old")" ]
		# Without what was added every line is what it was.
		sed -E 's/KERNELX(_DEFAULT)?\(([a-z_]+, [0-9]+, [0-9]+|\(1 \+ 2\)), //g' "$new" |
			tr -d ')' >a
		tr -d ')' <"$old" >b
		cmp a b
	done
	printf '#define A \\\r\n\tKERNELX(t_a, 1, 4096, (1 + \\\r\n\t2))\r\n#if KERNELX_DEFAULT((1 + 2), A)\r\n#endif' |
		cmp - tree/crlf.h
}

test_apply_twice_changes_nothing()
{
	everything
	apply
	cp -a tree once
	touch -d '2000-01-01' tree/*
	apply
	diff -r once tree
	[ -z "$(find tree -newermt 2001-01-01 -type f)" ]
}

test_strip_gives_back_the_bytes()
{
	everything
	apply
	if cmp -s tree/a.c tree/pristine-a; then return 1; fi
	"$KCONST" strip --tree tree a.c crlf.h v.c
	cmp tree/a.c tree/pristine-a
	cmp tree/crlf.h tree/pristine-crlf
	cmp tree/v.c tree/pristine-v
	touch -d '2000-01-01' tree/*
	"$KCONST" strip --tree tree a.c crlf.h v.c
	[ -z "$(find tree -newermt 2001-01-01 -type f)" ]
}

test_strip_leaves_comments_strings_and_definitions()
{
	source_file a.h <<'END'
/* KERNELX(a, 1, 2, 3) */
#define KERNELX(k, a, b, e) (e)
#define KERNELX_DEFAULT(d, o) d
char *s = "KERNELX(a, 1, 2, 3)";
int KERNELX_other(int a, int b), KERNELX;
END
	cp tree/a.h before
	"$KCONST" strip --tree tree a.h
	cmp before tree/a.h
}

test_changed_range_rewrites()
{
	everything
	apply
	sed -i 's/range 1 4096/range f(2,3) (9 * 9)/' cat/Kconst
	apply
	expect_line tree/a.c '		return a >> KERNELX(t_shift, f(2,3), (9 * 9), 3);'
	"$KCONST" strip --tree tree a.c
	cmp tree/a.c tree/pristine-a
}

test_mode_is_kept_and_no_temporary_file_stays()
{
	everything
	chmod 640 tree/a.c
	apply
	[ "$(stat -c %a tree/a.c)" = 640 ]
	[ "$(find tree | wc -l)" = 7 ]
}

test_hard_links_are_not_written_through()
{
	everything
	ln tree/a.c linked
	apply
	cmp linked tree/pristine-a
}

test_nothing_is_written_on_error()
{
	everything
	knob t/gone 'define GONE in a.c' 'default 1'
	refuses 'cat/Kconst:'
}

# --- versions ---

versioned()
{
	echo '#define A 16' | source_file a.c
	echo '#define A 32' | source_file b.c
	knob t/a 'define A in a.c before 6.18' 'define A in b.c since 6.18' \
		'default 16 before 6.18' 'default 32 since 6.18' \
		'depends on OLD before 7.0' 'depends on NEW && ALSO since 7.0'
	knob t/new 'define GONE in a.c' 'default 16' 'since 7.0'
	sed -i 's/knob t\/new/knob t\/new\n\tbefore 7.1/' cat/Kconst
}

test_versions_select_lines()
{
	versioned
	VERSION=6.12 apply
	expect_line tree/a.c '#define A KERNELX(t_a, 1, 4096, 16)'
	expect_line tree/b.c '#define A 32'
}

test_versions_compare_as_numbers()
{
	versioned
	for v in 6.2 6.9 6.17 6.17.9; do
		[ "$("$KCONST" files --catalogue cat --version $v)" = a.c ]
	done
	for v in 6.18 6.18.1 6.100 7.1 10.0; do
		[ "$("$KCONST" files --catalogue cat --version $v)" = b.c ]
	done
	[ "$("$KCONST" files --catalogue cat --version 7.0)" = "$(printf 'a.c\nb.c')" ]
}

test_versions_of_depends()
{
	versioned
	"$KCONST" table --catalogue cat --version 6.99 -o t
	expect_line t '#if IS_ENABLED(CONFIG_OLD)'
	"$KCONST" table --catalogue cat --version 7.1 -o t
	expect_line t '#if IS_ENABLED(CONFIG_NEW) && IS_ENABLED(CONFIG_ALSO)'
}

test_versions_of_alias_and_fixed()
{
	echo '#define A 16' | source_file a.h
	knob t/a 'define A in a.h' 'default 16' 'alias B in b.h since 7.0' \
		'fixed "x[A]" in c.c "reason" before 6.12' \
		'fixed "x[A]" of f in c.c "since 6.12" since 6.13 before 7.0'
	apply
}

test_same_knob_for_different_versions()
{
	echo '#define A 16' | source_file a.h
	knob t/a 'before 6.12' 'define GONE in a.h' 'default 16'
	knob t/a 'since 6.12' 'define A in a.h' 'default 16'
	apply
	echo >>cat/Kconst
	sed -i 's/before 6.12/before 6.13/' cat/Kconst
	refuses 'exists already (cat/Kconst:1)'
}

test_versions_bad()
{
	echo '#define A 16' | source_file a.h
	knob t/a 'define A in a.h since 7' 'default 16'
	refuses 'cat/Kconst:2: `since 7` should name a version'
	rm cat/Kconst
	knob t/a 'define A in a.h since 7.0 before 6.12' 'default 16'
	refuses 'no version is since 7.0 and before 6.12'
	rm cat/Kconst
	knob t/a 'define A in a.h since 7.0 since 6.12' 'default 16'
	refuses 'stands on this line twice'
	rm cat/Kconst
	knob t/a 'since' 'define A in a.h' 'default 16'
	refuses '`since` should be followed by a version'
	rm cat/Kconst
	knob t/a 'since 6.1' 'since 6.2' 'define A in a.h' 'default 16'
	refuses '`since` was given before'
	rm cat/Kconst
	knob t/a 'define A in a.h since 7.0' 'default 16'
	refuses 'has no anchor for this version'
	rm cat/Kconst
	knob t/a 'define A in a.h' 'default 16 since 7.0'
	refuses 'has no `default` for this version'
}

# --- generated files ---

generated()
{
	catalogue <<'END'
# A comment.
source "sub/Kconst"

knob net/shift
	literal	"x >> 3" of f in net/x.c
	default	3
	range	0 8
	unit	shift
	depends on TCP_CONG_CUBIC && NET
	state	benign "what a \"flow\" holds \\ ends with it"
	# Another comment.
	help
	  Text with "quotes", a \ and a tab	here??/

	  - a list
	    of one

	  1. is no list, _this_ neither: *so*::
# no help
END
	mkdir -p cat/sub
	cat >cat/sub/Kconst <<'END'
knob mm/readahead
	define	RA in mm/x.h
	default	(SZ_128K / PAGE_SIZE)
	range	1 (64 * 1024)
	unit	pages
	state	refresh mm_readahead
	group	ra
	help
	  One.
knob mm/a
	variable v in a.c
	default 5
	range 1 9
	unit pages
	help
	  Two.
END
}

test_table()
{
	generated
	"$KCONST" table --catalogue cat --version 6.12 -o t
	expect t <<'END'
/* SPDX-License-Identifier: GPL-2.0 */
/* Generated by kconst from the catalogue (Kconst): do not edit. */
KERNELX_KNOB(mm_a, "mm", "a", 5, 1, 9, "pages", KERNELX_STATE_NONE, "variable v in a.c", "Two.")
KERNELX_KNOB(mm_readahead, "mm", "readahead", (SZ_128K / PAGE_SIZE), 1, (64 * 1024), "pages", KERNELX_STATE_REFRESH(mm_readahead), "define RA in mm/x.h", "One.")
#if IS_ENABLED(CONFIG_TCP_CONG_CUBIC) && IS_ENABLED(CONFIG_NET)
KERNELX_KNOB(net_shift, "net", "shift", 3, 0, 8, "shift", KERNELX_STATE_BENIGN("what a \"flow\" holds \\ ends with it"), "literal 3 of f in net/x.c", "Text with \"quotes\", a \\ and a tab\there\?\?/\n\n- a list\n  of one\n\n1. is no list, _this_ neither: *so*::")
#endif
END
}

test_table_compiles()
{
	generated
	"$KCONST" table --catalogue cat --version 6.12 -o t.h
	cat >t.c <<'END'
#define IS_ENABLED(x) 1
#define SZ_128K 131072
#define PAGE_SIZE 4096
#define KERNELX_STATE_NONE 0
#define KERNELX_STATE_REFRESH(h) 1
#define KERNELX_STATE_BENIGN(r) 2
#define KERNELX_KNOB(s, sub, n, d, lo, hi, u, st, src, h) { #s, sub "/" n, d, lo, hi, u, st, src, h },
struct { const char *s, *n; int d, lo, hi; const char *u; int st; const char *src, *h; }
knobs[] = {
#include "t.h"
};
int main(void) { return sizeof(knobs) / sizeof(knobs[0]) == 3 && knobs[1].d == 32 ? 0 : 1; }
END
	"${CC:-cc}" -std=c99 -o t t.c
	./t
}

test_table_written_if_changed()
{
	generated
	"$KCONST" table --catalogue cat --version 6.12 -o t
	"$KCONST" rst --catalogue cat --version 6.12 -o r
	touch -d '2000-01-01' t r
	"$KCONST" table --catalogue cat --version 6.12 -o t
	"$KCONST" rst --catalogue cat --version 6.12 -o r
	[ -z "$(find t r -newermt 2001-01-01)" ]
	sed -i 's/One/Other/' cat/sub/Kconst
	"$KCONST" table --catalogue cat --version 6.12 -o t
	"$KCONST" rst --catalogue cat --version 6.12 -o r
	[ "$(find t r -newermt 2001-01-01 | wc -l)" = 2 ]
}

test_rst()
{
	generated
	"$KCONST" rst --catalogue cat --version 6.12 -o r
	expect r <<'END'
.. SPDX-License-Identifier: GPL-2.0
.. Generated by kconst from the catalogue (Kconst): do not edit.

==============
KernelX: knobs
==============

Each knob is a file below ``/sys/kernel/kernelx/``.

mm
==

mm/a
----

:Default: ``5``
:Range: ``1 .. 9``
:Unit: pages
:Source: variable v in a.c

Two.

mm/readahead
------------

:Default: ``(SZ_128K / PAGE_SIZE)``
:Range: ``1 .. (64 * 1024)``
:Unit: pages
:Source: define RA in mm/x.h
:Latched state: brought along by ``kernelx_refresh_mm_readahead()``
:Group: ra

One.

net
===

net/shift
---------

:Default: ``3``
:Range: ``0 .. 8``
:Unit: shift
:Source: literal 3 of f in net/x.c
:Depends on: ``CONFIG_TCP_CONG_CUBIC`` and ``CONFIG_NET``
:Latched state: benign\: what a "flow" holds \\ ends with it

Text with "quotes", a \\ and a tab	here??/

::

  - a list
    of one

1\. is no list, _this\_ neither: \*so\*\:\:

END
}

test_list_and_files()
{
	generated
	"$KCONST" list --catalogue cat --version 6.12 >l
	printf 'mm/a\t5\t1 9\tpages\nmm/readahead\t(SZ_128K / PAGE_SIZE)\t1 (64 * 1024)\tpages\nnet/shift\t3\t0 8\tshift\n' |
		expect l
	"$KCONST" files --catalogue cat --version 6.12 >l
	printf 'a.c\nmm/x.h\nnet/x.c\n' | expect l
}

# --- errors in the catalogue ---

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
	for w in 'range 1 2' 'unit x' 'state benign "x"' 'group g'; do
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
		rejects 1 "cat/Kconst:4: knob t/a: the range $r does not hold the default 32U: widen it" \
			"$KCONST" list --catalogue cat --version 6.12
	done
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 32' 'range 64 1'
	rejects 1 'is empty: write the lower bound first' "$KCONST" list --catalogue cat --version 6.12
	rm -f cat/Kconst
	knob t/a 'define A in a.h' 'default 32' 'range 32 32'
	knob t/b 'define A in a.h' 'default -1' 'range -1 0x10'
	knob t/c 'define A in a.h' 'default 10 * HZ' 'range 1 2'
	"$KCONST" list --catalogue cat --version 6.12
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

# --- errors in the sources ---

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
END
	knob t/f 'literal "a * HZ / 50" of f in a.c' 'default HZ / 50'
	refuses '`HZ / 50` is no value of its own in `a * HZ / 50` (tree/a.c:1)'
	rm cat/Kconst
	knob t/h 'literal "a - 3 - 4" of h in a.c' 'default 3 - 4'
	refuses 'is no value of its own'
	rm cat/Kconst
	knob t/h 'literal "a - 3" of h in a.c' 'default -3' 'range -9 9'
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

# --- hostile input ---

test_nul_bytes()
{
	printf 'knob a/b\n\tunit \0x\n' | bad 'cat/Kconst:2: a NUL byte'
	rm cat/Kconst
	knob t/a 'define A in a.h' 'default 4'
	printf '#define A 4\n/* \0 */\n' | source_file a.h
	refuses 'tree/a.h:2: a NUL byte'
}

test_unterminated()
{
	knob t/a 'define A in a.h' 'default 4'
	printf '#define A 4\nchar *s = "abc;\nint x;\n' | source_file a.h
	refuses 'tree/a.h:2: a string or character that starts here does not end'
	printf "#define A 4\nchar s = 'a;\n" | source_file a.h
	refuses 'tree/a.h:2: a string or character'
	printf '#define A 4\n/* abc\n' | source_file a.h
	refuses 'tree/a.h:2: a comment that starts here never ends'
	printf '#define A 4\nchar *s = "abc\134' | source_file a.h
	refuses 'tree/a.h:2: a string or character'
}

test_apostrophe_in_directive()
{
	printf "#error don't\n#define A 4\n#warning \"x\n" | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	apply
	expect_line tree/a.h '#define A KERNELX(t_a, 1, 4096, 4)'
}

test_no_final_newline()
{
	printf '#define A 4' | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	printf '%s' "$(cat cat/Kconst)" >c
	mv c cat/Kconst
	apply
	printf '#define A KERNELX(t_a, 1, 4096, 4)' | cmp - tree/a.h
	printf '#define A 4 \134' | source_file a.h
	apply
	printf '#define A KERNELX(t_a, 1, 4096, 4) \134' | cmp - tree/a.h
}

test_crlf_and_controls_in_catalogue()
{
	printf 'knob a/b\r\n' | bad 'cat/Kconst:1: a carriage return'
	printf 'knob a/b\n\tunit \033\n' | bad 'cat/Kconst:2: a control character (0x1b)'
}

test_huge_lines()
{
	long=$(head -c 300000 /dev/zero | tr '\0' x)
	printf 'knob %s\n' "$long" | bad 'should be subsystem/name'
	printf '#define A 4 /* %s */\nint %s;\n' "$long" "$long" | source_file a.h
	rm cat/Kconst
	knob t/a 'define A in a.h' 'default 4' "unit $long"
	apply
	grep -q '^#define A KERNELX(t_a, 1, 4096, 4) /\* xxx' tree/a.h
	head -c 300000 /dev/zero | tr '\0' '(' >tree/a.h
	printf '\n#define A 4\n' >>tree/a.h
	apply
	grep -q '^#define A KERNELX' tree/a.h
}

test_empty_files()
{
	: | catalogue
	"$KCONST" list --catalogue cat --version 6.12 >out
	cmp out /dev/null
	"$KCONST" table --catalogue cat --version 6.12 -o t
	[ "$(wc -l <t)" = 2 ]
	: | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	refuses 'has no `#define A`'
}

test_damaged_annotations()
{
	knob t/a 'define A in a.h' 'default 4'
	for d in 'KERNELX(t_a, 1, 4)' 'KERNELX(t_a, 1, 2, 4' 'KERNELX_DEFAULT(4)' 'KERNELX()'; do
		printf '\n#define A %s\n' "$d" | source_file a.h
		refuses 'tree/a.h:2: an annotation that is damaged'
	done
}

test_bytes_above_ascii()
{
	printf '#define A 4 /* \303\251\377 */\nchar *s = "\377";\n' | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	apply
	printf '#define A KERNELX(t_a, 1, 4096, 4) /* \303\251\377 */\nchar *s = "\377";\n' |
		cmp - tree/a.h
}

test_read_only_directory()
{
	[ "$(id -u)" != 0 ] || return 77
	echo '#define A 4' | source_file a.h
	knob t/a 'define A in a.h' 'default 4'
	chmod 555 tree
	rejects 1 'cannot write' apply
	chmod 755 tree
}

test_output_cannot_be_written()
{
	generated
	rejects 1 'none/t: cannot write: No such file' \
		"$KCONST" table --catalogue cat --version 6.12 -o none/t
	rejects 1 'cannot write' sh -c '"$0" list --catalogue cat --version 6.12 >/dev/full' "$KCONST"
}

# --- command line ---

test_usage()
{
	rejects 2 'a command is missing' "$KCONST"
	rejects 2 'unknown command `aply`: did you mean `apply`?' "$KCONST" aply
	rejects 2 'apply needs --catalogue' "$KCONST" apply
	rejects 2 'apply needs --tree' "$KCONST" apply --catalogue c --version 6.12
	rejects 2 'files needs --version' "$KCONST" files --catalogue c
	rejects 2 'table needs -o' "$KCONST" table --catalogue c --version 6.12
	rejects 2 'strip needs at least one FILE' "$KCONST" strip --tree t
	rejects 2 'strip takes no --version' "$KCONST" strip --tree t --version 6.12 x
	rejects 2 'list takes no `x`' "$KCONST" list --catalogue c --version 6.12 x
	rejects 2 'unknown option `--foo`' "$KCONST" list --foo
	rejects 2 '--catalogue needs a value' "$KCONST" list --catalogue
	rejects 2 '--catalogue is given twice' "$KCONST" list --catalogue a --catalogue b
	for v in 6 6. .12 x 6.x 6.12x 66666.1 ''; do
		rejects 2 '' "$KCONST" list --catalogue c --version "$v"
	done
	"$KCONST" --help | grep -q '^usage: '
}

test_strip_paths()
{
	mkdir tree
	rejects 1 'must not contain' "$KCONST" strip --tree tree ../x
	rejects 1 'must be relative' "$KCONST" strip --tree tree /x
	rejects 1 'cannot read: No such file' "$KCONST" strip --tree tree x
}

# --- audit ---

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

# --- run them ---

mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
echo "TAP version 13"
echo "1..${#tests[@]}"
number=0
failed=0
for t in "${tests[@]}"; do
	number=$((number + 1))
	mkdir "$work/$t"
	status=0
	set +e
	(set -e; cd "$work/$t"; "$t") >"$work/log" 2>&1
	status=$?
	set -e
	name=$(echo "${t#test_}" | tr _ ' ')
	if [ "$status" -eq 0 ]; then
		echo "ok $number - $name"
	elif [ "$status" -eq 77 ]; then
		echo "ok $number - $name # SKIP cannot be tested as root"
	else
		echo "not ok $number - $name"
		sed 's/^/# /' "$work/log"
		failed=$((failed + 1))
	fi
done
[ "$failed" -eq 0 ]
