// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-formula.h"

#include "sk-biff.h"
#include "sk-utf16.h"

enum {
  UNKNOWN = 0xff,
  CONCATENATE = 0x08,
  BRACKETS = 0x15,
  TEXT = 0x17,
  ATTRIBUTES = 0x19,
  CHOICE = 0x04, /* of attributes: as many numbers follow, and one more */
};

/* How many bytes follow a token, by its number without its class: version 5; 8 (2.5.198.2); XLSB
 * (2.5.97). */
/* clang-format off */
static const guint8 lengths[][0x40] = {
  {
    /* 00 */ UNKNOWN, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 10 */ 0, 0, 0, 0, 0, 0, 0, 0, UNKNOWN, 3, UNKNOWN, UNKNOWN, 1, 1, 2, 8,
    /* 20 */ 7, 2, 3, 14, 3, 6, 6, 6, 6, 2, 3, 6, 3, 6, UNKNOWN, UNKNOWN,
    /* 30 */ UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 24, 17, 20, 17, 20, UNKNOWN, UNKNOWN,
  },
  {
    /* 00 */ UNKNOWN, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 10 */ 0, 0, 0, 0, 0, 0, 0, 0, UNKNOWN, 3, UNKNOWN, UNKNOWN, 1, 1, 2, 8,
    /* 20 */ 7, 2, 3, 4, 4, 8, 6, 6, 6, 2, 4, 8, 4, 8, UNKNOWN, UNKNOWN,
    /* 30 */ UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 6, 6, 10, 6, 10, UNKNOWN, UNKNOWN,
  },
  {
    /* 00 */ UNKNOWN, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 10 */ 0, 0, 0, 0, 0, 0, 0, 0, UNKNOWN, 3, UNKNOWN, UNKNOWN, 1, 1, 2, 8,
    /* 20 */ 14, 2, 3, 4, 6, 12, 6, 6, 6, 2, 6, 12, 6, 12, UNKNOWN, UNKNOWN,
    /* 30 */ UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 6, 8, 14, 8, 14, UNKNOWN, UNKNOWN,
  },
};
/* clang-format on */

static guint
base_of (guint token)
{
  return (token & 0x40) != 0 ? (token | 0x20) & 0x3f : token & 0x3f;
}

/* Behind its count of characters and its flags. */
static gsize
append_text_8 (GString *into, SkBytes tokens, gsize at, const char *charset)
{
  guint count = sk_bytes_u8 (tokens, at), is_wide = sk_bytes_u8 (tokens, at + 1) & 1;
  SkBytes bytes = sk_bytes_part (tokens, at + 2, count << is_wide);
  SkBiff biff = { .data = bytes, .version = 8 };

  sk_biff_append_characters (&biff, (guint) bytes.length >> is_wide, is_wide != 0, into);
  return at + 2 + (count << is_wide);
}

static gsize
append_text_5 (GString *into, SkBytes tokens, gsize at, const char *charset)
{
  SkBytes bytes = sk_bytes_part (tokens, at + 1, sk_bytes_u8 (tokens, at));

  sk_biff_append_bytes (into, bytes, charset);
  return at + 1 + bytes.length;
}

static gsize
append_text_xlsb (GString *into, SkBytes tokens, gsize at, const char *charset)
{
  SkBytes bytes = sk_bytes_part (tokens, at + 2, (gsize) sk_bytes_u16 (tokens, at) * 2);

  sk_utf16_append (into, bytes);
  return at + 2 + bytes.length;
}

static gsize (*const append_text[]) (GString *, SkBytes, gsize, const char *)
    = { append_text_5, append_text_8, append_text_xlsb };

static gsize
skip (SkBytes tokens, gsize at, guint base, SkXlsFormula kind)
{
  gboolean has_choices = base == ATTRIBUTES && (sk_bytes_u8 (tokens, at) & CHOICE) != 0;

  return at + lengths[kind][base] + (has_choices ? 2 * (sk_bytes_u16 (tokens, at + 1) + 1) : 0);
}

/* An "&" stands behind what it joins: right behind a text, that ends what comes before it. */
void
sk_xls_append_formula (GString *into, SkBytes tokens, SkXlsFormula kind, const char *charset)
{
  gsize start = into->len, at = 0;
  gssize gap = -1; /* before the last token, when it is a text right behind another */
  gssize blanks = 0; /* in it: none behind an empty text at the beginning */
  gboolean is_behind_text = FALSE;

  while (at < tokens.length && lengths[kind][base_of (tokens.at[at])] != UNKNOWN)
    {
      guint base = base_of (tokens.at[at++]);

      if (base == TEXT)
        {
          gap = is_behind_text ? (gssize) into->len : -1;
          blanks = into->len > start ? 1 : 0;
          if (blanks > 0)
            g_string_append_c (into, ' ');
          at = append_text[kind](into, tokens, at, charset);
          is_behind_text = TRUE;
          continue;
        }
      at = skip (tokens, at, base, kind);
      if (base == BRACKETS || base == ATTRIBUTES) /* blanks, for one */
        continue;
      is_behind_text = base == CONCATENATE && gap >= 0;
      if (is_behind_text)
        g_string_erase (into, gap, blanks);
      gap = -1;
    }
}
