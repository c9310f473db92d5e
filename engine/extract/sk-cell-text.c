// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cell-text.h"

#include <string.h>

#define ESCAPE 7 /* bytes of "_x000D_" */
#define LONG_NUMBER 8

/* --- escapes --------------------------------------------------------------------------------- */

/* Of the escape that begins here: its UTF-16 unit; -1: there is none. */
static int
unit_at (const char *at)
{
  int unit = 0;

  if (at[0] != '_' || at[1] != 'x')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (at[i]);
    }
  return at[6] == '_' ? unit : -1;
}

static gboolean
is_half (int unit, int first)
{
  return unit >= first && unit < first + 0x400;
}

/* How many bytes the escapes of one character take. */
static gsize
character_of (const char *at, int unit, gunichar *character)
{
  int low = is_half (unit, 0xd800) ? unit_at (at + ESCAPE) : -1;

  *character = 0xfffd;
  if (is_half (low, 0xdc00))
    {
      *character = 0x10000 + ((gunichar) (unit - 0xd800) << 10) + (gunichar) (low - 0xdc00);
      return 2 * ESCAPE;
    }
  if (unit < 0x20 || unit == 0x7f)
    *character = ' ';
  else if (!is_half (unit, 0xd800) && !is_half (unit, 0xdc00))
    *character = (gunichar) unit;
  return ESCAPE;
}

void
sk_cell_text_unescape (GString *text, gsize from)
{
  char *into = text->str + from;
  const char *at = into;

  while (*at != '\0')
    {
      int unit = unit_at (at);
      gunichar character;

      if (unit < 0)
        {
          *into++ = *at++;
          continue;
        }
      at += character_of (at, unit, &character);
      into += g_unichar_to_utf8 (character, into);
    }
  g_string_truncate (text, (gsize) (into - text->str));
}

/* --- formulas -------------------------------------------------------------------------------- */

/* Behind a quotation that begins here; a mark that is doubled is one of its characters. `into`
 * NULL: nobody wants it. */
static const char *
take_quoted (const char *at, GString *into)
{
  char mark = *at++;

  for (; *at != '\0'; at++)
    {
      if (*at == mark && *++at != mark)
        break;
      if (into != NULL)
        g_string_append_c (into, *at);
    }
  return at;
}

static gboolean
is_of_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.' || c == '$' || (c & 0x80) != 0;
}

static void
begin_piece (GString *into, gboolean joined)
{
  if (into->len > 0 && !joined)
    g_string_append_c (into, ' ');
}

/* Names and references, and numbers that are long. */
static const char *
take_word (const char *at, GString *into, gboolean joined)
{
  const char *end = at;

  while (is_of_word (*end))
    end++;
  if (strspn (at, "0123456789") >= LONG_NUMBER)
    {
      begin_piece (into, joined);
      g_string_append_len (into, at, end - at);
    }
  return end;
}

/* Only "&" and blanks between this place and what comes before it. */
static gboolean
is_joined (const char *from, const char *at)
{
  return strspn (from, "& \n\r\t") >= (gsize) (at - from) && memchr (from, '&', (gsize) (at - from));
}

char *
sk_cell_text_of_formula (const char *formula)
{
  GString *text = g_string_new (NULL);
  const char *behind = formula; /* the last piece that was taken */

  for (const char *at = formula; *at != '\0';)
    {
      gsize length = text->len;

      if (*at == '"')
        {
          begin_piece (text, is_joined (behind, at));
          at = take_quoted (at, text);
        }
      else if (*at == '\'')
        at = take_quoted (at, NULL);
      else if (is_of_word (*at))
        at = take_word (at, text, is_joined (behind, at));
      else
        at++;
      if (text->len > length)
        behind = at;
    }
  return g_strstrip (g_string_free (text, FALSE));
}
