// SPDX-License-Identifier: GPL-2.0
/*
 * Random writes to every writable file under /sys/kernel/kernelx. What each must
 * do is predicted by an oracle that shares nothing with the kernel's parser:
 *
 *   text    = number [ "\n" ] | "default" [ "\n" ]
 *   number  = [ "-" ] ( decimal | ( "0x" | "0X" ) hex ) [ suffix ]
 *   suffix  = one of k K m M g G: times 2^10, 2^20, 2^30
 *
 * 010 is ten. -EINVAL: not of this form. -ERANGE: negative, beyond 64 bits, or
 * outside of the knob's range. A text of a page or more: -EINVAL, since sysfs may
 * have cut it off. After every write the file must show what the oracle
 * says; every now and then so must all sites of the knob.
 *
 * Beside every 16th write there is one to the other files: a mode, which takes four words; the
 * limit of transitions, a number; transactions of one to three knobs, where the first word
 * that is wrong says what the error is; and leases, which are the same until they end.
 *
 * In mode global, what the transition itself uses where it cannot wait (the scheduler) may make
 * it impossible: -EBUSY, and nothing has changed. Only there, and seldom. The others
 * may take as long as they need, so that a slow machine is no fault.
 *
 *   fuzz [WRITES [SEED]]	100000 writes; the seed is printed
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define ROOT		"/sys/kernel/kernelx"
#define MAX_FILES	1024
#define MAX_TEXT	(3 * 4096 + 64)
#define SITES_EVERY	64
#define OTHERS_EVERY	16
#define REPORTED	20

static struct file {
	char path[256];
	char meta[256];
	__u32 min, max, initial;	/* what .meta says */
	__u32 value;			/* what the file must show */
	int fd;
} files[MAX_FILES];
static unsigned int nr_files;
static struct file modes[MAX_FILES];	/* with path and fd only */
static unsigned int nr_modes;
static struct file timeout = { .min = 1, .max = 60000, .initial = 1000, .value = 60000 };
static struct file transaction;
static unsigned int faults;
static int sites_exist;
static unsigned int nr_global, nr_busy;	/* in mode global: all, and those that ended with -EBUSY */

/* --- a generator of our own: the same on every C library --- */

static __u64 state;

static __u64 random64(void)
{
	__u64 z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* 0 .. limit - 1 */
static unsigned int below(unsigned int limit)
{
	return random64() % limit;
}

static int one_in(unsigned int n)
{
	return !below(n);
}

/* --- the files --- */

static void fail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static __u32 read_number(const char *directory, const char *name)
{
	char path[512];
	unsigned int number;
	FILE *file;

	snprintf(path, sizeof(path), "%s%s%s", directory, *name ? "/" : "", name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u", &number) != 1)
		fail(path);
	fclose(file);
	return number;
}

static void read_text(const char *directory, const char *name, char *text, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!file || !fgets(text, size, file))
		fail(path);
	fclose(file);
}

static int open_file(struct file *file, const char *path, int flags)
{
	snprintf(file->path, sizeof(file->path), "%s", path);
	file->fd = open(path, flags);
	if (file->fd < 0)
		fail(path);
	return 0;
}

/*
 * In instrumented code, a value may go where no span can list it: its knob can only be
 * turned when somebody has chosen mode immediate.
 */
static int is_refused(const struct file *file)
{
	char text[4096];

	read_text(file->meta, "class", text, sizeof(text));
	if (!strstr(text, "unbounded"))
		return 0;
	read_text(file->meta, "mode", text, sizeof(text));
	return strcmp(text, "immediate\n");
}

static int add_file(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	struct file *file = &files[nr_files];

	if (type != FTW_F || !(st->st_mode & 0222))
		return 0;
	/* Opened when it is tried. */
	if (!strcmp(path, ROOT "/lease"))
		return 0;
	if (!strcmp(path, ROOT "/transaction"))
		return open_file(&transaction, path, O_WRONLY);
	if (!strcmp(path, ROOT "/transition_timeout_ms"))
		return open_file(&timeout, path, O_RDWR);
	if (ftw->level == 4 && nr_modes < MAX_FILES && !strcmp(path + ftw->base, "mode"))
		return open_file(&modes[nr_modes++], path, O_RDWR);
	/* <subsystem>/<knob>, or there is no oracle for it. */
	if (ftw->level != 2 || strstr(path, "/.") || nr_files == MAX_FILES) {
		printf("Bail out! %s: writable, and nothing is known of it\n", path);
		exit(1);
	}
	snprintf(file->meta, sizeof(file->meta), ROOT "/.meta%s",
		 path + strlen(ROOT));
	if (is_refused(file))
		return 0;
	file->min = read_number(file->meta, "min");
	file->max = read_number(file->meta, "max");
	file->initial = read_number(file->meta, "default");
	file->value = read_number(path, "");
	nr_files++;
	return open_file(file, path, O_RDWR);
}

/* --- the oracle --- */

static size_t span(const char *text, size_t length, const char *set)
{
	size_t i;

	for (i = 0; i < length && text[i] && strchr(set, text[i]); i++)
		;
	return i;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";

	return (strchr(digits, c) - digits) % 16;
}

/* 2^64; a long double holds every integer up to that exactly. */
#define TOO_MUCH 18446744073709551616.0L

/* Return: 0 and *value, or the error that the text of a number deserves. */
static int number_of(const char *text, size_t length, long double *value)
{
	static const char suffixes[] = "kKmMgG";
	const char *set = "0123456789", *suffix;
	int negative = 0, base = 10, shift = 0;
	size_t digits, i;

	if (length && text[length - 1] == '\n')
		length--;
	if (length && text[0] == '-') {
		negative = 1;
		text++;
		length--;
	}
	if (length >= 2 && (!memcmp(text, "0x", 2) || !memcmp(text, "0X", 2))) {
		set = "0123456789abcdefABCDEF";
		base = 16;
		text += 2;
		length -= 2;
	}
	digits = span(text, length, set);
	if (!digits)
		return -EINVAL;
	if (digits < length) {
		suffix = text[digits] ? strchr(suffixes, text[digits]) : NULL;
		if (!suffix || digits + 1 != length)
			return -EINVAL;
		shift = ((suffix - suffixes) / 2 + 1) * 10;
	}
	*value = 0;
	for (i = 0; i < digits; i++) {
		*value = *value * base + digit(text[i]);
		if (*value > TOO_MUCH)
			*value = TOO_MUCH;
	}
	*value *= 1ull << shift;
	if (*value >= TOO_MUCH || (negative && *value))
		return -ERANGE;
	return 0;
}

/* Return: 0 and *value, or the error that the text deserves. */
static int oracle(const struct file *file, const char *text, size_t length,
		  __u32 *value)
{
	long double number;
	int ret;

	if ((length == 7 && !memcmp(text, "default", 7)) ||
	    (length == 8 && !memcmp(text, "default\n", 8))) {
		*value = file->initial;
		return 0;
	}
	ret = number_of(text, length, &number);
	if (!ret && (number < file->min || number > file->max))
		ret = -ERANGE;
	if (!ret)
		*value = number;
	return ret;
}

/* --- texts --- */

static size_t some_number(char *text, __u64 number)
{
	static const char * const formats[] = {
		"%llu", "%llu", "%llu", "0x%llx", "0x%llX", "0X%llx", "0%llu",
		"000000%llu", "0x0000%llx", "+%llu", "-%llu", " %llu", "%llx",
	};
	static const char * const suffixes[] = {
		"", "", "", "", "K", "k", "M", "m", "G", "g", "T", "KB", "kk", ".0", " ",
	};
	static const char * const ends[] = { "\n", "\n", "\n", "", "\n\n", "\r\n", "\x20\n" };
	const char *suffix = suffixes[below(sizeof(suffixes) / sizeof(*suffixes))];
	int length;

	/* Half of those with a suffix come out near the number itself. */
	if (one_in(2) && strchr("kKmMgG", *suffix) && *suffix)
		number >>= *suffix == 'k' || *suffix == 'K' ? 10 :
			   *suffix == 'm' || *suffix == 'M' ? 20 : 30;
	length = sprintf(text, formats[below(sizeof(formats) / sizeof(*formats))],
			 (unsigned long long)number);
	length += sprintf(text + length, "%s%s", suffix,
			  ends[below(sizeof(ends) / sizeof(*ends))]);
	return length;
}

static __u64 interesting(const struct file *file)
{
	const __u64 edges[] = {
		file->min, file->max, file->initial, file->value, 0, 1 << 16,
		1ull << 31, 1ull << 32, (1ull << 32) + file->initial, 1ull << 63, -1ull,
	};
	__u64 number = edges[below(sizeof(edges) / sizeof(*edges))];

	return number + below(5) - 2;
}

static size_t random_text(char *text, size_t length, const char *alphabet)
{
	size_t i;

	for (i = 0; i < length; i++)
		text[i] = alphabet ? alphabet[below(strlen(alphabet))] :
				     (char)random64();
	return length;
}

static size_t mutate(char *text, size_t length)
{
	size_t at = below(length + 1);

	switch (below(4)) {
	case 0:		/* one more byte, often a zero byte */
		memmove(text + at + 1, text + at, length - at);
		text[at] = one_in(2) ? 0 : random64();
		return length + 1;
	case 1:
		if (at == length)
			return length;
		memmove(text + at, text + at + 1, length - at - 1);
		return length - 1;
	case 2:
		if (at < length)
			text[at] ^= 1 << below(8);
		return length;
	default:	/* twice */
		memmove(text + length, text, length);
		return 2 * length;
	}
}

/* Long: often around the size of a page, which is what sysfs takes. */
static size_t long_text(const struct file *file, char *text)
{
	static const char fill[] = "000009\n\t -x";
	size_t length = one_in(2) ? 4096 - 20 + below(40) : 64 + below(3 * 4096 - 64);
	char tail[64];
	size_t tail_length = some_number(tail, interesting(file));

	memset(text, fill[below(sizeof(fill) - 1)], length);
	if (one_in(4))
		memcpy(text, "0x", 2);
	if (tail_length < length)
		memcpy(text + length - tail_length, tail, tail_length);
	return length;
}

static size_t make_text(const struct file *file, char *text)
{
	size_t length;

	switch (below(16)) {
	case 0:
	case 1:
	case 2:
	case 3:
		return some_number(text, interesting(file));
	case 4:
	case 5:
		return some_number(text, random64() >> below(64));
	case 6:
	case 7:
	case 8:
		return sprintf(text, "%llu\n", file->min + random64() %
			       ((unsigned long long)file->max - file->min + 1));
	case 9:
	case 10:
		length = some_number(text, interesting(file));
		return mutate(text, length);
	case 11:
		return random_text(text, below(24), "0123456789xXabcfKMGkmg+-\n\t\v default.");
	case 12:
		return random_text(text, below(one_in(8) ? MAX_TEXT : 32), NULL);
	case 13:
		return long_text(file, text);
	case 14:
		length = sprintf(text, "default%s", one_in(2) ? "\n" : "");
		return one_in(2) ? length : mutate(text, length);
	default:
		return random_text(text, 1 + below(30), "0123456789");
	}
}

/* --- one write --- */

static ssize_t write_somehow(int fd, char *text, size_t length)
{
	size_t part = below(length + 1);
	struct iovec parts[] = {
		{ text, part }, { text + part, length - part },
	};

	switch (below(4)) {
	case 0:		/* the offset means nothing */
		return pwrite(fd, text, length, below(3) * 4096 + below(2));
	case 1:
		return writev(fd, parts, 2);
	default:
		return write(fd, text, length);
	}
}

static void report(const struct file *file, const char *text, size_t length,
		   const char *what, long got, long wanted)
{
	size_t i;

	if (++faults > REPORTED)
		return;
	printf("# %s: %s %ld, should be %ld, after %zu bytes \"", file->path, what,
	       got, wanted, length);
	for (i = 0; i < length && i < 60; i++)
		if (text[i] >= ' ' && text[i] <= '~')
			putchar(text[i]);
		else
			printf("\\x%02x", (unsigned char)text[i]);
	printf("\"%s\n", length > 60 ? "..." : "");
}

static __u32 shown(const struct file *file)
{
	char buf[32], expected[32];
	unsigned int value;
	ssize_t length = pread(file->fd, buf, sizeof(buf) - 1, 0);

	if (length < 0)
		fail(file->path);
	buf[length] = '\0';
	value = strtoul(buf, NULL, 10);
	sprintf(expected, "%u\n", value);
	if (strcmp(buf, expected)) {
		printf("# %s: shows \"%s\"\n", file->path, buf);
		faults++;
	}
	return value;
}

/* Is there a table of sites? Else knobs are variables, and their files say so. */
static int have_sites(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	char line[1024];
	int found = 0;

	if (!symbols)
		fail("/proc/kallsyms");
	while (!found && fgets(line, sizeof(line), symbols))
		found = !!strstr(line, " __start___kernelx_sites\n");
	fclose(symbols);
	return found;
}

static void check_sites(const struct file *file)
{
	const char *wanted = sites_exist ? " direct " : "variable ";
	char path[512], line[512], form[32];
	unsigned int value;
	FILE *sites;
	char *words;

	snprintf(path, sizeof(path), "%s/sites", file->meta);
	sites = fopen(path, "r");
	if (!sites)
		fail(path);
	while (fgets(line, sizeof(line), sites)) {
		/* A module's name may stand before them, and more behind. */
		words = strstr(line, wanted);
		if (words && sscanf(words, "%31s %u", form, &value) == 2 &&
		    value == file->value)
			continue;
		printf("# %s: should hold %u: %s", file->path, file->value, line);
		faults++;
	}
	fclose(sites);
}

static int try_one(struct file *file)
{
	static char text[2 * MAX_TEXT];
	size_t length = make_text(file, text);
	const size_t page = sysconf(_SC_PAGESIZE);
	__u32 value = file->value, now;
	int wanted = 0, got = 0;
	ssize_t count;

	/* sysfs gives at most a page to who owns the file, and nothing if empty. */
	if (length >= page)
		wanted = -EINVAL;
	else if (length)
		wanted = oracle(file, text, length, &value);
	errno = 0;
	count = write_somehow(file->fd, text, length);
	if (count < 0)
		got = -errno;
	if (got != wanted)
		report(file, text, length, "error is", got, wanted);
	else if (!got && count != (ssize_t)length)
		report(file, text, length, "bytes taken are", count, length);
	if (!wanted)
		file->value = value;
	now = shown(file);
	if (now != file->value) {
		report(file, text, length, "value is", now, file->value);
		file->value = now;
	}
	return wanted;
}

/* --- the other files --- */

static void put(const struct file *file, const char *text, size_t length, int wanted)
{
	int got = write(file->fd, text, length) < 0 ? -errno : 0;

	if (got != wanted)
		report(file, text, length, "error is", got, wanted);
}

static void try_mode(struct file *file)
{
	static const char * const words[] = { "immediate", "instance", "global", "default" };
	char text[256], now[32] = "", before[32] = "";
	size_t length = sprintf(text, "%s%s", words[below(4)], one_in(2) ? "\n" : "");
	int wanted = -EINVAL;
	unsigned int i, n = 0;

	if (one_in(2))
		length = mutate(text, length);
	if (!length)
		wanted = 0;	/* nothing is written */
	for (i = 0; i < 4; i++) {
		n = strlen(words[i]);
		if (length - n <= 1 && !memcmp(text, words[i], n) &&
		    (length == n || text[n] == '\n')) {
			wanted = 0;
			break;
		}
	}
	if (pread(file->fd, before, sizeof(before) - 1, 0) < 0)
		fail(file->path);
	put(file, text, length, wanted);
	if (pread(file->fd, now, sizeof(now) - 1, 0) < 0)
		fail(file->path);
	/* What the default is, nobody says here. */
	if (i < 3 ? strncmp(now, words[i], n) || strcmp(now + n, "\n") :
		    i == 4 && strcmp(now, before))
		report(file, text, length, "another mode, of those is", i, 0);
	put(file, "default", 7, 0);
}

static void try_timeout(void)
{
	static char text[2 * MAX_TEXT];
	size_t length = make_text(&timeout, text);
	__u32 value = timeout.value;
	int wanted = 0;

	if (length >= (size_t)sysconf(_SC_PAGESIZE) ||
	    (length >= 7 && !memcmp(text, "default", 7)))
		wanted = -EINVAL;
	else if (length)
		wanted = oracle(&timeout, text, length, &value);
	put(&timeout, text, length, wanted);
	if (shown(&timeout) != (wanted ? timeout.value : value))
		report(&timeout, text, length, "value is", shown(&timeout), value);
	put(&timeout, "60000", 5, 0);
}

/* One word of a transaction. Return: the error that it deserves. */
static int add_word(char *text, size_t *length, const struct file *file, __u32 *value)
{
	char number[256];
	size_t size = one_in(8) ? (size_t)sprintf(number, "default") :
				  some_number(number, interesting(file));
	size_t i, used = 0;

	/* White space ends a word. */
	for (i = 0; i < size; i++)
		if (number[i] > ' ')
			number[used++] = number[i];
	*length += sprintf(text + *length, "%s=%.*s%c", file->path + strlen(ROOT "/"),
			   (int)used, number, " \t\n"[below(3)]);
	/* Without one, it would be taken for the newline of a number. */
	return oracle(file, number, used, value);
}

/* The mode of a transaction, or what is none. Return: the error that it deserves. */
static int add_mode(char *text, size_t *length, bool *global)
{
	static const char * const words[] = {
		"immediate", "instance", "global", "default", "", "instances", "global=",
	};
	unsigned int which = below(sizeof(words) / sizeof(words[0]));

	*length += sprintf(text + *length, "mode=%s ", words[which]);
	*global = which == 2;
	return which < 3 ? 0 : -EINVAL;
}

/* In mode global, which may be impossible. Return: 0, or -EBUSY. */
static int put_global(const struct file *file, const char *text, size_t length)
{
	int ret;

	put(&timeout, "1000", 4, 0);
	ret = write(file->fd, text, length) < 0 ? -errno : 0;
	put(&timeout, "60000", 5, 0);
	nr_global++;
	if (ret == -EBUSY)
		nr_busy++;
	else if (ret)
		report(file, text, length, "error is", ret, 0);
	return ret;
}

/* Or a lease, which is one for as long as its file is open. */
static void try_transaction(bool lease)
{
	unsigned int nr = 1 + below(3), i, first = below(nr_files);
	size_t length = 0;
	__u32 values[3];
	char text[2048];
	int ret, wanted = 0;
	struct file leased = { .path = ROOT "/lease" };
	bool global = false;

	if (one_in(8))
		wanted = add_mode(text, &length, &global);
	for (i = 0; i < nr; i++) {
		/* Different ones, as there are more than three. */
		ret = add_word(text, &length, &files[(first + i) % nr_files], &values[i]);
		if (!wanted)
			wanted = ret;
	}
	if (!wanted && one_in(16)) {
		length += sprintf(text + length, "no/such_knob=1");
		wanted = -ENOENT;
	}
	if (lease)
		open_file(&leased, ROOT "/lease", O_RDWR);
	if (global && !wanted)
		wanted = put_global(lease ? &leased : &transaction, text, length);
	else
		put(lease ? &leased : &transaction, text, length, wanted);
	for (i = 0; i < nr; i++) {
		struct file *file = &files[(first + i) % nr_files];
		__u32 expected = wanted ? file->value : values[i];

		if (shown(file) != expected)
			report(file, text, length, "value is", shown(file), expected);
		if (lease && !wanted)
			put(file, "default", 7, -EBUSY);
		else if (!wanted)
			file->value = expected;
	}
	if (!lease)
		return;
	close(leased.fd);
	for (i = 0; i < nr; i++) {
		struct file *file = &files[(first + i) % nr_files];

		if (shown(file) != file->value) {
			report(file, text, length, "value after the lease is", shown(file),
			       file->value);
			file->value = shown(file);
		}
	}
}

static void try_other(void)
{
	switch (below(4)) {
	case 0:
		try_mode(&modes[below(nr_modes)]);
		break;
	case 1:
		try_timeout();
		break;
	case 2:
		try_transaction(true);
		break;
	default:
		try_transaction(false);
		break;
	}
}

int main(int argc, char **argv)
{
	unsigned long writes = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
	unsigned long i, invalid = 0, range = 0;
	unsigned int f, before;
	time_t start = time(NULL);

	state = argc > 2 ? strtoull(argv[2], NULL, 0) : (__u64)start << 20 ^ getpid();
	printf("1..4\n# %lu writes, seed %llu\n", writes, (unsigned long long)state);
	fflush(stdout);
	if (nftw(ROOT, add_file, 16, FTW_PHYS) || nr_files <= 3 || nr_modes < nr_files)
		fail(ROOT);
	sites_exist = have_sites();
	put(&timeout, "60000", 5, 0);
	for (i = 0; i < writes; i++) {
		struct file *file = &files[below(nr_files)];
		int wanted;

		if (i % OTHERS_EVERY == 0)
			try_other();
		wanted = try_one(file);
		invalid += wanted == -EINVAL;
		range += wanted == -ERANGE;
		if (i % SITES_EVERY == 0)
			check_sites(file);
	}
	before = faults;
	printf("%s 1 - every write got its error or its value\n",
	       faults ? "not ok" : "ok");
	/* What was not written to meanwhile must not have changed either. */
	for (f = 0; f < nr_files; f++) {
		if (shown(&files[f]) != files[f].value)
			report(&files[f], "", 0, "value is", shown(&files[f]),
			       files[f].value);
		check_sites(&files[f]);
	}
	printf("%s 2 - every file and every site holds its last value\n",
	       faults > before ? "not ok" : "ok");
	printf("%s 3 - all kinds of answer were seen\n",
	       invalid && range && invalid + range < writes &&
	       nr_busy <= 3 + nr_global / 4 ? "ok" : "not ok");
	before = faults;
	for (f = 0; f < nr_files; f++) {
		if (write(files[f].fd, "default", 7) != 7 ||
		    shown(&files[f]) != files[f].initial)
			faults++;
	}
	put(&timeout, "1000", 4, 0);
	printf("%s 4 - default brings all of them back\n",
	       faults > before ? "not ok" : "ok");
	printf("# %u files, %lu accepted, %lu EINVAL, %lu ERANGE, %u of %u EBUSY, %ld s\n",
	       nr_files, writes - invalid - range, invalid, range, nr_busy, nr_global,
	       (long)(time(NULL) - start));
	return faults != 0;
}
