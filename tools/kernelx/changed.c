// SPDX-License-Identifier: GPL-2.0
/*
 * Who changed a knob last, and when.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/* The name of a user, without the name services that a static program cannot load. */
static char *user(unsigned int uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *entry;
	char *name = NULL;

	while (file && !name && (entry = fgetpwent(file)))
		if (entry->pw_uid == uid)
			name = need(strdup(entry->pw_name));
	if (file)
		fclose(file);
	return name ? name : text_of("%u", uid);
}

/**
 * changed_by() - the last change of a knob that is not at its default
 * @knob: its name
 * @when: to be freed
 * @who: to be freed
 */
void changed_by(const char *knob, char **when, char **who)
{
	struct kernelx_change change;
	int found = kernelx_changed(tree, knob, &change);
	char buffer[64], *name;

	if (!found) {
		*when = text_of("boot");
		*who = text_of("boot parameter");
	} else if (found < 0) {
		*when = text_of("?");
		*who = text_of("this kernel does not tell");
	} else {
		*when = text_of("%s", time_text(change.msec, buffer, sizeof(buffer)));
		name = user(change.uid);
		*who = text_of("%s (%s[%d])", name, change.comm, change.pid);
		free(name);
	}
}

/**
 * json_changed() - the same, as a member "changed"
 * @knob: its name
 */
void json_changed(const char *knob)
{
	struct kernelx_change change;

	if (kernelx_changed(tree, knob, &change) <= 0) {
		json_null("changed");
		return;
	}
	json_begin("changed", '{');
	json_number("milliseconds", change.msec);
	json_number("pid", change.pid);
	json_number("uid", change.uid);
	json_text("comm", change.comm);
	json_end();
}
