# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# since and before.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

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
