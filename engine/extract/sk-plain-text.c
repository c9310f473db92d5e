// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-plain-text.h"

#include "sk-charset.h"
#include "sk-format.h"

#include <string.h>

enum {
  HEAD_BYTES = 2048,
  SAMPLE_BYTES = 64 * 1024,
  FAULTS_SHARE = 50,  /* one in so many characters may be wrong */
  CONTROLS_SHARE = 8, /* also in a short text */
  NULS_SHARE = 8,     /* fields that are filled up */
  NULS_BETWEEN = 4,   /* so many with one byte between them are of UTF-16 */
};

/* --- what surrounds and fills text ------------------------------------------------------------ */

/* A host's last block is filled with NULs; a DOS text ends with 0x1a. */
static gsize
filled_length (const SkContent *content)
{
  gsize length = content->length;

  while (length > 0 && (content->bytes[length - 1] == '\0' || content->bytes[length - 1] == 0x1a))
    length--;
  return length;
}

static gboolean
has_nul (const SkContent *content)
{
  return content->length > 0 && memchr (content->bytes, '\0', content->length) != NULL;
}

static gsize
unit_bytes (const char *charset)
{
  return g_str_has_prefix (charset, "UTF-32") ? 4 : g_str_has_prefix (charset, "UTF-16") ? 2 : 1;
}

static gsize
unit_of (const SkContent *content, gsize length)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) content->bytes, MIN (length, SAMPLE_BYTES), NULL, &decoded);
  return unit_bytes (decoded.charset);
}

/* In a wide charset NULs are parts of characters, and the last may be the text's. */
static gsize
guess_unit (const SkContent *content, gsize filled)
{
  gsize four = (filled + 3) / 4 * 4;

  if (four <= content->length && unit_of (content, four) == 4)
    return 4;
  return unit_of (content, MIN (content->length, filled + filled % 2));
}

SkContent
sk_content_without_nuls (const SkContent *content, guint8 **copy)
{
  SkContent plain = *content;
  gsize unit;

  *copy = NULL;
  plain.length = filled_length (content);
  if (plain.length == 0 || (plain.length == content->length && !has_nul (content)))
    return plain;
  unit = guess_unit (content, plain.length);
  plain.length = MIN (content->length, (plain.length + unit - 1) / unit * unit);
  if (unit > 1 || !has_nul (&plain))
    return plain;
  *copy = g_memdup2 (plain.bytes, plain.length);
  for (gsize i = 0; i < plain.length; i++)
    if ((*copy)[i] == '\0')
      (*copy)[i] = ' ';
  plain.bytes = *copy;
  return plain;
}

static gboolean
has_many_nuls (const guint8 *bytes, gsize length)
{
  gsize nuls = 0, between = 0;

  for (gsize i = 0; i < length && between < NULS_BETWEEN; i++)
    if (bytes[i] == '\0')
      {
        between = i >= 2 && bytes[i - 2] == '\0' && bytes[i - 1] != '\0' ? between + 1 : 0;
        nuls++;
      }
  return between >= NULS_BETWEEN || nuls > length / NULS_SHARE;
}

/* --- what is text ----------------------------------------------------------------------------- */

/* ESC [ begins a terminal's escape. */
static gboolean
is_layout (const char *p, const char *end)
{
  return (*p >= '\t' && *p <= '\r') || (*p == '\033' && p + 1 < end && p[1] == '[');
}

static gsize
count_controls (const char *text, gsize length)
{
  gsize controls = 0;

  for (const char *p = text, *end = text + length; p < end; p++)
    controls += ((guchar) *p < 0x20 || *p == 0x7f) && !is_layout (p, end);
  return controls;
}

/* A cut, a foreign charset's letter, a character of somebody's own. */
static gboolean
is_fault (gunichar c)
{
  return (c >= 0x80 && c < 0xa0) || c == 0xfffd || (c >= 0xe000 && c < 0xf900)
         || !g_unichar_isdefined (c);
}

/* In text they are few. */
static gboolean
has_many_faults (const SkDecoded *decoded, gsize controls)
{
  const char *p = decoded->text, *end = p + decoded->length;
  gsize characters = 0, faults = controls;

  for (; p < end; p = g_utf8_next_char (p))
    {
      characters++;
      faults += is_fault (g_utf8_get_char (p));
    }
  return faults > 1 + characters / FAULTS_SHARE || controls > characters / CONTROLS_SHARE;
}

/* ISO-2022-JP switches with control characters, where it is not decoded. */
static gboolean
has_controls_behind (const SkContent *plain, gsize sample, const char *charset)
{
  gsize length = plain->length - sample;

  return unit_bytes (charset) == 1 && !g_str_has_prefix (charset, "JIS")
         && count_controls ((const char *) plain->bytes + sample, length) > length / FAULTS_SHARE;
}

/* `plain` is the content without its NULs; media whose picture is all one letter is no text. */
static gboolean
is_text (const SkContent *plain, const SkContent *content)
{
  gsize sample = MIN (plain->length, SAMPLE_BYTES), controls;
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) plain->bytes, sample, NULL, &decoded);
  controls = count_controls (decoded.text, decoded.length);
  if (has_many_faults (&decoded, controls)
      || has_controls_behind (plain, sample, decoded.charset))
    return FALSE;
  return (controls == 0 && plain->bytes == content->bytes)
         || (sk_format_media.recognise (content) == NULL
             && sk_format_closed.recognise (content) == NULL);
}

gboolean
sk_content_is_text (const SkContent *content)
{
  g_autofree guint8 *copy = NULL;
  SkContent plain = sk_content_without_nuls (content, &copy);

  if (plain.length == 0 || (copy != NULL && has_many_nuls (content->bytes, plain.length)))
    return FALSE;
  return is_text (&plain, content);
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
  g_autofree guint8 *copy = NULL;
  SkContent plain = sk_content_without_nuls (content, &copy);
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) plain.bytes, plain.length, charset, &decoded);
  *length = decoded.length;
  return g_steal_pointer (&decoded.text);
}
