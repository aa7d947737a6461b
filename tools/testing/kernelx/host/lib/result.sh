# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The TAP lines of tests, for those who source this. "failed" counts what did not pass.

count=0
failed=0

# result STATUS NAME [LOG]: it passed if STATUS is 0; what LOG says stands behind it
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
	[ -z "${3:-}" ] || cut -c 1-300 "$3" | sed 's/^/# /'
}

# result_empty FILE NAME: FILE, which lists what is wrong, is empty
result_empty()
{
	local status=0

	[ ! -s "$1" ] || status=1
	result "$status" "$2" "$1"
}

# result_has WANTED GOT NAME: a text that the other must contain
result_has()
{
	case $2 in
	*"$1"*)	result 0 "$3" ;;
	*)
		result 1 "$3"
		echo "# should have: $1"
		echo "# ${2//$'\n'/$'\n'# }" ;;
	esac
}
