#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build the tests of tools/testing/selftests/kernelx, run them in VMs, and judge
# what they print. Tests that ask for the same machine share one, in the order of
# their names.
#
# usage: vm-tests.sh --kernel-build DIR [--tree DIR] [--logs DIR] [test]...
#
#   --tree DIR   the kernel tree that DIR was built from (its "source" link)
#   --logs DIR   where the output of the tests goes (DIR/check)
#   test         names without .sh; all if there is none
#
# A line "# vm: --smp 4 --disk 256M" in a test gives options for vm.sh.
#
# Prints a line for each test, what failed of it, "N skipped" if any, and last
# "N passed, N failed". A test fails as well when it does not keep to its plan or ends
# with a status without a "not ok"; so does a machine that does not end as it should,
# or whose kernel printed a splat. A "# SKIP needs ... CONFIG_A" is a failure, too,
# unless the kernel was built without all options it names.
#
# Time limits are multiplied for a kernel with instrumented code, which is slow.
#
# KERNELX_FUZZ=N, KERNELX_STORM=N and KERNELX_TRANSITIONS=N in the environment: so many
# random writes, changes, and transitions in each mode, not 100000, 1000 and 300.

set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
selftests=$(cd "$here/../selftests/kernelx" && pwd)
build='' tree='' logs='' chosen=()

fail()
{
	echo "vm-tests.sh: $*" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--kernel-build)	build=$(cd "$2" && pwd) || fail "$2: no such build directory"; shift ;;
	--tree)		tree=$2; shift ;;
	--logs)		logs=$2; shift ;;
	-*)		fail "$1: unknown option" ;;
	*)		chosen+=("$1") ;;
	esac
	shift
done
[ -n "$build" ] || fail "--kernel-build DIR is missing"
[ -e "$build/Module.symvers" ] || fail "$build: no kernel with modules was built here (make build)"
tree=${tree:-$build/source}
[ -e "$tree/Kbuild" ] || fail "$tree: no kernel tree; name it with --tree DIR"
logs=${logs:-$build/check}
tests=$build/selftests
mkdir -p "$logs"

# The type information of a module refers to that of the kernel it was built for.
[ "$tests/kernel" -nt "$build/vmlinux" ] || rm -rf "$tests"
mapfile -t toolchain < <("$here/toolchain.sh" "$build")
make -s -C "$selftests" OUTPUT="$tests" KERNEL_TREE="$(cd "$tree" && pwd)" KERNEL_BUILD="$build" \
	${toolchain[@]+"${toolchain[@]}"} >"$logs/build.log" 2>&1 || {
	tail -n 20 "$logs/build.log" >&2
	fail "the tests do not build: $logs/build.log"
}
touch "$tests/kernel"

passed=0 failed=0 skipped=0

# Emulated, KASAN and lockdep together take five times as long.
slow=1
if grep -qE '^CONFIG_(KASAN|KCSAN|PROVE_LOCKING)=y' "$build/.config"; then
	slow=8
fi

# Does the kernel lack all that the reasons for skipping name? Prints the first that
# does not hold.
groundless()
{
	local reason option options

	while read -r reason; do
		options=$(grep -o 'CONFIG_[A-Z0-9_]*' <<<"$reason" || true)
		[ -n "$options" ] || { echo "$reason"; return; }
		for option in $options; do
			! grep -q "^$option=" "$build/.config" || { echo "$reason"; return; }
		done
	done < <(sed -n 's/^.*# *[Ss][Kk][Ii][Pp] *//p' "$1")
}

# Read the TAP of the test $1 and print: passed, failed, skipped, what is wrong with it.
judge()
{
	awk -v groundless="$(groundless "$1")" '
		/^1\.\.[0-9]+/	{ plans++; plan = substr($1, 4) + 0 }
		/^1\.\.0 # *[Ss][Kk][Ii][Pp]/	{ all_skipped = 1 }
		/^Bail out!/	{ wrong = $0 }
		/^# status /	{ status = $3 }
		/^(not )?ok [0-9]+.*# *[Ss][Kk][Ii][Pp]/	{ skipped++; next }
		/^ok [0-9]+/	{ ok++ }
		/^not ok [0-9]+/	{ not_ok++ }
		END {
			if (wrong == "" && plans != 1)
				wrong = "printed " plans + 0 " plans, not one"
			else if (wrong == "" && plan != ok + not_ok + skipped)
				wrong = "planned " plan " results, gave " ok + not_ok + skipped
			else if (wrong == "" && groundless != "")
				wrong = "skipped, but the kernel is not without: " groundless
			else if (wrong == "" && !plan && !all_skipped)
				wrong = "planned nothing"
			else if (wrong == "" && status == "")
				wrong = "did not end"
			else if (wrong == "" && status && !not_ok && !all_skipped)
				wrong = "ended with status " status
			print ok + 0, not_ok + (wrong != ""), skipped + all_skipped, wrong
		}' "$1"
}

report()
{
	local name=$1 seconds=$2 ok not_ok skip wrong

	read -r ok not_ok skip wrong < <(judge "$logs/$name.tap")
	passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
	printf '%-24s %4d passed %4d failed %6d s%s\n' "$name" "$ok" "$not_ok" "$seconds" \
		"$(sed -n 's/^.*# *[Ss][Kk][Ii][Pp] */   skipped: /p' "$logs/$name.tap" | head -n 1)"
	[ "$not_ok" -gt 0 ] || return 0
	[ -z "$wrong" ] || echo "    $wrong"
	grep -E -B 8 -A 8 '^not ok ' "$logs/$name.tap" | grep -v '^ok ' | head -n 40 | sed 's/^/    /' || true
	echo "    all of it: $logs/$name.tap"
}

# How the test $1 is called in the directory of the tests.
program()
{
	if [ -e "$selftests/$1.sh" ]; then
		echo "./$1.sh"
	else
		echo "./$1 ${KERNELX_FUZZ:-}"
	fi
}

# Run tests in one machine: vm_options as $1, then their names. What the machine
# prints is the output of one test after another, with lines of ours between.
run_machine()
{
	local options name command status=0 line begin output=''

	eval "options=($1)"
	shift
	command="cd /tests; export KERNELX_STORM=${KERNELX_STORM:-} KERNELX_SLOW=$slow"
	command+=" KERNELX_TRANSITIONS=${KERNELX_TRANSITIONS:-}"
	for name in "$@"; do
		: >"$logs/$name.tap"
		command+="; echo '# begin $name'; $(program "$name"); echo \"# status \$?\""
	done
	: >"$logs/$1.console"
	begin=$SECONDS
	while read -r line; do
		case $line in
		'# begin '*)
			output=${line#\# begin }
			begin=$SECONDS ;;
		'# status '*)
			echo "$line" >>"$logs/$output.tap"
			report "$output" $((SECONDS - begin))
			output='' ;;
		'# vm.sh ended '*)
			status=${line##* } ;;
		*)
			[ -z "$output" ] || printf '%s\n' "$line" >>"$logs/$output.tap" ;;
		esac
	done < <(
		ended=0
		"$here/vm.sh" --kernel-build "$build" --file "$tests:/tests" --console "$logs/$1.console" \
			--timeout $((900 * slow)) ${options[@]+"${options[@]}"} -- "$command" 2>"$logs/$1.vm" || ended=$?
		echo
		echo "# vm.sh ended $ended"
	)
	# A test that never ended, and those behind it.
	for name in "$@"; do
		grep -q '^# status ' "$logs/$name.tap" || report "$name" $((SECONDS - begin))
	done
	if [ "$status" != 0 ]; then
		failed=$((failed + 1))
		echo "    the machine of: $*: vm.sh ended with status $status"
		head -n 20 "$logs/$1.vm" | sed 's/^/    /'
	fi
}

wanted()
{
	local name

	[ ${#chosen[@]} -gt 0 ] || return 0
	for name in "${chosen[@]}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

# The machine that the test $1 asks for.
vm_options()
{
	sed -n 's,^\(#\| \*\) vm: *,,p' "$1" | head -n 1
}

declare -A machines=()
for file in "$selftests"/*.sh "$selftests"/fuzz.c; do
	name=$(basename "${file%.*}")
	# A part of others; a measurement, which is not run unless it is named.
	[ -x "$file" ] || [ "$name" = fuzz ] || continue
	[ "${name%timing}" = "$name" ] || [ ${#chosen[@]} -gt 0 ] || continue
	wanted "$name" || continue
	options=$(vm_options "$file")
	options=${options:---disk 256M}
	machines[" $options"]+=" $name"
done
[ ${#machines[@]} -gt 0 ] || fail "no such test: ${chosen[*]}"

while read -r options; do
	read -r -a names <<<"${machines[" $options"]}"
	run_machine "$options" "${names[@]}"
done < <(printf '%s\n' "${!machines[@]}" | sort)

[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
