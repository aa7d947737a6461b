# SPDX-License-Identifier: GPL-2.0
# Compare the words for classes, reasons and uses, their numbers, and the version of the
# sections: what the code has is what the documents say.
#
# usage: gawk -f documented.awk include/linux/kernelx_spans.h
#	Documentation/dev-tools/kernelx/spans.rst Documentation/ABI/testing/sysfs-kernel-kernelx

function complain(text)
{
	print text
	wrong = 1
}

function has_bit(number, word)
{
	number += 0
	if (bit_of[word] != number || !(word in bit_of))
		complain("spans.rst: bit " number " is not `" word "'")
	bit_documented[word] = 1
}

FILENAME == ARGV[1] && $1 == "#define" && $2 == "KERNELX_FACTS_VERSION" { version = $3 }
FILENAME == ARGV[1] && $1 == "#define" && $3 ~ /^0x[0-9a-f]+$/ { value[$2] = strtonum($3) }
FILENAME == ARGV[1] && match($0, /word\((KERNELX_[A-Z_]+),[ \t]*"([a-z-]+)"\)/, part) {
	if (part[1] ~ /^KERNELX_USE_/)
		use_of[part[2]] = uses++
	else {
		flag_of[part[2]] = part[1]
		order = order " " part[2]
	}
	next
}
FILENAME == ARGV[1] && $1 == "#define" && $2 == "KERNELX_DEPENDENT" { flag_of["dependent"] = $2 }
FILENAME == ARGV[1] { next }

FNR == 1 && FILENAME == ARGV[2] {
	for (word in flag_of)
		bit_of[word] = log(value[flag_of[word]]) / log(2)
}

# Headings have a line below, tables a first line that says what they are.
FILENAME == ARGV[2] && /^=+$/ { section = last }
{ last = $0 }
FILENAME == ARGV[2] && /^bit +class/ { table = "bits"; next }
FILENAME == ARGV[2] && /^use +in/ { table = "uses"; next }
FILENAME == ARGV[2] && /^=+ =+$/ && section == "Classes" { table = "reasons" }
FILENAME == ARGV[2] && /^$/ { table = "" }
FILENAME == ARGV[2] && /``version``  *of both sections: / {
	if ($NF != version)
		complain("spans.rst: version " $NF ", not " version)
	version_documented = 1
}
FILENAME == ARGV[2] && table == "bits" {
	row = $0
	while (match(row, /([0-9]+) +``([a-z-]+)``/, part)) {
		has_bit(part[1], part[2])
		row = substr(row, RSTART + RLENGTH)
	}
}
FILENAME == ARGV[2] && table == "uses" && match($0, /^([0-9]+) +``([a-z]+)``/, part) {
	if (!(part[2] in use_of) || use_of[part[2]] != part[1])
		complain("spans.rst: use " part[1] " is not `" part[2] "'")
	use_documented[part[2]] = 1
}
FILENAME == ARGV[2] && section == "Classes" && match($0, /^ *``([a-z-]+)``$/, part) {
	class_documented[part[1]] = 1
}
FILENAME == ARGV[2] && table == "reasons" && match($0, /^``([a-z-]+)`` /, part) {
	reason_documented[part[1]] = 1
}

# In the order in which the kernel writes them.
FILENAME == ARGV[3] {
	gsub(/[,.;]/, "")
	for (i = 1; i <= NF; i++)
		if ($i in flag_of && $i != "dependent" && !($i in in_abi)) {
			in_abi[$i] = 1
			abi_order = abi_order " " $i
		}
}

END {
	for (word in flag_of) {
		if (!(word in bit_documented))
			complain("spans.rst: no bit of `" word "'")
		if (flag_of[word] ~ /_WIDE_/ && !(word in reason_documented))
			complain("spans.rst: the table of reasons has no `" word "'")
		if (flag_of[word] !~ /_WIDE_/ && !(word in class_documented))
			complain("spans.rst: the classes have no `" word "'")
	}
	for (word in reason_documented)
		if (flag_of[word] !~ /_WIDE_/)
			complain("spans.rst: `" word "' is no reason")
	for (word in class_documented)
		if (word != "independent" && (!(word in flag_of) || flag_of[word] ~ /_WIDE_/))
			complain("spans.rst: `" word "' is no class")
	for (word in use_of)
		if (!(word in use_documented))
			complain("spans.rst: no use `" word "'")
	if (!version_documented || !version)
		complain("spans.rst: no version")
	if (abi_order != order)
		complain("sysfs-kernel-kernelx:" abi_order "; not:" order)
	exit wrong
}
