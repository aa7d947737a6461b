#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append kunit.enable=1 --append kunit.autorun=1
# The KUnit suites of KernelX, which ran when the kernel booted, as TAP. Newer kernels
# have to be told to run them.

set -eu

debugfs=/sys/kernel/debug/kunit
suites='kernelx kernelx_spans'
# Without sites there is nothing to know of them.
! grep -qs '^variable ' /sys/kernel/kernelx/.meta/*/*/sites || suites=kernelx

for suite in $suites; do
	if [ ! -r "$debugfs/$suite/results" ]; then
		echo "1..1"
		echo "not ok 1 - $debugfs/$suite/results is missing: CONFIG_KERNELX_KUNIT_TEST, CONFIG_KUNIT_DEBUGFS, kunit.enable=1"
		exit 1
	fi
done

# Cases are indented by 4; deeper are their parameters, and what failed.
for suite in $suites; do
	cat "$debugfs/$suite/results"
done | awk '
	/^    1\.\.[0-9]+$/	{ plan += substr($0, 8) }
	/^    (not )?ok [0-9]+ / {
		match($0, /ok [0-9]+ /)
		print substr($0, 5, RSTART - 3) " " ++number " - " substr($0, RSTART + RLENGTH)
	}
	END			{ print "1.." plan }'
for suite in $suites; do
	if grep -q '^ *not ok' "$debugfs/$suite/results"; then
		sed 's/^/# /' "$debugfs/$suite/results"
		failed=1
	fi
done
[ -z "${failed:-}" ]
