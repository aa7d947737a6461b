#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append kunit.enable=1
# The KUnit suite of KernelX, which ran when the kernel booted, as TAP.

set -eu

results=/sys/kernel/debug/kunit/kernelx/results

if [ ! -r "$results" ]; then
	echo "1..1"
	echo "not ok 1 - $results is missing: CONFIG_KERNELX_KUNIT_TEST, CONFIG_KUNIT_DEBUGFS, kunit.enable=1"
	exit 1
fi

# Cases are indented by 4; deeper are their parameters, and what failed.
sed -n 's/^    \(1\.\.[0-9]*\)$/\1/p; s/^    \(ok [0-9]*\) \(.*\)$/\1 - \2/p; s/^    \(not ok [0-9]*\) \(.*\)$/\1 - \2/p' "$results"
if grep -q '^ *not ok' "$results"; then
	sed 's/^/# /' "$results"
	exit 1
fi
