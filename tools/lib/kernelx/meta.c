// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of a knob, and files that belong to none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int meta_path(char *path, size_t size, const char *knob, const char *file)
{
	int error = kx_check_name(knob);

	if (error)
		return error;
	if (!*file || *file == '.' || strchr(file, '/') || strlen(file) > 40)
		return -ENOENT;
	snprintf(path, size, ".meta/%s/%s", knob, file);
	return 0;
}

int kernelx_meta(struct kernelx *kx, const char *knob, const char *file, char **text)
{
	char path[256];
	int error = meta_path(path, sizeof(path), knob, file);

	if (!error)
		error = kx_read_at(kx->fd, path, text);
	if (!error)
		kx_chomp(*text);
	return error;
}

static int meta_number(struct kernelx *kx, const char *knob, const char *file, uint64_t *number)
{
	char *text;
	int error = kernelx_meta(kx, knob, file, &text);

	if (error)
		return error;
	error = kernelx_parse(text, number) ? -EIO : 0;
	free(text);
	return error;
}

static int read_info(struct kernelx *kx, const char *knob, struct kernelx_info *info)
{
	const struct {
		const char *file;
		uint64_t *number;
		char **text;
	} files[] = {
		{ "default", &info->def, NULL },
		{ "min", &info->min, NULL },
		{ "max", &info->max, NULL },
		{ "unit", NULL, &info->unit },
		{ "help", NULL, &info->help },
		{ "source", NULL, &info->source },
		{ "state", NULL, &info->state },
		{ "class", NULL, &info->knob_class },
		{ "mode", NULL, &info->mode },
	};
	int error = 0;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]) && !error; i++)
		error = files[i].number ?
			meta_number(kx, knob, files[i].file, files[i].number) :
			kernelx_meta(kx, knob, files[i].file, files[i].text);
	return error;
}

int kernelx_info(struct kernelx *kx, const char *knob, struct kernelx_info **result)
{
	struct kernelx_info *info = calloc(1, sizeof(*info));
	int error;

	if (!info)
		return -ENOMEM;
	error = read_info(kx, knob, info);
	info->name = strdup(knob);
	if (!error && !info->name)
		error = -ENOMEM;
	if (error) {
		kernelx_free_info(info);
		return error;
	}
	info->error = kernelx_get(kx, knob, &info->value);
	if (info->error)
		info->value = info->def;
	*result = info;
	return 0;
}

void kernelx_free_info(struct kernelx_info *info)
{
	if (!info)
		return;
	free(info->name);
	free(info->unit);
	free(info->help);
	free(info->source);
	free(info->state);
	free(info->knob_class);
	free(info->mode);
	free(info);
}

int kernelx_set_mode(struct kernelx *kx, const char *knob, const char *mode)
{
	char path[256], text[64];
	int error = meta_path(path, sizeof(path), knob, "mode");

	if (error)
		return error;
	if ((size_t)snprintf(text, sizeof(text), "%s\n", mode) >= sizeof(text))
		return -EINVAL;
	return kx_write_at(kx->fd, path, text);
}

int kernelx_changed(struct kernelx *kx, const char *knob, struct kernelx_change *change)
{
	int64_t seconds, milliseconds;
	int error, used = 0;
	char *text;

	error = kernelx_meta(kx, knob, "changed", &text);
	if (error)
		return error;
	if (!strcmp(text, "never")) {
		free(text);
		return 0;
	}
	memset(change, 0, sizeof(*change));
	if (sscanf(text, "%" SCNd64 ".%" SCNd64 " %d %u %n", &seconds, &milliseconds,
		   &change->pid, &change->uid, &used) < 4 || !used) {
		free(text);
		return -EIO;
	}
	change->msec = seconds * 1000 + milliseconds;
	snprintf(change->comm, sizeof(change->comm), "%s", text + used);
	free(text);
	return 1;
}

int kernelx_policy(struct kernelx *kx, const char *knob, char **name)
{
	char *text, *end;
	int error = kernelx_meta(kx, knob, "policy", &text);

	*name = NULL;
	if (error)
		return error;
	end = strchrnul(text, '\n');
	*end = '\0';
	if (!strncmp(text, "policy ", 7) && strcmp(text, "policy none")) {
		*name = strdup(text + 7);
		if (!*name)
			error = -ENOMEM;
	}
	free(text);
	return error;
}

int kernelx_file(struct kernelx *kx, const char *file, char **text)
{
	if (!*file || *file == '.' || strchr(file, '/'))
		return -ENOENT;
	return kx_read_at(kx->fd, file, text);
}
