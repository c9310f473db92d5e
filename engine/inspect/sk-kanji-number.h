/* Numbers as addresses have them: digits, or kanji (一, 十二, 百三, 二〇).
 *
 * Pure functions over valid UTF-8.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* The value of 〇 to 九; -1 for anything else. */
int sk_kanji_digit (gunichar c);

/* Reads the number at *p, digits or kanji, below 1,000,000, and moves *p behind it. FALSE: there is none, or
 * a larger one. */
gboolean sk_kanji_number_parse (const char **p, const char *end, guint *number,
                                gboolean *is_kanji);
