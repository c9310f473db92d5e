/* UTF-16LE from binary files to UTF-8. What is no character becomes U+FFFD. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* Appends a unit; `high` keeps the first half of a pair between calls, and must begin as 0. */
static inline void
sk_utf16_append_unit (GString *into, guint unit, guint *high)
{
  gunichar c = unit;

  if (*high != 0 && unit >= 0xdc00 && unit < 0xe000)
    c = 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00);
  else if (*high != 0)
    g_string_append_unichar (into, 0xfffd);
  *high = 0;
  if (unit >= 0xd800 && unit < 0xdc00)
    *high = unit;
  else
    g_string_append_unichar (into, c == 0 || (c >= 0xdc00 && c < 0xe000) ? 0xfffd : c);
}

static inline void
sk_utf16_append (GString *into, SkBytes from)
{
  guint high = 0;

  for (gsize i = 0; i + 2 <= from.length; i += 2)
    sk_utf16_append_unit (into, sk_bytes_u16 (from, i), &high);
  if (high != 0)
    g_string_append_unichar (into, 0xfffd);
}

/* Up to the first NUL. */
static inline SkBytes
sk_utf16_until_nul (SkBytes from)
{
  gsize i = 0;

  while (i + 2 <= from.length && sk_bytes_u16 (from, i) != 0)
    i += 2;
  return sk_bytes_part (from, 0, i);
}
