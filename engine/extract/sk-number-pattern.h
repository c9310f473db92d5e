/* Number formats of spreadsheets that lay out digits: 000-0000, [<=99999999]####-####;\(00\)
 * ####-####.
 *
 * Postal codes and telephone numbers are often numbers that only their format makes what people
 * see. Formats with thousands, decimals, exponents, fractions or dates are not for here.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Appends the number as the format (ECMA-376 part 1, 18.8.31) lays it out. FALSE, and nothing
 * appended: it is no such format, or no whole number from 0 to 10^15. */
gboolean sk_number_pattern_append (GString *into, const char *format, double number);
