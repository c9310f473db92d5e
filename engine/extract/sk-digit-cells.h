/* Numbers of which each digit stands in a cell of its own, as forms have them.
 *
 * Given a text whose lines are rows and whose tabs part cells, says which rows hold such numbers,
 * and what they are when their digits are put together. Called by the sink for every section, so
 * that all formats gain. Nothing fails; the caller owns what is returned.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  guint row, column;  /* of the first digit; from 0, counted from the text's start */
  guint label_column; /* of `label` */
  char *label;        /* what the last cell before it says that is not empty; or NULL */
  char *number;       /* "123456789018"; a blank where cells between its digits are empty, "-" where
                         a cell says so, a tab where another number may begin */
} SkDigitCells;

void sk_digit_cells_free (SkDigitCells *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkDigitCells, sk_digit_cells_free)

/* SkDigitCells*, by rows; NULL: there are none. */
GPtrArray *sk_digit_cells_find (const char *text, gsize length);
