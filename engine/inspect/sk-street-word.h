/* What words and signs mean in a Japanese address: tables, and questions about what stands at a place.
 *
 * For sk-street.c. Pure functions over valid UTF-8; `end` is the end of the text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

gboolean sk_street_word_is_town_character (gunichar c);

/* What joins a place to a sentence stands at p: 港区の案件. Some towns begin like that (のぞみ, はるひ野). */
gboolean sk_street_word_is_particle (const char *p, const char *end);

/* Whether a unit of addresses (丁目, 番地, 番 …) stands at p. */
gboolean sk_street_word_is_unit (const char *p, const char *end);

/* The length of the unit at p behind which more of a town may come (条, 線, 地割 …), or 0. */
gsize sk_street_word_open_unit (const char *p, const char *end);

/* The unit at p may have 第 before its number: 第3地割, 第5号. */
gboolean sk_street_word_takes_ordinal (const char *p, const char *end);

/* 番 was read: p goes on with what makes it another word (番目, 番線). */
gboolean sk_street_word_is_no_lot (const char *p, const char *end);

/* 号室, 号館 … stand at p. */
gboolean sk_street_word_is_room (const char *p, const char *end);

/* What counts something else than houses: 3件, 2-3人, 5%. */
gboolean sk_street_word_is_counter (const char *p, const char *end);

/* An address may end at p: no letter or digit goes on. */
gboolean sk_street_word_ends (const char *p, const char *end);

gboolean sk_street_word_may_be_year (guint number);

/* Whether the last three characters and more are katakana: ハルカス300. Few towns are called so. */
gboolean sk_street_word_ends_in_katakana (const char *town);

/* Whether what stands between municipality and number may be the name of a town: no words of prose and
 * business. Empty is fine. */
gboolean sk_street_word_is_town (const char *town);
