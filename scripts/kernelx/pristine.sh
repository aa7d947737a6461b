#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make BUILD/BASE/pristine-tree: the prepared tree without anything of KernelX, to
# compare and to measure against.
#
# usage: pristine.sh --build DIR --base NAME
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

build='' base=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--build)	build=$2 ;;
	--base)		base=$2 ;;
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
if [ -e "$result" ] && [ "$key" = "$(cat "$result.key" 2>/dev/null)" ]; then
	exit 0
fi

rm -rf "$partial" "$result.key"
cp -al "$tree" "$partial"
while read -r name; do
	rm -f "$partial/$name"
	(
		cd "$partial"
		rmdir -p --ignore-fail-on-non-empty "$(dirname "$name")" 2>/dev/null || true
	)
done < <(
	cat "$home/overlay"
	# Changed or generated.
	cut -d ' ' -f 3- "$home/installed"
)
while read -r name; do
	mkdir -p "$partial/${name%/*}"
	cp -p --remove-destination "$home/pristine/$name" "$partial/$name"
done < <(cd "$home/pristine" && find . -type f ! -name '*.kernelx-partial' -printf '%P\n')

if [ -e "$result" ]; then
	rm -rf "$result.old"
	mv "$result" "$result.old"
fi
mv "$partial" "$result"
rm -rf "$result.old"
printf '%s\n' "$key" >"$result.key"
