// SPDX-License-Identifier: GPL-2.0
/*
 * Does every site hold what the file of its knob shows? Read from the text of
 * the running kernel and its modules, by way of /proc/kcore, with nothing taken
 * from KernelX but the records the linker left and the files of the values.
 *
 *   readback [-q]	-q: say nothing if all is well
 *
 * Also compares the number of sites with that in .meta/.../sites. Only
 * meaningful while nobody turns a knob or loads a module. x86-64 only.
 *
 * Exit status: 0 all is well, 1 faults were printed, 2 it could not be read.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT		"/sys/kernel/kernelx"
#define MOV_IMM32	0xb8
#define PT_LOAD		1
#define RECORD_SIZE	24
#define MAX_KNOBS	1024
#define MAX_SEGMENTS	64
#define MAX_SECTIONS	256

static struct knob {
	char name[128];
	__u64 address;	/* of its struct kernelx_value */
	__u32 value;		/* what its file shows */
	unsigned int sites;
} knobs[MAX_KNOBS];
static unsigned int nr_knobs;

/* A program header of ELF64. */
static struct segment {
	__u32 type, flags;
	__u64 offset, address, physical, file_size, size, align;
} segments[MAX_SEGMENTS];
static unsigned int nr_segments;
static int kcore;

static __u64 table_start, table_stop, init_start, init_end;
static unsigned int faults;

static void fail(const char *what)
{
	fprintf(stderr, "readback: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void fault(const char *knob, const char *where, __u64 address,
		  const char *what)
{
	printf("%s: site at %s+0x%llx: %s\n", knob, where,
	       (unsigned long long)address, what);
	faults++;
}

static void open_kcore(void)
{
	unsigned char header[64];
	__u64 offset;
	__u16 count;

	kcore = open("/proc/kcore", O_RDONLY);
	if (kcore < 0 || pread(kcore, header, sizeof(header), 0) != sizeof(header))
		fail("/proc/kcore");
	memcpy(&offset, &header[32], sizeof(offset));
	memcpy(&count, &header[56], sizeof(count));
	nr_segments = count < MAX_SEGMENTS ? count : MAX_SEGMENTS;
	if (pread(kcore, segments, nr_segments * sizeof(*segments),
		  offset) < 0)
		fail("/proc/kcore");
}

/* Return: whether all of it was read. */
static int peek(__u64 address, void *buf, size_t size)
{
	const struct segment *segment;

	for (segment = segments; segment < segments + nr_segments; segment++)
		if (segment->type == PT_LOAD && address >= segment->address &&
		    address - segment->address < segment->size)
			return pread(kcore, buf, size, segment->offset +
				     (address - segment->address)) == (ssize_t)size;
	return 0;
}

static FILE *open_file(const char *format, const char *name)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), format, name);
	file = fopen(path, "r");
	if (!file)
		fail(path);
	return file;
}

static void read_knob(const char *subsystem, const char *name)
{
	struct knob *knob = &knobs[nr_knobs++];
	FILE *file;

	if (nr_knobs == MAX_KNOBS) {
		fprintf(stderr, "readback: too many knobs\n");
		exit(2);
	}
	snprintf(knob->name, sizeof(knob->name), "%.60s/%.60s", subsystem, name);
	file = open_file(ROOT "/%s", knob->name);
	if (fscanf(file, "%u", &knob->value) != 1)
		fail(knob->name);
	fclose(file);
}

static void read_knobs(void)
{
	DIR *root = opendir(ROOT), *directory;
	struct dirent *subsystem, *entry;
	char path[512];

	if (!root)
		fail(ROOT);
	while ((subsystem = readdir(root))) {
		if (subsystem->d_name[0] == '.' || subsystem->d_type != DT_DIR)
			continue;
		snprintf(path, sizeof(path), ROOT "/%s", subsystem->d_name);
		directory = opendir(path);
		if (!directory)
			fail(path);
		while ((entry = readdir(directory)))
			if (entry->d_name[0] != '.')
				read_knob(subsystem->d_name, entry->d_name);
		closedir(directory);
	}
	closedir(root);
}

/* kernelx_value_mm_readahead belongs to mm/readahead. */
static int is_value_of(const char *symbol, const struct knob *knob)
{
	static const char prefix[] = "kernelx_value_";
	const char *name = knob->name;

	if (strncmp(symbol, prefix, sizeof(prefix) - 1))
		return 0;
	for (symbol += sizeof(prefix) - 1; *symbol && *name; symbol++, name++)
		if (*symbol != (*name == '/' ? '_' : *name))
			return 0;
	return !*symbol && !*name;
}

/* CONFIG_KERNELX_GENERIC: a knob's file of sites lists its variable. */
static int lists_a_variable(void)
{
	FILE *file = open_file(ROOT "/.meta/%s/sites", knobs[0].name);
	char line[512] = "";
	int found;

	found = fgets(line, sizeof(line), file) && !strncmp(line, "variable ", 9);
	fclose(file);
	return found;
}

static void read_symbols(void)
{
	FILE *file = open_file("/proc/%s", "kallsyms");
	unsigned long long address;
	char line[1024], symbol[512];
	unsigned int i;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %511s", &address, symbol) != 2)
			continue;
		if (strchr(line, '['))
			break;	/* modules come after vmlinux */
		if (!strcmp(symbol, "__start___kernelx_sites"))
			table_start = address;
		else if (!strcmp(symbol, "__stop___kernelx_sites"))
			table_stop = address;
		else if (!strcmp(symbol, "_sinittext"))
			init_start = address;
		else if (!strcmp(symbol, "_einittext"))
			init_end = address;
		else
			for (i = 0; i < nr_knobs; i++)
				if (is_value_of(symbol, &knobs[i]))
					knobs[i].address = address;
	}
	fclose(file);
	if (!table_start && !table_stop && lists_a_variable())
		return;
	if (!table_start || !table_stop || !init_start) {
		fprintf(stderr, "readback: /proc/kallsyms does not say where the sites are\n");
		exit(2);
	}
}

static void check_values(void)
{
	__u32 value;
	unsigned int i;

	for (i = 0; i < nr_knobs; i++) {
		if (!knobs[i].address ||
		    !peek(knobs[i].address, &value, sizeof(value))) {
			printf("%s: its value is not in the kernel\n", knobs[i].name);
			faults++;
		} else if (value != knobs[i].value) {
			printf("%s: its file shows %u, the kernel has %u\n",
			       knobs[i].name, knobs[i].value, value);
			faults++;
		}
	}
}

static void check_site(struct knob *knob, __u64 address, const char *where,
		       __u64 base)
{
	unsigned char text[6];
	char message[128];
	__u32 held;

	knob->sites++;
	if (!peek(address - 1, text, sizeof(text))) {
		fault(knob->name, where, address - base, "cannot be read");
		return;
	}
	memcpy(&held, &text[2], sizeof(held));
	if ((text[1] & ~7) != MOV_IMM32) {
		snprintf(message, sizeof(message),
			 "not a move: %02x %02x %02x %02x %02x",
			 text[1], text[2], text[3], text[4], text[5]);
		fault(knob->name, where, address - base, message);
	} else if (held != knob->value) {
		snprintf(message, sizeof(message), "holds %u, should hold %u",
			 held, knob->value);
		fault(knob->name, where, address - base, message);
	}
}

/*
 * One record: three references relative to themselves, and a range.
 * Return: whether it is one; *knob and *site say of what.
 */
static int read_record(__u64 record, struct knob **knob, __u64 *site)
{
	__s32 reference[RECORD_SIZE / 4];
	unsigned int i;

	if (!peek(record, reference, sizeof(reference)))
		return 0;
	*site = record + reference[0];
	for (i = 0; i < nr_knobs; i++) {
		if (record + 8 + reference[2] == knobs[i].address) {
			*knob = &knobs[i];
			return 1;
		}
	}
	return 0;
}

static void check_vmlinux(void)
{
	__u64 record, site;
	struct knob *knob;

	for (record = table_start; record < table_stop; record += RECORD_SIZE) {
		if (!read_record(record, &knob, &site)) {
			fault("?", "the table", record - table_start, "no record of a knob");
			continue;
		}
		/* That text is gone. */
		if (site < init_start || site >= init_end)
			check_site(knob, site, "vmlinux", 0);
	}
}

static struct section {
	char name[64];
	__u64 address;
} sections[MAX_SECTIONS];
static unsigned int nr_sections;

static void read_sections(const char *module)
{
	struct dirent *entry;
	char path[1024];
	DIR *directory;
	FILE *file;

	nr_sections = 0;
	snprintf(path, sizeof(path), "/sys/module/%s/sections", module);
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		struct section *section = &sections[nr_sections];
		unsigned long long address;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module,
			 entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fscanf(file, "%llx", &address) == 1 &&
		    nr_sections < MAX_SECTIONS - 1) {
			snprintf(section->name, sizeof(section->name), "%.63s",
				 entry->d_name);
			section->address = address;
			nr_sections++;
		}
		fclose(file);
	}
	closedir(directory);
}

/* The section that an address of the module is in. */
static const struct section *section_of(__u64 address)
{
	const struct section *best = NULL;
	unsigned int i;

	for (i = 0; i < nr_sections; i++)
		if (sections[i].address <= address &&
		    (!best || sections[i].address > best->address))
			best = &sections[i];
	return best;
}

static __u64 address_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_sections; i++)
		if (!strcmp(sections[i].name, name))
			return sections[i].address;
	return 0;
}

/* The size of its table is not told: it ends where records end. */
static void check_module(const char *module)
{
	const struct section *section;
	__u64 record, site;
	char where[128];
	struct knob *knob;

	read_sections(module);
	record = address_of("__kernelx_sites");
	if (!record)
		return;
	for (; read_record(record, &knob, &site); record += RECORD_SIZE) {
		section = section_of(site);
		if (!section) {
			fault(knob->name, module, site, "outside of its sections");
			continue;
		}
		if (!strncmp(section->name, ".init", 5))
			continue;	/* that text is gone */
		snprintf(where, sizeof(where), "%.60s of %.40s", section->name, module);
		check_site(knob, site, where, section->address);
	}
}

static void check_modules(void)
{
	DIR *directory = opendir("/sys/module");
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			check_module(entry->d_name);
	closedir(directory);
}

/* As many as the kernel believes there are? */
static void check_counts(void)
{
	unsigned int i, lines;
	FILE *file;
	int c;

	for (i = 0; i < nr_knobs; i++) {
		lines = 0;
		file = open_file(ROOT "/.meta/%s/sites", knobs[i].name);
		while ((c = getc(file)) != EOF)
			lines += c == '\n';
		fclose(file);
		if (lines == knobs[i].sites)
			continue;
		printf("%s: its file lists %u sites, the kernel has %u\n",
		       knobs[i].name, lines, knobs[i].sites);
		faults++;
	}
}

int main(int argc, char *argv[])
{
	unsigned int i, sites = 0;

	read_knobs();
	read_symbols();
	open_kcore();
	check_values();
	if (table_start) {
		check_vmlinux();
		check_modules();
		check_counts();
	}
	for (i = 0; i < nr_knobs; i++)
		sites += knobs[i].sites;
	if (table_start && !sites) {
		printf("no sites at all\n");
		faults++;
	}
	if (argc < 2 || strcmp(argv[1], "-q"))
		printf("%u sites of %u knobs, %u faults\n", sites, nr_knobs, faults);
	return faults != 0;
}
