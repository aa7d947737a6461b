#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The documentation says what is: run its examples, compare the ABI file with the
# live sysfs tree, and look for the files and targets that it names. Prints TAP.
#
# usage: docs-test.sh --kernel-build DIR
#
# An example is a literal block ("::") after a comment
#
#	.. kernelx-test: vm [kernel parameter]...
#	.. kernelx-test: host
#
# In it, a line that begins with "# " or "$ " is a command, and the lines up to the next
# one are what it prints, with "..." for any text, of several lines too. All examples with
# the same parameters run in one VM, in their order, in one shell that starts each of them
# in /root; those of the host in the build directory.

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../.." && pwd)
cd "$repository"
if [ $# -ne 2 ] || [ "$1" != --kernel-build ]; then
	echo "usage: docs-test.sh --kernel-build DIR" >&2
	exit 2
fi
build=$(cd "$2" && pwd)
tree=$build/source
# kx and a policy, for the examples that use them.
make -s -C tools/testing/selftests/kernelx OUTPUT="$build/selftests" KERNEL_TREE="$(cd "$tree" && pwd)" \
	KERNEL_BUILD="$build" tools >&2
abi=Documentation/ABI/testing/sysfs-kernel-kernelx
mapfile -t documents < <(find Documentation -path '*/kernelx/*.rst' | LC_ALL=C sort)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=0 failed=0

ok()
{
	number=$((number + 1))
	echo "ok $number - $1"
}

# not_ok WHAT: standard input says why
not_ok()
{
	number=$((number + 1))
	failed=$((failed + 1))
	echo "not ok $number - $1"
	sed 's/^/# /'
}

# none WHAT: ok if nothing is in standard input
none()
{
	local found

	found=$(cat)
	if [ -z "$found" ]; then
		ok "$1"
	else
		not_ok "$1" <<<"$found"
	fi
}

# The examples of the files "$@" as shell scripts $work/0, $work/1, ... with the kernel
# parameters that they want in $work/N.parameters ("host" for those of the host).
extract()
{
	awk -v work="$work" '
		function script(parameters)
		{
			if (!(parameters in scripts)) {
				scripts[parameters] = work "/" count++
				print parameters >(scripts[parameters] ".parameters")
			}
			return scripts[parameters]
		}
		function end_of_command()
		{
			if (in_command)
				print "KERNELX_END" >out
			in_command = 0
		}
		function end_of_example()
		{
			end_of_command()
			if (out)
				print "verdict" >out
			out = ""
		}
		function begin_example(parameters)
		{
			out = script(parameters)
			print "example " FILENAME ":" FNR >out
		}
		function add(line)
		{
			if (line ~ /^[#$] /) {
				end_of_command()
				printf "try <<\"KERNELX_END\"\n%s\nKERNELX_END\nexpect <<\"KERNELX_END\"\n",
					substr(line, 3) >out
				in_command = 1
			} else if (in_command) {
				for (; blank; blank--)
					print "" >out
				print line >out
			}
			blank = 0
		}
		FNR == 1		{ end_of_example(); marked = 0 }
		FILENAME ~ /\.md$/	{
			if (/^    echo .*> *\/sys\//) {
				begin_example("")
				add("# " substr($0, 5))
				end_of_example()
			}
			next
		}
		/^\.\. kernelx-test: /	{
			parameters = $3 == "host" ? "host" : substr($0, index($0, $3) + length($3) + 1)
			if ($3 != "host" && $3 != "vm")
				print FILENAME ":" FNR ": kernelx-test: give vm or host"
			marked = FNR
			next
		}
		marked && /::$/		{ begin_example(parameters); marked = 0; next }
		out && /^$/		{ blank++; next }
		out && /^  /		{ add(substr($0, 3)); next }
		out			{ end_of_example(); blank = 0 }
		END			{ end_of_example() }' "$@"
}

# What these scripts are made of; for the shells of the host and of the VM.
cat >"$work/functions" <<'END'
output=$(mktemp)
home=$PWD
example()
{
	where=$1
	wrong=''
	cd "$home" || exit 1
}
try()
{
	command=$(cat)
	eval "$command" >"$output" 2>&1 </dev/null
}
expect()
{
	wanted=$(cat)
	got=$(cat "$output")
	pattern=$(printf '%s\n' "$wanted" | sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g')
	case $got in
	$pattern)	return ;;
	esac
	wrong="$wrong$command
should print:
$wanted
prints:
$got
"
}
verdict()
{
	if [ -z "$wrong" ]; then
		echo "example ok $where"
	else
		echo "example not-ok $where"
		printf '%s' "$wrong" | sed 's/^/why /'
	fi
}
END

# KUnit tests at boot have provoked many messages: let the limit of their rate recover.
cat >"$work/settle" <<'END'
while [ "$(cut -d . -f 1 /proc/uptime)" -lt 8 ]; do
	sleep 1
done
END

# Turn what a script printed into TAP, and see that it came to its end.
report()
{
	local wanted=$1 seen=0 verdict where why

	while read -r _ verdict where; do
		seen=$((seen + 1))
		if [ "$verdict" = ok ]; then
			ok "example $where"
			continue
		fi
		why=$(awk -v line="example not-ok $where" '
			$0 == line		{ on = 1; next }
			on && !/^why( |$)/	{ exit }
			on			{ print substr($0, 5) }' "$2")
		not_ok "example $where" <<<"$why"
	done < <(grep "^example " "$2" || true)
	[ "$seen" -eq "$wanted" ] || not_ok "$3: all examples run" <<<"$seen of $wanted did, then: $(tail -n 5 "$2")"
}

run_examples()
{
	local script parameters status what

	for script in "$work"/[0-9]*.parameters; do
		parameters=$(cat "$script")
		script=${script%.parameters}
		what=${parameters:-no parameters}
		status=0
		{
			cat "$work/functions"
			[ -n "$parameters" ] || cat "$work/settle"
			cat "$script"
		} >"$script.sh"
		if [ -z "$parameters" ]; then
			echo "find /sys/kernel/kernelx -type f -exec stat -c 'file %a %n' {} +" >>"$script.sh"
		fi
		if [ "$parameters" = host ]; then
			(cd "$build" && sh "$script.sh") >"$script.out" 2>&1 || status=$?
		else
			"$here/vm.sh" --kernel-build "$build" --disk 64M --append "$parameters" \
				--file "$script.sh:/kernelx/docs.sh" --file "$build/selftests/kx:/kernelx/bin/kx" \
				--file "$build/selftests/policies:/kernelx/policies" \
				-- "cp /kernelx/policies/hint.bpf.o . && sh /kernelx/docs.sh" >"$script.out" 2>&1 || status=$?
		fi
		report "$(grep -c '^example ' "$script")" "$script.out" "$what"
		[ "$status" -eq 0 ] || not_ok "$what: ends well" <<<"status $status: $(tail -n 5 "$script.out")"
		[ -n "$parameters" ] || sed -n 's/^file //p' "$script.out" >"$work/files"
	done
}

# Every file below /sys/kernel/kernelx is in the ABI file with its mode, and what is there
# exists.
check_abi()
{
	[ -s "$work/files" ] || { echo "no sysfs tree was seen"; return; }
	awk '
		FNR == NR && /^What:/ {
			if (described)
				whats = described = 0
			if ($2 !~ /\/$/)
				what[++whats] = $2
			next
		}
		FNR == NR && /^Description:/	{ described = 1; next }
		FNR == NR {
			if (described != 1 || !NF)
				next
			described = 2
			permissions = /^\t\t\(RW\)/ ? 644 : /^\t\t\(RW, root only\)/ ? 600 : /^\t\t\(RO\)/ ? 444 : /^\t\t\(RO, root only\)/ ? 400 : /^\t\t\(WO\)/ ? 200 : 0
			for (i = 1; i <= whats; i++) {
				pattern = what[i]
				gsub(/\./, "\\.", pattern)
				gsub(/<[^>]*>/, "[^/.][^/]*", pattern)
				patterns[what[i]] = "^" pattern "$"
				mode[what[i]] = permissions
			}
			next
		}
		{
			known = 0
			for (name in patterns) {
				if ($2 !~ patterns[name])
					continue
				known = 1
				seen[name] = 1
				if (mode[name] != $1)
					print $2 ": mode " $1 ", documented: " mode[name]
			}
			if (!known)
				print $2 ": not documented"
		}
		END {
			for (name in patterns)
				if (!(name in seen))
					print name ": documented, but there is none"
		}' "$abi" "$work/files"
}

# Names of files, with an extension and a directory, that neither the repository nor the
# prepared tree nor the build has.
check_files()
{
	local file name expanded place

	for file in README.md "$abi" "${documents[@]}"; do
		while read -r name; do
			# "{a,b}.c" and "NN-*.patch" are meant as the shell takes them.
			for expanded in $(eval "echo $name"); do
				for place in . "$tree" "$tree/include" "$tree/arch/x86/include" "$build"; do
					! compgen -G "$place/$expanded" >/dev/null || continue 2
				done
				echo "$file: $expanded does not exist"
			done
		done < <(grep -oE '[A-Za-z0-9_.-]+(/[A-Za-z0-9_.{},*-]+)*/[A-Za-z0-9_.{},*-]+\.(c|h|S|sh|rst|config|patch|txt)\b' "$file" |
			sed 's,^<,,' | LC_ALL=C sort -u)
	done
}

# Targets of make that neither the Makefile here nor the kernel's knows.
check_targets()
{
	local file name

	# shellcheck disable=SC2016 # backquotes are rst
	for file in README.md "${documents[@]}"; do
		while read -r name; do
			grep -qE "^targets :=.* $name( |\$)" Makefile ||
				grep -qwF -e "$name" "$tree/Makefile" "$tree/scripts/kconfig/Makefile" \
					"$tree/scripts/Makefile.package" "$tree/arch/x86/Makefile" ||
				echo "$file: make $name: no such target"
		done < <(grep -oE '(``|^    |^  (\$ )?)make( +[A-Z_]+=[^ `]*)* +[a-z][A-Za-z_-]*' "$file" | sed 's/.* //' | sort -u)
		while read -r name; do
			grep -q "^#?.*\<$name=" Makefile || echo "$file: $name=: not in make help"
		done < <(grep -oE '``[A-Z_]+=' "$file" | tr -d '`=' | grep -v '^CONFIG_' | sort -u)
	done
}

extract "${documents[@]}" README.md >"$work/wrong"
none "markers of examples" <"$work/wrong"
run_examples
none "$abi and the live tree agree" < <(check_abi)
none "files that are named exist" < <(check_files)
none "targets and variables that are named exist" < <(check_targets)
echo "1..$number"
[ "$failed" -eq 0 ]
