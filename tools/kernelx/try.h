/* SPDX-License-Identifier: GPL-2.0 */
/* What kx try measures. */
#ifndef KX_TRY_H
#define KX_TRY_H

#include "kx.h"

/**
 * struct trial - what is tried, and what came of it
 * @settings: the values
 * @before: the values without
 * @metric: what is measured; NULL for the time
 * @higher: more of it is better
 * @runs: pairs
 * @sampler: runs the command
 * @numbers: [0] without, [1] with the values
 * @leases: it has
 */
struct trial {
	struct settings settings;
	struct settings before;
	const char *metric;
	bool higher;
	size_t runs;
	struct sampler *sampler;
	double *numbers[2];
	bool leases;
};

void report(const struct trial *trial);

#endif /* KX_TRY_H */
