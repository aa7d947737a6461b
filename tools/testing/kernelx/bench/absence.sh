#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a CPU notices of transitions that has nothing to do with them: isolated, and busy
# with a loop in user space. For how long at a stretch does it do something else, in
# instructions of its own? Beside it, in the same guest: while nothing is done, and while
# the machine is stopped as often for nothing.
#
# usage: absence.sh --kernel-build DIR [--transitions N]
#
# Four CPUs that QEMU runs in turn; -icount makes time follow their instructions. Of each
# transition the longest absence counts, and of all of them the smallest, the median and
# the greatest of these. A tick of the timer is an absence, too. A CPU that waits in
# stop_machine() executes PAUSE, where QEMU goes on with the next CPU at once: real ones
# that run at the same time wait longer.

set -eu -o pipefail

fail()
{
	echo "absence: $*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' transitions=1000
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || fail "$1: value missing"
	case $1 in
	--kernel-build)	build=$2 ;;
	--transitions)	transitions=$2 ;;
	*)		fail "$1: unknown option" ;;
	esac
	shift 2
done
[ -e "$build/vmlinux" ] || fail "'$build': no finished build there"
build=$(cd "$build" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$here/build-module.sh" "$build" "$work/module"
cc -O2 -Wall -shared -fPIC -o "$work/absence.so" "$here/measure-absence.c" ||
	fail "cannot compile the plugin"
cc -O2 -Wall -static -no-pie -Wl,-Ttext-segment=0x70000000 -o "$work/absence-guest" \
	"$here/absence-guest.c" || fail "cannot compile the program for the guest"

address()
{
	nm "$work/absence-guest" | awk -v "name=$1" '$3 == name { print $1 }' | grep .
}

titles=("nothing" "mode immediate, one knob" "mode instance, two knobs" "mode global, two knobs"
	"stop_machine")
plugin=$work/absence.so,loop=$(address absence_loop)-$(address absence_loop_end)
plugin+=,over=$(address absence_over),series=$(address absence_series)
# shellcheck disable=SC2016 # for the shell in the VM
"$here/../vm.sh" --kernel-build "$build" --smp 4 --mem 512M --timeout 1800 \
	--append "nokaslr kunit.enable=0 isolcpus=3" --cpu max,-rdrand,-rdseed \
	--qemu -icount --qemu shift=0,sleep=off --qemu -plugin --qemu "$plugin" \
	--qemu -d --qemu plugin --qemu -D --qemu "$work/absence" \
	--file "$work/absence-guest:/kernelx/absence-guest" \
	--file "$work/module/kernelx_stop.ko:/kernelx/kernelx_stop.ko" -- "
	set -e
	first=net/hystart_delay_min second=net/hystart_delay_max number=$transitions"'
	root=/sys/kernel/kernelx
	guest=/kernelx/absence-guest
	insmod /kernelx/kernelx_stop.ko
	$guest loop 3 &
	loop=$!
	$guest rest 1000 $number
	echo immediate >$root/.meta/$first/mode
	$guest write $root/$first 8000 4000 $number
	for mode in instance global; do
		echo $mode >$root/.meta/$first/mode
		echo $mode >$root/.meta/$second/mode
		$guest write $root/transaction "$first=8000 $second=32000" "$first=4000 $second=16000" $number
	done
	$guest write /sys/module/kernelx_stop/parameters/stops 1 1 $number
	kill $loop' >"$work/log" || {
	cat "$work/log" >&2
	fail "the guest failed"
}

[ "$(grep -c "^absence $transitions " "$work/absence")" = ${#titles[@]} ] || {
	cat "$work/absence" >&2
	fail "not all series were measured"
}
echo "instructions of an isolated busy CPU between two rounds of its own loop, at most,"
echo "while this was done $transitions times:"
printf '%-36s %10s %10s %10s\n' "" minimum median maximum
grep '^absence ' "$work/absence" | {
	i=0
	while read -r _ _ minimum median maximum; do
		printf '%-36s %10d %10d %10d\n' "${titles[i]}" "$minimum" "$median" "$maximum"
		i=$((i + 1))
	done
}
