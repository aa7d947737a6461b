# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What annotations leave as it is.

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
