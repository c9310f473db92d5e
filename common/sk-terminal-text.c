// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-terminal-text.h"

/* Control characters reach into the terminal; format characters (the directional overrides among
 * them) deceive the reader, but for the two joiners that scripts need; the separators break lines.
 */
static gboolean
is_harmless (gunichar c)
{
  const GUnicodeType type = g_unichar_type (c);

  if (c == 0x200c || c == 0x200d)
    return TRUE;
  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR
         && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

static char *
clean (const char *text, gunichar also)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *cleaned = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (cleaned, c == also || is_harmless (c) ? c : '?');
    }
  return g_string_free (cleaned, FALSE);
}

char *
sk_terminal_text (const char *text)
{
  return clean (text, 0);
}

char *
sk_terminal_lines (const char *text)
{
  return clean (text, '\n');
}
