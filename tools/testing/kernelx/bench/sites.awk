# SPDX-License-Identifier: GPL-2.0
#
# What the sites of one object file cost over the same file of the pristine base.
#
# Input: for the pristine file and then the KernelX one, the output of "readelf -SsrW"
# followed by "objdump -dw --no-show-raw-insn", each part preceded by a line
# "@symbols pristine|kernelx" or "@code pristine|kernelx". Variable: object.
#
# Output, tab-separated:
#	site	OBJECT	FUNCTION	SECTION	OFFSET	KNOB	COLD
#	function	OBJECT	FUNCTION	SITES	INSNS	INSNS'	HOT	HOT'	COLD	COLD'	WHY
# with ' for KernelX. A function is taken together with the parts that the compiler
# made of it (.cold, .part.0, .isra.0, ...). Padding and no-ops do not count. WHY
# names the instructions that tell of a lost folding, "-" if there are none.

function base_name(name)
{
	sub(/\.(cold|part|isra|constprop|localalias).*$/, "", name)
	return name
}

function hex(text,    value, i)
{
	value = 0
	text = tolower(text)
	sub(/^0x/, "", text)
	for (i = 1; i <= length(text); i++)
		value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return value
}

# Kinds of instructions that a constant folds away.
function kind(mnemonic, operands)
{
	if (mnemonic ~ /^i?div[bwlq]?$/)
		return "division"
	if (mnemonic ~ /^i?mul[bwlq]?$/)
		return "multiplication"
	if (mnemonic ~ /^(sh[lr]|sa[lr]|ro[lr])[bwlq]?$/ && operands ~ /^%cl,/)
		return "variable shift"
	if (mnemonic == "call")
		return "call"
	if (mnemonic ~ /^j/ && mnemonic != "jmp")
		return "branch"
	if (mnemonic ~ /^cmov/)
		return "conditional move"
	if (mnemonic ~ /^push/)
		return "saved register"
	return ""
}

$1 == "@symbols" || $1 == "@code" {
	part = $1
	build = $2
	relocations = ""
	next
}

# [ 4] .text  PROGBITS  ADDRESS OFFSET SIZE ...
part == "@symbols" && /^ +\[ *[0-9]+\] / {
	line = $0
	sub(/^ +\[ */, "", line)
	split(line, field, /[] ]+/)
	section_name[build, field[1] + 0] = field[2]
	next
}

/^Relocation section / {
	relocations = $3
	gsub(/'/, "", relocations)
	next
}

# OFFSET INFO TYPE VALUE NAME + ADDEND
part == "@symbols" && relocations == ".rela__kernelx_sites" && build == "kernelx" && /^[0-9a-f]+ +[0-9a-f]+ +R_/ {
	# A record refers to the site, its stub and the value, in this order.
	record = int(references / 3)
	if (references % 3 == 0) {
		site_in[record] = $5
		site_at[record] = hex($7)
		records++
	} else if (references % 3 == 2) {
		knob[record] = $5
		sub(/^kernelx_value_/, "", knob[record])
	}
	references++
	next
}

# NUMBER: VALUE SIZE TYPE BIND VISIBILITY SECTION NAME, without the padding that objtool
# gives a name.
part == "@symbols" && $4 == "FUNC" && $7 ~ /^[0-9]+$/ && $8 !~ /^__pfx_/ {
	section = section_name[build, $7 + 0]
	end[build, section, $8, hex($2)] = hex($2) + ($3 ~ /^0x/ ? hex($3) : $3)
	name = base_name($8)
	if (!((build, section, hex($2)) in function_at)) {
		function_at[build, section, hex($2)] = $8
		bytes = $3 ~ /^0x/ ? hex($3) : $3
		if (section ~ /^\.text\.unlikely|^\.init|^\.exit/ || $8 ~ /\.cold/)
			cold[build, name] += bytes
		else
			hot[build, name] += bytes
		known[name] = 1
		has[build, name] = 1
	}
	next
}

part == "@code" && /^Disassembly of section / {
	section = $4
	current = ""
	sub(/:$/, "", section)
	next
}

part == "@code" && /^[0-9a-f]+ <.*>:$/ {
	start = hex($1)
	if ((build, section, start) in function_at) {
		raw = function_at[build, section, start]
		current = base_name(raw)
		last = end[build, section, raw, start]
	}
	next
}

part == "@code" && current != "" && /^ *[0-9a-f]+:\t/ {
	split($0, column, "\t")
	address = column[1]
	gsub(/[ :]/, "", address)
	address = hex(address)
	if (address >= last)
		next
	text = column[2]
	operands = text
	gsub(/ +/, " ", text)
	while (text ~ /^(cs|ds|data16|lock|rep|repz|repnz|notrack|rex\.?[WRXB]*) [a-z]/)
		sub(/^[^ ]+ /, "", text)
	mnemonic = text
	sub(/ .*$/, "", mnemonic)
	operands = text
	sub(/^[^ ]+ ?/, "", operands)
	if (mnemonic ~ /^nop/ || (mnemonic == "xchg" && operands == "%ax,%ax"))
		next
	insns[build, current]++
	if (kind(mnemonic, operands) != "") {
		kinds[build, current, kind(mnemonic, operands)]++
		kind_names[kind(mnemonic, operands)] = 1
	}
	if (build == "kernelx")
		function_of[section, address] = raw
	next
}

function why(name,    list, one, more)
{
	list = ""
	split("division,multiplication,variable shift,call,branch,conditional move,saved register", order, ",")
	for (one = 1; one <= 7; one++) {
		more = kinds["kernelx", name, order[one]] - kinds["pristine", name, order[one]]
		if (more)
			list = list (list == "" ? "" : ", ") sprintf("%+d %s", more, order[one])
	}
	return list == "" ? "-" : list
}

END {
	OFS = "\t"
	for (record = 0; record < records; record++) {
		raw = function_of[site_in[record], site_at[record]]
		# The instruction begins with a prefix if its register is r8 to r15.
		if (raw == "")
			raw = function_of[site_in[record], site_at[record] - 1]
		if (raw == "")
			raw = "?"
		name = base_name(raw)
		sites[name]++
		print "site", object, name, site_in[record], sprintf("%x", site_at[record]), knob[record], \
			(raw ~ /\.cold/ || site_in[record] != ".text") ? "cold" : "hot"
	}
	for (name in known) {
		changed = insns["pristine", name] != insns["kernelx", name] ||
			hot["pristine", name] != hot["kernelx", name] ||
			cold["pristine", name] != cold["kernelx", name]
		if (!(name in sites) && !changed)
			continue
		reason = why(name)
		if (!has["pristine", name])
			reason = "no longer inlined everywhere"
		else if (!has["kernelx", name])
			reason = "now inlined everywhere"
		print "function", object, name, sites[name] + 0, \
			insns["pristine", name] + 0, insns["kernelx", name] + 0, \
			hot["pristine", name] + 0, hot["kernelx", name] + 0, \
			cold["pristine", name] + 0, cold["kernelx", name] + 0, reason
	}
}
