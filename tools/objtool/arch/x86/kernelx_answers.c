// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KernelX spans: what the catalogue answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objtool/builtin.h>
#include <objtool/kernelx_answers.h>
#include <objtool/warn.h>

struct answer {
	struct answer *next;
	char *knob;
	char *name;
	char *group;
	char *instance;
	bool shared;
	bool state;
};

static struct answer *answers;

static const struct answer *find(const char *knob)
{
	const struct answer *answer;

	for (answer = answers; answer; answer = answer->next)
		if (!strcmp(answer->knob, knob))
			return answer;
	return NULL;
}

static bool add_line(char *line)
{
	static const char space[] = " \t\n";
	char *knob = strtok(line, space), *name = strtok(NULL, space);
	char *state = strtok(NULL, space), *group = strtok(NULL, space);
	char *instance = strtok(NULL, space), *shared = strtok(NULL, space);
	struct answer *answer;

	if (!shared || strtok(NULL, space))
		return false;
	answer = calloc(1, sizeof(*answer));
	if (!answer)
		return false;
	answer->knob = strdup(knob);
	answer->name = strdup(name);
	answer->group = strdup(group);
	answer->instance = strdup(instance);
	answer->shared = !strcmp(shared, "shared");
	answer->state = !strcmp(state, "state");
	answer->next = answers;
	answers = answer;
	return answer->knob && answer->name && answer->group && answer->instance;
}

int answers_read(void)
{
	size_t size = 0;
	char *line = NULL;
	bool good = true;
	FILE *file;

	if (!opts.kernelx)
		return 0;
	file = fopen(opts.kernelx, "r");
	if (!file) {
		fprintf(stderr, "%s: error: objtool: %s: %s\n", objname, opts.kernelx,
			strerror(errno));
		return -1;
	}
	while (good && getline(&line, &size, file) >= 0)
		good = line[0] == '#' || add_line(line);
	if (!good || ferror(file)) {
		fprintf(stderr, "%s: error: objtool: %s: not the answers of a catalogue\n",
			objname, opts.kernelx);
		good = false;
	}
	free(line);
	fclose(file);
	return good ? 0 : -1;
}

const char *answers_name(const char *knob)
{
	const struct answer *answer = find(knob);

	return answer ? answer->name : knob;
}

bool answers_state(const char *knob)
{
	const struct answer *answer = find(knob);

	return !opts.kernelx || (answer && answer->state);
}

bool answers_grouped(const char *knob, const char *other)
{
	const struct answer *one = find(knob), *another = find(other);

	return one && another && strcmp(one->group, "-") && !strcmp(one->group, another->group);
}

const char *answers_instance(const char *knob)
{
	const struct answer *answer = find(knob);

	return answer && strcmp(answer->instance, "-") ? answer->instance : NULL;
}

bool answers_shared(const char *knob)
{
	const struct answer *answer = find(knob);

	return !answer || answer->shared;
}
