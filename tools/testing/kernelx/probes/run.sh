#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the probes beside this script on this machine, and print what they observe.
#
# usage: run.sh [--only KNOB,...] PASS...
#
#   default      as the kernel is
#   changed      with the knobs of all probes set to the values that the probes name
#   without      the same, but each probe finds its own knob at the default
#   compiled-in  as the kernel is, which must be one without KernelX
#
# Prints a line for each probe: "observed PASS KNOB TEXT", and how long it took.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=/sys/kernel/kernelx
PATH=$here/bin:$PATH
export PATH

only=''
if [ "${1:-}" = --only ]; then
	only=$2
	shift 2
fi

probes()
{
	for probe in "$here"/*/*.sh; do
		knob=${probe#"$here"/}
		knob=${knob%.sh}
		case ",${only:-$knob}," in
		*",$knob,"*)	echo "$knob" ;;
		esac
	done
}

# The value that the probe of a knob wants.
value_of()
{
	sed -n 's/^# value //p' "$here/$1.sh"
}

# All at once, or none.
change_all()
{
	transaction=''
	for knob in $(probes); do
		transaction="$transaction $knob=$(value_of "$knob")"
	done
	echo "$transaction" >$root/transaction
}

# What modules have of their own must follow as well: they are there before it changes.
load_modules()
{
	for module in $(sed -n 's/^# module //p' "$here"/*/*.sh | sort -u); do
		modprobe "$module" || exit 1
	done
}

# One line, with a limit to the time.
observe()
{
	timeout 20 sh "$here/observe.sh" "$1" 2>&1 | tr -s '\n\t ' '   ' | sed 's/ $//'
}

now()
{
	cut -d ' ' -f 1 /proc/uptime
}

for pass in "$@"; do
	case $pass in
	default)
		load_modules ;;
	changed|without)
		change_all ;;
	compiled-in)
		if [ -e $root ]; then
			echo "run.sh: this kernel has KernelX" >&2
			exit 1
		fi
		load_modules ;;
	*)
		echo "run.sh: $pass: no such pass" >&2
		exit 1 ;;
	esac
	for knob in $(probes); do
		begin=$(now)
		[ "$pass" != without ] || echo default >"$root/$knob"
		echo "observed $pass $knob $(observe "$knob")"
		[ "$pass" != without ] || value_of "$knob" >"$root/$knob"
		echo "# $pass $knob: $(now | awk -v "begin=$begin" '{ print $1 - begin }') s"
	done
done
