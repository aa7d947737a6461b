#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of objtool's search for spans: functions in assembly, with the spans that are
# expected at the end of each line (spans/site.inc says how). Output is TAP.
#
# KERNELX_BUILD=dir  a finished build of the kernel, whose objtool is tested
# OBJTOOL=file       another objtool
# CASES='name...'    some of the files in spans/
# CLANG=name         a clang, whose debug information is another (clang-16, if there is one)
set -eu -o pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
objtool=${OBJTOOL:-$KERNELX_BUILD/tools/objtool/objtool}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$here/spans"
cases=()
for file in ${CASES:-*.S *.c}; do
	cases+=("${file%.[Sc]}")
done

# All knobs answer for what happens to their values; low and high are one group, and
# some name functions as their instances.
for knob in $(sed -n 's/.*knob=\([a-z]*\).*/\1/p' ./*.S ./*.c | sort -u) test; do
	case $knob in
	low | high)	echo "$knob test/$knob state both - -" ;;
	whole)		echo "$knob test/$knob state - entire -" ;;
	part)		echo "$knob test/$knob state - outer -" ;;
	twice)		echo "$knob test/$knob state - one,two -" ;;
	elsewhere)	echo "$knob test/$knob state - - shared" ;;
	*)		echo "$knob test/$knob state - - -" ;;
	esac
done >"$work/answers"

# Cases that must not build: files and compilers.
refused=()
clang=$(command -v "${CLANG:-clang-16}" || true)
if [ -z "${CASES:-}" ]; then
	for file in refused/*.c; do
		refused+=("$file ${CC:-cc}")
		[ -z "$clang" ] || refused+=("$file $clang")
	done
	{
		echo "unanswered test/unanswered - - - -"
		echo "gone test/gone state - there,nowhere -"
	} >>"$work/answers"
fi

# compile FILE [COMPILER]: an object of a C file, as the kernel's are.
compile()
{
	"${2:-${CC:-cc}}" -O2 -g -ffreestanding -fno-pic -mcmodel=kernel -fcf-protection=none \
		-fno-asynchronous-unwind-tables -I . -c -o "$work/$(basename "$1" .c).o" "$1"
}

echo "TAP version 13"
echo "1..$((${#cases[@]} + ${#refused[@]} + 1))"
number=1
failed=0
documents=$here/../../../../Documentation
if gawk -f documented.awk "$here/../../../../include/linux/kernelx_spans.h" \
	"$documents/dev-tools/kernelx/spans.rst" "$documents/ABI/testing/sysfs-kernel-kernelx" \
	>"$work/wrong"; then
	echo "ok 1 - spans: the words of the documentation"
else
	echo "not ok 1 - spans: the words of the documentation"
	sed 's/^/# /' "$work/wrong"
	failed=1
fi
for name in "${cases[@]}"; do
	number=$((number + 1))
	link=--link
	if [ -e "$name.S" ]; then
		as --64 -I . -aln="$work/$name.lst" -o "$work/$name.o" "$name.S"
		! grep -q '^# single object' "$name.S" || link=
	else
		compile "$name.c"
	fi
	status=0
	# Its warnings are about code that no kernel has.
	"$objtool" --kernelx="$work/answers" --orc $link "$work/$name.o" >"$work/$name.log" 2>&1 ||
		status=$?
	"$objtool" --dump=kernelx "$work/$name.o" >"$work/$name.dump" 2>>"$work/$name.log" || status=$?
	if [ -e "$name.S" ]; then
		nm "$work/$name.o" >"$work/$name.nm"
		gawk -f expect.awk "$work/$name.nm" "$work/$name.dump" "$work/$name.lst" >"$work/$name.wrong" ||
			status=$?
	else
		gawk -f words.awk "$name.c" "$work/$name.dump" >"$work/$name.wrong" || status=$?
	fi
	if [ "$status" -eq 0 ]; then
		echo "ok $number - spans: $name"
	else
		echo "not ok $number - spans: $name"
		sed 's/^/# /' "$work/$name.wrong" "$work/$name.log"
		failed=1
	fi
done

for case in ${refused[@]+"${refused[@]}"}; do
	number=$((number + 1))
	file=${case%% *}
	name=$(basename "$file" .c)
	compile "$file" "${case#* }"
	case="$name, $(basename "${case#* }")"
	status=0
	"$objtool" --kernelx="$work/answers" --orc --link "$work/$name.o" >"$work/log" 2>&1 || status=$?
	# The words of the comment, of which "..." stands for anything.
	remedy="the stanza must say what is done about that: \`state refresh HOOK' or \`state benign \"reason\"'"
	words=$(sed -n -e "s/^ \* expect: \(.*\)/unanswered: the value of the site at \1: $remedy/p" \
		-e 's/^ \* expect of //p' "$file")
	# shellcheck disable=SC2016 # sed
	pattern=$(printf '%s' "$words" | sed 's/[][\\.*^$(){}+?|]/\\&/g; s/\\\.\\\.\\\./.*/g')
	pattern="error: objtool: knob test/$pattern\$"
	if [ "$status" -ne 0 ] && grep -qE "$pattern" "$work/log"; then
		echo "ok $number - spans: refused: $case"
	else
		echo "not ok $number - spans: refused: $case: status $status, no \"$pattern\""
		sed 's/^/# /' "$work/log"
		failed=1
	fi
done
exit "$failed"
