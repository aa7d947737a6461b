#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Debian packages KernelX needs, in one place. Installs those that are missing,
# as root or through a sudo that asks for no password; otherwise prints the one
# line to run and fails.
#
# usage: packages.sh [list]     list: print the names and do nothing else

set -eu

packages=(
	# kernel build
	build-essential bc bison flex gawk libelf-dev libssl-dev openssl libncurses-dev kmod rsync
	# objtool: what debug information is called
	libdw-dev
	# type information for BPF
	dwarves
	# unpacking a base kernel, making an initramfs and a disk
	xz-utils cpio patch e2fsprogs
	# the machine the tests run in
	qemu-system-x86 busybox-static
	# policies, and what loads them
	clang zlib1g-dev
	# what the tests use
	shellcheck sparse libcapstone-dev libunicorn-dev spin
	# the documentation build
	python3-sphinx
)

if [ "${1:-}" = list ]; then
	printf '%s\n' "${packages[@]}"
	exit 0
fi

if ! command -v dpkg-query >/dev/null; then
	echo "packages: not a Debian system: make sure it has what these hold: ${packages[*]}" >&2
	exit 0
fi

missing=()
for package in "${packages[@]}"; do
	case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) in
	installed)	;;
	*)		missing+=("$package") ;;
	esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" -eq 0 ]; then
	as_root=(env)
elif sudo -n true 2>/dev/null; then
	as_root=(sudo -n env)
else
	echo "packages: missing: ${missing[*]}" >&2
	echo "packages: install them as root, then try again:" >&2
	echo "apt-get update && ${install[*]}"
	exit 1
fi

echo "packages: installing ${missing[*]}"
as_root+=(DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update &&
       "${as_root[@]}" "${install[@]}" -qq -o DPkg::Lock::Timeout=300 \
	       -o Dpkg::Options::=--force-confold; } >"$log" 2>&1 </dev/null; then
	tail -n 20 "$log" >&2
	echo "packages: could not install them; as root, try: apt-get update && ${install[*]}" >&2
	exit 1
fi
