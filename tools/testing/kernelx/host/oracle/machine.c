// SPDX-License-Identifier: GPL-2.0
/*
 * The emulated machine. Text and constants are those of the image. All other memory
 * comes into being when it is first touched in a state: pointers into a pool, small
 * numbers, numbers near the values that are tried, and noise.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "oracle.h"

#define POOL_BASE	0xffff888000100000ull
#define POOL_MASK	0x7fffull
#define POOL_BYTES	0x10000u
#define PERCPU_BASE	0xffff88813bc00000ull
#define PERCPU_BYTES	0x80000u
#define HASH_BITS	12
/* Pages that an address led to by chance. They take the emulator long. */
#define MANY_PAGES	48
#define MAX_PAGES	256
#define MAX_REGIONS	32
#define MAX_UNDO	BIT(17)

struct page {
	struct page *next;
	u64 address;
	u64 state;	/* the state that it was filled for */
	u8 *bytes;
};

/* What is always there. */
struct region {
	u64 start;
	u64 end;
	u8 *bytes;
	bool fixed;	/* as it is in the image */
};

struct undo {
	u8 *where;
	u64 old;
	unsigned int size;
};

uc_engine *uc;
static struct region regions[MAX_REGIONS];
static unsigned int nr_regions;
static struct page *pages[1 << HASH_BITS];
/* Those outside of regions. */
static struct page strays[MAX_PAGES];
static u8 *stray_memory;
static unsigned int nr_strays;
static struct undo journal[MAX_UNDO];
static size_t nr_journal;
static u64 state;
/* Numbers that comparisons may be made with, and what may be the time. */
static u64 near[8];
static u64 now;

static const int register_ids[NR_REGISTERS + 1] = {
	UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX, UC_X86_REG_RSP,
	UC_X86_REG_RBP, UC_X86_REG_RSI, UC_X86_REG_RDI, UC_X86_REG_R8, UC_X86_REG_R9,
	UC_X86_REG_R10, UC_X86_REG_R11, UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14,
	UC_X86_REG_R15, UC_X86_REG_EFLAGS,
};

u64 mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static u64 pointer(u64 random)
{
	u64 offset = random & POOL_MASK;

	return POOL_BASE + 0x4000 + (random >> 63 ? offset & ~63ull : offset & ~7ull);
}

u64 machine_value(u64 seed)
{
	u64 r = mix(seed);
	u64 choice = r >> 58;

	r = mix(r);
	if (choice < 24)
		return pointer(r);
	if (choice < 32)
		return 0;
	if (choice < 40)
		return 1 + (r & 7);
	if (choice < 46)
		return near[r & 7] + (r >> 8 & 3) - 1;
	if (choice < 49)
		return now - near[r & 7] - (r >> 8 & 3) + 1;
	if (choice < 51)
		return now + (r >> 8 & 1023);
	if (choice < 55)
		return r & 0xffff;
	/* Two numbers of half the size. */
	if (choice < 59)
		return (near[r & 7] & 0xffffffff) | (r >> 8 & 15) << 32;
	if (choice < 60)
		return 0 - (1 + (r & 4095));
	return r;
}

static void fill(struct page *page)
{
	u64 seed = mix(state ^ page->address);
	u64 *words = (u64 *)page->bytes;

	for (unsigned int i = 0; i < PAGE_BYTES / sizeof(u64); i++)
		words[i] = machine_value(seed + i);
	page->state = state;
}

static struct page *page_find(u64 address)
{
	struct page *page;

	address &= ~(u64)(PAGE_BYTES - 1);
	for (page = pages[mix(address) >> (64 - HASH_BITS)]; page; page = page->next)
		if (page->address == address)
			return page;
	return NULL;
}

static const struct region *region_of(u64 address)
{
	for (unsigned int i = 0; i < nr_regions; i++)
		if (address >= regions[i].start && address < regions[i].end)
			return &regions[i];
	return NULL;
}

static struct page *stray_new(u64 address)
{
	struct page *page = &strays[nr_strays];
	u8 *bytes = stray_memory + (size_t)nr_strays * PAGE_BYTES;

	if (nr_strays == MAX_PAGES ||
	    uc_mem_map_ptr(uc, address, PAGE_BYTES, UC_PROT_READ | UC_PROT_WRITE, bytes))
		return NULL;
	nr_strays++;
	memset(page, 0, sizeof(*page));
	page->bytes = bytes;
	return page;
}

static struct page *page_new(u64 address, const struct region *region)
{
	struct page **bucket, *page;

	address &= ~(u64)(PAGE_BYTES - 1);
	if (region) {
		page = allocate(1, sizeof(*page));
		page->bytes = region->bytes + (address - region->start);
	} else {
		page = stray_new(address);
		if (!page)
			return NULL;
	}
	page->address = address;
	bucket = &pages[mix(address) >> (64 - HASH_BITS)];
	page->next = *bucket;
	*bucket = page;
	return page;
}

/* NULL if there can be no more memory. */
static u8 *find_byte(u64 address)
{
	struct page *page = page_find(address);

	if (!page) {
		const struct region *region = region_of(address);

		if (region && region->fixed)
			return region->bytes + (address - region->start);
		page = page_new(address, region);
	}
	if (!page)
		return NULL;
	if (page->state != state)
		fill(page);
	return page->bytes + (address & (PAGE_BYTES - 1));
}

u8 *machine_byte(u64 address)
{
	static u8 nowhere[PAGE_BYTES * 2];
	u8 *byte = find_byte(address);

	return byte ? byte : nowhere + (address & (PAGE_BYTES - 1));
}

static bool is_fixed(u64 address)
{
	const struct region *region = region_of(address);

	return region && region->fixed;
}

bool machine_map(u64 address, unsigned int size)
{
	u64 last = address + size - 1;

	/* Not what is there, yet may not be used so; nor an instruction. */
	if (is_fixed(address) || is_fixed(last) || last < address)
		return false;
	return find_byte(address) && find_byte(last);
}

void machine_load(u64 address, void *bytes, unsigned int size)
{
	for (unsigned int i = 0; i < size; ) {
		unsigned int part = PAGE_BYTES - ((address + i) & (PAGE_BYTES - 1));

		if (part > size - i)
			part = size - i;
		memcpy((u8 *)bytes + i, machine_byte(address + i), part);
		i += part;
	}
}

static void store_part(u64 address, const void *bytes, unsigned int size)
{
	struct undo *undo;

	if (is_fixed(address))
		return;
	if (nr_journal == MAX_UNDO)
		fail("too many stores");
	undo = &journal[nr_journal++];
	undo->where = machine_byte(address);
	undo->size = size;
	memcpy(&undo->old, undo->where, size);
	if (bytes)
		memcpy(undo->where, bytes, size);
}

/* Without @bytes, only remember what is there. */
void machine_store(u64 address, const void *bytes, unsigned int size)
{
	for (unsigned int i = 0; i < size; ) {
		unsigned int part = PAGE_BYTES - ((address + i) & (PAGE_BYTES - 1));

		if (part > size - i)
			part = size - i;
		if (part > sizeof(u64))
			part = sizeof(u64);
		store_part(address + i, bytes ? (const u8 *)bytes + i : NULL, part);
		i += part;
	}
}

void machine_undo(void)
{
	while (nr_journal) {
		const struct undo *undo = &journal[--nr_journal];

		memcpy(undo->where, &undo->old, undo->size);
	}
}

void machine_get(struct registers *registers)
{
	void *values[NR_REGISTERS + 1];

	for (unsigned int i = 0; i < NR_REGISTERS; i++)
		values[i] = &registers->r[i];
	values[NR_REGISTERS] = &registers->flags;
	registers->flags = 0;
	uc_reg_read_batch(uc, (int *)register_ids, values, NR_REGISTERS + 1);
}

void machine_set(const struct registers *registers)
{
	void *values[NR_REGISTERS + 1];

	for (unsigned int i = 0; i < NR_REGISTERS; i++)
		values[i] = (void *)&registers->r[i];
	values[NR_REGISTERS] = (void *)&registers->flags;
	uc_reg_write_batch(uc, (int *)register_ids, values, NR_REGISTERS + 1);
}

static u8 *add_region(u64 start, u64 end, bool is_fixed)
{
	u8 *bytes;

	if (nr_regions == MAX_REGIONS)
		fail("too many parts of the image");
	bytes = mmap(NULL, end - start, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (bytes == MAP_FAILED)
		fail("no memory for the image");
	regions[nr_regions++] = (struct region){ start, end, bytes, is_fixed };
	if (uc_mem_map_ptr(uc, start, end - start,
			   UC_PROT_READ | (is_fixed ? UC_PROT_EXEC : UC_PROT_WRITE), bytes))
		fail("unicorn cannot map the image");
	return bytes;
}

static void add_fixed(u64 start, u64 end)
{
	u8 *bytes = add_region(start, end, true);

	for (u64 at = start; at < end; at += PAGE_BYTES) {
		const void *from = image_bytes(at, PAGE_BYTES);

		/* The last page of a segment may not be whole. */
		for (unsigned int i = 0; !from && i < PAGE_BYTES; i++) {
			const u8 *byte = image_bytes(at + i, 1);

			bytes[at - start + i] = byte ? *byte : 0;
		}
		if (from)
			memcpy(bytes + (at - start), from, PAGE_BYTES);
	}
}

/* Variables: what lies between the parts with text. */
static void add_variables(u64 start, u64 end)
{
	while (start < end) {
		const struct region *in = region_of(start);
		u64 next = end;

		for (unsigned int i = 0; !in && i < nr_regions; i++)
			if (regions[i].start > start && regions[i].start < next)
				next = regions[i].start;
		if (!in)
			add_region(start, next, false);
		start = in ? in->end : next;
	}
}

void machine_open(void)
{
	u64 percpu = PERCPU_BASE;

	if (uc_open(UC_ARCH_X86, UC_MODE_64, &uc))
		fail("unicorn does not start");
	uc_reg_write(uc, UC_X86_REG_GS_BASE, &percpu);
	image_pages(add_fixed);
	image_variables(add_variables);
	add_region(PERCPU_BASE, PERCPU_BASE + PERCPU_BYTES, false);
	add_region(POOL_BASE, POOL_BASE + POOL_BYTES, false);
	add_region(STACK_BASE, STACK_BASE + STACK_BYTES, false);
	stray_memory = mmap(NULL, (size_t)MAX_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stray_memory == MAP_FAILED)
		fail("no memory");
	run_open();
}

static void forget_strays(void)
{
	for (unsigned int i = 0; i < nr_strays; i++) {
		struct page **from = &pages[mix(strays[i].address) >> (64 - HASH_BITS)];

		while (*from != &strays[i])
			from = &(*from)->next;
		*from = strays[i].next;
		uc_mem_unmap(uc, strays[i].address, PAGE_BYTES);
	}
	nr_strays = 0;
}

void machine_state(u64 seed, u32 a, u32 b, u64 min, u64 max)
{
	nr_journal = 0;
	if (nr_strays > MANY_PAGES)
		forget_strays();
	/* 0 is what no page has been filled for. */
	state = mix(seed) | 1;
	near[0] = a;
	near[1] = b;
	near[2] = ((u64)a + b) / 2;
	near[3] = a < b ? a : b;
	near[4] = a < b ? b : a;
	near[5] = min;
	near[6] = max;
	near[7] = near[3] + mix(state) % (near[4] - near[3] + 1);
	now = mix(state + 1) & 0xffffffffffffull;
}
