#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run a kernel build; reduce its output to one line that moves (every ten seconds a
# line when this is not a terminal), keep all of it in a log, pass on warnings, and
# end with the errors if it fails.
#
# All of that goes to the standard error output: what "make vm CMD=..." prints is the
# command's.
#
# usage: progress.sh LOG COMMAND [ARGUMENT]...

set -eu -o pipefail

log=$1
shift
exec >&2
columns=$(tput cols 2>/dev/null || echo 80)
terminal=''
[ ! -t 1 ] || terminal=y

show()
{
	local line

	line=$(printf '[%2d:%02d] %5d  %s' $((SECONDS / 60)) $((SECONDS % 60)) "$steps" "$1")
	if [ -n "$terminal" ]; then
		printf '\r\033[K%s' "${line:0:$((columns - 1))}"
	else
		printf '%s\n' "$line"
	fi
}

filter()
{
	local line steps=0 last=-1 every=10 now what=''

	[ -z "$terminal" ] || every=1
	while IFS= read -r line; do
		case $line in
		'  '[A-Z]*)
			steps=$((steps + 1))
			what=${line#  }
			now=$((SECONDS / every))
			if [ "$now" -ne "$last" ] && { [ -n "$terminal" ] || [ "$now" -gt 0 ]; }; then
				show "$what"
				last=$now
			fi ;;
		*warning:*|*WARNING:*)
			[ -z "$terminal" ] || printf '\r\033[K'
			printf '%s\n' "$line" ;;
		esac
	done
	if [ "$steps" -gt 0 ]; then
		show "steps done"
		[ -z "$terminal" ] || echo
	fi
}

status=0
"$@" 2>&1 | tee "$log" | filter || status=$?
[ "$status" -ne 0 ] || exit 0

{
	echo "build failed; the whole log: $log"
	# The last of what is not a step of the build.
	grep -a -v -E "^  [A-Z]|: (Entering|Leaving) directory " "$log" | tail -n 40
} >&2
exit 1
