/* The text of a PDF page in rows.
 *
 * Poppler gives the text column by column, or joins what stands apart in one line. Here, what is
 * apart on the page is apart in the text: a tab between the cells of a row, a line end between
 * rows. Tables are read by rows; prose in columns and vertical text keep poppler's order. Called by
 * the reader of PDF; nothing fails.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <poppler.h>

/* Cells that touch are told apart where a column begins, if a digit stands there: by accident, that
 * may be inside a number. So the lines in which that was done are given as they were, too, in
 * `uncut`; NULL when there are none.
 *
 * `text`: valid UTF-8, one of `boxes` a character, in the same order, as
 * poppler_page_get_selected_text() and poppler_page_get_text_layout_for_area() give them; where
 * their counts differ, the text is returned as it is. The caller frees the results. */
char *sk_pdf_text_in_rows (const char *text, const PopplerRectangle *boxes, guint count,
                           char **uncut);
