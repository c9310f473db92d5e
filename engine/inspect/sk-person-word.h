/* Words that stand around the names of people, and names that the dictionary lacks: tables, and questions
 * about what stands at a place.
 *
 * For the detectors of names and of lists of people. Pure functions over valid UTF-8; `end` is the end of
 * the text. Lengths are bytes, 0 for "no".
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

gboolean sk_is_kanji (gunichar c);
gboolean sk_is_hiragana (gunichar c);
gboolean sk_is_katakana (gunichar c); /* and ー */

/* 様, さん … at p; those that may stand behind a blank only when `after_blank`. */
gsize sk_person_word_honorific (const char *p, const char *end, gboolean after_blank);

/* 社長, 弁護士, 宛 … at p: a name ends before it. */
gboolean sk_person_word_is_role (const char *p, const char *end);

/* 商店, 建設, 記念館 … at p: the name before it is an organisation's or a thing's. The length of the word. */
gsize sk_person_word_business (const char *p, const char *end);

/* 株式会社 … ends at p. */
gboolean sk_person_word_is_company_form_before (const char *start, const char *p);

/* Whether [p, end) has a word that no name of a person has: 株式会社, 営業部, 未定 … */
gboolean sk_person_word_is_no_person (const char *p, const char *end);

/* A surname at p that the dictionary lacks: 小鳥遊. */
gsize sk_person_word_rare_surname (const char *p, const char *end);

/* Whether c alone is a given name that the dictionary lacks: 凪, 湊. */
gboolean sk_person_word_is_given_kanji_alone (gunichar c);

/* A given name of two or three kanji of which names are made, as long as kanji go on: 陽葵, 湊斗. */
gsize sk_person_word_given_kanji (const char *p, const char *end);

/* A given name in kana that begins at p and is followed by what may follow it: さくら, ひなた, リサ. */
gsize sk_person_word_given_kana (const char *p, const char *end);

/* Whether a name in kana may end before p: no kana of its kind goes on, but for particles and 様, 部長 … */
gboolean sk_person_word_may_follow_kana (const char *p, const char *end, gboolean is_hiragana);

/* Whether [p, p + length), in either kana, is the reading of a common surname or given name. */
gboolean sk_person_word_is_surname_reading (const char *p, gsize length);
gboolean sk_person_word_is_given_reading (const char *p, gsize length);
