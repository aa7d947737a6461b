# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Input that nobody should write.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

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
	for d in 'KERNELX(t_a, 1, \\\n2, 4)' 'KERNELX(t_a, 1, 4)' 'KERNELX(t_a, 1, 2, 4' 'KERNELX_DEFAULT(4)' 'KERNELX()'; do
		printf '\n#define A %b\n' "$d" | source_file a.h
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
