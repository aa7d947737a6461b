# SPDX-License-Identifier: GPL-2.0
# Compare what objtool says of a case with what its lines expect.
#
# usage: gawk -f expect.awk NM DUMP LISTING

function complain(text)
{
	print text
	wrong = 1
}

# Offset of a place "symbol+0x12" in the section that all functions are in.
function offset_of(place,    at, symbol)
{
	at = match(place, /\+0x[0-9a-f]+$/)
	symbol = substr(place, 1, at - 1)
	if (!(symbol in address)) {
		complain(place ": no such symbol")
		return 0
	}
	return address[symbol] + strtonum(substr(place, at + 1))
}

# They are merged when all of them are known.
function check_parts(    s, n, m)
{
	for (s = 0; s < sites; s++)
		for (n = 1; n < parts[s]; n++)
			for (m = 0; m < n; m++)
				if (start[s, n] <= end[s, m] && start[s, m] <= end[s, n])
					complain("parts of site " s " overlap or touch: " line[s])
}

FILENAME == ARGV[1] {
	address[$3] = strtonum("0x" $1)
	if ($2 != "T" && $2 != "t")
		delete address[$3]
	# The cold part is in another section: keep the two apart.
	if ($3 ~ /\.cold$/)
		address[$3] += 1e6
	next
}
FILENAME == ARGV[2] && $1 == "site" {
	line[$2] = $0
	site_at[offset_of($5)] = $2
	sites++
	next
}
FILENAME == ARGV[2] && $1 == "span" {
	n = parts[$2]++
	start[$2, n] = offset_of($4)
	end[$2, n] = start[$2, n] + $5
	next
}
FILENAME == ARGV[2] { next }

# The listing: line number, offset, bytes, text. Long bytes go on in lines without text.
/\.pushsection/ { elsewhere = 1 }
/\.popsection/ { elsewhere = 0 }
elsewhere { next }
/\.section \.text\.unlikely/ { cold = 1e6 }
/^ *[0-9]+ +\.text|^ *[0-9]+ \t\.text$/ { cold = 0 }
$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9a-f]{4,}$/ && NF >= 4 {
	here[++lines] = strtonum("0x" $2) + cold
	text[lines] = $0
	next
}

END {
	for (k = 1; k <= lines; k++) {
		next_here = k < lines && here[k + 1] > here[k] && here[k + 1] < here[k] + 100 ? \
			here[k + 1] : here[k] + 1
		at = index(text[k], "#")
		comment = at ? substr(text[k], at + 1) : ""
		words = ""
		at = index(comment, ";")
		if (at) {
			words = substr(comment, at + 1)
			comment = substr(comment, 1, at - 1)
		}
		delete expected
		nr = split(comment, field, " ")
		for (i = 2; i <= nr && field[1] == "in"; i++)
			expected[field[i]] = 1
		for (s = 0; s < sites; s++) {
			inside = 0
			for (n = 0; n < parts[s]; n++)
				if (start[s, n] < next_here && end[s, n] > here[k])
					inside = 1
			if (inside && !(s in expected))
				complain("in the span of site " s " and should not be: " text[k])
			if (!inside && (s in expected))
				complain("not in the span of site " s ": " text[k])
			checked++
		}
		if (text[k] !~ /\tsite /)
			continue
		s = here[k] in site_at ? site_at[here[k]] : site_at[here[k] + 1]
		if (s == "") {
			complain("no site: " text[k])
			continue
		}
		found++
		nr = split(words, word, " ")
		for (i = 1; i <= nr; i++) {
			not = sub(/^!/, "", word[i])
			gsub(/_/, " ", word[i])
			if (word[i] == "...")
				continue
			has = (" " line[s] " ") ~ ("[ ,]" gensub(/[+*]/, "\\\\&", "g", word[i]) "[ ,]")
			if (has == not)
				complain((not ? "has " : "has no ") "\"" word[i] "\": " line[s])
		}
	}
	check_parts()
	if (!found || found != sites || !checked)
		complain("found " found + 0 " of " sites + 0 " sites in the listing")
	exit wrong
}
