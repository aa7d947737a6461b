/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands of kx share. */
#ifndef KX_H
#define KX_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <libkernelx.h>

#define __printf(format, first) __attribute((__format__(printf, format, first)))
#define __noreturn __attribute((__noreturn__))

/** enum status - what kx ends with; documented in kx(1), and stable */
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNKNOWN = 3,
	STATUS_VALUE = 4,
	STATUS_DENIED = 5,
	STATUS_BUSY = 6,
	STATUS_UNSUPPORTED = 7,
	STATUS_NO_KERNELX = 8,
	STATUS_DIFFERS = 9,
	STATUS_COMMAND = 10,
};

/**
 * struct command - a word behind kx
 * @name: the word
 * @arguments: what may follow it
 * @summary: what it does, in some words
 * @options: a line for each, or NULL
 * @run: does it; @argv begins with the word
 * @without_tree: it works on any kernel
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *options;
	enum status (*run)(int argc, char **argv);
	bool without_tree;
};

/* main.c: what the command line says in front of or behind the command */
extern struct kernelx *tree;
extern bool json;
extern const struct command *command;

/* command.c: words of the command line */
const struct command *find_command(const struct command *list, size_t count,
				   const char *name);
enum status unknown_command(const struct command *list, size_t count, const char *name,
			    const char *above);
enum status run_sub(const struct command *list, size_t count, int argc, char **argv);

/* The commands. */
enum status cmd_list(int argc, char **argv);
enum status cmd_show(int argc, char **argv);
enum status cmd_get(int argc, char **argv);
enum status cmd_set(int argc, char **argv);
enum status cmd_reset(int argc, char **argv);
enum status cmd_diff(int argc, char **argv);
enum status cmd_explain(int argc, char **argv);
enum status cmd_watch(int argc, char **argv);
enum status cmd_status(int argc, char **argv);
enum status cmd_policy(int argc, char **argv);
enum status cmd_profile(int argc, char **argv);
enum status cmd_doctor(int argc, char **argv);
enum status cmd_try(int argc, char **argv);

/* output.c: messages, and text for people */
enum style { PLAIN, BOLD, GREEN, YELLOW, RED, DIM };

enum status __printf(2, 3) fail(enum status status, const char *format, ...);
enum status __printf(1, 2) usage(const char *format, ...);
void __printf(1, 2) note(const char *format, ...);
extern bool no_colour;
extern char *last_failure;
const char *style(FILE *out, enum style style);
void wrap(const char *text, int indent);
void __printf(2, 3) labelled(const char *label, const char *format, ...);
void __printf(2, 3) explained(const char *label, const char *format, ...);
int width(void);
void *need(void *memory);
char *text_of(const char *format, ...) __printf(1, 2);
const char *time_text(int64_t msec, char *buffer, size_t size);
int next_option(int argc, char **argv, const char *shorts, const struct option *longs);

/* json.c: one document on standard output; the key is NULL in an array */
void json_begin(const char *key, char bracket);
void json_end(void);
void json_text(const char *key, const char *value);
void json_number(const char *key, uint64_t value);
void json_real(const char *key, double value);
void json_bool(const char *key, bool value);
void json_null(const char *key);
bool json_begun(void);
void json_lines(void);
void json_partial(void);
void json_error(const char *message, enum status status);

/* table.c: lines whose cells stand below each other */
struct table;
struct table *table_new(const char *alignment);
void table_row(struct table *table, enum style style, ...);
void table_print(struct table *table);

/* suggest.c: what somebody may have meant */
size_t distance(const char *a, const char *b);
char *suggest(const char *given, char **names);

/* knobs.c: knobs and settings that the command line names */
enum status unknown_knob(const char *given);
enum status find_knob(const char *given, struct kernelx_info **info);
enum status all_names(char ***names);

/* Which knobs, to what; @mode: in which to change them, NULL for their own */
struct settings {
	struct kernelx_setting *list;
	size_t count;
	const char *mode;
};

enum status parse_settings(int count, char **arguments, struct settings *settings);
void add_setting(struct settings *settings, const char *knob, const char *value);
void free_settings(struct settings *settings);
void json_setting(const char *key, const struct kernelx_setting *setting);
enum status check_value(const struct kernelx_info *info, const char *value, uint64_t *number);
const char *value_fault(const struct kernelx_info *info, const char *value);
enum status get_stats(const char *text, const char *name, uint64_t *number);
bool first_word(const char *text, const char *word);
bool has_word(const char *text, const char *word);
char *line_of(const char *text, const char *word);

/* refused.c: why the kernel did not do it, and what helps */
enum status refused(const struct settings *settings, int error);
enum status refused_one(const char *knob, int error);
char *who_holds(const char *knob);
void json_held(const char *knob);
bool names_change(const char *line, const struct kernelx_setting *setting);
int transaction_size(const struct settings *settings);
enum status would_refuse(const struct settings *settings);

/* rights.c: may this process turn knobs? */
char *lockdown(void);
int may_turn(void);

/* kernel_log.c: what the kernel says meanwhile */
int log_open(void);
char *log_said(int log, const char *about);

/* change.c: turn knobs, in the mode that was asked for */
enum status parse_mode(const char *text, const char **mode);
struct settings with_mode(const struct settings *settings);
enum status turn(const struct settings *settings);
void note_mode(const struct settings *settings);

/* hold.c: values for a time */
enum status parse_duration(const char *text, double *seconds);
enum status hold(const struct settings *settings, struct kernelx_lease **lease);
enum status release(struct kernelx_lease *lease, double seconds);
void catch_signals(void);
void block_signals(bool block);
extern volatile int caught_signal;
extern volatile pid_t signal_child;

/* changed.c: who changed a knob last */
void changed_by(const char *knob, char **when, char **who);
void json_changed(const char *knob);

/* sites.c: the instructions that hold a value, as root may see them */
struct sites {
	size_t count;
	size_t bad;
	size_t indirect;
	bool variable;
	bool known;
	bool denied;
	char *functions;
	char *modules;
};

void read_sites(const char *knob, struct sites *sites);
void free_sites(struct sites *sites);
bool read_spans(const char *knob, uint64_t *bytes, size_t *parts);

/* words.c: what the words in .meta mean */
char *class_words(const struct kernelx_info *info);
char *state_words(const struct kernelx_info *info);
char *mode_words(const struct kernelx_info *info);
char *policy_words(const struct kernelx_info *info);
const char *unit_of(const struct kernelx_info *info, uint64_t value);
const char *own_mode(const struct kernelx_info *info);
bool mode_chosen(const struct kernelx_info *info);

/* boot.c: boot parameters of knobs */
size_t boot_faults(char *line, void (*report)(const char *word, const char *why));

/* profile.c: values in a file; @absent: there was none, which was said */
struct profile_line {
	char *knob;
	char *value;
	char *file;
	unsigned int line;
};

struct profile {
	struct profile_line *lines;
	size_t count;
	size_t faults;
	bool absent;
};

enum status read_profile(const char *file, struct profile *profile);
void free_profile(struct profile *profile);

/* policy_load.c: programs, by libbpf */
#define POLICY_PINS "/sys/fs/bpf/kernelx"
#define POLICY_MAPS POLICY_PINS "/maps"
bool policy_pinned(const char *name);
uint64_t policy_vain(const char *text);
enum status policy_attach(int argc, char **argv);
enum status policy_detach(int argc, char **argv);
enum status no_such_policy(const char *name);
bool policy_name(const char *name);

/* policy_map.c: what a policy is told */
enum status policy_map(int argc, char **argv);

/* sample.c: run a command and take a number from it */
struct sampler;
enum status new_sampler(const char *metric, char **argv, struct sampler **sampler);
enum status sample(struct sampler *sampler, double *number);
void free_sampler(struct sampler *sampler);

#endif /* KX_H */
