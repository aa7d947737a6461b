#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel that was built in a directory of its own under QEMU and run one
# command, or an interactive shell, in it. Needs no privilege and no KVM.
#
# Exit status: that of the command; or
#   124  it took longer than --timeout
#   254  the kernel printed a WARN, BUG, lockdep or RCU splat
#   255  the kernel panicked, or the machine went away without a status
#   2    the machine could not be started (a bad option, a missing program)

set -eu

usage()
{
	cat <<-USAGE
	usage: vm.sh --kernel-build DIR [option]... [-- command [argument]...]

	Without a command: an interactive shell (Ctrl-A x ends the machine); if the input
	is not a terminal, it is the script to run.

	  --kernel-build DIR  build directory (O=) of the kernel
	  --kernel FILE       image to boot instead of DIR/vmlinux, e.g. a bzImage
	  --smp N             CPUs (2)
	  --mem SIZE          memory (1G; more for a KASAN kernel)
	  --append STRING     added to the kernel command line; can be given more than once
	  --timeout SECONDS   time limit of a command, boot included (300)
	  --thread single|multi
	                      single (the default) runs all CPUs in turn: exact.
	                      multi is faster, but under storms of text patching QEMU
	                      may execute stale instructions
	  --icount            count instructions: the clock follows them, and a run
	                      can be repeated; only with --thread single
	  --cpu MODEL         QEMU's CPU model (max)
	  --file SRC:DST      copy a file or directory into the machine; repeatable
	  --disk SIZE         scratch ext4 file system, /dev/vda, mounted on /mnt
	  --disk-image FILE   this image instead, mounted on /mnt and written to
	  --console FILE      keep the kernel log here, not in DIR/vm/console-N.log
	  --allow-splat       do not turn a splat into status 254
	  --qemu ARGUMENT     one more argument for QEMU; repeatable
	  --check             do nothing but find fault with the options before it
	USAGE
}

fail()
{
	echo "vm.sh: $*" >&2
	exit 2
}

# What QEMU would refuse later, with less to say. Their names in "make vm" are the
# same in upper case.
check_value()
{
	case $1 in
	--smp)
		[[ $2 =~ ^[1-9][0-9]{0,2}$ ]] || fail "$1 (SMP=) $2: give a number of CPUs, such as 2" ;;
	--mem)
		[[ $2 =~ ^[1-9][0-9]*[MG]$ ]] || fail "$1 (MEM=) $2: give megabytes or gigabytes, such as 512M or 1G" ;;
	--timeout)
		[[ $2 =~ ^[1-9][0-9]{0,6}$ ]] || fail "$1 (TIMEOUT=) $2: give a number of seconds, such as 300" ;;
	--thread)
		[ "$2" = single ] || [ "$2" = multi ] || fail "$1 (THREAD=) $2: give single or multi" ;;
	--disk)
		[[ $2 =~ ^[1-9][0-9]*[MG]$ ]] || fail "$1 (DISK=) $2: give megabytes or gigabytes, such as 256M" ;;
	esac
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build='' kernel='' smp=2 mem='' append='' timeout=300 thread=single icount=''
cpu=max disk='' disk_image='' console='' allow_splat='' interactive=y
files=() qemu_more=() words=()

while [ $# -gt 0 ]; do
	option=$1
	shift
	case $option in
	--help|-h)	usage; exit 0 ;;
	--icount)	icount=y; continue ;;
	--check)	exit 0 ;;
	--allow-splat)	allow_splat=y; continue ;;
	--)		words=("$@"); interactive=''; break ;;
	esac
	[ $# -gt 0 ] || fail "$option: unknown, or its value is missing (--help lists the options)"
	check_value "$option" "$1"
	case $option in
	--kernel-build)	build=$1 ;;
	--kernel)	kernel=$1 ;;
	--smp)		smp=$1 ;;
	--mem)		mem=$1 ;;
	--append)	append="$append $1" ;;
	--timeout)	timeout=$1 ;;
	--thread)	thread=$1 ;;
	--cpu)		cpu=$1 ;;
	--file)		files+=("$1") ;;
	--disk)		disk=$1 ;;
	--disk-image)	disk_image=$1 ;;
	--console)	console=$1 ;;
	--qemu)		qemu_more+=("$1") ;;
	*)		fail "$option: unknown option (--help lists them)" ;;
	esac
	shift
done

if [ -n "$interactive" ] && [ ! -t 0 ]; then
	words=("$(cat)") interactive=''
fi
[ -n "$build" ] || fail "--kernel-build DIR is missing"
[ -d "$build" ] || fail "$build: no such build directory"
build=$(cd "$build" && pwd)
kernel=${kernel:-$build/vmlinux}
[ -s "$kernel" ] || fail "$kernel: no kernel here; build it first (make build)"
[ -z "$icount" ] || [ "$thread" = single ] || fail "--icount needs --thread single"
[ -n "$interactive" ] || [ ${#words[@]} -gt 0 ] || fail "no command after --"
for program in qemu-system-x86_64 cpio depmod strip timeout flock; do
	command -v "$program" >/dev/null || [ -x "/sbin/$program" ] ||
		fail "$program is not installed (make packages installs what is needed)"
done
PATH=$PATH:/usr/sbin:/sbin

if grep -q '^CONFIG_KASAN=y' "$build/.config" 2>/dev/null; then
	mem=${mem:-2G}
fi
mem=${mem:-1G}

state=$build/vm
mkdir -p "$state"
work=$(mktemp -d "$state/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Stripping took the signatures away, and a locked-down kernel wants them.
sign_modules()
{
	local key hash

	grep -q "^CONFIG_MODULE_SIG=y" "$build/.config" || return 0
	hash=$(sed -n "s/^CONFIG_MODULE_SIG_HASH=\"\(.*\)\"/\1/p" "$build/.config")
	key=$build/certs/signing_key
	if [ -x "$build/scripts/sign-file" ] && [ -e "$key.pem" ]; then
		find "$1" -name "*.ko" -exec "$build/scripts/sign-file" "$hash" "$key.pem" "$key.x509" {} \;
	fi
}

# The part of the initramfs that only changes with the build: busybox, /init and
# all modules, without their debug information.
make_base()
{
	local release root=$state/root.partial object module target applet

	release=$(cat "$build/include/config/kernel.release")
	rm -rf "$root"
	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,tmp,run,mnt,root,etc,kernelx/bin} \
		"$root/lib/modules/$release/kernel"
	cp "$busybox" "$root/bin/busybox"
	cp "$here/init" "$root/init"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	for applet in $("$busybox" --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	while read -r object; do
		module=${object%.*}.ko
		target=$root/lib/modules/$release/kernel/$module
		mkdir -p "${target%/*}"
		strip --strip-debug -o "$target" "$build/$module"
	done < <(list_modules)
	sign_modules "$root"
	for object in modules.order modules.builtin modules.builtin.modinfo; do
		[ ! -e "$build/$object" ] || cp "$build/$object" "$root/lib/modules/$release/"
	done
	if [ -e "$build/System.map" ]; then
		depmod -b "$root" -F "$build/System.map" "$release"
	fi
	pack "$root" >"$state/base.cpio.partial"
	rm -rf "$root"
	mv "$state/base.cpio.partial" "$state/base.cpio"
}

list_modules()
{
	[ ! -e "$build/modules.order" ] || cat "$build/modules.order"
}

# A directory as a cpio archive in the kernel's format, owned by root.
pack()
{
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet)
}

# What the base of the initramfs was made from: names, sizes and times.
base_key()
{
	local object

	stat -c '%n %s %y' "$busybox" "$here/init" "$here/vm.sh" "$build/include/config/kernel.release"
	while read -r object; do
		stat -c '%n %s %y' "$build/${object%.*}.ko"
	done < <(list_modules)
}

# One word as a POSIX shell reads it back.
quote()
{
	printf "'%s' " "${1//\'/\'\\\'\'}"
}

busybox=$(command -v busybox || true)
[ -n "$busybox" ] || fail "busybox is not installed (make packages installs what is needed)"
if command -v ldd >/dev/null && ldd "$busybox" >/dev/null 2>&1; then
	fail "$busybox is not a static program: install busybox-static"
fi

(
	flock 9
	key=$(base_key) || fail "$build: a module is missing: build it again"
	if [ ! -e "$state/base.cpio" ] || [ "$key" != "$(cat "$state/base.key" 2>/dev/null)" ]; then
		rm -f "$state/base.key"
		make_base
		printf '%s\n' "$key" >"$state/base.key"
	fi
) 9>"$state/lock"

# The part that belongs to this run.
mkdir -p "$work/root/kernelx"
for file in ${files[@]+"${files[@]}"}; do
	source=${file%:*}
	target=$work/root/${file##*:}
	[ "$source" != "$file" ] || fail "--file $file: give SOURCE:DESTINATION"
	[ -e "$source" ] || fail "--file $source: no such file"
	mkdir -p "$(dirname "$target")"
	if [ -d "$source" ]; then
		mkdir -p "$target"
		cp -rL --preserve=mode "$source/." "$target/"
	else
		cp -L --preserve=mode "$source" "$target"
	fi
done
if [ -z "$interactive" ]; then
	if [ ${#words[@]} -eq 1 ]; then
		printf '%s\n' "${words[0]}"
	else
		for word in "${words[@]}"; do
			quote "$word"
		done
		echo
	fi >"$work/root/kernelx/command"
else
	mkdir -p "$work/root/etc"
	read -r rows columns < <(stty size)
	[ "$rows" -eq 0 ] || echo "stty rows $rows cols $columns" >"$work/root/etc/profile"
fi
{
	cat "$state/base.cpio"
	pack "$work/root"
} >"$work/initrd"

if [ -n "$disk" ]; then
	[ -z "$disk_image" ] || fail "give --disk or --disk-image, not both"
	disk_image=$work/disk
	truncate -s "$disk" "$disk_image" 2>/dev/null || fail "--disk $disk: give a size such as 256M"
	mkfs.ext4 -q -F -E lazy_itable_init=1 "$disk_image" || fail "--disk $disk: mkfs.ext4 failed"
fi

# Number the logs and keep the last eight.
new_console()
{
	local last

	flock 9
	last=$(printf '%s\n' "$state"/console-*.log | sed -n 's/.*console-\([0-9]*\)\.log$/\1/p' | sort -n | tail -n 1)
	last=$((${last:-0} + 1))
	: >"$state/console-$last.log"
	rm -f "$state/console-$((last - 8)).log"
	echo "$state/console-$last.log"
}
if [ -z "$console" ]; then
	console=$(new_console 9>"$state/lock") || fail "$state: cannot write a log here"
fi

# The emulated TSC counts the host's, or with --icount nanoseconds,
# which the guest cannot find out for itself: without help its clock would
# have the grain of the timer tick.
tsc_khz=1000000
[ -n "$icount" ] ||
	tsc_khz=$(awk '/^cpu MHz/ { printf "%d", $4 * 1000; exit }' /proc/cpuinfo)

# Without ioeventfd a write to a port is complete when the guest goes on, so
# that nothing is lost when it powers off.
arguments=(
	-nodefaults -no-user-config -no-reboot -display none
	-machine q35 -accel "tcg,thread=$thread" -cpu "$cpu" -smp "$smp" -m "$mem"
	-kernel "$kernel" -initrd "$work/initrd"
	-append "console=ttyS0 panic=-1 reboot=t tsc=reliable tsc_early_khz=$tsc_khz no_timer_check $append"
	-chardev "file,id=console,path=$console" -serial chardev:console
	-device "virtio-serial-pci,ioeventfd=off"
)
[ -z "$icount" ] || arguments+=(-icount shift=0)
if [ -n "$disk_image" ]; then
	# A disk that rotates and reports no size of its own has 8 MiB read ahead by newer
	# kernels, whatever the default is.
	arguments+=(
		-drive "file=$disk_image,format=raw,if=none,id=disk,cache=unsafe"
		-device "virtio-blk-pci,drive=disk,opt_io_size=512"
	)
fi
if [ -n "$interactive" ]; then
	arguments+=(-chardev "stdio,id=terminal,mux=on,signal=off" -device "virtconsole,chardev=terminal")
else
	arguments+=(
		-chardev "file,id=output,path=/dev/fd/3"
		-device "virtserialport,chardev=output,name=kernelx.output"
		-chardev "file,id=status,path=$work/status"
		-device "virtserialport,chardev=status,name=kernelx.status"
	)
fi
arguments+=(${qemu_more[@]+"${qemu_more[@]}"})

splats()
{
	tr -d '\r' <"$console" | awk -f "$here/../selftests/kernelx/splats.awk"
}

if [ -n "$interactive" ]; then
	echo "A shell in the VM: exit or Ctrl-A x ends it; kernel log: $console" >&2
	qemu-system-x86_64 "${arguments[@]}" || fail "QEMU failed"
	exit 0
fi

: >"$work/status"
{
	ended=0
	timeout --foreground -k 5 "$timeout" qemu-system-x86_64 "${arguments[@]}" \
		3>&1 >"$work/qemu.log" 2>&1 </dev/null || ended=$?
	echo "$ended" >"$work/ended"
} | cat
ended=$(cat "$work/ended")
status=$(cat "$work/status")

if grep -q 'Kernel panic - not syncing' "$console"; then
	echo "vm.sh: the kernel panicked: $console" >&2
	grep -a -m 1 -A 20 'Kernel panic - not syncing' "$console" | tr -d '\r' >&2
	exit 255
fi
found=$(splats)
if [ -n "$found" ]; then
	echo "vm.sh: kernel splat: $console" >&2
	head -n 20 <<<"$found" >&2
fi
case $ended in
0)	;;
124|137)
	echo "vm.sh: no end after $timeout seconds: $console" >&2
	exit 124 ;;
*)
	cat "$work/qemu.log" >&2
	fail "QEMU failed with status $ended" ;;
esac
if [ -n "$found" ] && [ -z "$allow_splat" ]; then
	exit 254
fi
if [ -z "$status" ]; then
	echo "vm.sh: the machine ended without a status: $console" >&2
	tail -n 20 "$console" | tr -d '\r' >&2
	exit 255
fi
exit "$status"
