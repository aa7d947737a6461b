#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Measure what KernelX costs: size, instructions at sites, what other CPUs notice of
# transitions, instructions of a whole run.
# Results are printed and kept in DIR/bench/.
#
# usage: bench.sh --kernel-build DIR [--pristine-build DIR]
#
# The pristine build (default: pristine-build beside DIR) is made by "make pristine".

set -eu -o pipefail

fail()
{
	echo "bench: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' pristine=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--kernel-build)		build=$2 ;;
	--pristine-build)	pristine=$2 ;;
	*)			fail "$1: unknown option" ;;
	esac
	shift 2
done
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there (make build)"
build=$(cd "$build" && pwd)
pristine=${pristine:-$(dirname "$build")/pristine-build}
[ -e "$pristine/vmlinux" ] || fail "$pristine: no finished build there (make pristine)"

mkdir -p "$build/bench"
status=0

# section TITLE NAME COMMAND...
section()
{
	local title=$1 name=$2

	shift 2
	printf '\n== %s\n\n' "$title"
	"$@" | tee "$build/bench/$name.txt" || status=1
}

section "Sites: size and instructions" sites \
	"$here/bench/sites.sh" --kernel-build "$build" --pristine-build "$pristine"
section "A site that is executed" site \
	"$here/bench/icount.sh" --kernel-build "$build" --site
section "What an isolated CPU notices of transitions" absence \
	"$here/bench/absence.sh" --kernel-build "$build"
section "Boot and workload, no knob turned" system \
	"$here/bench/icount.sh" --kernel-build "$build" --pristine-build "$pristine" --system
exit "$status"
