// SPDX-License-Identifier: GPL-2.0
/*
 * Student's t, computed and not looked up.
 */
#include <float.h>
#include <math.h>

#include "statistics.h"

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = DBL_MIN;
	double c = 1, d = 1 - (a + b) * x / (a + 1), result;
	int m;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	result = d;
	for (m = 1; m < 10000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 + even * d;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = 1 + even / c;
		c = fabs(c) < tiny ? tiny : c;
		result *= d * c;
		d = 1 + odd * d;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = 1 + odd / c;
		c = fabs(c) < tiny ? tiny : c;
		result *= d * c;
		if (fabs(d * c - 1) < 4 * DBL_EPSILON)
			break;
	}
	return result;
}

/* The regularised incomplete beta function. */
static double incomplete_beta(double a, double b, double x)
{
	double front;

	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/**
 * t_probability() - how probable |T| >= t is, if there is no difference
 * @t: what was found
 * @freedom: degrees of freedom
 */
double t_probability(double t, double freedom)
{
	return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

/**
 * t_critical() - the t that |T| exceeds in one case of 20, if there is no difference
 * @freedom: degrees of freedom
 */
double t_critical(double freedom)
{
	double low = 0, high = 1000;
	int i;

	for (i = 0; i < 200; i++) {
		const double middle = (low + high) / 2;

		if (t_probability(middle, freedom) > 0.05)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/**
 * estimate() - the mean of some numbers
 * @numbers: these
 * @count: two at least
 */
struct estimate estimate(const double *numbers, size_t count)
{
	struct estimate result = { };
	double squares = 0;
	size_t i;

	for (i = 0; i < count; i++)
		result.mean += numbers[i] / count;
	for (i = 0; i < count; i++)
		squares += (numbers[i] - result.mean) * (numbers[i] - result.mean);
	result.deviation = sqrt(squares / (count - 1));
	result.half = t_critical(count - 1) * result.deviation / sqrt(count);
	return result;
}
