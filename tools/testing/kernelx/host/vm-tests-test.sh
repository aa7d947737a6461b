#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm-tests.sh judges what tests in VMs print. Here a script stands for the VM, and
# prints what a test might. TAP output.

set -eu

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

mkdir -p "$work/kernelx" "$work/selftests/kernelx" "$work/build" "$work/tree"
cp "$repository/tools/testing/kernelx/vm-tests.sh" "$work/kernelx/"
cat >"$work/kernelx/vm.sh" <<'VM'
#!/bin/bash
here=$(dirname "${BASH_SOURCE[0]}")
echo "$*" >"$here/arguments"
echo "# begin it"
cat "$here/output"
exit "$(cat "$here/status")"
VM
chmod +x "$work/kernelx/vm.sh"
# shellcheck disable=SC2016 # for make to expand
printf 'all:\n\tmkdir -p $(OUTPUT)\n' >"$work/selftests/kernelx/Makefile"
: >"$work/selftests/kernelx/fuzz.c"
: >"$work/selftests/kernelx/it.sh"
chmod +x "$work/selftests/kernelx/it.sh"
touch "$work/build/Module.symvers" "$work/build/vmlinux" "$work/tree/Kbuild"
printf 'CONFIG_A=y\n# CONFIG_B is not set\n' >"$work/build/.config"

# judged NAME WANTED VM-STATUS LINE...: what the test prints, and how it must end
judged()
{
	local name=$1 wanted=$2 got

	echo "$3" >"$work/kernelx/status"
	shift 3
	printf '%s\n' "$@" >"$work/kernelx/output"
	got=$("$work/kernelx/vm-tests.sh" --kernel-build "$work/build" --tree "$work/tree" it 2>&1 || true)
	if [ "$(tail -n 1 <<<"$got")" = "${wanted%%;*}" ] && [[ $got == *"${wanted#*;}"* ]]; then
		result 0 "$name"
	else
		result 1 "$name"
		echo "# should end with: ${wanted%%;*}, and have: ${wanted#*;}"
		echo "# ${got//$'\n'/$'\n'# }"
	fi
}

echo "1..16"
judged "a test that passes" '2 passed, 0 failed' 0 '1..2' 'ok 1 - a' 'ok 2 - b' '# status 0'
judged "one that fails" '1 passed, 1 failed;not ok 2 - b' 0 '1..2' 'ok 1 - a' 'not ok 2 - b' '# status 1'
judged "one without a plan" '1 passed, 1 failed;printed 0 plans' 0 'ok 1 - a' '# status 0'
judged "one with too few results" '1 passed, 1 failed;planned 2 results, gave 1' 0 '1..2' 'ok 1 - a' '# status 0'
judged "one that plans nothing" '0 passed, 1 failed;planned nothing' 0 '1..0' '# status 0'
judged "one that ends with a status" '1 passed, 1 failed;ended with status 3' 0 '1..1' 'ok 1 - a' '# status 3'
judged "one that gives up" '0 passed, 1 failed;Bail out!' 0 '1..1' 'Bail out! no' '# status 1'
judged "one that never ends" '1 passed, 2 failed;did not end' 124 '1..1' 'ok 1 - a'
judged "a kernel that printed a splat" '1 passed, 1 failed;status 254' 254 '1..1' 'ok 1 - a' '# status 0'
judged "a skip for what the kernel lacks" '0 passed, 0 failed;1 skipped' 0 '1..0 # SKIP needs CONFIG_B' '# status 4'
judged "and of one result" '1 passed, 0 failed;1 skipped' 0 '1..2' 'ok 1 - a' 'ok 2 # SKIP needs CONFIG_B' '# status 0'
judged "a skip for what it does not lack" '0 passed, 1 failed;not without: needs CONFIG_A' 0 \
	'1..0 # SKIP needs CONFIG_A' '# status 4'
judged "not even in part" '0 passed, 1 failed;not without: needs CONFIG_B and CONFIG_A' 0 \
	'1..0 # SKIP needs CONFIG_B and CONFIG_A' '# status 4'
judged "a skip for another reason" '0 passed, 1 failed;not without: needs root' 0 \
	'1..0 # SKIP needs root' '# status 4'

# What is emulated and instrumented is slow.
limit()
{
	grep -o -m 1 'timeout [0-9]*' "$work/kernelx/arguments" | cut -d ' ' -f 2
}
usual=$(limit)
echo CONFIG_KASAN=y >>"$work/build/.config"
judged "a slow kernel" '1 passed, 0 failed' 0 '1..1' 'ok 1 - a' '# status 0'
if [ "$(limit)" -gt "$usual" ]; then
	result 0 "it may take longer"
else
	result 1 "it may take longer"
	echo "# $(limit) seconds, not more than $usual"
fi
[ "$failed" -eq 0 ]
