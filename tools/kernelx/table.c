// SPDX-License-Identifier: GPL-2.0
/*
 * Tables: columns as wide as their widest cell.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kx.h"

/**
 * struct table - lines of cells
 * @columns: in each
 * @alignment: a letter for each column, l or r
 * @rows: of them
 * @cells: all, line by line
 * @styles: of the lines
 */
struct table {
	size_t columns;
	const char *alignment;
	size_t rows;
	char **cells;
	enum style *styles;
};

/**
 * table_new() - begin a table
 * @alignment: a letter for each column, l or r
 */
struct table *table_new(const char *alignment)
{
	struct table *table = need(calloc(1, sizeof(*table)));

	table->alignment = alignment;
	table->columns = strlen(alignment);
	return table;
}

/**
 * table_row() - add a line
 * @table: the table
 * @style: of the line
 *
 * A text for each column follows.
 */
void table_row(struct table *table, enum style style, ...)
{
	const size_t begin = table->rows * table->columns;
	va_list arguments;
	size_t i;

	table->rows++;
	table->cells = need(realloc(table->cells,
				    (begin + table->columns) * sizeof(*table->cells)));
	table->styles = need(realloc(table->styles, table->rows * sizeof(*table->styles)));
	table->styles[table->rows - 1] = style;
	va_start(arguments, style);
	for (i = 0; i < table->columns; i++)
		table->cells[begin + i] = need(strdup(va_arg(arguments, const char *)));
	va_end(arguments);
}

/**
 * table_print() - print a table, and free it
 * @table: which
 */
void table_print(struct table *table)
{
	size_t widths[16] = { 0 }, row, column, end;

	for (row = 0; row < table->rows; row++)
		for (column = 0; column < table->columns; column++) {
			size_t length = strlen(table->cells[row * table->columns + column]);

			if (length > widths[column])
				widths[column] = length;
		}
	for (row = 0; row < table->rows; row++) {
		const char *begin = style(stdout, table->styles[row]);

		fputs(table->styles[row] == PLAIN ? "" : begin, stdout);
		end = table->columns;
		while (end && !*table->cells[row * table->columns + end - 1])
			end--;
		for (column = 0; column < end; column++) {
			const char *cell = table->cells[row * table->columns + column];
			const bool last = column + 1 == end;

			if (table->alignment[column] == 'r')
				printf("%*s", (int)widths[column], cell);
			else
				printf("%-*s", last ? 0 : (int)widths[column], cell);
			fputs(last ? "" : "  ", stdout);
		}
		for (column = 0; column < table->columns; column++)
			free(table->cells[row * table->columns + column]);
		fputs(table->styles[row] == PLAIN ? "" : style(stdout, PLAIN), stdout);
		putchar('\n');
	}
	free(table->cells);
	free(table->styles);
	free(table);
}
