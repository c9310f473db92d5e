/* Normal forms of Unicode text, piece by piece and fast: what words, regular expressions and detectors
 * see of it.
 *
 * Over ICU's data; all functions take valid UTF-8, can't fail, and are usable from any thread. ASCII and
 * text that is normal already are passed at memory's pace, without a copy.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum {
  SK_NORMAL_NFKC,
  /* NFKC_Casefold; variant kanji (also those mistaken in names) and all dashes are one. For comparing. */
  SK_NORMAL_WORDS,
  /* NFKC; variant kanji are their common form. The first half of sk-folded.h, which alone uses it. */
  SK_NORMAL_READING,
} SkNormalForm;

/* NULL when the text is normal already, and when more than `most` bytes would come of it: then
 * *result_length is G_MAXSIZE. g_free. */
char *sk_normal_changed (SkNormalForm form, const char *text, gsize length, gsize most,
                         gsize *result_length);
/* Never NULL. */
char *sk_normal_new (SkNormalForm form, const char *text, gsize length, gsize *result_length);

/* Appends the normal form of the next 64 KiB (a little more where a character goes on; 11 times as much
 * at worst), and returns where to go on, `end` at last. All pieces together are the whole's. */
const char *sk_normal_piece (SkNormalForm form, const char *text, const char *end, GString *into);

/* What a character of Japanese text is for folding that depends on neighbours. Anything that isn't a
 * single character of the BMP when normal has none of these roles. */
typedef enum {
  SK_ROLE_NONE,
  SK_ROLE_DIGIT,
  SK_ROLE_LETTER,  /* Latin, without marks */
  SK_ROLE_BLANK,   /* within a line */
  SK_ROLE_BRACKET, /* round and square ones */
  SK_ROLE_DASH,    /* hyphens, minus, dashes, horizontal rules */
  SK_ROLE_VOWEL,   /* the long vowel mark */
  SK_ROLE_HIRAGANA,
  SK_ROLE_KATAKANA,
  SK_ROLE_CLOSED,   /* ッ and ン, which no long vowel follows */
  SK_ROLE_MARK,     /* a sound mark, joined to the kana before */
  SK_ROLE_SELECTOR, /* chooses one of a kanji's shapes */
  SK_ROLE_IGNORED,  /* shows nothing: zero-width space, soft hyphen … (Unicode's Default_Ignorable_Code_Point) */
} SkRole;

/* The role of the character at `at` (before `end`), its length, and what it is when normal (0: no
 * single character). SK_ROLE_NONE when a mark behind belongs to it. */
SkRole sk_normal_role (const char *at, const char *end, guint *length, gunichar *normal);

/* Steps of SK_NORMAL_READING. Passing ends at what is not normal, at selectors, and at dashes and vowel marks but
 * vowel marks behind kana and ASCII hyphens within ASCII; it may return `at`. */
const char *sk_normal_pass (const char *at, const char *end);
/* Appends the normal form of what stands at `at`, and returns where that ends. */
const char *sk_normal_unit (const char *at, const char *end, GString *into);
