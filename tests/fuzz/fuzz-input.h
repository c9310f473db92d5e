/* What the fuzzers share: copies that end where their memory ends, so that reading beyond them is
 * seen, and what may stand in a text that people or the wire are shown.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Exactly `size` octets, no NUL behind them; free() it. Not NULL for none. */
static inline char *
fuzz_copy (const void *data, gsize size)
{
  char *copy = malloc (size);

  g_assert_nonnull (copy);
  if (size > 0)
    memcpy (copy, data, size);
  return copy;
}

/* UTF-8, and nothing in it that breaks a line or moves a cursor. */
static inline gboolean
fuzz_is_clean (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      GUnicodeType type = g_unichar_type (g_utf8_get_char (at));

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
          || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return FALSE;
    }
  return TRUE;
}
