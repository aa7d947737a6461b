# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
#
# Common to the KernelX selftests, for the shell of a small root file system.
# Sourced: it sets -eu, and a test must call plan first and finish last.

set -eu

KX_ROOT=/sys/kernel/kernelx
KX_META=$KX_ROOT/.meta
KX_TRACING=/sys/kernel/tracing
KX_HERE=$(cd "$(dirname "$0")" && pwd)
KX_MODULES=$KX_HERE/test_modules
KX_NUMBER=0
KX_FAILED=0
KX_PLAN=0

plan()
{
	KX_PLAN=$1
	echo "1..$1"
}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 4
}

bail_out()
{
	echo "Bail out! $*"
	exit 1
}

ok()
{
	KX_NUMBER=$((KX_NUMBER + 1))
	echo "ok $KX_NUMBER - $*"
}

# not_ok NAME [LINES]: LINES say why
not_ok()
{
	KX_NUMBER=$((KX_NUMBER + 1))
	KX_FAILED=$((KX_FAILED + 1))
	echo "not ok $KX_NUMBER - $1"
	[ $# = 1 ] || echo "$2" | head -n 20 | sed 's/^/# /'
}

# is GOT WANTED NAME
is()
{
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "got '$1', should be '$2'"
	fi
}

# none FAULTS NAME: a test of many things that printed what is wrong
none()
{
	if [ -z "$1" ]; then
		ok "$2"
	else
		not_ok "$2" "$1"
	fi
}

# works NAME COMMAND [ARGUMENT]...
works()
{
	name=$1
	shift
	if output=$("$@" 2>&1); then
		ok "$name"
	else
		not_ok "$name" "$*: $output"
	fi
}

# gives STATUS TEXT NAME ARGUMENT...: kx ends with it, and says the text
gives()
{
	wanted=$1
	text=$2
	name=$3
	shift 3
	status=0
	said=$(kx "$@" 2>&1 </dev/null) || status=$?
	if [ "$status" != "$wanted" ]; then
		not_ok "$name" "ended with $status, not $wanted: $said"
		return
	fi
	case $said in
	*"$text"*)	ok "$name" ;;
	*)		not_ok "$name" "does not say '$text': $said" ;;
	esac
}

# start NAME COMMAND [ARGUMENT]...: in the background; its output and number go to $work, and
# its number to $pids
# shellcheck disable=SC2154
start()
{
	name=$1
	shift
	"$@" >"$work/$name" 2>&1 &
	pids="$pids $!"
	echo $! >"$work/$name.pid"
}

# ended NAME MEANING: it was told to end, and must have worked, without an error
ended()
{
	pid=$(cat "$work/$1.pid")
	if wait "$pid" && grep -q '^[1-9][0-9]* rounds$' "$work/$1"; then
		ok "$2"
	else
		not_ok "$2" "$(cat "$work/$1")"
	fi
	echo "# $(tail -n 1 "$work/$1")"
}

finish()
{
	[ "$KX_NUMBER" = "$KX_PLAN" ] || bail_out "ran $KX_NUMBER tests of $KX_PLAN"
	exit $((KX_FAILED != 0))
}

# In instrumented code, some values go where no span can list it: no mode but immediate can
# be promised for their knobs.
bound_modes()
{
	for file in $(grep -l unbounded "$KX_META"/*/*/class || true); do
		(echo immediate >"${file%class}mode") 2>/dev/null || true
	done
}

need_kernelx()
{
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	[ -d $KX_META ] || skip_all "needs a kernel with CONFIG_KERNELX"
	bound_modes
}

# Sites are text only where an architecture can patch them.
need_sites()
{
	need_kernelx
	! grep -qs '^variable ' $KX_META/*/*/sites ||
		skip_all "needs CONFIG_KERNELX_SITES"
}

# All knobs, a line each: mm/readahead
knobs()
{
	for knob in "$KX_ROOT"/*/*; do
		echo "${knob#"$KX_ROOT"/}"
	done
}

get()
{
	read -r KX_VALUE <"$KX_ROOT/$1"
	echo "$KX_VALUE"
}

# meta KNOB FILE
meta()
{
	cat "$KX_META/$1/$2"
}

# set KNOB VALUE
turn()
{
	echo "$2" >"$KX_ROOT/$1"
}

reset_all()
{
	for knob in "$KX_ROOT"/*/*; do
		echo default >"$knob"
	done
}

# Another value than the one in force, inside the range.
other_value()
{
	if [ "$(get "$1")" = "$(meta "$1" max)" ]; then
		meta "$1" min
	else
		meta "$1" max
	fi
}

# Without sites, a knob's file lists its variable. What the kernel has is asked of another
# source than that file.
KX_FORM=direct
grep -q ' __start___kernelx_sites$' /proc/kallsyms || KX_FORM=variable

# Prints what is wrong: sites of KNOB, by its own file, that do not hold VALUE.
sites_fault()
{
	awk -v "value=$2" -v "knob=$1" -v "form=$KX_FORM" \
		'{ n = $2 ~ /^\[/ ? 3 : 2 }	# behind the name of a module
		/^variable / { n = 1 }
		$n != form || $(n + 1) != value { print knob ": should hold " value ": " $0 }' \
		"$KX_META/$1/sites"
}

# The same for all knobs and the values their files show, and by an independent
# reading of the kernel's text.
all_sites_fault()
{
	awk -v "root=$KX_ROOT/" -v "meta=$KX_META/" -v "form=$KX_FORM" '
		FNR == 1 {
			sites = index(FILENAME, meta) == 1
			knob = substr(FILENAME, 1 + length(sites ? meta : root))
			sub(/\/sites$/, "", knob)
		}
		!sites { value[knob] = $1; next }
		{ n = $2 ~ /^\[/ ? 3 : 2 }
		/^variable / { n = 1 }
		$n != form || $(n + 1) != value[knob] {
			print knob ": should hold " value[knob] ": " $0
		}' "$KX_ROOT"/*/* "$KX_META"/*/*/sites
	"$KX_HERE/readback" -q || true
}

# Lines of the kernel log since the machine started that tell of a bug.
log_fault()
{
	dmesg | awk -f "$KX_HERE/splats.awk"
}

# since MARK PATTERN: lines of the kernel log after the line that mark printed
mark()
{
	KX_MARK="kernelx selftest $$ $KX_NUMBER"
	echo "$KX_MARK" >/dev/kmsg
}

log_since_mark()
{
	dmesg | sed "1,/$KX_MARK/d"
}

# wait_for SECONDS COMMAND [ARGUMENT]...: until it succeeds. KERNELX_SLOW in the
# environment multiplies the time.
wait_for()
{
	tenths=$(($1 * 10 * ${KERNELX_SLOW:-1}))
	shift
	while ! "$@"; do
		[ "$tenths" -gt 0 ] || return 1
		tenths=$((tenths - 1))
		sleep 0.1
	done
}

# Some functions of kernelx_test return values to callers that are not known: no mode but
# immediate can be promised for their knob, as long as the module is there.
insert()
{
	[ "$1" != kernelx_test ] || echo immediate >"$KX_META/mm/swap_cluster_max/mode"
	insmod "$KX_MODULES/$1.ko"
}

loaded()
{
	[ -d "/sys/module/$1" ]
}

remove()
{
	loaded "$1" || return 0
	rmmod "$1" || return
	[ "$1" = kernelx_test ] || return 0
	case $(meta mm/swap_cluster_max class) in
	*unbounded*) ;;
	*) (echo default >"$KX_META/mm/swap_cluster_max/mode") 2>/dev/null || true ;;
	esac
}

# need_cpus NUMBER: what is said of several CPUs must not be tried on one
need_cpus()
{
	[ "$(grep -c '^processor' /proc/cpuinfo)" -ge "$1" ] || bail_out "needs $1 CPUs"
}
