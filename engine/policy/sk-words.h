/* Many words in one pass: all words of a policy in one index, whatever their number.
 *
 * Words and texts are compared after Unicode NFKC and case folding (ICU), with variant kanji and dashes
 * made one (sk-normal.h), so ＡＢＣ finds abc, and 高橋 髙橋; a word needs no boundary. Build once, then
 * immutable and usable from several threads. Finding a text's words costs about the same for 100 and
 * for 100,000 words, and nearly nothing where no word can begin.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* All that folding, in UTF-8; `text` must be valid UTF-8. ASCII is quick. g_free. */
char *sk_words_fold (const char *text, gsize length, gsize *folded_length);
/* The same, but NULL (and nothing copied) when the text is folded already; its length is told
 * either way. */
char *sk_words_fold_changed (const char *text, gsize length, gsize *folded_length);
/* For long texts: appends what the next 64 KiB of it become when folded (a little more where a
 * character goes on; 11 times as much at worst), and returns where to go on, `end` at last. All
 * pieces together are what sk_words_fold() makes of the whole. */
const char *sk_words_fold_piece (const char *text, const char *end, GString *into);
/* NFKC only: what regex sees. */
char *sk_words_nfkc (const char *text, gsize length, gsize *normal_length);
/* The same, but NULL when the text is normal already; and NULL with *normal_length G_MAXSIZE when
 * more than `most` bytes would come of it. */
char *sk_words_nfkc_changed (const char *text, gsize length, gsize most, gsize *normal_length);

typedef struct _SkWords SkWords;
typedef struct _SkWordsBuilder SkWordsBuilder;

SkWordsBuilder *sk_words_builder_new (void);
/* `word` is folded here; the empty word (after folding and cutting blanks) is left out: FALSE.
 * Several ids may have the same word. */
gboolean sk_words_builder_add (SkWordsBuilder *self, const char *word, guint32 id);
/* Consumes the builder. */
SkWords *sk_words_builder_finish (SkWordsBuilder *self);
void sk_words_free (SkWords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkWords, sk_words_free)

/* Called for every occurrence (overlapping ones too), in the order in which they begin; start and
 * length in bytes of the folded text. Return FALSE to stop. */
typedef gboolean (*SkWordsFunc) (guint32 id, gsize start, gsize length, gpointer user_data);
/* `folded` comes from sk_words_fold(). */
void sk_words_scan (const SkWords *self, const char *folded, gsize length, SkWordsFunc callback,
                    gpointer user_data);
/* Only words that begin in [from, until), and end before `length`. FALSE when it was stopped. */
gboolean sk_words_scan_part (const SkWords *self, const char *folded, gsize length, gsize from,
                             gsize until, SkWordsFunc callback, gpointer user_data);
/* Folds and scans in pieces: the same calls as for the whole, in memory of some 64 KiB and three
 * times the longest word, whatever the text's length. */
void sk_words_scan_text (const SkWords *self, const char *text, gsize length, SkWordsFunc callback,
                         gpointer user_data);
/* Bytes of the longest word; 0 without words. */
gsize sk_words_longest (const SkWords *self);
