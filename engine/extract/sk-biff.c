// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-biff.h"

#include "sk-charset.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  HEADER = 4,
  IS_WIDE = 1,
  HAS_PHONETIC = 4,
  HAS_RUNS = 8,
  LAST_TYPE = 0x0900, /* below it, and those of charts beside */
  CHART_TYPES = 0x10,
};

static void
open_record (SkBiff *self, gsize offset)
{
  self->offset = offset;
  self->type = sk_bytes_u16 (self->stream, offset);
  self->data
      = sk_bytes_part (self->stream, offset + HEADER, sk_bytes_u16 (self->stream, offset + 2));
  self->next = offset + HEADER + self->data.length;
  self->at = 0;
  if (self->data.length < sk_bytes_u16 (self->stream, offset + 2))
    self->is_damaged = TRUE;
}

gboolean
sk_biff_next (SkBiff *self)
{
  if (self->stream.length < HEADER || self->next > self->stream.length - HEADER)
    return FALSE;
  open_record (self, self->next);
  return TRUE;
}

/* The record keeps its type and place. */
static gboolean
go_on (SkBiff *self)
{
  guint type = self->type;
  gsize offset = self->offset;

  if (self->next + HEADER > self->stream.length
      || sk_bytes_u16 (self->stream, self->next) != SK_BIFF_CONTINUE)
    return FALSE;
  open_record (self, self->next);
  self->type = type;
  self->offset = offset;
  return TRUE;
}

/* Stands on a byte, if there is one. */
static gboolean
has_byte (SkBiff *self)
{
  while (self->at >= self->data.length)
    if (!go_on (self))
      return FALSE;
  return TRUE;
}

gboolean
sk_biff_at_end (const SkBiff *self)
{
  SkBiff ahead = *self;

  return !has_byte (&ahead);
}

gboolean
sk_biff_has_type (const SkBiff *self)
{
  return self->type < LAST_TYPE || (self->type >> 8) == CHART_TYPES;
}

/* What has a type that none has ([MS-XLS] 2.3) is no record, and a stretch of zeros is a hole.
 * Excel 2 had a record of type 0, which some programs still write. */
gboolean
sk_biff_is_sane (const SkBiff *self)
{
  return sk_biff_has_type (self)
         && (self->type != 0 || self->data.length > 0
             || sk_bytes_u32 (self->stream, self->next) != 0);
}

guint
sk_biff_u8 (SkBiff *self)
{
  return has_byte (self) ? self->data.at[self->at++] : 0;
}

guint
sk_biff_u16 (SkBiff *self)
{
  guint low = sk_biff_u8 (self);

  return low | sk_biff_u8 (self) << 8;
}

guint32
sk_biff_u32 (SkBiff *self)
{
  guint32 low = sk_biff_u16 (self);

  return low | (guint32) sk_biff_u16 (self) << 16;
}

void
sk_biff_skip (SkBiff *self, gsize length)
{
  while (length > 0 && has_byte (self))
    {
      gsize here = MIN (length, self->data.length - self->at);

      self->at += here;
      length -= here;
    }
}

/* [MS-XLS] 2.5.293: where a string goes on in a CONTINUE, it may do so in characters of the other
 * width. */
void
sk_biff_append_characters (SkBiff *self, guint count, gboolean is_wide, GString *into)
{
  guint high = 0, unit = 1;

  while (count > 0)
    {
      guint before = unit;

      if (self->at >= self->data.length)
        {
          if (!go_on (self))
            {
              self->is_damaged = TRUE;
              return;
            }
          is_wide = (sk_biff_u8 (self) & IS_WIDE) != 0;
          continue;
        }
      unit = is_wide ? sk_biff_u16 (self) : sk_biff_u8 (self);
      if (unit == 0 && before == 0)
        self->is_damaged = TRUE;
      sk_utf16_append_unit (into, unit, &high);
      count--;
    }
}

static void
append_wide_string (SkBiff *self, guint count, GString *into)
{
  guint flags = sk_biff_u8 (self);
  gsize runs = flags & HAS_RUNS ? sk_biff_u16 (self) * 4 : 0;
  gsize phonetic = flags & HAS_PHONETIC ? sk_biff_u32 (self) : 0;

  sk_biff_append_characters (self, count, (flags & IS_WIDE) != 0, into);
  sk_biff_skip (self, runs);
  sk_biff_skip (self, phonetic);
}

/* Whether bytes that are ASCII can be kana and kanji in UTF-16. */
static gboolean
may_be_wide (SkBytes bytes)
{
  for (gsize i = 0; i + 1 < bytes.length; i += 2)
    {
      guint unit = sk_bytes_u16 (bytes, i);

      if (!(unit >= 0x3041 && unit <= 0x30ff) && !(unit >= 0x4e00 && unit <= 0x9fff))
        return FALSE;
    }
  return bytes.length % 2 == 0;
}

static gboolean
is_ascii (SkBytes bytes)
{
  for (gsize i = 0; i < bytes.length; i++)
    if (bytes.at[i] < ' ' || bytes.at[i] >= 0x7f)
      return FALSE;
  return TRUE;
}

/* Gnumeric says that all is UTF-16, and writes what is ASCII as it is. */
void
sk_biff_append_bytes (GString *into, SkBytes bytes, const char *charset)
{
  g_auto (SkDecoded) decoded = { NULL };

  if (charset != NULL && g_ascii_strncasecmp (charset, "UTF-16", strlen ("UTF-16")) == 0
      && is_ascii (bytes) && !may_be_wide (bytes))
    charset = NULL;
  sk_charset_decode ((const char *) bytes.at, bytes.length, charset, &decoded);
  g_string_append_len (into, decoded.text, (gssize) decoded.length);
}

static void
append_bytes (SkBiff *self, guint count, GString *into)
{
  SkBytes bytes = sk_bytes_part (self->data, self->at, count);

  self->at += bytes.length;
  if (bytes.length < count || memmem (bytes.at, bytes.length, "\0", 2) != NULL)
    self->is_damaged = TRUE;
  if (bytes.length > 0)
    sk_biff_append_bytes (into, bytes, self->charset);
}

void
sk_biff_append_string (SkBiff *self, guint count, GString *into)
{
  if (self->version >= 8)
    append_wide_string (self, count, into);
  else
    append_bytes (self, count, into);
}
