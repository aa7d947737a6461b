// SPDX-License-Identifier: GPL-2.0
/*
 * KernelX on x86-64: read and write sites.
 *
 * See <asm/kernelx.h> for the two forms. Writing goes through the kernel's
 * INT3 protocol for text that is in use: while INT3 is in place, the emulation
 * is the call of the stub in both directions, so that poke_int3_handler()
 * needs to know no new instruction. This is why a site never goes from one
 * immediate to another: it could not be emulated in between.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/kernelx.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/objtool_types.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/version.h>
#include <asm/text-patching.h>

#include "../../../kernel/kernelx/arch.h"

#define SITE_SIZE	CALL_INSN_SIZE
#define MOV_IMM32_OPCODE	0xb8	/* + number of the register */

#define REX_B			0x41	/* precedes it for r8 to r15 */

/*
 * The stub begins with: lea rel32(%rip), %reg; REX.W or REX.WR, 8d,
 * ModRM 00 reg 101
 */
#define STUB_SIZE	12
#define LEA_REX_W	0x48
#define LEA_REX_R	0x04	/* reg is one of r8 to r15 */
#define LEA_OPCODE	0x8d
#define LEA_MODRM_MASK	0xc7
#define LEA_MODRM	0x05

/* What <asm/kernelx.h> and kernelx_thunk.S write as numbers. */
static_assert(UNWIND_HINT_TYPE_FUNC == 5);
static_assert(sizeof(struct kernelx_site) == 24);
static_assert(offsetof(struct kernelx_site, value) == 8);
static_assert(offsetof(struct kernelx_value, slots) == 0);
static_assert(offsetof(struct kernelx_value, ask) == 12);
static_assert(sizeof_field(struct kernelx_value, ask[0]) == 4);
static_assert(offsetof(struct task_struct, thread_info) == 0);
static_assert(offsetof(struct thread_info, kernelx_slot) ==
	      (IS_ENABLED(CONFIG_SMP) ? 24 : 20));

/* Called by stubs only; declared here for the export to modules. */
#define KERNELX_EXPORT_THUNK(reg)		\
	void kernelx_thunk_##reg(void);		\
	EXPORT_SYMBOL(kernelx_thunk_##reg)

KERNELX_EXPORT_THUNK(rax);
KERNELX_EXPORT_THUNK(rbx);
KERNELX_EXPORT_THUNK(rcx);
KERNELX_EXPORT_THUNK(rdx);
KERNELX_EXPORT_THUNK(rsi);
KERNELX_EXPORT_THUNK(rdi);
KERNELX_EXPORT_THUNK(rbp);
KERNELX_EXPORT_THUNK(r8);
KERNELX_EXPORT_THUNK(r9);
KERNELX_EXPORT_THUNK(r10);
KERNELX_EXPORT_THUNK(r11);
KERNELX_EXPORT_THUNK(r12);
KERNELX_EXPORT_THUNK(r13);
KERNELX_EXPORT_THUNK(r14);
KERNELX_EXPORT_THUNK(r15);

unsigned int arch_kernelx_site_size(void)
{
	return SITE_SIZE;
}

unsigned int arch_kernelx_stub_size(void)
{
	return STUB_SIZE;
}

/* The register is told by the stub, whatever form the site has at the moment. */
static int site_register(const struct kernelx_site *site)
{
	const u8 *stub = kernelx_site_stub(site);

	if ((stub[0] & ~LEA_REX_R) != LEA_REX_W || stub[1] != LEA_OPCODE ||
	    (stub[2] & LEA_MODRM_MASK) != LEA_MODRM)
		return -EILSEQ;
	return ((stub[2] >> 3) & 7) | (stub[0] & LEA_REX_R) << 1;
}

/* r8 to r15: the instruction has a prefix */
static bool is_extended(int reg)
{
	return reg >= 8;
}

/* Asked at each use with a policy. Where the stub is none, nothing is ever written. */
const void *arch_kernelx_site_start(const struct kernelx_site *site)
{
	const u8 *stub = kernelx_site_stub(site);

	return kernelx_site_address(site) - !!(stub[0] & LEA_REX_R);
}

static void call_stub(const struct kernelx_site *site, u8 *insn)
{
	void *next = kernelx_site_address(site) + SITE_SIZE;

	insn[0] = CALL_INSN_OPCODE;
	put_unaligned((u32)(kernelx_site_stub(site) - next), (u32 *)&insn[1]);
}

enum kernelx_form arch_kernelx_read_site(const struct kernelx_site *site,
					 u32 *value)
{
	const u8 *text = kernelx_site_address(site);
	u8 call[SITE_SIZE];
	int reg = site_register(site);

	if (reg < 0 || (is_extended(reg) && text[-1] != REX_B))
		return KERNELX_FORM_BAD;
	if (text[0] == MOV_IMM32_OPCODE + (reg & 7)) {
		*value = get_unaligned((const u32 *)&text[1]);
		return KERNELX_FORM_DIRECT;
	}
	call_stub(site, call);
	return memcmp(text, call, SITE_SIZE) ? KERNELX_FORM_BAD :
					       KERNELX_FORM_INDIRECT;
}

static void write_site(const struct kernelx_site *site, const u8 *insn)
{
	void *address = kernelx_site_address(site);
	u8 call[SITE_SIZE];

	/*
	 * Boot parameters: one CPU, the text is still writable, and what the
	 * other way needs is not set up yet. Same test as for static keys.
	 */
	if (system_state == SYSTEM_BOOTING) {
		text_poke_early(address, insn, SITE_SIZE);
		return;
	}
	call_stub(site, call);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
	smp_text_poke_batch_add(address, insn, SITE_SIZE, call);
#else
	text_poke_queue(address, insn, SITE_SIZE, call);
#endif
}

/*
 * A CPU that is coming up or going down gets no IPI to synchronize with what is
 * written, and could meet a breakpoint that nobody knows any more: so there is
 * none while text is written.
 */
void arch_kernelx_write_begin(void)
{
	if (system_state != SYSTEM_BOOTING)
		cpus_read_lock();
	mutex_lock(&text_mutex);
}

void arch_kernelx_write_indirect(const struct kernelx_site *site)
{
	u8 call[SITE_SIZE];

	call_stub(site, call);
	write_site(site, call);
}

void arch_kernelx_write_direct(const struct kernelx_site *site, u32 value)
{
	u8 move[SITE_SIZE];

	/* Cannot be negative: the site was read before it became indirect. */
	move[0] = MOV_IMM32_OPCODE + (site_register(site) & 7);
	put_unaligned(value, (u32 *)&move[1]);
	write_site(site, move);
}

void arch_kernelx_write_end(void)
{
	if (system_state != SYSTEM_BOOTING) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
		smp_text_poke_batch_finish();
#else
		text_poke_finish();
#endif
	}
	mutex_unlock(&text_mutex);
	if (system_state != SYSTEM_BOOTING)
		cpus_read_unlock();
}
