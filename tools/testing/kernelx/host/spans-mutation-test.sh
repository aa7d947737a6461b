#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Would spans-test.sh notice? Each line of spans/mutations is put into objtool, and one of
# the cases must fail then. Output is TAP.
#
# KERNELX_BUILD=dir  a finished build of the kernel
# TREE=dir           the prepared kernel tree
set -eu -o pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
objects=$KERNELX_BUILD/tools/objtool
sources=$TREE/tools/objtool
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mapfile -t mutations < <(grep -v '^#' "$here/spans/mutations")
mapfile -t parts < <(find -L "$objects" -maxdepth 3 -name '*.o' ! -name '*-in.o' ! -path '*/libsubcmd/*' \
	! -name fixdep.o)
# Shared libraries as objtool has them: they differ from version to version.
mapfile -t libraries < <(ldd "$objects/objtool" | awk '$3 ~ /^\// && $1 !~ /^libc\.|^libm\./ { print $3 }')

# build FILE OUTPUT: objtool with one of its files replaced.
build()
{
	local name=$1 command part others=()

	command=$(sed -n 's/^[^ ]*cmd_[^ ]* := //p' "$objects/arch/x86/.$name.o.cmd" | head -n 1)
	[ -n "$command" ] || return 1
	# shellcheck disable=SC2001 # a word in the middle
	command=$(sed -e "s| arch/x86/$name\.c| $work/arch/x86/$name.c|" -e "s| -o [^ ]*| -o $work/$name.o|" \
		-e 's| -Wp,-M[^ ]*||g' -e 's| -Werror||g' -e 's|\$(pound)|\\#|g' <<<"$command")
	(cd "$sources" && eval "$command -w") || return 1
	for part in "${parts[@]}"; do
		[ "$(basename "$part")" = "$name.o" ] || others+=("$part")
	done
	"${CC:-cc}" -o "$2" "${others[@]}" "$work/$name.o" "$objects/libsubcmd/libsubcmd.a" "${libraries[@]}"
}

echo "TAP version 13"
echo "1..$((${#mutations[@]} + 1))"
failed=0
number=1
mkdir -p "$work/arch/x86"
cp "$sources"/arch/x86/kernelx_*.h "$work/arch/x86/"

# What is built here must be right without a mutation.
cp "$sources/arch/x86/kernelx_derive.c" "$work/arch/x86/"
if build kernelx_derive "$work/objtool" >"$work/log" 2>&1 &&
   OBJTOOL=$work/objtool "$here/spans-test.sh" >>"$work/log" 2>&1; then
	echo "ok 1 - spans: no mutation"
else
	echo "not ok 1 - spans: no mutation"
	sed 's/^/# /' "$work/log"
	failed=1
fi

for line in "${mutations[@]}"; do
	number=$((number + 1))
	file=${line%% | *}
	what=${line##* | }
	program=${line#* | }
	program=${program% | *}
	sed "$program" "$sources/arch/x86/$file" >"$work/arch/x86/$file"
	wrong=''
	if cmp -s "$work/arch/x86/$file" "$sources/arch/x86/$file"; then
		wrong="sed changes nothing: $program"
	elif ! build "${file%.c}" "$work/objtool" >"$work/log" 2>&1; then
		wrong="it does not compile"
	elif OBJTOOL=$work/objtool "$here/spans-test.sh" >"$work/log" 2>&1; then
		wrong="all cases pass"
	elif ! grep -q '^not ok' "$work/log"; then
		wrong="the test ended by itself"
	fi
	rm -f "$work/arch/x86/$file" "$work/objtool"
	if [ -z "$wrong" ]; then
		echo "ok $number - spans: noticed that $what"
	else
		echo "not ok $number - spans: noticed that $what: $wrong"
		sed 's/^/# /' "$work/log" | tail -n 20
		failed=1
	fi
done
exit "$failed"
