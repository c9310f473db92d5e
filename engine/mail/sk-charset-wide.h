/* Whether bytes are UTF-16 or UTF-32 without a byte order mark. Only for this room.
 *
 * UTF-32 shows in the high half of each four bytes, which no character of text fills. Of UTF-16,
 * Latin text shows in its zeros. Japanese text without any shows in that one byte of each pair is
 * that of kana or kanji, and the other takes all values; what the pairs say must then beat what the
 * bytes say in other charsets (two ASCII letters make a kanji, too).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* By zeros: the name of a converter, or NULL. */
const char *sk_charset_wide_by_zeros (const char *bytes, gsize length);

/* By kana and kanji: the name of a converter and the score of the text (sk_charset_unit_score), or
 * NULL. Looks at no more than `length` bytes, of a text of `whole` bytes. */
const char *sk_charset_wide_by_kanji (const char *bytes, gsize length, gsize whole, gint64 *score);

/* What a unit of UTF-16 says about a guess: kana and kanji speak for it, private use, controls,
 * half-width kana and replacements against it. */
int sk_charset_unit_score (guint16 unit);
