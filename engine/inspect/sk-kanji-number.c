// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-kanji-number.h"

#define LIMIT 1000000

int
sk_kanji_digit (gunichar c)
{
  static const gunichar digits[]
      = { 0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D };

  for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
    if (digits[i] == c)
      return (int) i;
  return -1;
}

static guint
kanji_scale (gunichar c)
{
  return c == 0x5341 ? 10 : c == 0x767E ? 100 : c == 0x5343 ? 1000 : 0; /* 十 百 千 */
}

static gboolean
parse_digits (const char **p, const char *end, guint *number)
{
  guint value = 0;
  const char *q = *p;

  for (; q < end && g_ascii_isdigit (*q) && value < LIMIT; q++)
    value = value * 10 + (guint) (*q - '0');
  *p = q;
  *number = value;
  return value < LIMIT;
}

static gboolean
parse_kanji (const char **p, const char *end, guint *number)
{
  guint total = 0, current = 0;
  const char *q = *p;

  for (; q < end && current < LIMIT; q = g_utf8_next_char (q))
    {
      gunichar c = g_utf8_get_char (q);
      int digit = sk_kanji_digit (c);
      guint scale = kanji_scale (c);

      if (digit >= 0)
        current = current * 10 + (guint) digit;
      else if (scale > 0)
        {
          total += MAX (current, 1) * scale;
          current = 0;
        }
      else
        break;
      if (total >= LIMIT)
        return FALSE;
    }
  if (q == *p || total + current >= LIMIT)
    return FALSE;
  *p = q;
  *number = total + current;
  return TRUE;
}

gboolean
sk_kanji_number_parse (const char **p, const char *end, guint *number, gboolean *is_kanji)
{
  if (*p >= end)
    return FALSE;
  *is_kanji = !g_ascii_isdigit (**p);
  return *is_kanji ? parse_kanji (p, end, number) : parse_digits (p, end, number);
}
