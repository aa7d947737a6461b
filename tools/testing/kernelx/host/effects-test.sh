#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of what objtool knows about the effects of instructions. Output is TAP.
#
# It is compared with capstone for every instruction of a kernel, and with a table for
# instructions of each kind. Then it is made wrong in many ways: each must be noticed.
#
# KERNELX_BUILD=dir  the build directory of a kernel: vmlinux and modules
# TREE=dir           a prepared kernel tree: the kernel's decoder
set -eu

: "${KERNELX_BUILD:?the build directory of a kernel}"
: "${TREE:?a prepared kernel tree}"

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
objtool=$(realpath "$here/../../../objtool")
build=$(realpath "$KERNELX_BUILD")
tree=$(realpath "$TREE")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
units=(kernelx_effects kernelx_effects_special kernelx_effects_tables)
compile=("${CC:-cc}" -std=gnu11 -O1 -Wall -Werror -I"$tree/tools/include"
	 -I"$tree/tools/arch/x86/include" -I"$objtool/include")

# shellcheck source-path=SCRIPTDIR source=lib/result.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/result.sh"

# test_that NAME COMMAND...
test_that()
{
	local name=$1 status=0

	shift
	"$@" >"$work/log" 2>&1 || status=1
	result "$status" "$name" "$work/log"
}

# link PROGRAM OBJECT...
link()
{
	local program=$1

	shift
	"${CC:-cc}" -o "$program" "$work/check.o" "$@" -lelf -lcapstone
}

compile_all()
{
	local unit objects=()

	mkdir "$work/inat" "$work/mutated"
	awk -f "$tree/tools/arch/x86/tools/gen-insn-attr-x86.awk" \
		"$tree/tools/arch/x86/lib/x86-opcode-map.txt" >"$work/inat/inat-tables.c" &&
	"${compile[@]}" -I"$tree/tools" -I"$work/inat" \
		-c -o "$work/check.o" "$here/effects-check.c" || return 1
	for unit in "${units[@]}"; do
		objects+=("$work/$unit.o")
		"${compile[@]}" -c -o "$work/$unit.o" "$objtool/arch/x86/$unit.c" || return 1
	done
	link "$work/check" "${objects[@]}"
}

# Each line: unit@what sed does to it@what is wrong then
mutations()
{
	cat <<-'END'
	kernelx_effects@s/size == 4 ? REG_PARTS(reg, PART_64) : old/old/@a write of 32 bits keeps the upper half
	kernelx_effects@s/return REG_PARTS(reg, PART_BYTE);/return REG_PARTS(reg, PART_64);/@8 bits are a whole register
	kernelx_effects@s/return REG_PARTS(reg, PART_16);/return REG_PARTS(reg, PART_64);/@16 bits are a whole register
	kernelx_effects@s/!d->rex && d->encoding/d->encoding/@spl is ah
	kernelx_effects@s/return REG_PARTS(reg - RSP, PART_HIGH);/return REG_PARTS(reg - RSP, PART_BYTE);/@ah is al
	kernelx_effects@s/#define REX_B(bits).*/#define REX_B(bits) 0/@REX.B is ignored
	kernelx_effects@s/vex\[2\]) ^ 15/vex[2])/@VEX.vvvv is not inverted
	kernelx_effects@s/displacement = d->insn->displacement.value/displacement = 0/@displacements are lost
	kernelx_effects@s/d->index != RSP/true/@an index where there is none
	kernelx_effects@s/memory->segment = d->segment;//@a segment is ignored
	kernelx_effects@s/if (!rule || d.not_known)/if (d.not_known)/@the unknown does nothing
	kernelx_effects@s/if (access & MAY)/if (0)/@what may be kept is no input
	kernelx_effects@s/effects->address |= effects_address_parts(d, memory);/effects->address = 0;/@addresses are no inputs
	kernelx_effects_special@s/return;$/;/@functions go on where they should return
	kernelx_effects_special@s/d->mod == 3 \&\& d->reg == d->rm/d->mod == 3/@xor of two registers is 0
	kernelx_effects_special@s/certain \&\& !rotate/true/@all shifts write flags
	kernelx_effects_special@s/repeated ? MAY : RW/RW/@repeated string operations are done at least once
	kernelx_effects_special@s/if (repeated)/if (0)/@rep does not use rcx
	kernelx_effects_special@s/MEMORY_WRITE, size/MEMORY_READ, size/@push does not store
	kernelx_effects_special@s/displacement += .*;/displacement += 0;/@pop to the stack uses the old stack pointer
	kernelx_effects_special@s/memory\[0\].size = 0;/memory[0].size = 8;/@a bit string has 8 bytes
	kernelx_effects_special@s/which = PART_32;/which = PART_64;/@lea of 32 bits uses 64
	kernelx_effects_special@s/effects_register(d, RBX, size, R);//@cmpxchg16b does not use rbx
	kernelx_effects_tables@/\[0x8b\]/s/G(V) . W, //@mov writes nothing
	kernelx_effects_tables@/\[0x89\]/s/, G(V) . R//@mov reads nothing
	kernelx_effects_tables@/\[0x89\]/s/E(V) . W/E(V) | RW/@mov uses the old value
	kernelx_effects_tables@/\[0x88\]/s/E(B) . W/E(B) | R/@mov to memory reads it
	kernelx_effects_tables@/ALU(0x38/s/NEW_FLAGS/NOTHING/@cmp keeps the flags
	kernelx_effects_tables@s/^#define CARRY.*/#define CARRY NEW_FLAGS/@adc does not use the carry
	kernelx_effects_tables@s/E(V) . RW }, SOME_FLAGS }/E(V) | RW }, NEW_FLAGS }/@inc and bts write all flags
	kernelx_effects_tables@/\[0x40 ... 0x4f\]/s/RW/W/@cmov always moves
	kernelx_effects_tables@/\[0x40 ... 0x4f\]/s/READS_FLAGS/NOTHING/@cmov does not use flags
	kernelx_effects_tables@/\[0xb1\]/s/A(V) . MAY/A(V) | RW/@cmpxchg always writes rax
	kernelx_effects_tables@/\[0xbc ... 0xbd\]/s/MAY/RW/@bsf always writes
	kernelx_effects_tables@/\[4 ... 5\] = { { E(V)/s/, D(V) . W//@mul does not write rdx
	kernelx_effects_tables@/\[0x32 ... 0x33\]/s/, D(D) . W//@rdmsr does not write rdx
	kernelx_effects_tables@s/ \&\& d->opcode_reg == RAX//@xchg with rax is a nop
	kernelx_effects_tables@/0xf6, 0xf6, VEX/s/, D(Y) . R//@mulx does not use rdx
	END
}

# Anything but status 1 is that the program itself has failed.
finds_errors()
{
	local status=0

	"$work/mutated/check" "$@" >"$work/mutated/log" || status=$?
	[ "$status" -eq 1 ]
}

# Notice what is wrong, as the table or the code of a module shows.
mutation_noticed()
{
	local unit=$1 change=$2 objects=() noticed="" other

	cp "$objtool/arch/x86/kernelx_effects.h" "$work/mutated/"
	sed "$change" "$objtool/arch/x86/$unit.c" >"$work/mutated/$unit.c"
	if cmp -s "$objtool/arch/x86/$unit.c" "$work/mutated/$unit.c"; then
		echo "this does not change the source: $change"
		return 1
	fi
	# What is left may be unused then.
	"${compile[@]}" -w -c -o "$work/mutated/$unit.o" "$work/mutated/$unit.c" || return 1
	for other in "${units[@]}"; do
		if [ "$other" = "$unit" ]; then
			objects+=("$work/mutated/$unit.o")
		else
			objects+=("$work/$other.o")
		fi
	done
	link "$work/mutated/check" "${objects[@]}" || return 1
	finds_errors -t "$here/effects-table.txt" && noticed+=" table"
	finds_errors "$module" && noticed+=" module"
	echo "noticed by:$noticed"
	[ -n "$noticed" ]
}

mapfile -t modules < <(find -L "$build" -name '*.ko' | sort)
mapfile -t all_mutations < <(mutations)
module=${modules[0]:-$build/vmlinux}

echo "TAP version 13"
echo "1..$((3 + ${#all_mutations[@]}))"
if ! compile_all >"$work/log" 2>&1; then
	result 1 "the tables and their test can be built" "$work/log"
	exit 1
fi
result 0 "the tables and their test can be built" "$work/log"
test_that "instructions of each kind have the effects of the table" \
	"$work/check" -t "$here/effects-table.txt"
test_that "nothing is missed in vmlinux and ${#modules[@]} modules" \
	"$work/check" "$build/vmlinux" "${modules[@]}"
for mutation in "${all_mutations[@]}"; do
	IFS=@ read -r unit change what <<<"$mutation"
	test_that "noticed: $what" mutation_noticed "$unit" "$change"
done
[ "$failed" -eq 0 ]
