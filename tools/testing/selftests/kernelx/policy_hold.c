// SPDX-License-Identifier: GPL-2.0
/*
 * Attach a policy for as long as standard input is open.
 *
 * usage: policy_hold FILE [KNOBS]
 *
 * KNOBS: instead of those that the file names. Prints "attached", or "refused" and a
 * reason, and obeys lines of the standard input:
 *
 *	set MAP KEY VALUE	a number or, if the map's keys are no numbers, a text as key
 *	get MAP KEY		prints the value
 *	again			tries to attach it once more, by another link
 *	global OFFSET		prints 8 bytes of the program's variables at this offset
 *
 * Prints "done" after each of them, and "detached" at the end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

static struct bpf_object *object;

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

/* The policy's list of knobs is what its map has last. */
static void choose_knobs(struct bpf_map *map, const char *knobs)
{
	size_t size;
	char *ops = bpf_map__initial_value(map, &size);

	snprintf(ops + size - 256, 256, "%s", knobs);
}

static struct bpf_map *find_policy(void)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			return map;
	return NULL;
}

static struct bpf_map *find_globals(void)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (strstr(bpf_map__name(map), ".bss"))
			return map;
	return NULL;
}

static void make_key(const struct bpf_map *map, const char *text, char *key)
{
	const unsigned int size = bpf_map__key_size(map);
	unsigned long long number = strtoull(text, NULL, 0);

	memset(key, 0, size);
	if (size == 4 || size == 8)
		memcpy(key, &number, size);
	else
		memcpy(key, text, strnlen(text, size));
}

static int obey(char *line)
{
	char name[64], text[64], key[256];
	struct bpf_map *map;
	unsigned int value;
	size_t size, offset;
	char *globals;

	if (sscanf(line, "set %63s %63s %u", name, text, &value) == 3) {
		map = bpf_object__find_map_by_name(object, name);
		if (!map)
			return -ENOENT;
		make_key(map, text, key);
		return bpf_map__update_elem(map, key, bpf_map__key_size(map), &value,
					    sizeof(value), BPF_ANY);
	}
	if (sscanf(line, "get %63s %63s", name, text) == 2) {
		map = bpf_object__find_map_by_name(object, name);
		if (!map)
			return -ENOENT;
		make_key(map, text, key);
		if (bpf_map__lookup_elem(map, key, bpf_map__key_size(map), &value,
					 sizeof(value), 0))
			return -errno;
		printf("%u\n", value);
		return 0;
	}
	if (!strcmp(line, "again\n"))
		return bpf_map__attach_struct_ops(find_policy()) ? 0 : -errno;
	if (sscanf(line, "global %zu", &offset) == 1) {
		map = find_globals();
		if (!map)
			return -ENOENT;
		globals = bpf_map__initial_value(map, &size);
		printf("%llu\n", *(unsigned long long *)(globals + offset));
		return 0;
	}
	return -EINVAL;
}

int main(int argc, char **argv)
{
	struct bpf_link *link;
	struct bpf_map *map;
	char line[256];
	int ret;

	if (argc < 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	libbpf_set_print(silent);
	object = bpf_object__open_file(argv[1], NULL);
	map = object ? find_policy() : NULL;
	if (!map) {
		printf("refused: no policy in %s\n", argv[1]);
		return 1;
	}
	if (argc > 2)
		choose_knobs(map, argv[2]);
	if (bpf_object__load(object)) {
		printf("refused: %s\n", strerror(errno));
		return 1;
	}
	link = bpf_map__attach_struct_ops(map);
	if (!link) {
		printf("refused: %s\n", strerror(errno));
		return 1;
	}
	puts("attached");
	while (fgets(line, sizeof(line), stdin)) {
		ret = obey(line);
		if (ret)
			printf("error: %s", strerror(-ret));
		puts(ret ? "" : "done");
	}
	bpf_link__destroy(link);
	puts("detached");
	return 0;
}
