// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ole2-properties.h"

#include "sk-charset.h"
#include "sk-code-page.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  SETS = 2,
  PROPERTIES = 1000, /* more are not looked at */
  ID_DICTIONARY = 0,
  ID_CODE_PAGE = 1,
  TYPE_VARIANT = 12,
  TYPE_STRING = 30,
  TYPE_WIDE_STRING = 31,
  TYPE_VECTOR = 0x1000,
  WIDE = 1200,
};

typedef struct {
  GString *into;
  guint page;
} Reader;

static void
append_line (Reader *self, SkBytes text, gboolean is_wide)
{
  gsize before = self->into->len;
  g_auto (SkDecoded) decoded = { NULL };

  if (is_wide)
    sk_utf16_append (self->into, sk_utf16_until_nul (text));
  else if (text.length > 0)
    {
      sk_charset_decode ((const char *) text.at, strnlen ((const char *) text.at, text.length),
                         sk_code_page_charset (self->page), &decoded);
      g_string_append_len (self->into, decoded.text, (gssize) decoded.length);
    }
  if (self->into->len > before)
    g_string_append_c (self->into, '\n');
}

/* Returns how long it was. */
static gsize
read_string (Reader *self, SkBytes value, guint type)
{
  gboolean is_wide = type == TYPE_WIDE_STRING || self->page == WIDE;
  gsize length = sk_bytes_u32 (value, 0);

  if (type == TYPE_WIDE_STRING)
    length *= 2;
  append_line (self, sk_bytes_part (value, 4, length), is_wide);
  return 4 + MIN (length, value.length);
}

/* Office fills only UTF-16 up to four bytes, others fill up all: then no length can stand here. */
static SkBytes
skip_string (SkBytes value, gsize length, guint type)
{
  SkBytes next = sk_bytes_from (value, length),
          filled = sk_bytes_from (value, (length + 3) & ~(gsize) 3);

  return type == TYPE_WIDE_STRING || sk_bytes_u32 (next, 0) > next.length ? filled : next;
}

/* Elements of a vector of variants bear their type. Other things than texts end it, but for whole
 * numbers. */
static void
read_vector (Reader *self, SkBytes value, guint type)
{
  guint count = MIN (sk_bytes_u32 (value, 0), PROPERTIES);

  value = sk_bytes_from (value, 4);
  for (guint i = 0; i < count && value.length > 0; i++)
    {
      guint element = type == TYPE_VARIANT ? sk_bytes_u32 (value, 0) : type;

      if (type == TYPE_VARIANT)
        value = sk_bytes_from (value, 4);
      if (element == TYPE_STRING || element == TYPE_WIDE_STRING)
        value = skip_string (value, read_string (self, value, element), element);
      else
        value = sk_bytes_from (value, 4);
    }
}

static void
read_value (Reader *self, SkBytes value)
{
  guint type = sk_bytes_u32 (value, 0);

  if (type == TYPE_STRING || type == TYPE_WIDE_STRING)
    read_string (self, sk_bytes_from (value, 4), type);
  else if (type & TYPE_VECTOR)
    read_vector (self, sk_bytes_from (value, 4), type & ~(guint) TYPE_VECTOR);
}

static void
read_set (Reader *self, SkBytes set)
{
  guint count = MIN (sk_bytes_u32 (set, 4), PROPERTIES);

  self->page = 0;
  for (guint i = 0; i < count; i++)
    if (sk_bytes_u32 (set, 8 + i * 8) == ID_CODE_PAGE)
      self->page = sk_bytes_u16 (set, sk_bytes_u32 (set, 12 + i * 8) + (gsize) 4);
  for (guint i = 0; i < count; i++)
    if (sk_bytes_u32 (set, 8 + i * 8) != ID_DICTIONARY)
      read_value (self, sk_bytes_from (set, sk_bytes_u32 (set, 12 + i * 8)));
}

void
sk_ole2_append_property_set (SkBytes stream, GString *into)
{
  Reader self = { .into = into };
  guint count = MIN (sk_bytes_u32 (stream, 24), SETS);

  if (sk_bytes_u16 (stream, 0) != 0xfffe)
    return;
  for (guint i = 0; i < count; i++)
    read_set (&self, sk_bytes_from (stream, sk_bytes_u32 (stream, 44 + i * 20)));
}

void
sk_ole2_append_properties (SkOle2 *ole2, guint storage, GString *into)
{
  static const char *const streams[]
      = { "\005SummaryInformation", "\005DocumentSummaryInformation" };

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autoptr (GBytes) stream = sk_ole2_stream (ole2, storage, streams[i]);

      if (stream != NULL)
        sk_ole2_append_property_set (sk_bytes_of (stream), into);
    }
}
