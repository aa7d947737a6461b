#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Put an unpacked base kernel at BUILD/BASE/tree.
#
# usage: fetch.sh --build DIR --base NAME --kernel VERSION     Debian's linux-source-VERSION
#        fetch.sh --build DIR --base NAME --source PATH        a tree or a tarball of the user's
#
# Everything is made beside its place and renamed at the end: what an interrupted
# run leaves is never used. The package index, its state and the downloads live
# under BUILD/dl, so that this needs no privilege and leaves the system's apt alone.

set -eu -o pipefail

fail()
{
	echo "fetch: $*" >&2
	exit 1
}

# Those that the patches and the catalogue are tested with.
known="6.12 7.3"

build='' base='' kernel='' source=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--build)	build=$2 ;;
	--base)		base=$2 ;;
	--kernel)	kernel=$2 ;;
	--source)	source=$2 ;;
	*)		fail "$1: unknown option" ;;
	esac
	shift 2
done
if [ -z "$build" ] || [ -z "$base" ] || [ -z "$kernel$source" ]; then
	fail "an option is missing: see the head of this script"
fi
case " $known " in
*" ${kernel:-${known%% *}} "*) ;;
*) fail "KERNEL=$kernel is not known: give one of $known; KERNEL_SRC=path takes a kernel tree or tarball of yours" ;;
esac
if [ -n "$source" ] && [ ! -e "$source" ]; then
	fail "KERNEL_SRC=$source: no such file or directory"
fi

mkdir -p "$build/dl" "$build/$base"
build=$(cd "$build" && pwd)
home=$build/$base
tree=$home/tree
downloads=$build/dl

exec 9>"$home/lock"
flock 9

# The archives this system installs Debian from, likely ones first. apt itself reads
# its configuration, whichever of its formats that is in.
debian_archives()
{
	local codename

	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	# shellcheck disable=SC2016 # the $(NAMES) are apt's
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk -v codename="$codename" '
			($1 == codename || $1 == "stable") && $2 == "main" && !seen[$3]++ {
				likely = $3 ~ /\/debian\/?$/ ? 0 : 1
				print likely, $3
			}' | sort -s -n -k 1,1 | cut -d " " -f 2
}

# Download linux-source-$kernel through the archive at $1.
download_from()
{
	local apt=$downloads/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/new"
	find "$apt/new" -mindepth 1 -delete
	{
		echo "Types: deb"
		echo "URIs: $1"
		echo "Suites: bookworm-backports trixie trixie-backports"
		echo "Components: main"
		[ ! -e "$keyring" ] || echo "Signed-By: $keyring"
	} >"$apt/kernelx.sources"
	# What the system does after an update of its own is not for this one.
	cat >"$apt/kernelx.conf" <<-CONFIG
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::Etc::sourcelist "$apt/kernelx.sources";
		Dir::Etc::sourceparts "/dev/null";
		Dir::State "$apt";
		Dir::State::lists "$apt/lists";
		Dir::Cache "$apt";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
		APT::Sandbox::User "$(id -un)";
	CONFIG
	apt-get -qq -c "$apt/kernelx.conf" update >"$apt/log" 2>&1 </dev/null || return 1
	(cd "$apt/new" && apt-get -q -c "$apt/kernelx.conf" download "linux-source-$kernel") >>"$apt/log" 2>&1 </dev/null
}

# The package in build/dl, downloaded unless it is there.
package()
{
	local found uri new

	found=$(find "$downloads" -maxdepth 1 -name "linux-source-${kernel}_*.deb" | sort -V | tail -n 1)
	if [ -n "$found" ]; then
		echo "$found"
		return
	fi
	command -v apt-get >/dev/null ||
		fail "no apt-get here to fetch linux-source-$kernel with: give a kernel tree or tarball as KERNEL_SRC"
	echo "fetching linux-source-$kernel" >&2
	while read -r uri; do
		download_from "$uri" || continue
		new=$(find "$downloads/apt/new" -maxdepth 1 -name "linux-source-${kernel}_*.deb")
		if [ -n "$new" ]; then
			mv "$new" "$downloads/"
			echo "$downloads/${new##*/}"
			return
		fi
	done < <(debian_archives)
	[ ! -s "$downloads/apt/log" ] || tail -n 5 "$downloads/apt/log" >&2
	fail "could not fetch linux-source-$kernel through any Debian archive that apt is configured for"
}

check_tree()
{
	local file

	for file in Makefile Kbuild MAINTAINERS; do
		[ -e "$1/$file" ] || fail "$2 does not hold a kernel tree: no $file in it"
	done
}

# Give the tree its place. What was known of an earlier one is void.
install_tree()
{
	check_tree "$home/tree.partial" "$1"
	rm -rf "$home/pristine" "$home/prepared" "$home/audited" "$home/installed" "$home/overlay" "$home/source.files"
	if [ -e "$tree" ]; then
		rm -rf "$home/tree.old"
		mv "$tree" "$home/tree.old"
	fi
	mv "$home/tree.partial" "$tree"
	rm -rf "$home/tree.old"
}

# The files of a kernel tree of the user's, one line for each with its size and time.
# Without what a build in it has left: kbuild refuses a source tree that holds a
# build of its own.
list_source()
{
	find "$source" \( -name .git -o -path "$source/include/config" \
		-o -path "$source/include/generated" -o -path "$source/arch/*/include/generated" \) -prune \
		-o \( -type f -o -type l \) ! -path "$source/vmlinux*" \
		! -name '*.o' ! -name '*.a' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' \
		! -name '*.cmd' ! -name '.tmp_*' ! -name '.config*' ! -name 'modules.order' \
		! -name '*.lex.c' ! -name '*.tab.[ch]' ! -name '*.asn1.[ch]' \
		! -name System.map ! -name Module.symvers \
		-printf '%P\t%s %T@ %l\n' | LC_ALL=C sort
}

# Bring over what changed in the user's tree since the last time. Files get the
# present time, not their own: one that was edited during a build would else look
# older than what that build made of its former text. A file that a patch or the
# catalogue changes goes to its pristine copy; prepare.sh does the rest.
follow_source()
{
	local new=$home/source.files.partial name

	check_tree "$source" "$source"
	list_source >"$new"
	if [ ! -e "$tree" ]; then
		echo "copying $source"
		rm -rf "$home/tree.partial"
		mkdir "$home/tree.partial"
		cut -f 1 "$new" | tar -C "$source" -cf - --no-recursion --verbatim-files-from -T - |
			tar -C "$home/tree.partial" -xmf -
		install_tree "$source"
		mv "$new" "$home/source.files"
		return
	fi
	if cmp -s "$new" "$home/source.files"; then
		rm "$new"
		return
	fi
	[ -e "$home/source.files" ] || : >"$home/source.files"
	rm -f "$home/prepared" "$home/audited"
	LC_ALL=C comm -13 "$home/source.files" "$new" | cut -f 1 | while read -r name; do
		copy_over "$name"
	done
	LC_ALL=C comm -23 <(cut -f 1 "$home/source.files") <(cut -f 1 "$new") | while read -r name; do
		rm -f "$home/pristine/$name" "$tree/$name"
	done
	mv "$new" "$home/source.files"
}

copy_over()
{
	local target=$tree/$1

	[ ! -e "$home/pristine/$1" ] || target=$home/pristine/$1
	mkdir -p "${target%/*}"
	rm -f "$target.kernelx-partial"
	cp -d --preserve=mode "$source/$1" "$target.kernelx-partial"
	mv -T "$target.kernelx-partial" "$target"
}

unpack_tarball()
{
	local key

	key=$(stat -c '%n %s %y' "$source")
	if [ -e "$tree" ] && [ "$key" = "$(cat "$home/origin" 2>/dev/null)" ]; then
		return
	fi
	echo "unpacking $source"
	rm -rf "$home/tree.partial"
	mkdir "$home/tree.partial"
	tar -C "$home/tree.partial" --strip-components=1 -xf "$source" || fail "$source: cannot unpack it"
	rm -f "$home/origin"
	install_tree "$source"
	echo "$key" >"$home/origin"
}

if [ -n "$source" ]; then
	source=$(realpath "$source")
	if [ -d "$source" ]; then
		case $home/ in
		"$source"/*) fail "KERNEL_SRC=$source holds this repository: give a kernel tree elsewhere" ;;
		esac
		follow_source
	else
		unpack_tarball
	fi
elif [ ! -e "$tree" ]; then
	deb=$(package)
	echo "unpacking ${deb##*/}"
	rm -rf "$home/tree.partial"
	mkdir "$home/tree.partial"
	dpkg-deb --fsys-tarfile "$deb" | tar -xOf - "./usr/src/linux-source-$kernel.tar.xz" |
		xz -dcT0 | tar -C "$home/tree.partial" --strip-components=1 -xf - ||
		fail "$deb: cannot unpack it; if it is damaged, remove it and try again"
	install_tree "$deb"
	echo "${deb##*/}" >"$home/origin"
fi
