# SPDX-License-Identifier: GPL-2.0
# Compare what objtool says of the sites of a C file with what its comments expect.
#
# usage: gawk -f words.awk FILE DUMP

function complain(text)
{
	print text
	wrong = 1
}

FILENAME == ARGV[1] {
	if ($0 !~ /^\/\* expect [0-9]+:.*\*\/$/)
		next
	site = $3
	sub(/:.*/, "", site)
	expected[site] = $0
	sub(/^[^:]*:/, "", expected[site])
	sub(/\*\/$/, "", expected[site])
	next
}
$1 == "site" {
	sites++
	if (!($2 in expected))
		complain("nothing is expected of: " $0)
	nr = split(expected[$2], word, " ")
	for (i = 1; i <= nr; i++) {
		not = sub(/^!/, "", word[i])
		gsub(/_/, " ", word[i])
		has = (" " $0 " ") ~ ("[ ,]" gensub(/[+*]/, "\\\\&", "g", word[i]) "[ ,]")
		if (has == not)
			complain((not ? "has " : "has no ") "\"" word[i] "\": " $0)
	}
}

END {
	if (!sites || sites != length(expected))
		complain(sites + 0 " sites, " length(expected) " expected")
	exit wrong
}
