/* SPDX-License-Identifier: GPL-2.0 */
/* What can be said of numbers that vary. */
#ifndef KX_STATISTICS_H
#define KX_STATISTICS_H

#include <stddef.h>

/**
 * struct estimate - a mean, and how well it is known
 * @mean: of the numbers
 * @deviation: their standard deviation
 * @half: half the width of the 95 % confidence interval of the mean
 */
struct estimate {
	double mean;
	double deviation;
	double half;
};

double t_probability(double t, double freedom);
double t_critical(double freedom);
struct estimate estimate(const double *numbers, size_t count);

#endif /* KX_STATISTICS_H */
