#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The safe spans of the kernel and its modules against what an emulator sees. Output is TAP.
#
# KERNELX_BUILD=dir  a kernel that has been built
# TREE=dir           its source, for what an ORC table looks like
# STATES=n           machine states for each site (100; the full run has 1000)
set -eu

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$KERNELX_BUILD/vmlinux
states=${STATES:-100}
number=0
failed=0

"${CC:-cc}" -O2 -Wall -Wextra -Wno-unused-parameter -Werror -I"$TREE/tools/include" \
	-I"$TREE/tools/arch/x86/include" -I"$TREE/tools/objtool" \
	-o "$work/oracle-check" "$here/oracle-check.c" "$here"/oracle/*.c -lelf -lunicorn -lcapstone

# check NAME KINDS ARGUMENT...: oracle-check with these arguments finds violations of all
# these kinds, or none if KINDS is empty
check()
{
	local name=$1 kinds=$2 status=0 wrong='' kind

	shift 2
	number=$((number + 1))
	"$work/oracle-check" "$@" >"$work/log" 2>&1 || status=$?
	case $status:${kinds:+some} in
	0:|1:some)	;;
	*)		wrong="status $status" ;;
	esac
	for kind in $kinds; do
		grep -qE "^$kind +[1-9]" "$work/log" || wrong="$wrong, no violation of kind $kind"
	done
	if [ -n "$wrong" ]; then
		echo "not ok $number - $name"
		echo "# ${wrong#, }"
		failed=$((failed + 1))
	else
		echo "ok $number - $name"
	fi
	sed 's/^/# /' "$work/log"
}

# image NAME KINDS ARGUMENT...: the same of the kernel's image
image()
{
	check "$@" "$image"
}

skip()
{
	number=$((number + 1))
	echo "ok $number - $1 # SKIP the kernel has no spans"
}

if grep -q ' __start___kernelx_spans$' "$KERNELX_BUILD/System.map"; then
	with_spans=image
	modules=$("$here/oracle/link-modules.sh" "$KERNELX_BUILD" "$work/modules" 2>"$work/errors") ||
		modules=failed
else
	with_spans=skip
	modules=''
fi

echo "TAP version 13"
echo "1..$((7 + $(wc -w <<<"$modules")))"
# The first two need no spans of the kernel's, and try the oracle itself.
image "no value is needed outside of a function that does not return it" "" \
	--assume-function --states 20 --reports 5
image "empty spans are noticed" "register flag stack" --assume-nothing --states 20 --reports 2
$with_spans "no value is needed outside of its safe span" "" --states "$states"
$with_spans "spans without their last part are noticed" "register" \
	--mutate shrink --states 40 --reports 2
$with_spans "spans whose parts end too early are noticed" "register flag" \
	--mutate halve --states 40 --reports 2
$with_spans "spans whose parts begin too late are noticed" "register" \
	--mutate late --states 40 --reports 2
$with_spans "facts that are wrong are noticed" "escape frame use" \
	--mutate facts --states 20 --reports 2
for knob in $modules; do
	if [ "$knob" = failed ]; then
		number=$((number + 1))
		failed=$((failed + 1))
		echo "not ok $number - modules can be linked"
		sed 's/^/# /' "$work/errors"
		continue
	fi
	check "nor is one of a module: $knob" "" --states "$states" --knob "$knob" "$work/modules"
done
[ "$failed" -eq 0 ]
