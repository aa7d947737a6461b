/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNELX_TEST_H
#define _KERNELX_TEST_H

#include <linux/types.h>

struct seq_file;

/* What the code computes from its sites, not what any file shows. */
struct kernelx_test_values {
	unsigned long swap_cluster_max;
	unsigned long readahead;
	unsigned long def_priority;
};

void kernelx_test_compute(struct kernelx_test_values *values);

/* kernelx_test_registers.c */
unsigned int kernelx_test_nr_registers(void);
const char *kernelx_test_register(unsigned int number, unsigned long *value);

/* kernelx_test_traces.c */
int kernelx_test_probe(void);
void kernelx_test_unprobe(void);
void kernelx_test_show_traces(struct seq_file *file);

#endif /* _KERNELX_TEST_H */
