#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm-tests.sh judges what tests in VMs print. Here a script stands for the VM, and
# prints what a test might. And it builds them with the kernel's compiler. TAP output.

set -eu

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

mkdir -p "$work/kernelx" "$work/selftests/kernelx" "$work/build/scripts/mod" "$work/tree"
cp "$repository/tools/testing/kernelx/vm-tests.sh" "$repository/tools/testing/kernelx/toolchain.sh" "$work/kernelx/"
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
printf 'all:\n\tmkdir -p $(OUTPUT)\n\t@echo "CC=$(CC) LLVM=$(LLVM)" >$(OUTPUT)/../toolchain\n' >"$work/selftests/kernelx/Makefile"
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

echo "1..20"
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

# built_by NAME WANTED COMPILER [CONFIG]: what the tests are built with when COMPILER built
# the kernel, whatever the environment says
built_by()
{
	local got

	echo "savedcmd_scripts/mod/empty.o := $3 -Wp,-MMD,x.d -nostdinc -c -o x.o x.c" >"$work/build/scripts/mod/.empty.o.cmd"
	echo "${4:-}" >"$work/build/.config"
	rm -f "$work/build/toolchain"
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS CC=none LLVM='' \
		"$work/kernelx/vm-tests.sh" --kernel-build "$work/build" --tree "$work/tree" it >/dev/null 2>&1 || true
	got=$(cat "$work/build/toolchain" || true)
	if [ "$got" = "$2" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		echo "# should be $2, is $got"
	fi
}
built_by "modules are built by the kernel's gcc" "CC=ccache gcc-14 LLVM=" "ccache gcc-14"
built_by "by its clang and lld" "CC=none LLVM=-16" "clang-16" CONFIG_LD_IS_LLD=y
built_by "which may have a path" "CC=none LLVM=/opt/llvm/bin/" "/opt/llvm/bin/clang" CONFIG_LD_IS_LLD=y
built_by "by its clang alone, without lld" "CC=clang LLVM=" "clang"
[ "$failed" -eq 0 ]
