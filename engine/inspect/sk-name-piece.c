// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-name-piece.h"

#include <string.h>

gboolean
sk_name_piece_read (SkNamePiece *self, SkMorphemeReader *reader, const char *text, gsize length)
{
  self->text = text;
  self->end = text + length;
  if (!sk_morpheme_read (reader, text, length, &self->path, &self->names))
    return FALSE;
  memset (self->words, 0, (length + 1) * sizeof self->words[0]);
  memset (self->first_names, 0, (length + 1) * sizeof self->first_names[0]);
  for (guint i = 0; i < self->path->len; i++)
    self->words[g_array_index (self->path, SkMorpheme, i).start] = (guint16) (i + 1);
  for (guint i = self->names->len; i > 0; i--)
    self->first_names[g_array_index (self->names, SkMorpheme, i - 1).start] = (guint16) i;
  return TRUE;
}

char *
sk_name_value (const char *text, gsize length)
{
  GString *value = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (strchr (" \t\",\r\n", text[i]) == NULL)
      g_string_append_c (value, text[i]);
  return g_string_free (value, FALSE);
}
