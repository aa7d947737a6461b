/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OBJTOOL_KERNELX_ANSWERS_H
#define _OBJTOOL_KERNELX_ANSWERS_H

#include <stdbool.h>

/*
 * What the catalogue says of knobs and the object does not: its file of answers
 * (--kernelx=FILE, made by "kconst answers") has a line for each knob, with its C symbol,
 * its name, "state" or "-", its group or "-", the functions that are instances as a whole
 * (with commas between them) or "-", and "shared" if other objects may have sites, or "-".
 *
 * Without the file no knob has to answer for anything, and none is in a group.
 */

/* Return: 0, or -1 after a message if there is a file that cannot be read. */
int answers_read(void);

/* A knob's name, or its C symbol if the catalogue does not know it. */
const char *answers_name(const char *knob);

/* Does its stanza say what is done about state that holds its value? */
bool answers_state(const char *knob);

/* Are two knobs in the same group? */
bool answers_grouped(const char *knob, const char *other);

/* The functions that its stanza names as the instance, with commas between them, or NULL. */
const char *answers_instance(const char *knob);

/* May other objects have sites of it? */
bool answers_shared(const char *knob);

#endif /* _OBJTOOL_KERNELX_ANSWERS_H */
