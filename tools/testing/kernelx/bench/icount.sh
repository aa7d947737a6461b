#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Guest instructions, counted exactly under QEMU:
#	--system	a fixed boot and workload, KernelX with no knob turned over pristine
#	--site		a call of a function with a site: idle, set, set back, and with
#			other mechanisms
#
# usage: icount.sh --kernel-build DIR [--pristine-build DIR] [--rounds N] --system|--site...
#
# For --system a QEMU plugin counts what the one CPU executes, in kernel and user space
# apart. -icount makes the guest's clock follow the instructions; with idle time
# skipped, entropy and date fixed, a run can be repeated to about a millionth. Both
# kernels get the same initial file system. The boot alone is counted too: the workload
# is the difference.

set -eu -o pipefail

fail()
{
	echo "icount: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' pristine='' rounds=2 system='' site=''
while [ $# -gt 0 ]; do
	case $1 in
	--system)	system=y; shift; continue ;;
	--site)		site=y; shift; continue ;;
	esac
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--kernel-build)		build=$2 ;;
	--pristine-build)	pristine=$2 ;;
	--rounds)		rounds=$2 ;;
	*)			fail "$1: unknown option" ;;
	esac
	shift 2
done
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there"
build=$(cd "$build" && pwd)
[ -n "$system$site" ] || fail "nothing to do: give --system or --site"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# vm KERNEL COMMAND [OPTION]...: one CPU whose time is its instructions.
vm()
{
	local kernel=$1 command=$2

	shift 2
	"$here/../vm.sh" --kernel-build "$build" --kernel "$kernel" --smp 1 --mem 512M --timeout 1200 \
		--append "nokaslr kunit.enable=0" --cpu max,-rdrand,-rdseed \
		--qemu -icount --qemu shift=0,sleep=off --qemu -rtc --qemu base=2026-01-01,clock=vm \
		"$@" -- "$command"
}

# count KERNEL ROUNDS: prints the instructions of the kernel and of user space.
count()
{
	vm "$1" "/kernelx/bin/workload $2" --disk 128M --file "$here/workload.sh:/kernelx/bin/workload" \
		--qemu -plugin --qemu "$work/count.so" --qemu -d --qemu plugin --qemu -D --qemu "$work/count" >&2 ||
		fail "the workload failed on $1"
	sed -n 's/^instructions kernel \([0-9]*\) user \([0-9]*\)$/\1 \2/p' "$work/count"
}

# over TITLE KERNELX PRISTINE
over()
{
	awk -v title="$1" -v kernelx="$2" -v pristine="$3" 'BEGIN {
		printf "%-24s %14d %14d %+12d  %+.4f %%\n", title, pristine, kernelx, kernelx - pristine,
			100 * (kernelx - pristine) / pristine
	}'
}

measure_system()
{
	local kernel boot_kernel boot_user all_kernel all_user
	local -A result

	[ -e "$pristine/vmlinux" ] || fail "'$pristine': no finished build there (--pristine-build)"
	diff <(grep -v KERNELX "$build/.config") <(grep -v KERNELX "$pristine/.config") >/dev/null ||
		fail "the configurations of $build and $pristine differ in more than KernelX"
	cc -O2 -Wall -shared -fPIC -o "$work/count.so" "$here/count-instructions.c" ||
		fail "cannot compile the plugin"
	for kernel in "$pristine" "$build"; do
		read -r boot_kernel boot_user < <(count "$kernel/vmlinux" 0)
		read -r all_kernel all_user < <(count "$kernel/vmlinux" "$rounds")
		result[$kernel]="$boot_kernel $boot_user $all_kernel $all_user"
	done
	read -r pk pu pak pau <<<"${result[$pristine]}"
	read -r k u ak au <<<"${result[$build]}"
	printf '%-24s %14s %14s %12s\n' "guest instructions" pristine kernelx added
	over "boot, kernel" "$k" "$pk"
	over "workload, kernel" $((ak - k)) $((pak - pk))
	over "workload, user space" $((au - u)) $((pau - pu))
	over "all" $((ak + au)) $((pak + pau))
}

measure_site()
{
	local tree=$work/module

	mkdir "$tree"
	cp "$here/module/Makefile" "$here/module/kernelx_bench.c" "$tree/"
	make -s -C "$build" M="$tree" modules >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		fail "the module does not compile"
	}
	# shellcheck disable=SC2016 # for the shell in the VM
	vm "$build/vmlinux" '
		set -e
		insmod /kernelx/kernelx_bench.ko
		module=/sys/module/kernelx_bench/parameters
		knob=/sys/kernel/kernelx/mm/shrink_batch
		echo idle $(cat $module/instructions)
		echo 64 >$knob
		echo set $(cat $module/instructions)
		echo default >$knob
		echo back $(cat $module/instructions)
		echo 1 >$module/flipped
		echo flipped $(cat $module/instructions)' \
		--file "$tree/kernelx_bench.ko:/kernelx/kernelx_bench.ko" >"$work/site" ||
		fail "measuring a site failed"
	awk '
		function row(title, value) {
			printf "%-44s %8.3f\n", title, value / 1000
		}
		{ for (i = 2; i < NF; i += 2) cost[$1, $i] = $(i + 1) }
		END {
			printf "%-44s %8s\n", "a call, loop included", "instructions"
			row("constant", cost["idle", "constant"])
			row("site, idle", cost["idle", "site"])
			row("site, set by sysfs", cost["set", "site"])
			row("site, set back to the default", cost["back", "site"])
			row("static key, off", cost["idle", "static_key"])
			row("static key, on", cost["flipped", "static_key"])
			row("variable, READ_ONCE (CONFIG_KERNELX_GENERIC)", cost["idle", "variable"])
			if (cost["set", "site"] != cost["idle", "site"] || cost["back", "site"] != cost["idle", "site"]) {
				print "A site that was set costs something else than an idle one"
				exit 1
			}
		}' "$work/site"
}

[ -z "$system" ] || measure_system
[ -z "$system" ] || [ -z "$site" ] || echo
[ -z "$site" ] || measure_site
