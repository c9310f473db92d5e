/* A piece of text and what MeCab read in it, as the rules that tell names look at it.
 *
 * For sk-name-rules.c and sk-name-cell.c. It borrows the text, and the words from the reader until that reads again.
 * Offsets are bytes of the text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-morpheme.h"

typedef struct {
  const char *text, *end;
  const GArray *path, *names; /* SkMorpheme */
  /* By offset: 1 + the number of the word of the path, of the first name, that begins there; 0: none does. */
  guint16 words[SK_MORPHEME_MAX_PIECE + 1], first_names[SK_MORPHEME_MAX_PIECE + 1];
} SkNamePiece;

/* FALSE: MeCab can't read it. */
gboolean sk_name_piece_read (SkNamePiece *self, SkMorphemeReader *reader, const char *text,
                             gsize length);

/* [text, text + length) without blanks and quotes. */
char *sk_name_value (const char *text, gsize length);

/* The word of the path that begins at `offset`; NULL: none does. */
static inline const SkMorpheme *
sk_name_piece_word (const SkNamePiece *self, gsize offset)
{
  guint i = self->words[offset];

  return i > 0 ? &g_array_index (self->path, SkMorpheme, i - 1) : NULL;
}

/* 0 beyond the end, and before the beginning. */
static inline gunichar
sk_name_piece_character (const SkNamePiece *self, gsize offset)
{
  return self->text + offset < self->end ? g_utf8_get_char (self->text + offset) : 0;
}

static inline gunichar
sk_name_piece_character_before (const SkNamePiece *self, gsize offset)
{
  return offset > 0 ? g_utf8_get_char (g_utf8_prev_char (self->text + offset)) : 0;
}

/* The names of the dictionary that begin at `start`, one after the other; NULL: there are no more. */
static inline const SkMorpheme *
sk_name_piece_next (const SkNamePiece *self, gsize start, const SkMorpheme *before)
{
  const SkMorpheme *names = (const SkMorpheme *) self->names->data;
  guint i = before != NULL ? (guint) (before - names) + 1 : (guint) self->first_names[start] - 1;

  if (before == NULL && self->first_names[start] == 0)
    return NULL;
  return i < self->names->len && names[i].start == start ? names + i : NULL;
}
