// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-known-type.h"

#include "sk-suggest.h"

#include <string.h>

static const char *const known[] = {
#include "sk-known-types.inc"
  NULL,
};

/* Names that mail programs and browsers use, or once used. */
static const struct {
  const char *other, *known;
} others[] = {
  { "application/x-zip-compressed", "application/zip" },
  { "application/x-zip", "application/zip" },
  { "application/x-rar-compressed", "application/vnd.rar" },
  { "application/x-7zip-compressed", "application/x-7z-compressed" },
  { "application/x-msdownload", "application/vnd.microsoft.portable-executable" },
  { "application/x-msdos-program", "application/vnd.microsoft.portable-executable" },
  { "application/exe", "application/vnd.microsoft.portable-executable" },
  { "application/word", "application/msword" },
  { "application/excel", "application/vnd.ms-excel" },
  { "application/x-excel", "application/vnd.ms-excel" },
  { "application/powerpoint", "application/vnd.ms-powerpoint" },
  { "application/x-pdf", "application/pdf" },
  { "text/richtext", "text/rtf" },
  { "image/jpg", "image/jpeg" },
  { "image/pjpeg", "image/jpeg" },
};

gboolean
sk_known_type_matches (const char *pattern)
{
  for (guint i = 0; known[i] != NULL; i++)
    if (g_pattern_match_simple (pattern, known[i]))
      return TRUE;
  return FALSE;
}

const char *
sk_known_type_near (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (strcmp (others[i].other, type) == 0)
      return others[i].known;
  return sk_suggest (type, known);
}
