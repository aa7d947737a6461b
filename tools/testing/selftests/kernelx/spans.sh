#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is known of sites: .meta/<knob>/{sites,spans,class}, of the kernel and of
# modules that come and go, and who may see it.

# shellcheck disable=SC1091,SC2317,SC2329
. "$(dirname "$0")/lib.sh"

need_sites
plan 25

swap=mm/swap_cluster_max
symbol='[^ ]+\+0x[0-9a-f]+/0x[0-9a-f]+( \[[^] ]+\])?'
class='(independent|dependent)( by-[a-z]+)*( equality)?( escapes)?( unbounded)?( [a-z]+(-[a-z]+)?)*'
restrict=/proc/sys/kernel/kptr_restrict
restricted=$(cat $restrict)

cleanup()
{
	echo "$restricted" >$restrict
	remove kernelx_test 2>/dev/null || true
	rm -f /tmp/kernelx_spoilt.ko
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# fault FILE EXTENDED-EXPRESSION: lines of that file of any knob that are not so
fault()
{
	grep -vxEH "$2" "$KX_META"/*/*/"$1" || true
}

# Sites without a span, spans of no site and spans that do not add up.
spans_fault()
{
	for knob in $(knobs); do
		awk -v "knob=$knob" '
			# A symbol at word i, with the module it may be in.
			function name(i) { return $(i + 1) ~ /^\[/ ? $i " " $(i + 1) : $i }
			function number(hex,  i, value) {
				for (i = 3; i <= length(hex); i++)
					value = value * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
				return value + 0
			}
			FILENAME ~ /sites$/ {
				site = name(1)
				used[site] = !/ (none|unknown) /
				next
			}
			{
				for (i = 3; i < NF && $i != ".."; i++)
					;
				site = name(i + 3)
				seen[site] = 1
				if (!(site in used))
					print knob ": not a site of it: " $0
				split($2, start, /[+\/]/)
				split($1, address, /-/)
				if (number(substr($(i + 1), 2)) - number(start[2]) != $(i + 2) || $(i + 2) < 1)
					print knob ": wrong size: " $0
				# The upper halves of addresses are all the same.
				if (number("0x" substr(address[2], 9)) - number("0x" substr(address[1], 9)) != $(i + 2))
					print knob ": not the size of its addresses: " $0
			}
			END {
				for (site in used)
					if (used[site] && !(site in seen))
						print knob ": no span of " site
			}' "$KX_META/$knob/sites" "$KX_META/$knob/spans"
	done
}

# A knob is whatever any of its sites is.
class_fault()
{
	awk -v "meta=$KX_META/" '
		FNR == 1 {
			knob = substr(FILENAME, length(meta) + 1)
			sites = sub(/\/sites$/, "", knob)
			sub(/\/class$/, "", knob)
		}
		sites {
			sub(/ at [^ ]*( \[[^ ]*\])?$/, "")
			for (i = NF; $i != "dependent" && $i != "independent"; i--)
				united[knob, $i] = 1
			count[knob]++
			dependent[knob] += $i == "dependent"
			next
		}
		{
			word = !count[knob] ? "no-site" : dependent[knob] ? "dependent" : "independent"
			united[knob, word] = 1
			for (i = 1; i <= NF; i++) {
				shown[knob, $i] = 1
				if (!((knob, $i) in united))
					print knob ": is " $i ", which none of its sites is"
			}
		}
		END {
			for (key in united) {
				split(key, part, SUBSEP)
				if (!(key in shown))
					print part[1] ": is not " part[2] ", which one of its sites is"
			}
		}' "$KX_META"/*/*/sites "$KX_META"/*/*/class
}

# spans_of MODULE: how many all knobs list of it
spans_of()
{
	cat "$KX_META"/*/*/spans | grep -cF "[$1]" || true
}

remove kernelx_test
none "$(dmesg | grep -F 'kernelx: nothing is known' || true)" "the kernel has its tables"
none "$(fault sites "$symbol (direct|indirect|bad) [0-9]+ (none|branches|[a-z]+( V(\*-?[0-9]+)?([-+][0-9]+)? \((8|16|32|64) bits\))?) critical [0-9]+ $class( at $symbol)?")" \
	"every site has its facts"
none "$(fault spans "[0-9a-f]{16}-[0-9a-f]{16} $symbol \.\. \+0x[0-9a-f]+ [0-9]+ $symbol")" \
	"every line of spans is a span"
none "$(fault class "($class|no-site)")" "class is a class"
none "$(spans_fault)" "spans are of sites, add up, and no site that is used has none"
none "$(class_fault)" "the class of a knob is that of all its sites"
none "$(for knob in $(knobs); do
	grep -v '\[' "$KX_META/$knob/spans" | cut -c -16 | sort -c 2>&1 | sed "s,^,$knob: ,"
done)" "spans are ordered by address"

# --- modules ---

before=$(cat "$KX_META"/*/*/spans | wc -l)
class_before=$(meta $swap class)
is "$(spans_of kernelx_test)" 0 "nothing of a module that is not loaded"
insert kernelx_test
found=$(spans_of kernelx_test)
if [ "$found" -ge 15 ]; then
	ok "a module's spans appear with it"
else
	not_ok "a module's spans appear with it" "$found of them: $(cat $KX_META/$swap/spans)"
fi
none "$(grep -hE '(compute_in_init|kernelx_test_init)\+' "$KX_META"/*/*/spans || true)" \
	"those in its __init text do not stay"
none "$(fault sites ".* (critical [0-9]+) $class( at $symbol)?"; spans_fault)" "its sites have facts and spans"
none "$(class_fault)" "the classes are those of its sites too"
remove kernelx_test
is "$(spans_of kernelx_test)" 0 "they go with it"
is "$(cat "$KX_META"/*/*/spans | wc -l)" "$before" "and no others do"
is "$(meta $swap class)" "$class_before" "the class is what it was"

# Its stanza names a function as the instance.
modprobe tcp_bbr
case $(meta net/bbr_extra_acked_max class) in
"dependent "*by-stanza*) ok "a knob whose stanza names a function is dependent" ;;
*) not_ok "a knob whose stanza names a function is dependent" "$(meta net/bbr_extra_acked_max class)" ;;
esac
is "$(grep -c ' bbr_main+0x0/' $KX_META/net/bbr_extra_acked_max/spans)" 1 \
	"the function is in its span from the beginning"
remove tcp_bbr

mark
"$KX_HERE/spoil" "$KX_MODULES/kernelx_test.ko" __kernelx_facts 4 /tmp/kernelx_spoilt.ko
case $(insmod /tmp/kernelx_spoilt.ko 2>&1) in
*"xec format"*|*"nvalid module format"*) ok "a module with facts of another version is refused" ;;
*) not_ok "a module with facts of another version is refused" ;;
esac
case $(log_since_mark) in
*"kernelx: kernelx_test: facts of version "*) ok "the log says why" ;;
*) not_ok "the log says why" "$(log_since_mark)" ;;
esac
is "$(spans_of kernelx_test)" 0 "nothing of it stays"
remove kernelx_test

# --- who may ---

# answers_fault BEGINNING OPTIONS-OF-PUT: what else reading answers, of every eighth knob
answers_fault()
{
	n=0
	for knob in $(knobs); do
		n=$((n + 1))
		[ $((n % 8)) = 0 ] || continue
		for file in sites spans; do
			answer=$("$KX_HERE/put" $2 "$KX_META/$knob/$file")
			case $answer in
			"$1"*) ;;
			*) echo "$knob/$file: $answer" ;;
			esac
		done
	done
}

none "$(answers_fault 'open EACCES' -u)" "another user cannot open sites and spans"
none "$(answers_fault EPERM -a)" "root without capabilities cannot read them"
echo 2 >$restrict
none "$(answers_fault EPERM '')" "nobody can if kptr_restrict is 2"
echo 1 >$restrict
none "$(answers_fault 'ok ' '')" "who has CAP_SYSLOG can if it is 1"
echo "$restricted" >$restrict

none "$(log_fault; all_sites_fault)" "all is well in the end"

finish
