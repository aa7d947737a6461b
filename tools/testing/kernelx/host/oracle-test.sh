#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The safe spans of the kernel against what an emulator sees. Output is TAP.
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

# check NAME STATUS ARGUMENT...: oracle-check with these arguments ends with that status
check()
{
	local name=$1 expected=$2 status=0

	shift 2
	number=$((number + 1))
	"$work/oracle-check" "$@" "$image" >"$work/log" 2>&1 || status=$?
	if [ "$status" -ne "$expected" ]; then
		echo "not ok $number - $name"
		failed=$((failed + 1))
	else
		echo "ok $number - $name"
	fi
	sed 's/^/# /' "$work/log"
}

has_spans()
{
	grep -q ' __start___kernelx_spans$' "$KERNELX_BUILD/System.map"
}

echo "TAP version 13"
echo "1..6"
# These need no spans of the kernel's, and try the oracle itself.
check "no value is needed outside of a function that does not return it" 0 \
	--assume-function --states 20 --reports 5
check "empty spans are noticed" 1 --assume-nothing --states 20 --reports 2
if has_spans; then
	check "no value is needed outside of its safe span" 0 --states "$states"
	check "spans without their last part are noticed" 1 --mutate shrink --states 40 --reports 2
	check "spans whose parts end too early are noticed" 1 --mutate halve --states 40 --reports 2
	check "spans whose parts begin too late are noticed" 1 --mutate late --states 40 --reports 2
else
	for name in "no value is needed outside of its safe span" \
			"spans without their last part are noticed" \
			"spans whose parts end too early are noticed" \
			"spans whose parts begin too late are noticed"; do
		number=$((number + 1))
		echo "ok $number - $name # SKIP the kernel has no spans"
	done
fi
[ "$failed" -eq 0 ]
