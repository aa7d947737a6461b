// SPDX-License-Identifier: GPL-2.0
/*
 * What the numbers of kx try say: both sides, the change, and the verdict.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics.h"
#include "try.h"

/**
 * struct outcome - what the numbers say
 * @sides: without and with
 * @change: with minus without, of the pairs
 * @probability: of a change like this, or a larger one, by chance
 * @verdict: better, worse or no difference seen
 */
struct outcome {
	struct estimate sides[2];
	struct estimate change;
	double probability;
	const char *verdict;
};

static void judge(const struct trial *trial, struct outcome *outcome)
{
	double *changes = need(calloc(trial->runs, sizeof(*changes))), error;
	bool up, down;
	size_t i;

	for (i = 0; i < trial->runs; i++)
		changes[i] = trial->numbers[1][i] - trial->numbers[0][i];
	outcome->sides[0] = estimate(trial->numbers[0], trial->runs);
	outcome->sides[1] = estimate(trial->numbers[1], trial->runs);
	outcome->change = estimate(changes, trial->runs);
	free(changes);
	error = outcome->change.deviation / sqrt(trial->runs);
	if (error > 0)
		outcome->probability = t_probability(outcome->change.mean / error, trial->runs - 1);
	else
		outcome->probability = outcome->change.mean ? 0 : 1;
	up = outcome->change.mean - outcome->change.half > 0;
	down = outcome->change.mean + outcome->change.half < 0;
	if (!up && !down)
		outcome->verdict = "no difference seen";
	else
		outcome->verdict = up == trial->higher ? "better" : "worse";
}

/* Decimal places of a number, so that four digits are shown or so. */
static int places(double number)
{
	const double magnitude = fabs(number);

	return magnitude >= 1000 || !magnitude ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3;
}

/* A change, in percent if there is something to refer it to. */
static const char *change_text(double change, char *buffer, size_t size)
{
	snprintf(buffer, size, "%+.*f", fabs(change) < 1 ? 2 : 1, change);
	return buffer;
}

static char *settings_text(const struct settings *settings)
{
	char *text = need(strdup("")), *longer;
	size_t i;

	for (i = 0; i < settings->count; i++) {
		longer = text_of("%s%s%s=%s", text, i ? " " : "", settings->list[i].knob,
				 settings->list[i].value);
		free(text);
		text = longer;
	}
	return text;
}

/**
 * struct scale - how numbers are written
 * @factor: what they are multiplied by
 * @unit: of the product, with a blank in front
 * @places: behind the point
 */
struct scale {
	double factor;
	const char *unit;
	int places;
};

static void choose_scale(const struct trial *trial, double mean, struct scale *scale)
{
	scale->factor = 1;
	scale->unit = trial->metric ? "" : " s";
	if (!trial->metric && mean < 1) {
		scale->factor = 1000;
		scale->unit = " ms";
	}
	scale->places = places(mean * scale->factor);
}

static void print_side(const char *label, const struct estimate *side, const struct scale *scale,
		       const struct settings *settings)
{
	char *text = settings_text(settings);

	printf("  %-8s %s%9.*f%s%s +- %.*f  (%s)\n", label, style(stdout, BOLD), scale->places,
	       side->mean * scale->factor, scale->unit, style(stdout, PLAIN), scale->places,
	       side->half * scale->factor, text);
	free(text);
}

static void print_outcome(const struct trial *trial, const struct outcome *outcome)
{
	const double base = fabs(outcome->sides[0].mean);
	const bool seen = strcmp(outcome->verdict, "no difference seen");
	enum style colour = !seen ? YELLOW : *outcome->verdict == 'b' ? GREEN : RED;
	char change[32], low[32], high[32];
	double mean, half, factor;
	struct scale scale;
	const char *unit;

	choose_scale(trial, base, &scale);
	factor = base > 0 ? 100 / base : scale.factor;
	unit = base > 0 ? " %" : scale.unit;
	mean = outcome->change.mean * factor;
	half = outcome->change.half * factor;
	change_text(mean, change, sizeof(change));
	change_text(mean - half, low, sizeof(low));
	change_text(mean + half, high, sizeof(high));

	printf("%s, %zu runs of each in random order, mean and 95 %% confidence interval:\n",
	       trial->metric ? trial->metric : "time of the command", trial->runs);
	print_side("without", &outcome->sides[0], &scale, &trial->before);
	print_side("with", &outcome->sides[1], &scale, &trial->settings);
	printf("  %-8s %9s%s (%s to %s), p %s %.2g\n", "change", change, unit, low, high,
	       outcome->probability < 0.0001 ? "<" : "=", fmax(outcome->probability, 0.0001));
	printf("%s%s%s", style(stdout, colour), outcome->verdict, style(stdout, PLAIN));
	if (!seen)
		printf(": it lies between %s and %s%s\n", low, high, unit);
	else
		printf(": %s%s %s\n", change + 1, unit,
		       trial->metric ? mean > 0 ? "higher" : "lower" :
		       mean > 0 ? "more time" : "less time");
}

static void json_side(const char *key, const struct estimate *side, const double *numbers,
		      size_t count)
{
	size_t i;

	json_begin(key, '{');
	json_real("mean", side->mean);
	json_real("low", side->mean - side->half);
	json_real("high", side->mean + side->half);
	json_real("deviation", side->deviation);
	if (numbers) {
		json_begin("runs", '[');
		for (i = 0; i < count; i++)
			json_real(NULL, numbers[i]);
		json_end();
	}
	json_end();
}

static void json_outcome(const struct trial *trial, const struct outcome *outcome)
{
	size_t i;

	json_begin(NULL, '{');
	json_begin("knobs", '[');
	for (i = 0; i < trial->settings.count; i++) {
		json_begin(NULL, '{');
		json_text("knob", trial->settings.list[i].knob);
		json_setting("without", &trial->before.list[i]);
		json_setting("with", &trial->settings.list[i]);
		json_end();
	}
	json_end();
	json_text("metric", trial->metric ? trial->metric : "seconds");
	json_text("better", trial->higher ? "higher" : "lower");
	json_side("without", &outcome->sides[0], trial->numbers[0], trial->runs);
	json_side("with", &outcome->sides[1], trial->numbers[1], trial->runs);
	json_side("change", &outcome->change, NULL, 0);
	json_real("p", outcome->probability);
	json_text("verdict", outcome->verdict);
	json_end();
}

/**
 * report() - print what came of a trial
 * @trial: all of whose runs are done
 */
void report(const struct trial *trial)
{
	struct outcome outcome;

	judge(trial, &outcome);
	if (json)
		json_outcome(trial, &outcome);
	else
		print_outcome(trial, &outcome);
}
