#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A live kernel tuned to values behaves like a kernel that was compiled with them. Output
# is TAP, with a test for each knob that has a probe.
#
# Each probe runs four times: on the kernel with KernelX with all knobs at their defaults
# (1), tuned to the values that the probes name (2), the same but with the probe's own
# knob at its default (3); and on a kernel without KernelX in which all these values are
# compiled in (4). 2 and 4 must be equal to the last character, so that no statistics are
# needed; 1 and 3 must differ from them. 3 shows that the probe would find a wrong value.
#
# The machine of 1 to 3 has been running, and its modules are loaded, when values change.
#
# KERNELX_BUILD=dir  build directory, build/<base>/<config>, with CONFIG_KERNELX=y

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
testing=$(cd "$here/.." && pwd)
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$here/lib/result.sh"
home=$(dirname "$KERNELX_BUILD")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Functions and their arguments differ from base to base.
version=$(sed -n 's/^VERSION = //p; s/^PATCHLEVEL = /./p' "$KERNELX_BUILD/source/Makefile" | tr -d '\n')
if [ "$version" != 6.12 ]; then
	echo "1..1"
	echo "ok 1 - # SKIP the probes are for base 6.12"
	exit 0
fi

mapfile -t knobs < <(cd "$testing/probes" && printf '%s\n' */*.sh | sed 's/\.sh$//')
echo "1..$((8 + ${#knobs[@]}))"

# test_that NAME COMMAND...: what it prints is shown if it fails
test_that()
{
	local name=$1 status=0

	shift
	"$@" >"$work/log" 2>&1 || status=1
	tail -n 20 "$work/log" >"$work/end"
	result "$status" "$name" "$work/end"
}

at_least()
{
	echo "$2, of at least $1"
	[ "$2" -ge "$1" ]
}

without_kernelx()
{
	! grep KERNELX "$home/compiled-in/.config" "$home/compiled-in/include/generated/autoconf.h" &&
		! grep -i kernelx "$home/compiled-in/System.map" &&
		! grep -rl kernelx "$home"/compiled-in-tree/{kernel,mm,include}
}

no_such_probe()
{
	local knob

	# The first of the catalogue that has none.
	for knob in $(awk '!/^#/ { print $2 }' "$KERNELX_BUILD/source/kernel/kernelx/catalogue.answers"); do
		[ -e "$testing/probes/$knob.sh" ] || break
	done
	! "$testing/probe.sh" --kernel-build "$KERNELX_BUILD" "$knob" 2>"$work/message" &&
		grep -q "no probe for .$knob.: write .*/probes/$knob.sh" "$work/message" &&
		! "$testing/probe.sh" --kernel-build "$KERNELX_BUILD" mm/none 2>"$work/message" &&
		grep -q "mm/none: the catalogue has no such knob" "$work/message"
}

# run_machine NAME PASS...: of the kernel build/<base>/NAME; its output goes to $work/NAME
run_machine()
{
	local name=$1

	shift
	"$testing/vm.sh" --kernel-build "$home/$name" --disk 256M --timeout 400 \
		--file "$work/probes:/probes" --console "$work/$name.console" \
		-- /probes/run.sh "$@" >"$work/$name" 2>"$work/$name.errors" || {
		tail -n 5 "$work/$name" "$work/$name.errors"
		return 1
	}
}

# Both at once, on a CPU each.
run_machines()
{
	local other status=0

	run_machine compiled-in compiled-in &
	other=$!
	run_machine "$(basename "$KERNELX_BUILD")" default changed without || status=1
	wait "$other" || status=1
	return "$status"
}

# observed PASS KNOB
observed()
{
	sed -n "s,^observed $1 $2 ,,p" "$work/$(basename "$KERNELX_BUILD")" "$work/compiled-in"
}

# Prints what was observed of a knob, and what is wrong with that. Of a probe with the line
# "wrong" it must be found that another value was compiled in.
judge()
{
	local default changed without compiled

	default=$(observed default "$1")
	changed=$(observed changed "$1")
	without=$(observed without "$1")
	compiled=$(observed compiled-in "$1")
	echo "$(sed -n 's/^# value /value /p' "$testing/probes/$1.sh"): $changed; default: $default"
	[ -n "$changed" ] || { echo "it observes nothing"; return 1; }
	case $default$changed$without$compiled in
	*failed:*|*error*|*": not found"*)
		echo "it failed; own knob at the default: $without; compiled in: $compiled"
		return 1 ;;
	esac
	[ "$default" != "$changed" ] || { echo "the value changes nothing"; return 1; }
	[ "$without" != "$changed" ] || { echo "what changes is not due to this knob"; return 1; }
	echo "compiled in: $compiled"
	if grep -qx "# wrong" "$testing/probes/$1.sh"; then
		[ "$compiled" != "$changed" ]
	else
		[ "$compiled" = "$changed" ]
	fi
}

# How many probes are there to fail?
count_wrong()
{
	grep -lx "# wrong" "$testing"/probes/*/*.sh | wc -l
}

title()
{
	! grep -qx "# wrong" "$testing/probes/$1.sh" || echo ": another value compiled in is found"
}

test_that "enough knobs have a probe" at_least 40 $((${#knobs[@]} - $(count_wrong)))
test_that "in all subsystems" at_least 8 "$(printf '%s\n' "${knobs[@]%%/*}" | sort -u | wc -l)"
test_that "a kernel is built with these values in its source" "$testing/compiled-in.sh" --kernel-build "$KERNELX_BUILD"
test_that "there is nothing of KernelX in it" without_kernelx
test_that "the programs of the probes can be built" "$testing/probes/build.sh" "$work/probes"
test_that "one probe alone runs on the kernel that is tuned" "$testing/probe.sh" --kernel-build "$KERNELX_BUILD" mm/readahead
test_that "without a probe of that name it says so" no_such_probe
test_that "the probes run on both kernels" run_machines
for knob in "${knobs[@]}"; do
	test_that "$knob$(title "$knob")" judge "$knob"
done

[ "$failed" -eq 0 ]
