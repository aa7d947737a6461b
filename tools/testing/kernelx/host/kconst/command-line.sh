# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Commands, options, paths.
#
# Messages quote with backquotes, and so do the texts expected here:
# shellcheck disable=SC2016

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

test_no_tree()
{
	local command

	knob mm/a "define A in mm/a.c" "default 1"
	knob mm/b "define B in mm/b.c" "default 1"
	for command in apply audit; do
		rejects 1 'build/6.12/nosuch: no tree here: make prepare KERNEL=6.12 prepares build/6.12/tree' \
			"$KCONST" "$command" --catalogue cat --tree build/6.12/nosuch --version 6.12
		[ "$(wc -l <err)" -eq 1 ]
	done
	rejects 1 'no tree here' "$KCONST" strip --tree nosuch x
}

test_strip_paths()
{
	mkdir tree
	rejects 1 'must not contain' "$KCONST" strip --tree tree ../x
	rejects 1 'must be relative' "$KCONST" strip --tree tree /x
	rejects 1 'cannot read: No such file' "$KCONST" strip --tree tree x
}
