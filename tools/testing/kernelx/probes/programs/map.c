// SPDX-License-Identifier: GPL-2.0
/*
 * BPF maps and programs.
 *
 * usage: map array BYTES	make an array of as many bytes
 *	  map hash		make a hash without preallocation, and put one element in
 *	  map verify JUMPS LENGTH	verify a program of so many jumps, with LENGTH
 *				instructions before each; prints how many states the
 *				verifier remembered
 */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int create(uint32_t type, uint32_t value, uint32_t entries, uint32_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = type;
	attr.key_size = sizeof(uint32_t);
	attr.value_size = value;
	attr.max_entries = entries;
	attr.map_flags = flags;
	return bpf(BPF_MAP_CREATE, &attr);
}

static int put(int fd, uint32_t key)
{
	uint64_t value = 0;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = fd;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	return bpf(BPF_MAP_UPDATE_ELEM, &attr);
}

static int verify(int jumps, int length)
{
	static char log[65536];
	struct bpf_insn load = { .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1 };
	struct bpf_insn jump = { .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 2 };
	struct bpf_insn zero = { .code = BPF_ALU64 | BPF_MOV | BPF_K };
	struct bpf_insn leave = { .code = BPF_JMP | BPF_EXIT };
	struct bpf_insn *insns = calloc(jumps * (length + 1) + 3, sizeof(*insns)), *at = insns;
	union bpf_attr attr;
	char *states;
	int i, j;

	if (!insns)
		return -1;
	/* Nothing is known of what is in the packet. */
	*at++ = load;
	for (i = 0; i < jumps; i++) {
		for (j = 0; j < length; j++)
			*at++ = zero;
		jump.imm = i + 1;
		*at++ = jump;
	}
	*at++ = zero;
	*at++ = leave;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = at - insns;
	attr.license = (uintptr_t)"GPL";
	attr.log_buf = (uintptr_t)log;
	attr.log_size = sizeof(log);
	attr.log_level = 4;
	if (bpf(BPF_PROG_LOAD, &attr) < 0) {
		fputs(log, stderr);
		return -1;
	}
	states = strstr(log, "total_states");
	printf("%d\n", states ? atoi(states + strlen("total_states")) : -1);
	return 0;
}

int main(int argc, char **argv)
{
	int ret = -1;

	if (argc == 3 && !strcmp(argv[1], "array")) {
		ret = create(BPF_MAP_TYPE_ARRAY, 8, atoi(argv[2]) / 8, 0) < 0;
	} else if (argc == 2 && !strcmp(argv[1], "hash")) {
		int fd = create(BPF_MAP_TYPE_HASH, 8, 100, BPF_F_NO_PREALLOC);

		ret = fd < 0 ? -1 : put(fd, 1);
	} else if (argc == 4 && !strcmp(argv[1], "verify")) {
		ret = verify(atoi(argv[2]), atoi(argv[3]));
	}
	if (ret)
		perror("map");
	return ret ? 1 : 0;
}
