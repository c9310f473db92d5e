/* Text of cells that isn't written as it is: escapes, and what stands in formulas.
 *
 * For the readers of sheets (Excel's XML, OpenDocument). Both take any text, and fail at nothing:
 * what is no escape or no literal is left as it is.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* "_x0041_" becomes "A", from that byte on (ECMA-376 part 1, 22.9.2.19, ST_Xstring); control
 * characters, such as line ends, become blanks, as a sheet shows them. It never gets longer. */
void sk_cell_text_unescape (GString *text, gsize from);

/* What a formula says itself, whatever its result: its texts in quotation marks (those that "&"
 * joins are one), and numbers of eight digits and more. One behind the other, with blanks between
 * them; "" when there is nothing. Not names, nor references. */
char *sk_cell_text_of_formula (const char *formula);
