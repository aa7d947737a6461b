# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of kx in bash. The knobs are those of the running kernel, whose list is the
# catalogue it was built from.

_kx_words()
{
	local word

	COMPREPLY=()
	while read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -W "$1" -- "$2")
}

# KNOB=VALUE, as several words for readline, which breaks at "=".
_kx_value()
{
	local knob=$1 meta=${KERNELX_ROOT:-/sys/kernel/kernelx}/.meta/$1 file values=default

	for file in default min max; do
		[ ! -r "$meta/$file" ] || values+=" $(<"$meta/$file")"
	done
	[ -d "$meta" ] && [ -n "$knob" ] || values=''
	_kx_words "$values" "$2"
}

# Directories, with a slash and without a blank behind them, and files of a pattern.
_kx_files()
{
	mapfile -t COMPREPLY < <(
		compgen -d -S / -- "$1"
		compgen -f -- "$1" | while read -r word; do
			# shellcheck disable=SC2053 # a pattern
			[ -d "$word" ] || [[ $word != ${2:-*} ]] || echo "$word"
		done
	)
	[[ ${COMPREPLY[0]:-} != */ ]] || compopt -o nospace 2>/dev/null || true
}

_kx()
{
	local commands='list explain show get set reset diff try watch status profile policy doctor help version'
	local common='-j --json --root --no-color' command='' sub='' previous current i word

	current=${COMP_WORDS[COMP_CWORD]}
	previous=${COMP_WORDS[COMP_CWORD - 1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--)	# The rest is a command of its own.
			COMPREPLY=()
			[ "$command" != try ] || _kx_words "$(compgen -c -- "$current")" "$current"
			return ;;
		-*|=)	continue ;;
		esac
		if [ "${COMP_WORDS[i - 1]}" = --root ]; then
			continue
		elif [ -z "$command" ]; then
			command=$word
		elif [ -z "$sub" ]; then
			sub=$word
		fi
	done
	if [ "$current" = = ]; then
		_kx_value "$previous" ''
		return
	fi
	if [ "$previous" = = ]; then
		_kx_value "${COMP_WORDS[COMP_CWORD - 2]}" "$current"
		return
	fi
	case $previous in
	--root|--dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return ;;
	--mode)
		_kx_words 'immediate instance global' "$current"
		return ;;
	--for|--interval)
		_kx_words '1s 10s 30s 1m 5m' "$current"
		return ;;
	--knob)
		_kx_words "$(kx list --names 2>/dev/null)" "$current"
		return ;;
	esac
	case $command in
	'')
		_kx_words "$commands $common" "$current" ;;
	help)
		_kx_words "$commands" "$current" ;;
	list)
		_kx_words "--names --search $common $(kx list --names 2>/dev/null)" "$current" ;;
	show|explain|get)
		_kx_words "$common $(kx list --names 2>/dev/null)" "$current" ;;
	watch)
		_kx_words "--for --count --interval --poll $common $(kx list --names 2>/dev/null)" "$current" ;;
	reset)
		_kx_words "--all --dry-run --mode --modes $common $(kx list --names 2>/dev/null)" "$current" ;;
	set|try)
		local options='--dry-run --for --mode'
		[ "$command" = set ] || options='--runs --metric --higher --lower --'
		_kx_words "$options $common $(kx list --names 2>/dev/null | sed 's/$/=/')" "$current"
		[[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace 2>/dev/null || true ;;
	profile)
		case $sub in
		'')	_kx_words 'save apply verify' "$current" ;;
		*)
			local of_profile='--dry-run --strict --dir'
			[ "$sub" != save ] || of_profile=--all
			[ "$sub" != verify ] || of_profile='--exact --dir'
			_kx_words "$of_profile $common" "$current"
			[[ $current == -* ]] || _kx_files "$current" ;;
		esac ;;
	policy)
		case $sub in
		'')	_kx_words 'list show attach detach map' "$current" ;;
		show)	_kx_words "$common $(kx list --names 2>/dev/null)" "$current" ;;
		attach)
			_kx_words "--knob --name $common" "$current"
			[[ $current == -* ]] || _kx_files "$current" '*.bpf.o' ;;
		detach|map)
			local of_policy=''
			[ "$sub" = detach ] || of_policy='--map --delete'
			_kx_words "$of_policy $(kx policy list 2>/dev/null | sed -n '2,$s/^[^ ]\+ \+\([^ ?][^ ]*\) .*/\1/p')" "$current" ;;
		esac ;;
	diff)
		_kx_words "$common --exit-code" "$current" ;;
	*)
		_kx_words "$common" "$current" ;;
	esac
}

complete -F _kx kx
