#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make the kernel configuration of a build directory from fragments, and verify
# that every option of theirs was obtained.
#
# usage: config.sh --output DIR --key TEXT --fragment FILE... -- MAKE_COMMAND...
#
# MAKE_COMMAND is the kernel's make with its tree and build directory. A later
# fragment overrides an earlier one. A comment line "# optional: CONFIG_A CONFIG_B"
# in a fragment names options that some bases do not have. The work is skipped unless
# the fragments, or TEXT, which stands for the Kconfig files, changed.

set -eu

fail()
{
	echo "config: $*" >&2
	exit 1
}

output='' key='' fragments=()
while [ $# -gt 0 ]; do
	option=$1
	shift
	[ "$option" != -- ] || break
	case $option in
	--output)	output=$1 ;;
	--key)		key=$1 ;;
	--fragment)	fragments+=("$1") ;;
	*)		fail "$option: unknown option" ;;
	esac
	shift
done
if [ -z "$output" ] || [ ${#fragments[@]} -eq 0 ] || [ $# -eq 0 ]; then
	fail "an option is missing: see the head of this script"
fi

config=$output/.config
for fragment in "${fragments[@]}"; do
	[ -e "$fragment" ] || fail "$fragment: no such fragment"
done
mkdir -p "$output"

# One line for each option, the last one given.
merged=$(awk '
	match($0, /CONFIG_[A-Za-z0-9_]+/) && (/^CONFIG_/ || /^# CONFIG_[A-Za-z0-9_]+ is not set/) {
		name = substr($0, RSTART, RLENGTH)
		if (!(name in line))
			order[++count] = name
		line[name] = $0
	}
	END {
		for (i = 1; i <= count; i++)
			print line[order[i]]
	}' "${fragments[@]}")
inputs=$(printf '%s\n' "$merged" "$key")
if [ -e "$config" ] && [ "$inputs" = "$(cat "$output/kernelx.inputs" 2>/dev/null)" ]; then
	exit 0
fi
rm -f "$output/kernelx.inputs"

if [ -e "$config" ] && [ -e "$output/kernelx.made" ] && ! cmp -s "$config" "$output/kernelx.made"; then
	echo "config: $config was edited: keeping it, the fragments do not apply (remove it to have it made again)" >&2
	"$@" -s olddefconfig
	printf '%s\n' "$inputs" >"$output/kernelx.inputs"
	exit 0
fi

printf '%s\n' "$merged" >"$output/kernelx.merged"
KCONFIG_ALLCONFIG="$output/kernelx.merged" "$@" -s allnoconfig

# Options asked for and not obtained. What is off has no line, or "is not set".
missing=()
optional=" $(sed -n 's/^# optional: *//p' "${fragments[@]}" | tr '\n' ' ') "
while read -r line; do
	case $line in
	'#'*)
		name=${line#'# '}
		name=${name%% *}
		! grep -q "^$name=" "$config" || missing+=("$name: to be off, but is $(sed -n "s/^$name=//p" "$config")")
		continue ;;
	esac
	name=${line%%=*}
	if grep -qxF "$line" "$config"; then
		continue
	elif [ "${line#*=}" = n ] && ! grep -q "^$name=" "$config"; then
		continue
	elif [[ $optional == *" $name "* ]] && ! grep -q "^\(# \)\?${name}[= ]" "$config"; then
		continue
	fi
	missing+=("$line: not obtained (it is ${name}=$(sed -n "s/^$name=//p" "$config" | grep . || echo n))")
done <<<"$merged"
if [ ${#missing[@]} -gt 0 ]; then
	printf 'config: %s\n' "${missing[@]}" >&2
	fail "an option above does not exist in this base, or what it depends on is off"
fi

cp "$config" "$output/kernelx.made"
printf '%s\n' "$inputs" >"$output/kernelx.inputs"
