# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests of the catalogue compiler are made of.

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
