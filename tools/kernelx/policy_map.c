// SPDX-License-Identifier: GPL-2.0
/*
 * kx policy map: what a policy is told, by the maps that kx pinned when it was attached.
 * For maps from a number or a text to a number, as most hints are.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx.h"

/* The longest key. */
#define LONGEST 64

/**
 * struct map - a map that is open
 * @name: of it
 * @fd: the file
 * @text: its keys are texts, else numbers
 * @key_size: bytes of a key
 * @value_size: bytes of a value, which is a number
 */
struct map {
	char *name;
	int fd;
	bool text;
	size_t key_size;
	size_t value_size;
};

/* The names of the maps of a policy, with blanks between; "" if there are none. */
static char *names_of_maps(const char *policy, size_t *count)
{
	char *path = text_of(POLICY_MAPS "/%s", policy), *names = need(strdup(""));
	DIR *stream = opendir(path);
	struct dirent *entry;

	*count = 0;
	while (stream && (entry = readdir(stream))) {
		char *longer;

		if (entry->d_name[0] == '.')
			continue;
		longer = text_of("%s%s%s", names, *count ? " " : "", entry->d_name);
		free(names);
		names = longer;
		++*count;
	}
	if (stream)
		closedir(stream);
	free(path);
	return names;
}

/* Which map: the one that was named, or the only one. */
static enum status choose(const char *policy, const char *wanted, char **name)
{
	enum status status = STATUS_OK;
	size_t count;
	char *names;

	if (geteuid())
		return fail(STATUS_DENIED,
			    "only root may see the maps of policies: try sudo kx ...");
	names = names_of_maps(policy, &count);
	if (!count && !policy_pinned(policy))
		status = no_such_policy(policy);
	else if (!count)
		status = fail(STATUS_UNSUPPORTED, "policy %s has no map", policy);
	else if (wanted && !has_word(names, wanted))
		status = fail(STATUS_UNKNOWN, "policy %s has no map %s, but: %s", policy, wanted,
			      names);
	else if (!wanted && count > 1)
		status = usage("policy %s has several maps: --map, with one of: %s", policy, names);
	else
		*name = need(strdup(wanted ?: names));
	free(names);
	return status;
}

/* Is a type an array of letters? Without the type of a key, its size has to tell. */
static bool is_text(const struct btf *btf, const struct bpf_map_info *info)
{
	const struct btf_type *type = NULL;
	int id = -1;

	if (btf)
		id = btf__resolve_type(btf, info->btf_key_type_id);
	if (id > 0)
		type = btf__type_by_id(btf, id);
	if (!type)
		return info->key_size != 4 && info->key_size != 8;
	return btf_is_array(type) && btf__resolve_size(btf, btf_array(type)->type) == 1;
}

static bool is_number(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static enum status open_map(const char *policy, const char *name, struct map *map)
{
	char *path = text_of(POLICY_MAPS "/%s/%s", policy, name);
	struct bpf_map_info info = { };
	__u32 size = sizeof(info);
	struct btf *btf;

	map->fd = bpf_obj_get(path);
	free(path);
	if (map->fd < 0 || bpf_map_get_info_by_fd(map->fd, &info, &size))
		return fail(errno == EPERM || errno == EACCES ? STATUS_DENIED : STATUS_FAILED,
			    "map %s of policy %s: %s", name, policy, strerror(errno));
	btf = info.btf_id ? btf__load_from_kernel_by_id(info.btf_id) : NULL;
	map->text = is_text(btf, &info);
	btf__free(btf);
	map->name = need(strdup(name));
	map->key_size = info.key_size;
	map->value_size = info.value_size;
	if ((info.type != BPF_MAP_TYPE_HASH && info.type != BPF_MAP_TYPE_LRU_HASH &&
	     info.type != BPF_MAP_TYPE_ARRAY) || map->key_size > LONGEST ||
	    !(map->text || is_number(map->key_size)) || !is_number(map->value_size))
		return fail(STATUS_UNSUPPORTED,
			    "map %s of policy %s is not from numbers or texts to numbers: see bpftool(8)",
			    name, policy);
	return STATUS_OK;
}

/* A number as so many bytes, in the order of this machine. */
static enum status parse_number(const char *what, const char *text, size_t size, void *bytes)
{
	uint64_t number;

	if (kernelx_parse(text, &number))
		return usage("%s is no number for a %s", text, what);
	if (size < 8 && number >> (8 * size))
		return usage("%s: a %s has %zu bytes only", text, what, size);
	/* The lower bytes are the first ones. */
	memcpy(bytes, &number, size);
	return STATUS_OK;
}

static enum status parse_key(const struct map *map, const char *text, char *key)
{
	memset(key, 0, LONGEST);
	if (!map->text)
		return parse_number("key", text, map->key_size, key);
	if (strlen(text) >= map->key_size)
		return usage("%s: a key of map %s has %zu letters at most", text, map->name,
			     map->key_size - 1);
	memcpy(key, text, strlen(text));
	return STATUS_OK;
}

static enum status map_failed(const struct map *map, const char *key)
{
	if (errno == ENOENT)
		return fail(STATUS_UNKNOWN, "map %s has no key %s", map->name, key);
	return fail(errno == EPERM ? STATUS_DENIED : STATUS_FAILED, "map %s, key %s: %s",
		    map->name, key, strerror(errno));
}

static enum status set_entry(const struct map *map, char *argument)
{
	char key[LONGEST], value[8], *equals = strrchr(argument, '=');
	enum status status;

	if (!equals)
		return usage("%s: write KEY=VALUE, or --delete KEY", argument);
	*equals = '\0';
	status = parse_key(map, argument, key);
	if (!status)
		status = parse_number("value", equals + 1, map->value_size, value);
	if (!status && bpf_map_update_elem(map->fd, key, value, BPF_ANY))
		status = map_failed(map, argument);
	return status;
}

static enum status delete_entry(const struct map *map, const char *argument)
{
	char key[LONGEST];
	enum status status = parse_key(map, argument, key);

	if (!status && bpf_map_delete_elem(map->fd, key))
		status = map_failed(map, argument);
	return status;
}

static void print_entry(const struct map *map, const char *key)
{
	uint64_t number = 0, value = 0;
	char *text;

	/* Gone meanwhile? */
	if (bpf_map_lookup_elem(map->fd, key, &value))
		return;
	if (!map->text)
		memcpy(&number, key, map->key_size);
	text = map->text ? text_of("%.*s", (int)map->key_size, key) : text_of("%" PRIu64, number);
	if (json) {
		json_begin(NULL, '{');
		json_text("key", text);
		json_number("value", value);
		json_end();
	} else {
		printf("%s=%" PRIu64 "\n", text, value);
	}
	free(text);
}

static void print_map(const struct map *map)
{
	char key[LONGEST] = "", next[LONGEST] = "";
	bool first = true;

	if (json)
		json_begin(NULL, '[');
	while (!bpf_map_get_next_key(map->fd, first ? NULL : key, next)) {
		print_entry(map, next);
		memcpy(key, next, sizeof(key));
		first = false;
	}
	if (json)
		json_end();
	else if (first)
		printf("Map %s is empty.\n", map->name);
}

static enum status use_map(const char *policy, const char *wanted, bool delete, int count,
			   char **arguments)
{
	struct map map = { .fd = -1 };
	enum status status;
	char *name = NULL;
	int i;

	status = choose(policy, wanted, &name);
	if (!status)
		status = open_map(policy, name, &map);
	for (i = 0; i < count && !status; i++)
		status = delete ? delete_entry(&map, arguments[i]) :
				  set_entry(&map, arguments[i]);
	if (!status && (!count || json))
		print_map(&map);
	if (map.fd >= 0)
		close(map.fd);
	free(map.name);
	free(name);
	return status;
}

enum status policy_map(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "map", required_argument, NULL, 'm' },
		{ "delete", no_argument, NULL, 'd' },
		{ }
	};
	const char *wanted = NULL;
	bool delete = false;
	int option;

	while ((option = next_option(argc, argv, ":m:d", longs)) >= 0) {
		if (option == 'm')
			wanted = optarg;
		else if (option == 'd')
			delete = true;
		else
			return STATUS_USAGE;
	}
	if (optind == argc)
		return usage("map: of which policy? kx policy list shows them");
	if (!policy_name(argv[optind]))
		return usage("map: %s: the name of a policy, as kx policy list shows it",
			     argv[optind]);
	if (delete && argc - optind < 2)
		return usage("map --delete: which key?");
	libbpf_set_print(NULL);
	return use_map(argv[optind], wanted, delete, argc - optind - 1, argv + optind + 1);
}
