/* A text as detectors see it: NFKC (ICU) plus the folds that Japanese needs, with a way back to where
 * each byte came from.
 *
 * The folds: every dash among digits (‐ ‑ ‒ – — ― − ー ｰ ━ ─) is '-'; long vowel marks after kana are
 * ー; variant kanji (髙 﨑 齋 邊 …) are their common form; what shows nothing (zero-width characters, soft hyphens)
 * goes. Case is kept. The text must be valid UTF-8;
 * the result owns its copy, and none is made where folding changes nothing. Immutable once made.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const char *text; /* NUL-terminated where the original is */
  gsize length;
} SkFolded;

/* `text` must outlive the result. */
SkFolded *sk_folded_new (const char *text, gsize length);
/* NULL when more than `most` bytes would come of it: some characters become many (㍿ four, ﷺ eighteen). */
SkFolded *sk_folded_new_within (const char *text, gsize length, gsize most);
void sk_folded_free (SkFolded *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkFolded, sk_folded_free)

/* The stretch of the original that became [start, start + length) of the folded text, in whole
 * characters. */
void sk_folded_source (const SkFolded *self, gsize start, gsize length, gsize *source_start,
                       gsize *source_length);
