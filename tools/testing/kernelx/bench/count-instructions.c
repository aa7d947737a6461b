// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that counts the instructions a guest executes, those of the kernel
 * and those of user space apart, and prints both numbers when QEMU ends.
 *
 * usage: -plugin FILE.so -d plugin
 */
#include <stdint.h>
#include <stdio.h>

#include "qemu-plugin.h"

int qemu_plugin_version = 1;

static uint64_t kernel, user;

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb), i;

	(void)id;
	for (i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t *counter = qemu_plugin_insn_vaddr(insn) >> 63 ? &kernel : &user;

		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   counter, 1);
	}
}

static void end(qemu_plugin_id_t id, void *data)
{
	char text[80];

	(void)id;
	(void)data;
	snprintf(text, sizeof(text), "instructions kernel %llu user %llu\n",
		 (unsigned long long)kernel, (unsigned long long)user);
	qemu_plugin_outs(text);
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	(void)info;
	(void)argc;
	(void)argv;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, end, NULL);
	return 0;
}
