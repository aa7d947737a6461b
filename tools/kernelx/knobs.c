// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs and settings that the command line names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * all_names() - the names of all knobs
 * @names: to be freed with kernelx_free_names()
 */
enum status all_names(char ***names)
{
	int error = kernelx_names(tree, names, NULL);

	if (error)
		return fail(STATUS_FAILED, "%s: cannot list the knobs: %s", kernelx_root(tree),
			    strerror(-error));
	return STATUS_OK;
}

/**
 * unknown_knob() - say that there is no such knob, and which may be meant
 * @given: its name
 */
enum status unknown_knob(const char *given)
{
	char **names, *meant;
	enum status status = all_names(&names);

	if (status)
		return status;
	meant = suggest(given, names);
	kernelx_free_names(names);
	if (strpbrk(given, "*?["))
		status = fail(STATUS_UNKNOWN,
			      "%s: a pattern is for kx list and kx watch; this takes names of knobs",
			      given);
	else if (meant)
		status = fail(STATUS_UNKNOWN, "no knob %s in this kernel: did you mean %s?",
			      given, meant);
	else
		status = fail(STATUS_UNKNOWN,
			      "no knob %s in this kernel: kx list shows those that there are",
			      given);
	free(meant);
	return status;
}

/**
 * find_knob() - what is known of a knob
 * @given: its name
 * @info: to be freed with kernelx_free_info()
 */
enum status find_knob(const char *given, struct kernelx_info **info)
{
	int error;

	if (!kernelx_exists(tree, given))
		return unknown_knob(given);
	error = kernelx_info(tree, given, info);
	if (error)
		return fail(STATUS_FAILED, "%s: %s", given, strerror(-error));
	return STATUS_OK;
}

/**
 * value_fault() - why a knob will not take a value
 * @info: the knob
 * @value: a number, or "default"
 *
 * Return: a text to be freed, or NULL if nothing is wrong
 */
const char *value_fault(const struct kernelx_info *info, const char *value)
{
	uint64_t number;
	int error;

	if (!strcmp(value, "default"))
		return NULL;
	error = kernelx_parse(value, &number);
	if (error == -EINVAL)
		return text_of("\"%s\" is not a number: give %" PRIu64 "..%" PRIu64
			       " (%s), with K, M or G for powers of 1024, or default",
			       value, info->min, info->max, info->unit);
	if (error || number < info->min || number > info->max)
		return text_of("%s is outside %" PRIu64 "..%" PRIu64 " (%s)", value,
			       info->min, info->max, info->unit);
	return NULL;
}

/**
 * check_value() - will a knob take a value?
 * @info: the knob
 * @value: a number, or "default"
 * @number: the number that this is
 */
enum status check_value(const struct kernelx_info *info, const char *value, uint64_t *number)
{
	const char *fault = value_fault(info, value);
	enum status status = STATUS_OK;

	if (fault)
		status = fail(STATUS_VALUE, "%s: %s", info->name, fault);
	else if (kernelx_parse(value, number))
		*number = info->def;
	free((char *)fault);
	return status;
}

/**
 * add_setting() - one more knob
 * @settings: which it is added to
 * @knob: its name
 * @value: what it is to have
 */
void add_setting(struct settings *settings, const char *knob, const char *value)
{
	struct kernelx_setting *setting;

	settings->list = need(realloc(settings->list,
				      (settings->count + 1) * sizeof(*settings->list)));
	setting = &settings->list[settings->count++];
	setting->knob = need(strdup(knob));
	setting->value = need(strdup(value));
}

/** free_settings() - free what add_setting() and parse_settings() made */
void free_settings(struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++) {
		free((char *)settings->list[i].knob);
		free((char *)settings->list[i].value);
	}
	free(settings->list);
	settings->list = NULL;
	settings->count = 0;
}

static enum status parse_setting(char *argument, struct settings *settings)
{
	char *equals = strchr(argument, '=');
	struct kernelx_info *info;
	enum status status;
	uint64_t number;
	char *knob;
	size_t i;

	if (!equals && kernelx_exists(tree, argument))
		return usage("%s: which value? Write %s=VALUE, without blanks", argument, argument);
	if (!equals)
		return usage("\"%s\" is no KNOB=VALUE, such as mm/readahead=64", argument);
	knob = need(strndup(argument, equals - argument));
	status = find_knob(knob, &info);
	free(knob);
	if (status)
		return status;
	status = check_value(info, equals + 1, &number);
	for (i = 0; i < settings->count && !status; i++)
		if (!strcmp(settings->list[i].knob, info->name))
			status = usage("%s is named twice", info->name);
	if (!status)
		add_setting(settings, info->name, equals + 1);
	kernelx_free_info(info);
	return status;
}

/**
 * parse_settings() - read KNOB=VALUE...
 * @count: how many
 * @arguments: these
 * @settings: where they go; each is a knob of this kernel, and a value that it takes
 */
enum status parse_settings(int count, char **arguments, struct settings *settings)
{
	enum status status = STATUS_OK;
	int i;

	settings->list = NULL;
	settings->count = 0;
	for (i = 0; i < count && !status; i++)
		status = parse_setting(arguments[i], settings);
	if (status)
		free_settings(settings);
	return status;
}

/**
 * get_stats() - a number from lines "<name> <number>"
 * @text: these lines
 * @name: which
 * @number: where it goes; 0 if there is none
 */
enum status get_stats(const char *text, const char *name, uint64_t *number)
{
	const size_t length = strlen(name);

	*number = 0;
	for (; text && *text; text = strchrnul(text, '\n'), text += *text == '\n')
		if (!strncmp(text, name, length) && text[length] == ' ') {
			*number = strtoull(text + length, NULL, 10);
			return STATUS_OK;
		}
	return STATUS_FAILED;
}

/** first_word() - does a text begin with this word? */
bool first_word(const char *text, const char *word)
{
	const size_t length = strlen(word);

	return !strncmp(text, word, length) && (!text[length] || text[length] == ' ');
}

/** has_word() - is a word among those of a text? */
bool has_word(const char *text, const char *word)
{
	for (;;) {
		if (first_word(text, word))
			return true;
		text = strchr(text, ' ');
		if (!text)
			return false;
		text++;
	}
}

/**
 * line_of() - the rest of the line that begins with a word
 * @text: lines "<word> ..."
 * @word: which
 *
 * Return: a text to be freed, or NULL if there is none
 */
char *line_of(const char *text, const char *word)
{
	for (; *text; text = strchrnul(text, '\n'), text += *text == '\n')
		if (first_word(text, word) && text[strlen(word)])
			return need(strndup(text + strlen(word) + 1,
					    strcspn(text, "\n") - strlen(word) - 1));
	return NULL;
}

/**
 * json_setting() - the value of a setting, as a member that is a number
 * @key: of the member
 * @setting: the setting; what is no value of its knob remains a text
 */
void json_setting(const char *key, const struct kernelx_setting *setting)
{
	struct kernelx_info *info;
	uint64_t value;

	if (!kernelx_parse(setting->value, &value)) {
		json_number(key, value);
	} else if (strcmp(setting->value, "default") ||
		   kernelx_info(tree, setting->knob, &info)) {
		json_text(key, setting->value);
	} else {
		json_number(key, info->def);
		kernelx_free_info(info);
	}
}
