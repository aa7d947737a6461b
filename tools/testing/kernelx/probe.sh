#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run the probe of one knob in a VM, on the kernel that is tuned only: what it observes with
# the knob at its default ("default"), set ("changed"), and at its default again
# ("without"). For who writes the probe; that a kernel in which the value is compiled in
# agrees, host/compiled-in-test.sh finds out, which takes longer.
#
# usage: probe.sh --kernel-build DIR KNOB
#
# Fails if the value that is set shows nowhere.

set -eu -o pipefail

fail()
{
	echo "probe: $*" >&2
	exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -ne 3 ] || [ "$1" != --kernel-build ]; then
	fail "usage: probe.sh --kernel-build DIR KNOB"
fi
build=$2 knob=$3
[ -n "$knob" ] || fail "which knob? make probe KNOB=mm/shrink_batch"
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there"
fault=$("$here/../../../scripts/kernelx/knob-symbol.sh" "$build/source/kernel/kernelx/catalogue.answers" "$knob" 2>&1 >/dev/null) ||
	fail "$fault"
[ -e "$here/probes/$knob.sh" ] || fail "no probe for '$knob': write $here/probes/$knob.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/probes/build.sh" "$work/probes"
"$here/vm.sh" --kernel-build "$build" --disk 256M --timeout 200 --file "$work/probes:/probes" \
	-- /probes/run.sh --only "$knob" default changed without | tee "$work/output" | sed -n 's/^observed //p'

observed()
{
	sed -n "s,^observed $1 $knob ,,p" "$work/output"
}

changed=$(observed changed)
[ -n "$changed" ] || fail "$knob: nothing is observed"
[ "$changed" != "$(observed default)" ] || fail "$knob: the value changes nothing that the probe observes"
[ "$changed" != "$(observed without)" ] || fail "$knob: what the probe observes stays when the knob is back at its default"
