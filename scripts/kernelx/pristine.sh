#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make BUILD/BASE/pristine-tree: the prepared tree without anything of KernelX, to
# compare and to measure against.
#
# usage: pristine.sh --build DIR --base NAME [--config FILE --output DIR -- MAKE_COMMAND...]
#
# With a configuration of the KernelX tree: also configure a build directory of the
# pristine tree with the same options; MAKE_COMMAND is the make of the kernel there.
#
# Takes no space to speak of: what KernelX does not change is a hard link to the file
# in the prepared tree.

set -eu -o pipefail
export LC_ALL=C

fail()
{
	echo "pristine: $*" >&2
	exit 1
}

build='' base='' config='' output=''
while [ $# -gt 0 ]; do
	if [ "$1" = -- ]; then
		shift
		break
	fi
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--build)	build=$2 ;;
	--base)		base=$2 ;;
	--config)	config=$2 ;;
	--output)	output=$2 ;;
	*)		fail "$1: unknown option" ;;
	esac
	shift 2
done
if [ -z "$build" ] || [ -z "$base" ]; then
	fail "an option is missing: see the head of this script"
fi

home=$(cd "$build" && pwd)/$base
tree=$home/tree
result=$home/pristine-tree
partial=$result.partial

exec 9>"$home/lock"
flock 9
[ -e "$home/prepared" ] || fail "$tree: not prepared: make prepare"

# What decides the result: which tree it is, and what prepare.sh changed there.
key=$(
	stat -c '%i %y' "$tree/Makefile"
	(cd "$home/pristine" && find . -type f -exec stat -c '%n %s %y' {} + | sort)
	cat "$home/overlay"
	[ ! -e "$home/source.files" ] || cksum <"$home/source.files"
	cut -d ' ' -f 3- "$home/installed" | sort
	stat -c '%s %y' "${BASH_SOURCE[0]}"
)

make_tree()
{
	local name

	rm -rf "$partial" "$result.key"
	cp -al "$tree" "$partial"
	# The overlay, and what was changed or generated.
	{
		cat "$home/overlay"
		cut -d ' ' -f 3- "$home/installed"
	} | while read -r name; do
		rm -f "$partial/$name"
		(
			cd "$partial"
			rmdir -p --ignore-fail-on-non-empty "$(dirname "$name")" 2>/dev/null || true
		)
	done
	(cd "$home/pristine" && find . -type f ! -name '*.kernelx-partial' -printf '%P\n') | while read -r name; do
		mkdir -p "$partial/${name%/*}"
		cp -p --remove-destination "$home/pristine/$name" "$partial/$name"
	done
	if [ -e "$result" ]; then
		rm -rf "$result.old"
		mv "$result" "$result.old"
	fi
	mv "$partial" "$result"
	rm -rf "$result.old"
	printf '%s\n' "$key" >"$result.key"
}

if [ ! -e "$result" ] || [ "$key" != "$(cat "$result.key" 2>/dev/null)" ]; then
	make_tree
fi
[ -n "$config" ] || exit 0

# The same configuration, but for the options that the pristine tree does not have.
if [ -z "$output" ] || [ $# -eq 0 ]; then
	fail "--config needs --output and a make command"
fi
mkdir -p "$output"
options=$(grep -v KERNELX "$config")
if [ ! -e "$output/.config" ] || [ "$options" != "$(cat "$output/kernelx.inputs" 2>/dev/null)" ]; then
	rm -f "$output/kernelx.inputs"
	printf '%s\n' "$options" >"$output/.config"
	"$@" -s olddefconfig
	diff <(grep -v KERNELX "$config") "$output/.config" >&2 ||
		fail "$output: the pristine tree does not take that configuration"
	printf '%s\n' "$options" >"$output/kernelx.inputs"
fi

# Each build makes a key to sign modules with, and puts it into the kernel.
key=certs/signing_key.pem
source=$(dirname "$config")/$key
if [ -e "$source" ] && ! cmp -s "$source" "$output/$key"; then
	mkdir -p "$output/certs"
	cp "$source" "$output/$key"
fi
