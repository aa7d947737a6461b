// SPDX-License-Identifier: GPL-2.0
/*
 * kx policy attach, kx policy detach: load a program and give it knobs. The link is
 * pinned, and with it the policy stays when kx ends; so are its maps, through which
 * applications leave hints.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "kx.h"

#define POLICY_TYPE "kernelx_policy_ops"
#define BPF_FS 0xcafe4a11
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

/**
 * struct members - where a policy says what it is called and which knobs it wants
 * @name: bytes from the begin of struct kernelx_policy_ops
 * @name_size: of that
 * @knobs: bytes from the begin
 * @knobs_size: of that
 */
struct members {
	size_t name;
	size_t name_size;
	size_t knobs;
	size_t knobs_size;
};

/* The first that libbpf complained of: the best there is to say why it failed. */
static char said[512];

/* What the verifier said, if it was asked: as libbpf quotes it, whole. */
static char *verifier;

#define VERIFIER_BEGIN "-- BEGIN PROG LOAD LOG --\n"
#define VERIFIER_END "-- END PROG LOAD LOG --"
#define VERIFIER_LINES 10

static int on_message(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char *text, *begin;

	if (level == LIBBPF_DEBUG || vasprintf(&text, format, arguments) < 0)
		return 0;
	begin = strstr(text, VERIFIER_BEGIN);
	if (begin && !verifier)
		verifier = need(strdup(begin + strlen(VERIFIER_BEGIN)));
	text[strcspn(text, "\n")] = '\0';
	if (level == LIBBPF_WARN && *text && !said[0])
		snprintf(said, sizeof(said), "%s", text);
	free(text);
	return 0;
}

/* The verifier comes to its point in the last lines. */
static enum status rejected(const char *file)
{
	char *end = strstr(verifier, VERIFIER_END), *begin;
	enum status status;
	size_t lines;

	if (!end)
		end = verifier + strlen(verifier);
	while (end > verifier && end[-1] == '\n')
		end--;
	*end = '\0';
	for (begin = end, lines = 0; begin > verifier; begin--)
		if (begin[-1] == '\n' && ++lines == VERIFIER_LINES)
			break;
	status = fail(STATUS_FAILED,
		      "%s: the kernel's verifier rejects it%s%s", file,
		      strstr(verifier, "GPL compatible") ?
		      ": it needs char LICENSE[] SEC(\"license\") = \"GPL\";" :
		      ", see the last lines of what it says:\n",
		      strstr(verifier, "GPL compatible") ? "" : begin);
	return status;
}

/** policy_name() - can a policy have this name? */
bool policy_name(const char *name)
{
	return *name && !name[strspn(name, LETTERS)] && strcmp(name, "maps");
}

/**
 * policy_pinned() - is the link of a policy pinned?
 * @name: of the policy
 *
 * A link that is pinned keeps its policy in force without a process.
 */
bool policy_pinned(const char *name)
{
	char *path = text_of(POLICY_PINS "/%s", name);
	const bool pinned = !access(path, F_OK);

	free(path);
	return pinned;
}

static enum status load_failed(const char *file, const char *what, int error)
{
	if (verifier)
		return rejected(file);
	if (error == -EPERM || error == -EACCES) {
		char *level = lockdown();
		enum status status;

		if (geteuid())
			status = fail(STATUS_DENIED, "%s: only root may attach policies", file);
		else if (level)
			status = fail(STATUS_DENIED,
				      "%s: the kernel is locked down (%s), which forbids policies",
				      file, level);
		else
			status = fail(STATUS_DENIED, "%s: %s: %s", file, what,
				      said[0] ? said : strerror(-error));
		free(level);
		return status;
	}
	return fail(STATUS_FAILED, "%s: %s: %s%s%s", file, what, strerror(-error),
		    said[0] ? ": " : "", said);
}

/* The only policy of an object. */
static enum status find_policy(struct bpf_object *object, const char *file, struct bpf_map **policy)
{
	struct bpf_map *map;

	*policy = NULL;
	bpf_object__for_each_map(map, object) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		if (*policy)
			return fail(STATUS_USAGE,
				    "%s: %s and %s are both policies: put each in a file of its own",
				    file, bpf_map__name(*policy), bpf_map__name(map));
		*policy = map;
	}
	if (!*policy)
		return fail(STATUS_USAGE,
			    "%s: no struct " POLICY_TYPE " with SEC(\".struct_ops.link\") in it",
			    file);
	return STATUS_OK;
}

static bool find_member(const struct btf *btf, const struct btf_type *type, const char *name,
			size_t *offset, size_t *size)
{
	const struct btf_member *member = btf_members(type);
	int i;

	for (i = 0; i < btf_vlen(type); i++, member++) {
		if (strcmp(btf__name_by_offset(btf, member->name_off), name))
			continue;
		*offset = btf_member_bit_offset(type, i) / 8;
		*size = btf__resolve_size(btf, member->type);
		return true;
	}
	return false;
}

/* The layout is that of the object file, as the initial value is. */
static enum status find_members(struct bpf_object *object, const char *file,
				struct members *members)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_type *type;
	int id = btf ? btf__find_by_name_kind(btf, POLICY_TYPE, BTF_KIND_STRUCT) : -ENOENT;

	if (id < 0)
		return fail(STATUS_USAGE, "%s: it has a struct_ops, but no struct " POLICY_TYPE,
			    file);
	type = btf__type_by_id(btf, id);
	if (!find_member(btf, type, "name", &members->name, &members->name_size) ||
	    !find_member(btf, type, "knobs", &members->knobs, &members->knobs_size))
		return fail(STATUS_USAGE,
			    "%s: its struct " POLICY_TYPE " has no name or knobs: compile it again",
			    file);
	return STATUS_OK;
}

/* Write what --knob and --name say over what the file says. */
static enum status override(struct bpf_map *policy, const struct members *members,
			    const char *file, const char *knobs, const char *name, char **final)
{
	size_t size;
	char *value = bpf_map__initial_value(policy, &size);
	char *given;

	if (!value || members->name + members->name_size > size ||
	    members->knobs + members->knobs_size > size)
		return fail(STATUS_FAILED, "%s: libbpf does not give the policy's initial value",
			    file);
	if (knobs && strlen(knobs) >= members->knobs_size)
		return fail(STATUS_USAGE,
				"%s: too many knobs: their names take more than %zu bytes",
			    file, members->knobs_size - 1);
	if (name && strlen(name) >= members->name_size)
		return fail(STATUS_USAGE, "--name %s: more than %zu letters", name,
			    members->name_size - 1);
	if (knobs) {
		memset(value + members->knobs, 0, members->knobs_size);
		memcpy(value + members->knobs, knobs, strlen(knobs));
	}
	if (name) {
		memset(value + members->name, 0, members->name_size);
		memcpy(value + members->name, name, strlen(name));
	}
	given = need(strndup(value + members->name, members->name_size));
	if (!policy_name(given)) {
		enum status status;

		status = usage("%s: \"%s\" is no name: --name LETTERS, with digits, - and _",
			       file, given);

		free(given);
		return status;
	}
	*final = given;
	return STATUS_OK;
}

/* The knobs that a policy wants must exist, and nobody else must hold them. */
static enum status check_knobs(struct bpf_map *policy, const struct members *members,
			       const char *file, char **knobs)
{
	size_t size;
	const char *value = bpf_map__initial_value(policy, &size);
	char *text = need(strndup(value + members->knobs, members->knobs_size));
	char *rest = text, *word;
	enum status status = STATUS_OK;
	size_t count = 0;

	*knobs = need(strdup(text + strspn(text, "\n\t ")));
	while (!status && (word = strsep(&rest, "\n\t "))) {
		char *holder;

		if (!*word)
			continue;
		count++;
		if (!kernelx_exists(tree, word)) {
			status = unknown_knob(word);
			break;
		}
		holder = who_holds(word);
		if (holder)
			status = fail(STATUS_BUSY, "%s: %s", word, holder);
		free(holder);
	}
	if (!status && !count)
		status = usage("%s names no knob: say which with --knob", file);
	free(text);
	return status;
}

static enum status make_directory(const char *path)
{
	if (!mkdir(path, 0700) || errno == EEXIST)
		return STATUS_OK;
	return fail(errno == EPERM || errno == EACCES ? STATUS_DENIED : STATUS_FAILED,
		    "%s: %s: is bpffs mounted on /sys/fs/bpf?", path, strerror(errno));
}

/* Only a kernel with policies has the files that tell of them. */
static enum status check_kernel(const char *knobs)
{
	char *knob = need(strndup(knobs, strcspn(knobs, "\n\t "))), *text;
	int error = kernelx_meta(tree, knob, "policy", &text);

	free(knob);
	if (!error)
		free(text);
	if (error == -ENOENT)
		return fail(STATUS_UNSUPPORTED, "this kernel has no policies");
	return STATUS_OK;
}

static enum status check_bpffs(void)
{
	struct statfs about;

	if (!statfs("/sys/fs/bpf", &about) && about.f_type == BPF_FS)
		return make_directory(POLICY_PINS);
	return fail(STATUS_UNSUPPORTED,
		    "/sys/fs/bpf: no bpffs, which keeps policies: mount -t bpf none /sys/fs/bpf");
}

/* Take away a directory of pins. */
static void remove_maps(const char *name)
{
	char *path = text_of(POLICY_MAPS "/%s", name);
	DIR *stream = opendir(path);
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(stream), entry->d_name, 0);
	if (stream)
		closedir(stream);
	rmdir(path);
	free(path);
}

/* Maps of its own variables are internal; the others are for applications. */
static enum status pin_maps(struct bpf_object *object, const char *name)
{
	char *directory = text_of(POLICY_MAPS "/%s", name);
	enum status status = STATUS_OK;
	bool made = false;
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		char *path;
		int error;

		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS || bpf_map__is_internal(map))
			continue;
		if (!made)
			status = make_directory(POLICY_MAPS);
		if (!made && !status)
			status = make_directory(directory);
		if (status)
			break;
		made = true;
		path = text_of("%s/%s", directory, bpf_map__name(map));
		error = bpf_map__pin(map, path);
		if (error)
			status = load_failed(path, "cannot pin the map", error);
		free(path);
		if (status)
			break;
	}
	free(directory);
	if (status)
		remove_maps(name);
	return status;
}

/* Has the object a program for this member of struct kernelx_policy_ops? */
static bool has_program(struct bpf_object *object, const char *member)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_type *type;
	struct bpf_program *program;
	const struct btf_member *members;
	int i;

	type = btf__type_by_id(btf, btf__find_by_name_kind(btf, POLICY_TYPE, BTF_KIND_STRUCT));
	members = btf_members(type);
	bpf_object__for_each_program(program, object) {
		/* For a struct_ops, that is the number of the member. */
		i = bpf_program__expected_attach_type(program);
		if (bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS &&
		    i < btf_vlen(type) &&
		    !strcmp(btf__name_by_offset(btf, members[i].name_off), member))
			return true;
	}
	return false;
}

/* The kernel's log has the reason, unless that is the policy's own. */
static enum status attach_failed(struct bpf_object *object, const char *file, const char *name,
				 const char *knobs, int error, char *reason)
{
	if (error == -EBUSY)
		return fail(STATUS_BUSY, "%s: %s", file,
			    reason ?: "a knob is held, or a task used an old value for too long");
	if (error == -EEXIST)
		return fail(STATUS_BUSY, "%s: a policy with this name is attached: kx policy list",
			    file);
	if (error == -EOPNOTSUPP)
		return fail(STATUS_UNSUPPORTED, "%s: %s", file,
			    reason ?: "a knob takes none: the catalogue names no object for it");
	if (reason)
		return fail(STATUS_FAILED, "%s: %s", file, reason);
	if (has_program(object, "init"))
		return fail(STATUS_FAILED,
			    "%s: policy %s is not attached to %s: its init refused (%d)", file,
			    name, knobs, error);
	return load_failed(file, "cannot attach", error);
}

/* Does any knob have a policy of this name? */
static bool policy_attached(const char *name)
{
	bool found = false;
	char **names;
	size_t i;

	if (kernelx_names(tree, &names, NULL))
		return false;
	for (i = 0; names[i] && !found; i++) {
		char *policy;

		if (kernelx_policy(tree, names[i], &policy))
			continue;
		found = policy && !strcmp(policy, name);
		free(policy);
	}
	kernelx_free_names(names);
	return found;
}

static enum status attach(struct bpf_object *object, struct bpf_map *policy, const char *file,
			  const char *name, const char *knobs)
{
	char *pin = text_of(POLICY_PINS "/%s", name), *reason;
	struct bpf_link *link = NULL;
	enum status status;
	int error, log;

	if (!access(pin, F_OK)) {
		status = fail(STATUS_BUSY, policy_attached(name) ?
			      "a policy %s is attached: kx policy detach %s first" :
			      "only the pin of an earlier policy %s is left: kx policy detach %s removes it",
			      name, name);
		free(pin);
		return status;
	}
	error = bpf_object__load(object);
	if (error) {
		status = load_failed(file, "the kernel does not load it", error);
		free(pin);
		return status;
	}
	/* What is pinned is there when the first value is asked for. */
	status = pin_maps(object, name);
	if (!status) {
		said[0] = '\0';
		log = log_open();
		link = bpf_map__attach_struct_ops(policy);
		error = link ? 0 : -errno;
		/* Of transitions, it does not name the policy. */
		reason = log_said(log, error == -EBUSY ? "" : "policy ");
		if (error)
			status = attach_failed(object, file, name, knobs, error, reason);
		free(reason);
	}
	if (!status) {
		error = bpf_link__pin(link, pin);
		if (error)
			status = load_failed(pin, "cannot pin the link", error);
	}
	if (status) {
		remove_maps(name);
		bpf_link__destroy(link);
	} else {
		bpf_link__disconnect(link);
		bpf_link__destroy(link);
	}
	free(pin);
	return status;
}

static enum status attach_file(const char *file, const char *knobs, const char *name)
{
	struct bpf_object *object;
	struct members members;
	struct bpf_map *policy;
	char *final = NULL, *wanted = NULL;
	enum status status;

	if (access(file, R_OK))
		return fail(STATUS_FAILED, "%s: %s", file, strerror(errno));
	libbpf_set_print(on_message);
	object = bpf_object__open(file);
	if (!object)
		return fail(STATUS_USAGE, "%s: not a BPF object file: %s", file,
			    said[0] ? said : strerror(errno));
	status = find_policy(object, file, &policy);
	if (!status)
		status = find_members(object, file, &members);
	if (!status)
		status = override(policy, &members, file, knobs, name, &final);
	if (!status)
		status = check_knobs(policy, &members, file, &wanted);
	if (!status)
		status = check_kernel(wanted);
	if (!status)
		status = check_bpffs();
	if (!status)
		status = attach(object, policy, file, final, wanted);
	if (!status && json) {
		json_begin(NULL, '{');
		json_text("policy", final);
		json_text("knobs", wanted);
		json_end();
	} else if (!status) {
		printf("Policy %s chooses the value of %s now; kx policy detach %s ends that.\n",
		       final, wanted, final);
	}
	free(final);
	free(wanted);
	bpf_object__close(object);
	return status;
}

enum status policy_attach(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "knob", required_argument, NULL, 'k' },
		{ "name", required_argument, NULL, 'n' },
		{ }
	};
	char *knobs = NULL, *name = NULL, *longer;
	enum status status;
	int option;

	while ((option = next_option(argc, argv, ":k:n:", longs)) >= 0) {
		if (option == '?' || option == ':')
			return STATUS_USAGE;
		if (option == 'n') {
			name = optarg;
			continue;
		}
		if (!kernelx_exists(tree, optarg))
			return unknown_knob(optarg);
		if (knobs && has_word(knobs, optarg))
			return usage("attach: --knob %s is given twice", optarg);
		longer = text_of("%s%s%s", knobs ? knobs : "", knobs ? " " : "", optarg);
		free(knobs);
		knobs = longer;
	}
	if (argc - optind != 1)
		return usage("attach: give one object file, such as policy.bpf.o");
	if (geteuid())
		return fail(STATUS_DENIED, "only root may attach policies: try sudo kx ...");
	status = attach_file(argv[optind], knobs, name);
	free(knobs);
	return status;
}

/**
 * no_such_policy() - say that none is pinned, and which may be meant
 * @name: of it
 */
enum status no_such_policy(const char *name)
{
	DIR *stream = opendir(POLICY_PINS);
	struct dirent *entry;
	char **names = need(calloc(1, sizeof(*names))), *meant;
	enum status status;
	size_t count = 0;

	while (stream && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "maps"))
			continue;
		names = need(realloc(names, (count + 2) * sizeof(*names)));
		names[count++] = need(strdup(entry->d_name));
		names[count] = NULL;
	}
	if (stream)
		closedir(stream);
	meant = suggest(name, names);
	if (meant)
		status = fail(STATUS_UNKNOWN, "no policy %s is pinned: did you mean %s?", name,
			      meant);
	else
		status = fail(STATUS_UNKNOWN, "no policy %s is pinned: kx policy list shows all",
			      name);
	free(meant);
	kernelx_free_names(names);
	return status;
}

static enum status detach(const char *name)
{
	const bool attached = policy_attached(name);
	enum status status = STATUS_OK;
	char *pin;
	int link;

	if (!policy_name(name))
		return usage("%s: the name of a policy, as kx policy list shows it", name);
	pin = text_of(POLICY_PINS "/%s", name);
	link = bpf_obj_get(pin);
	if (link >= 0) {
		/* The kernel lets go of a link without a pin later; this does not return before. */
		bpf_link_detach(link);
		close(link);
	}
	if (!unlink(pin))
		remove_maps(name);
	else if (errno == ENOENT)
		status = no_such_policy(name);
	else if (errno == EACCES || errno == EPERM)
		status = fail(STATUS_DENIED, "only root may detach policies: try sudo kx ...");
	else
		status = fail(STATUS_FAILED, "%s: %s", pin, strerror(errno));
	free(pin);
	if (!status && json) {
		json_begin(NULL, '{');
		json_text("detached", name);
		json_bool("attached", attached);
		json_end();
	} else if (!status) {
		printf(attached ? "Policy %s is detached; the fixed values are in force.\n" :
		       "Policy %s was detached already; its pin, which was left, is removed.\n",
		       name);
	}
	return status;
}

enum status policy_detach(int argc, char **argv)
{
	if (next_option(argc, argv, ":", (const struct option[]){ { } }) >= 0)
		return STATUS_USAGE;
	if (argc - optind != 1)
		return usage("detach: give the name of one policy: kx policy list shows them");
	return detach(argv[optind]);
}
