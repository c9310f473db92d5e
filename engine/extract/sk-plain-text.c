// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-plain-text.h"

#include "sk-charset.h"

#include <string.h>

enum {
  HEAD_BYTES = 2048,
  SAMPLE_BYTES = 64 * 1024,
  FAULTS_SHARE = 50, /* one in so many characters may be wrong */
};

/* A DOS text ends with 0x1a; ESC [ begins a terminal's escape. */
static gboolean
is_layout (const char *p, const char *end)
{
  switch (*p)
    {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
      return TRUE;
    case '\033':
      return p + 1 < end && p[1] == '[';
    case '\x1a':
      return p + 1 == end;
    default:
      return FALSE;
    }
}

static gboolean
has_controls (const char *text, gsize length)
{
  for (const char *p = text, *end = text + length; p < end; p++)
    if (((guchar) *p < 0x20 || *p == 0x7f) && !is_layout (p, end))
      return TRUE;
  return FALSE;
}

static gboolean
is_wide (const SkDecoded *decoded)
{
  return g_str_has_prefix (decoded->charset, "UTF-16")
         || g_str_has_prefix (decoded->charset, "UTF-32");
}

/* A cut, a foreign charset's letter, a character of somebody's own: in text they are few. */
static gboolean
has_many_faults (const SkDecoded *decoded)
{
  const char *p = decoded->text, *end = p + decoded->length;
  gsize characters = 0, faults = 0;

  for (; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      characters++;
      faults += (c >= 0x80 && c < 0xa0) || c == 0xfffd || (c >= 0xe000 && c < 0xf900)
                || !g_unichar_isdefined (c);
    }
  return faults > 1 + characters / FAULTS_SHARE;
}

gboolean
sk_content_is_text (const SkContent *content)
{
  gsize sample = MIN (content->length, SAMPLE_BYTES);
  g_auto (SkDecoded) decoded = { NULL };
  const char *bytes = (const char *) content->bytes;

  if (sample == 0)
    return FALSE;
  sk_charset_decode (bytes, sample, NULL, &decoded);
  if (has_many_faults (&decoded) || has_controls (decoded.text, decoded.length))
    return FALSE;
  if (is_wide (&decoded))
    return TRUE;
  /* ISO-2022-JP switches with control characters, where it is not decoded. */
  return memchr (bytes, '\0', sample) == NULL
         && (g_str_has_prefix (decoded.charset, "JIS")
             || !has_controls (bytes + sample, content->length - sample));
}

char *
sk_content_head (const SkContent *content)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) content->bytes, MIN (content->length, HEAD_BYTES), NULL,
                     &decoded);
  return g_strdup (g_strchug (decoded.text));
}

char *
sk_content_decode (const SkContent *content, const char *charset, gsize *length)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) content->bytes, content->length, charset, &decoded);
  *length = decoded.length;
  return g_steal_pointer (&decoded.text);
}
