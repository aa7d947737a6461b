#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run the tests and sum up. The last line is "N passed, N failed"; status 1 if any
# failed.
#
# usage: check.sh --kernel-build DIR [--vm-only] [test]...
#
#   host/NAME.sh                            run on this machine, first
#   ../selftests/kernelx/NAME.sh, fuzz.c    run in VMs by vm-tests.sh
#
# A test prints TAP: "ok N - what" or "not ok N - what", and a plan, "1..N". A test fails
# as well when it does not keep to its plan, or ends with another status than 0 without a
# "not ok". "ok N - what # SKIP why" counts neither way. Tests on this machine find the
# build directory in KERNELX_BUILD and the kernel tree in TREE.

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' vm_only='' chosen=()
while [ $# -gt 0 ]; do
	case $1 in
	--kernel-build)	build=$(cd "$2" && pwd); shift ;;
	--vm-only)	vm_only=y ;;
	-*)		echo "check: $1: unknown option" >&2; exit 2 ;;
	*)		chosen+=("$1") ;;
	esac
	shift
done
[ -n "$build" ] || { echo "check: --kernel-build DIR is missing" >&2; exit 2; }
TREE=$(cd "$build/source" && pwd)
export KERNELX_BUILD=$build TREE

logs=$build/check
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0 skipped=0

wanted()
{
	local name

	[ ${#chosen[@]} -gt 0 ] || return 0
	for name in "${chosen[@]}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

# Run the test called $1, a command, and add up what its TAP says.
run()
{
	local name=$1 log=$logs/$1.tap status=0 begin=$SECONDS ok not_ok skip wrong

	shift
	"$@" >"$log" 2>&1 </dev/null || status=$?
	read -r ok not_ok skip wrong < <(awk -v status="$status" '
		/^1\.\.[0-9]+/			{ plans++; plan = substr($1, 4) + 0; next }
		/^ok [0-9]+.*# *[Ss][Kk][Ii][Pp]/	{ skip++; next }
		/^ok [0-9]+/			{ ok++; next }
		/^not ok [0-9]+/		{ not_ok++; next }
		END {
			wrong = ""
			if (plans != 1)
				wrong = "printed " plans + 0 " plans, not one"
			else if (plan != ok + not_ok + skip)
				wrong = "planned " plan " results, gave " ok + not_ok + skip
			else if (status != 0 && !not_ok)
				wrong = "ended with status " status
			print ok + 0, not_ok + 0, skip + 0, wrong
		}' "$log")
	if [ -n "$wrong" ]; then
		not_ok=$((not_ok + 1))
	fi
	passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
	printf '%-32s %4d passed %4d failed %4d skipped %5d s\n' "$name" "$ok" "$not_ok" "$skip" $((SECONDS - begin))
	if [ "$not_ok" -gt 0 ]; then
		[ -z "$wrong" ] || echo "    $name: $wrong"
		grep -E -A 8 '^not ok ' "$log" | head -n 40 | sed 's/^/    /' || true
		[ -z "$wrong" ] || tail -n 10 "$log" | sed 's/^/    /'
		echo "    all of it: $log"
	fi
}

# The second kernel of this test is built on the CPU that the other tests leave idle.
last=compiled-in-test
if [ -z "$vm_only" ] && wanted $last; then
	trap 'kill -- "-$second" 2>/dev/null || true' EXIT
	# A session is scheduled as a group, in which alone nice counts.
	# shellcheck disable=SC2016 # for that shell
	setsid bash -c 'echo 19 2>/dev/null >/proc/self/autogroup; exec nice -n 19 "$@"' bash \
		"$here/compiled-in.sh" --kernel-build "$build" >"$logs/compiled-in.build" 2>&1 </dev/null &
	second=$!
fi
if [ -z "$vm_only" ]; then
	for test in "$here"/host/*.sh; do
		[ -e "$test" ] || continue
		name=$(basename "$test" .sh)
		[ "$name" != $last ] || continue
		! wanted "$name" || run "$name" bash "$test"
	done
fi

# It prints a line for each test and ends with "N passed, N failed".
vm_tests=("${chosen[@]}")
for test in "$here"/host/*.sh; do
	for i in "${!vm_tests[@]}"; do
		[ "${vm_tests[i]}" != "$(basename "$test" .sh)" ] || unset 'vm_tests[i]'
	done
done
if [ ${#chosen[@]} -eq 0 ] || [ ${#vm_tests[@]} -gt 0 ]; then
	"$here/vm-tests.sh" --kernel-build "$build" --logs "$logs" ${vm_tests[@]+"${vm_tests[@]}"} </dev/null |
		tee "$logs/vm-tests" | sed -u -E "/^[0-9]+ (skipped|passed, [0-9]+ failed)$/d" || true
	skipped=$((skipped + $(sed -n 's/^\([0-9]*\) skipped$/\1/p' "$logs/vm-tests" | grep . || echo 0)))
	if read -r ok not_ok < <(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$logs/vm-tests"); then
		passed=$((passed + ok)) failed=$((failed + not_ok))
	else
		echo "vm-tests: did not end as they should"
		failed=$((failed + 1))
	fi
fi

if [ -z "$vm_only" ] && wanted $last; then
	wait "$second" || true
	run $last bash "$here/host/$last.sh"
fi

[ "$skipped" -eq 0 ] || echo "$skipped skipped"
if [ $((passed + failed)) -eq 0 ]; then
	echo "check: no test ran" >&2
	failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
