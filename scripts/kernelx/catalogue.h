/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The catalogue in memory.
 */
#ifndef KCONST_CATALOGUE_H
#define KCONST_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct version - a base version
 * @major: first number
 * @minor: second number
 */
struct version {
	int major;
	int minor;
};

/**
 * struct versions - the versions something applies to
 * @since: the first
 * @before: the first that it does not apply to any more
 */
struct versions {
	struct version since;
	struct version before;
};

enum anchor_kind {
	ANCHOR_DEFINE,
	ANCHOR_LITERAL,
	ANCHOR_VARIABLE,
};

/**
 * struct anchor - where the constant stands
 * @kind: macro, literal or variable
 * @name: the macro, the function of a literal, or the variable
 * @expr: expression around a literal; value that selects one of several definitions of
 *	a macro, or NULL
 * @file: the source
 * @line: line in the catalogue
 * @versions: base versions it applies to
 */
struct anchor {
	enum anchor_kind kind;
	char *name;
	char *expr;
	char *file;
	int line;
	struct versions versions;
};

/**
 * struct alias - another macro that follows the knob
 * @name: the macro
 * @file: the source
 * @line: line in the catalogue
 * @versions: base versions it applies to
 */
struct alias {
	char *name;
	char *file;
	int line;
	struct versions versions;
};

/**
 * struct fixed - a use that stays at the default
 * @expr: expression that holds the use
 * @function: function it stands in, NULL for file scope
 * @file: the source
 * @reason: why it stays
 * @line: line in the catalogue
 * @versions: base versions it applies to
 */
struct fixed {
	char *expr;
	char *function;
	char *file;
	char *reason;
	int line;
	struct versions versions;
};

/**
 * struct setting - a word with a text that can depend on the version
 * @text: the text
 * @line: line in the catalogue
 * @versions: base versions it applies to
 */
struct setting {
	char *text;
	int line;
	struct versions versions;
};

enum state_kind {
	STATE_NONE,
	STATE_REFRESH,
	STATE_BENIGN,
};

/**
 * struct knob - one stanza
 * @name: subsystem/name
 * @symbol: the name as a C identifier
 * @file: catalogue file, as the user would open it
 * @line: line of the stanza
 * @versions: base versions the whole stanza applies to
 * @anchors: where the constant stands
 * @anchor_count: how many
 * @aliases: macros that follow
 * @alias_count: how many
 * @fixed: uses that stay at the default
 * @fixed_count: how many
 * @defaults: the default; one is left after catalogue_select()
 * @default_count: how many
 * @depends: CONFIG symbols, one text per symbol
 * @depends_count: how many
 * @min: lower bound
 * @max: upper bound
 * @range_line: line of the bounds
 * @unit: unit of the value
 * @unit_line: line of the unit
 * @state: what is done about latched state
 * @state_text: the hook or the reason
 * @state_line: line that says so
 * @group: group of knobs, or NULL
 * @group_line: line of the group
 * @instance: functions that an instance goes through to the end, separated by commas, or NULL
 * @instance_line: line that names them
 * @context_type: tag of the structure a policy may look at, or NULL
 * @context: expression that points to it where the constant is used
 * @context_line: line that says so
 * @help: text, lines separated by newlines, none at the end
 * @help_line: line of the word help
 */
struct knob {
	char *name;
	char *symbol;
	char *file;
	int line;
	struct versions versions;
	struct anchor *anchors;
	size_t anchor_count;
	struct alias *aliases;
	size_t alias_count;
	struct fixed *fixed;
	size_t fixed_count;
	struct setting *defaults;
	size_t default_count;
	struct setting *depends;
	size_t depends_count;
	char *min;
	char *max;
	int range_line;
	char *unit;
	int unit_line;
	enum state_kind state;
	char *state_text;
	int state_line;
	char *group;
	int group_line;
	char *instance;
	int instance_line;
	char *context_type;
	char *context;
	int context_line;
	char *help;
	int help_line;
};

/**
 * struct catalogue - all stanzas, sorted by name after catalogue_select()
 * @knobs: the stanzas
 * @count: how many
 * @refused: perf-consts that are no knobs: @name, @anchors, @versions, and @help is why
 * @refused_count: how many
 * @files: catalogue files that were read, as the user would open them
 * @file_count: how many
 */
struct catalogue {
	struct knob *knobs;
	size_t count;
	struct knob *refused;
	size_t refused_count;
	char **files;
	size_t file_count;
};

bool parse_version(const char *text, struct version *v);
bool versions_overlap(const struct versions *a, const struct versions *b);
bool version_applies(const struct versions *range, struct version v);

void catalogue_load(struct catalogue *cat, const char *dir);
void catalogue_select(struct catalogue *cat, struct version version);
void knob_check(const struct knob *knob);
void refused_check(const struct knob *refused, bool named);
void catalogue_check_names(const struct catalogue *cat);
char *knob_source(const struct knob *knob);

#endif /* KCONST_CATALOGUE_H */
