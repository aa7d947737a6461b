#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Guest instructions, counted exactly under QEMU:
#	--system	a fixed boot and workload, KernelX with no knob turned over pristine
#	--site		a call of a function with a site: idle, set, set back, and with
#			other mechanisms
#
# usage: icount.sh --kernel-build DIR [--pristine-build DIR] [--rounds N] [--runs N] --system|--site...
#
# For --system a QEMU plugin counts what the one CPU executes, in kernel and user space
# apart. -icount makes the guest's clock follow the instructions; idle time is skipped,
# entropy and date are fixed, and the disk is in memory. The boot alone is counted too:
# the workload is the difference. Each kernel has an initial file system with modules of
# its own; those of KernelX are larger, and unpacking them is a part of "boot".

set -eu -o pipefail

fail()
{
	echo "icount: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' pristine='' rounds=2 runs=3 system='' site=''
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
	--runs)			runs=$2 ;;
	*)			fail "$1: unknown option" ;;
	esac
	shift 2
done
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there"
build=$(cd "$build" && pwd)
[ -n "$system$site" ] || fail "nothing to do: give --system or --site"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# vm BUILD COMMAND [OPTION]...: one CPU whose time is its instructions.
vm()
{
	local directory=$1 command=$2

	shift 2
	"$here/../vm.sh" --kernel-build "$directory" --smp 1 --mem $((504 + 8 * ${run:-1}))M --timeout 1200 \
		--append "nokaslr kunit.enable=0 bench.run=$(printf "%0$((${run:-1} * 7))d" 0)" --cpu max,-rdrand,-rdseed \
		--qemu -icount --qemu shift=0,sleep=off --qemu -rtc --qemu base=2026-01-01,clock=vm \
		"$@" -- "$command"
}

# count BUILD ROUNDS RUN: prints the instructions of the kernel and of user space.
count()
{
	run=$3 vm "$1" "/kernelx/bin/workload $2" --file "$here/workload.sh:/kernelx/bin/workload" \
		--qemu -plugin --qemu "$work/count.so" --qemu -d --qemu plugin --qemu -D --qemu "$work/count" >&2 ||
		fail "the workload failed on $1"
	sed -n 's/^instructions kernel \([0-9]*\) user \([0-9]*\)$/\1 \2/p' "$work/count"
}

# How a run goes depends on when a tick comes and on where memory is, and so on anything
# that moves them. Each run gets another command line and another size of memory: the
# median of some is what a kernel takes.
measure_system()
{
	local run kernel directory boot all

	[ -e "$pristine/vmlinux" ] || fail "'$pristine': no finished build there (--pristine-build)"
	diff <(grep -v KERNELX "$build/.config") <(grep -v KERNELX "$pristine/.config") >/dev/null ||
		fail "the configurations of $build and $pristine differ in more than KernelX"
	cc -O2 -Wall -shared -fPIC -o "$work/count.so" "$here/count-instructions.c" ||
		fail "cannot compile the plugin"
	for run in $(seq "$runs"); do
		for kernel in pristine kernelx; do
			directory=$build
			[ "$kernel" != pristine ] || directory=$pristine
			boot=$(count "$directory" 0 "$run")
			all=$(count "$directory" "$rounds" "$run")
			echo "$kernel $boot $all"
		done
	done >"$work/system"
	awk '
		function note(kernel, what, value) {
			values[kernel, what, ++number[kernel, what]] = value
		}
		# Sorts, too.
		function median(kernel, what,    n, i, j, swap) {
			n = number[kernel, what]
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && values[kernel, what, j - 1] > values[kernel, what, j]; j--) {
					swap = values[kernel, what, j]
					values[kernel, what, j] = values[kernel, what, j - 1]
					values[kernel, what, j - 1] = swap
				}
			return values[kernel, what, int((n + 1) / 2)]
		}
		function spread(kernel, what,    middle) {
			middle = median(kernel, what)
			return 100 * (values[kernel, what, number[kernel, what]] - values[kernel, what, 1]) / middle
		}
		function row(what,    pristine, kernelx) {
			pristine = median("pristine", what)
			kernelx = median("kernelx", what)
			printf "%-24s %14.0f %14.0f %+12.0f  %+8.4f %%  %7.4f %% %7.4f %%\n", what, pristine, kernelx,
				kernelx - pristine, 100 * (kernelx - pristine) / pristine,
				spread("pristine", what), spread("kernelx", what)
		}
		{
			note($1, "boot, kernel", $2)
			note($1, "workload, kernel", $4 - $2)
			note($1, "workload, user space", $5 - $3)
			note($1, "all", $4 + $5)
		}
		END {
			printf "median of %d runs\n", number["pristine", "all"]
			printf "%-24s %14s %14s %12s  %10s  %17s\n", "guest instructions", "pristine", "kernelx",
				"added", "", "spread of either"
			row("boot, kernel")
			row("workload, kernel")
			row("workload, user space")
			row("all")
		}' "$work/system"
}

measure_site()
{
	local tree=$work/module

	"$here/build-module.sh" "$build" "$tree"
	"$here/build-policies.sh" "$build" "$work/policies"
	# shellcheck disable=SC2016 # for the shell in the VM
	vm "$build" '
		set -e
		insmod /kernelx/kernelx_bench.ko
		module=/sys/module/kernelx_bench/parameters
		knob=/sys/kernel/kernelx/mm/shrink_batch
		# Probes are optimised a moment later.
		until cat $module/instructions >/tmp/idle 2>/dev/null; do sleep 0.1; done
		echo idle $(cat $module/instructions)
		echo 64 >$knob
		echo set $(cat $module/instructions)
		echo default >$knob
		echo back $(cat $module/instructions)
		echo 30000 >/sys/kernel/kernelx/transition_timeout_ms
		echo 1 >$module/held
		echo 64 >$knob &
		writer=$!
		sleep 0.5
		echo armed $(cat $module/instructions)
		echo 0 >$module/held
		wait $writer
		echo default >$knob
		for policy in constant hint; do
			/kernelx/policies/policy-cost $policy /kernelx/policies/$policy.bpf.o
		done
		/kernelx/policies/policy-cost --times 20 /kernelx/policies/constant.bpf.o
		echo 1 >$module/flipped
		echo flipped $(cat $module/instructions)' \
		--file "$tree/kernelx_bench.ko:/kernelx/kernelx_bench.ko" \
		--file "$work/policies:/kernelx/policies" >"$work/site" ||
		fail "measuring a site failed"
	awk '
		function row(title, value) {
			printf "%-44s %8.3f\n", title, value / 1000
		}
		/^(policy|probe) / {
			printf "%-44s %8d   (greatest: %d)\n", "attach a " $1 ", microseconds, median of 20", $2, $3
			next
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
			row("site during a transition", cost["armed", "site"])
			row("optimised kprobe, empty handler", cost["idle", "jump_probe"])
			row("INT3 kprobe, empty handler", cost["idle", "int3_probe"])
			constant = cost["idle", "constant"]
			printf "%-44s %8.3f\n", "indirection over optimised kprobe, extra",
				(cost["armed", "site"] - constant) / (cost["idle", "jump_probe"] - constant)
			row("policy, constant", cost["constant", "lone_site"])
			row("policy, constant, dependent knob", cost["constant", "site"])
			row("kprobe with BPF program, constant", cost["constant", "bpf_probe"])
			row("policy, looks up a hint", cost["hint", "lone_site"])
			row("policy, looks up a hint, dependent knob", cost["hint", "site"])
			row("kprobe with BPF program, looks up a hint", cost["hint", "bpf_probe"])
			printf "%-44s %8.3f\n", "policy over kprobe, extra, constant",
				(cost["constant", "lone_site"] - constant) / (cost["constant", "bpf_probe"] - constant)
			printf "%-44s %8.3f\n", "policy over kprobe, extra, hint",
				(cost["hint", "lone_site"] - constant) / (cost["hint", "bpf_probe"] - constant)
			if (cost["set", "site"] != cost["idle", "site"] || cost["back", "site"] != cost["idle", "site"]) {
				print "A site that was set costs something else than an idle one"
				exit 1
			}
		}' "$work/site"
}

[ -z "$system" ] || measure_system
[ -z "$system" ] || [ -z "$site" ] || echo
[ -z "$site" ] || measure_site
