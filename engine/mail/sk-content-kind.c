// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-content-kind.h"

#include <string.h>

typedef struct {
  gsize offset, length;
  const char *bytes;
} Magic;

/* Pictures that mail programs show in a text. */
static const Magic images[] = {
  { 0, 8, "\x89PNG\r\n\x1a\n" },
  { 0, 3, "\xff\xd8\xff" },
  { 0, 6, "GIF87a" },
  { 0, 6, "GIF89a" },
  { 8, 7, "WEBPVP8" },
  { 0, 4, "II*\0" },
  { 0, 4, "MM\0*" },
  { 0, 4, "\0\0\1\0" },
  { 4, 8, "ftypavif" },
  { 4, 8, "ftypheic" },
  { 4, 8, "ftypheix" },
  { 4, 8, "ftypmif1" },
  { 40, 4, " EMF" },
  { 0, 4, "\xd7\xcd\xc6\x9a" },
};

static const Magic tnef = { 0, 4, "\x78\x9f\x3e\x22" };

static gboolean
matches (const Magic *magic, const guint8 *bytes, gsize length)
{
  return length >= magic->offset + magic->length
         && memcmp (bytes + magic->offset, magic->bytes, magic->length) == 0;
}

/* "BM" begins many a text; a bitmap also has an information header of a known size. */
static gboolean
is_bitmap (const guint8 *bytes, gsize length)
{
  static const guint8 sizes[] = { 12, 40, 52, 56, 64, 108, 124 };

  return length >= 18 && memcmp (bytes, "BM", 2) == 0 && bytes[15] == 0 && bytes[16] == 0
         && bytes[17] == 0 && memchr (sizes, bytes[14], sizeof sizes) != NULL;
}

gboolean
sk_content_is_image (const guint8 *bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    if (matches (&images[i], bytes, length))
      return TRUE;
  return is_bitmap (bytes, length);
}

gboolean
sk_content_is_tnef (const guint8 *bytes, gsize length)
{
  return matches (&tnef, bytes, length);
}
