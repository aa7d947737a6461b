// SPDX-License-Identifier: GPL-2.0
/*
 * Copies a module and changes one byte of one section in the copy:
 *
 *   spoil MODULE SECTION OFFSET COPY
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what)
{
	fprintf(stderr, "spoil: %s\n", what);
	exit(2);
}

static char *read_file(const char *name, long *size)
{
	FILE *file = fopen(name, "r");
	char *data;

	if (!file || fseek(file, 0, SEEK_END))
		fail(name);
	*size = ftell(file);
	rewind(file);
	data = malloc(*size);
	if (!data || fread(data, 1, *size, file) != (size_t)*size)
		fail(name);
	fclose(file);
	return data;
}

int main(int argc, char *argv[])
{
	unsigned long offset;
	Elf64_Shdr *sections;
	const char *names;
	Elf64_Ehdr *elf;
	char *data;
	FILE *copy;
	long size;
	int i;

	if (argc != 5)
		fail("usage: spoil MODULE SECTION OFFSET COPY");
	data = read_file(argv[1], &size);
	offset = strtoul(argv[3], NULL, 0);
	elf = (Elf64_Ehdr *)data;
	if (size < (long)sizeof(*elf) || memcmp(data, ELFMAG, SELFMAG))
		fail("not an ELF file");
	sections = (Elf64_Shdr *)(data + elf->e_shoff);
	names = data + sections[elf->e_shstrndx].sh_offset;
	for (i = 0; i < elf->e_shnum; i++)
		if (!strcmp(names + sections[i].sh_name, argv[2]))
			break;
	if (i == elf->e_shnum || offset >= sections[i].sh_size)
		fail("no such section or offset");
	data[sections[i].sh_offset + offset]++;

	copy = fopen(argv[4], "w");
	if (!copy || fwrite(data, 1, size, copy) != (size_t)size || fclose(copy))
		fail(argv[4]);
	return 0;
}
