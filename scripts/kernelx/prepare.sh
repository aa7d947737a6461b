#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Turn the unpacked base at BUILD/BASE/tree into a KernelX tree: overlay linked in,
# patches applied, catalogue applied.
#
# usage: prepare.sh --build DIR --base NAME [--kconst PROGRAM]
#
# It can be run again at any time, and after an interruption at any point. Of every
# file that patches or the catalogue change, BUILD/BASE/pristine keeps the base's text.
# Each run makes the new text of all of them in BUILD/BASE/stage and only then
# replaces, one by one, the files of the tree that differ, so that a build sees new
# times only where text changed. State, all in BUILD/BASE:
#
#   pristine/   the base's text of the files below
#   installed   checksum of each file that this script last put into the tree
#   overlay     the overlay files that are linked into the tree
#   prepared    what all this was made from; missing if not complete

set -eu -o pipefail
export LC_ALL=C

fail()
{
	echo "prepare: $*" >&2
	exit 1
}

build='' base='' kconst=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--build)	build=$2 ;;
	--base)		base=$2 ;;
	--kconst)	kconst=$(realpath "$2") ;;
	*)		fail "$1: unknown option" ;;
	esac
	shift 2
done
if [ -z "$build" ] || [ -z "$base" ]; then
	fail "an option is missing: see the head of this script"
fi

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$(cd "$build" && pwd)/$base
tree=$home/tree
pristine=$home/pristine
stage=$home/stage
[ -e "$tree/Makefile" ] || fail "$tree: no base kernel there: make fetch"

exec 9>"$home/lock"
flock 9

# Everything below those directories of the repository that the base has as well;
# editors' leavings and compiled files are not sources.
list_overlay()
{
	local directory

	cd "$repository"
	for directory in */; do
		[ ! -d "$tree/$directory" ] || find "${directory%/}" -type f ! -name '*~' ! -name '*.orig' ! -name '*.rej' \
			! -name '.*' ! -name '*.o' ! -name '*.ko' ! -name '*.cmd' ! -name '*.patch' -print
	done
	[ ! -e Kconst ] || echo Kconst
}

# What decides the result. The text of overlay files does not: they are links.
list_inputs()
{
	(list_overlay | sort)
	(cd "$repository" && find patches -name '*.patch' -printf '%p %s %T@\n' | sort)
	(list_overlay | { grep -E '(^|/)Kconst$' || true; } | sort |
		(cd "$repository" && xargs -r stat -c '%n %s %y'))
	stat -c '%s %y' "${BASH_SOURCE[0]}"
	[ -z "$kconst" ] || cksum <"$kconst"
}

version()
{
	sed -n 's/^VERSION *= *\([0-9]*\)$/\1/p; s/^PATCHLEVEL *= *\([0-9]*\)$/.\1/p' "$tree/Makefile" |
		head -n 2 | tr -d '\n'
}

# Version $1, as one number.
number()
{
	echo $((${1%%.*} * 1000 + ${1#*.}))
}

# Does the patch $1 apply to this base? Its header may have a closed range of versions,
# either end of which may be left out: "Kernel-Versions: 6.12-6.19".
applies()
{
	local range low high

	range=$(sed -n '/^---/q; /^diff /q; s/^Kernel-Versions: *//p' "$1")
	[ -n "$range" ] || return 0
	[[ $range =~ ^([0-9]+\.[0-9]+)?-([0-9]+\.[0-9]+)?$ ]] ||
		fail "$1: Kernel-Versions: $range: write a range such as 6.12-6.19, 7.0- or -6.19"
	low=${BASH_REMATCH[1]:-0.0} high=${BASH_REMATCH[2]:-999.0}
	[ "$(number "$low")" -le "$this" ] && [ "$this" -le "$(number "$high")" ]
}

# Of each patch that there is for several versions, NAME.VERSION.patch, one must apply to
# this base: to leave all of them out would go unnoticed until something does not work.
check_versions()
{
	local patch name

	for patch in "$repository"/patches/*.[0-9]*.patch; do
		name=$(sed 's,.*/,,; s,\.[0-9][0-9.]*\.patch$,,' <<<"$patch")
		[ -e "$patch" ] || continue
		printf '%s\n' "$@" | grep -q "/$name\.[0-9][0-9.]*\.patch$" ||
			fail "patches/$name: it exists for some versions, but not for base $version: extend the Kernel-Versions of one, or add one"
	done
}

# The files that the patches "$@" change. They are all the base's: a new file
# belongs in the overlay.
list_patched()
{
	local patch

	for patch in "$@"; do
		if grep -qE '^(---|\+\+\+) /dev/null|^rename |^(old|new) mode ' "$patch"; then
			fail "$patch: it makes, removes or renames a file, or changes its mode: a new file belongs in the overlay"
		fi
		sed -n 's,^+++ b/\([^	]*\).*,\1,p' "$patch"
	done
}

# Copy a file's text and mode so that an interruption leaves either the old or the
# new one, with the present as its time.
put()
{
	mkdir -p "${2%/*}"
	cp --preserve=mode "$1" "$2.kernelx-partial"
	mv -T "$2.kernelx-partial" "$2"
}

# Link each file of the overlay to its place and take away what no longer belongs.
link_overlay()
{
	local name target up

	touch "$home/overlay"
	# Remember the union first, so that nothing linked is ever forgotten.
	sort -u "$home/overlay" "$home/overlay.new" >"$home/overlay.partial"
	mv "$home/overlay.partial" "$home/overlay.union"
	cp "$home/overlay.union" "$home/overlay"
	comm -23 "$home/overlay.union" "$home/overlay.new" | while read -r name; do
		[ ! -L "$tree/$name" ] || rm "$tree/$name"
		(
			cd "$tree"
			rmdir -p --ignore-fail-on-non-empty "$(dirname "$name")" 2>/dev/null || true
		)
	done
	while read -r name; do
		# From BUILD/BASE/tree/a/b to the repository and back down to a/b.
		up=$(tr -cd / <<<"$name" | sed 's,/,../,g')
		target=$up$to_repository/$name
		if [ -L "$tree/$name" ]; then
			[ "$(readlink "$tree/$name")" != "$target" ] || continue
		elif [ -e "$tree/$name" ]; then
			cmp -s "$repository/$name" "$tree/$name" ||
				fail "$tree/$name: stands where the overlay's link to $repository/$name belongs: move what is new in it to the overlay and remove it; a file of the base is changed by a patch"
		fi
		mkdir -p "$(dirname "$tree/$name")"
		ln -sfn "$target" "$tree/$name"
	done <"$home/overlay.new"
	mv "$home/overlay.new" "$home/overlay"
	rm -f "$home/overlay.union"
}

# What the catalogue compiler generated below $1, but for the annotations.
list_generated()
{
	(
		cd "$1"
		find kernel/kernelx/catalogue.h include/linux/kernelx_contexts.h \
			"$reference"/knobs*.rst -maxdepth 0 2>/dev/null || true
	)
}

# Make the new text of every changed or generated file in $stage. Their names go to
# $home/touched; those of the files that are not in the base to $home/generated.
make_stage()
{
	local name patch patches=()

	for patch in "$repository"/patches/*.patch; do
		[ -e "$patch" ] || continue
		! applies "$patch" || patches+=("$patch")
	done
	check_versions ${patches[@]+"${patches[@]}"}
	{
		list_patched ${patches[@]+"${patches[@]}"}
		[ -z "$kconst" ] || "$kconst" files --catalogue "$repository" --version "$version"
	} | sort -u >"$home/touched"

	rm -rf "$stage"
	mkdir -p "$stage" "$pristine"
	while read -r name; do
		if [ ! -e "$pristine/$name" ]; then
			[ -f "$tree/$name" ] ||
				fail "$name: a patch or the catalogue changes it, but base $version does not have it"
			[ ! -L "$tree/$name" ] || fail "$name: part of the overlay: change it there, not by a patch"
			put "$tree/$name" "$pristine/$name"
		fi
		put "$pristine/$name" "$stage/$name"
	done <"$home/touched"
	for patch in ${patches[@]+"${patches[@]}"}; do
		patch -d "$stage" -p1 -F0 -f -s --no-backup-if-mismatch <"$patch" >"$home/patch.log" 2>&1 || {
			cat "$home/patch.log" >&2
			fail "${patch#"$repository"/} does not apply to base $version: bring it up to date, or give it Kernel-Versions and a version of its own"
		}
	done
	: >"$home/generated"
	if [ -n "$kconst" ]; then
		"$kconst" apply --catalogue "$repository" --tree "$stage" --version "$version"
		mkdir -p "$stage/kernel/kernelx" "$stage/include/linux" "$stage/$reference"
		"$kconst" table --catalogue "$repository" --version "$version" -o "$stage/kernel/kernelx/catalogue.h"
		"$kconst" answers --catalogue "$repository" --version "$version" \
			-o "$stage/kernel/kernelx/catalogue.answers"
		"$kconst" contexts --catalogue "$repository" --version "$version" \
			-o "$stage/include/linux/kernelx_contexts.h"
		"$kconst" rst --catalogue "$repository" --version "$version" \
			-o "$stage/$reference/knobs.rst"
		list_generated "$stage" >"$home/generated"
	fi
}

sum()
{
	cksum <"$1"
}

# Refuse to lose what somebody edited in the prepared tree: a file there has to be as
# the base or as one of our runs left it.
check_edited()
{
	local name edited=()

	while read -r name; do
		[ -e "$tree/$name" ] || continue
		! cmp -s "$stage/$name" "$tree/$name" || continue
		! cmp -s "$pristine/$name" "$tree/$name" || continue
		! grep -qxF "$(sum "$tree/$name") $name" "$home/installed" || continue
		edited+=("$name")
	done
	[ ${#edited[@]} -eq 0 ] || fail "edited in $tree: ${edited[*]}
prepare: preparing again would lose that: make it a patch or a part of the catalogue, then put the old text back: cp $pristine/FILE $tree/FILE"
}

install_stage()
{
	local name sums

	find "$stage" -type f -printf '%P\n' | sort >"$home/new"
	(cd "$pristine" && find . -type f ! -name '*.kernelx-partial' -printf '%P\n') | sort >"$home/kept"
	[ ! -e "$home/installed" ] || sort -u "$home/new" "$home/kept" | check_edited

	# Both the former and the coming text are ours until this is complete.
	sums=$(while read -r name; do
		echo "$(sum "$stage/$name") $name"
	done <"$home/new")
	printf '%s\n' "$sums" >>"$home/installed"

	while read -r name; do
		cmp -s "$stage/$name" "$tree/$name" || put "$stage/$name" "$tree/$name"
	done <"$home/new"
	comm -23 "$home/kept" "$home/touched" | while read -r name; do
		cmp -s "$pristine/$name" "$tree/$name" || put "$pristine/$name" "$tree/$name"
		rm -f "$pristine/$name"
	done
	list_generated "$tree" | while read -r name; do
		grep -qxF "$name" "$home/generated" || rm -f "$tree/$name"
	done
	printf '%s\n' "$sums" >"$home/installed.partial"
	mv "$home/installed.partial" "$home/installed"
}

# Look through the whole tree for uses of a perf-const that its stanza does not know.
# That takes seconds: only after the catalogue, or the base, changed.
audit()
{
	local key

	key=$(list_inputs | grep -v -E "^patches/" | grep -E " " | cksum)
	[ "$key" != "$(cat "$home/audited" 2>/dev/null)" ] || return 0
	"$kconst" audit --catalogue "$repository" --tree "$tree" --version "$version" >"$home/audit"
	echo "$key" >"$home/audited"
}

to_repository=$(realpath --relative-to="$tree" "$repository")
reference=Documentation/admin-guide/kernelx
[ -e "$repository/Kconst" ] || kconst=''

inputs=$(list_inputs)
if [ -e "$home/prepared" ] && [ "$inputs" = "$(cat "$home/prepared")" ]; then
	exit 0
fi
rm -f "$home/prepared"

version=$(version)
[[ $version =~ ^[0-9]+\.[0-9]+$ ]] || fail "$tree/Makefile: no VERSION and PATCHLEVEL found"
this=$(number "$version")

list_overlay | sort >"$home/overlay.new"
make_stage
link_overlay
install_stage
if [ -n "$kconst" ]; then
	audit
fi
rm -rf "$stage" "$home/touched" "$home/generated" "$home/new" "$home/kept" "$home/patch.log"

printf '%s\n' "$inputs" >"$home/prepared.partial"
mv "$home/prepared.partial" "$home/prepared"
