/* The last format, which takes anything: data of no known kind. Its runs of text are read, in
 * UTF-8, UTF-16 and CP932, as strings(1) reads those of ASCII.
 *
 * One pass an encoding, from the one that happens least by accident to ASCII; what a pass has read
 * is gone for those after it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-charset.h"
#include "sk-magic.h"

#include <string.h>

enum {
  RUN_CHARACTERS = 6,
  KANJI_CHARACTERS = 8,   /* any two bytes in three are kanji in UTF-16 */
  STRONG_CHARACTERS = 3,  /* in CP932: kana and common kanji side by side */
  HALF_WIDTH_KANA = 6,
};

/* What was seen in a run. */
typedef struct {
  gsize characters, wide;          /* wide: beyond ASCII */
  gsize strong, strongest;         /* side by side now, and at most */
  gsize half_width, half_widest;
  gsize letter_pairs;              /* kanji in UTF-16 that two letters of ASCII make */
} Run;

/* Length of the character at `p`, 0 when there is none; what it is is noted in the run. */
typedef gsize (*CharacterFunc) (Run *run, const guint8 *p, const guint8 *end);

static gboolean
is_ascii (guint unit)
{
  return unit == '\t' || (unit >= 0x20 && unit < 0x7f);
}

static gsize
ascii_character (Run *run, const guint8 *p, const guint8 *end)
{
  return is_ascii (*p);
}

static gsize
utf8_character (Run *run, const guint8 *p, const guint8 *end)
{
  gunichar c;

  if (*p < 0xc2)
    return is_ascii (*p);
  c = g_utf8_get_char_validated ((const char *) p, end - p);
  if (c >= 0x110000 || c < 0xa0 || !g_unichar_isdefined (c))
    return 0;
  run->wide++;
  return (gsize) g_unichar_to_utf8 (c, NULL);
}

/* Of all other units binary data has too many. */
static gsize
utf16_character (Run *run, const guint8 *p, const guint8 *end)
{
  guint unit = end - p >= 2 ? (guint) (p[0] | p[1] << 8) : 0;
  gboolean kana = (unit >= 0x3000 && unit <= 0x30ff) || (unit >= 0xff01 && unit <= 0xff9f);
  gboolean kanji = unit >= 0x4e00 && unit <= 0x9fff;

  run->strongest += kana || is_ascii (unit);
  run->letter_pairs += kanji && is_ascii (p[0]) && is_ascii (p[1]);
  return kana || kanji || is_ascii (unit) ? 2 : 0;
}

static gboolean
is_trail (guint8 byte)
{
  return byte >= 0x40 && byte != 0x7f && byte <= 0xfc;
}

/* Lead bytes to 0x97: kana, signs and kanji of level 1 (JIS X 0208). */
static gsize
cp932_character (Run *run, const guint8 *p, const guint8 *end)
{
  gboolean is_half_width = *p >= 0xa1 && *p <= 0xdf;
  gboolean is_pair = ((*p >= 0x81 && *p <= 0x9f) || (*p >= 0xe0 && *p <= 0xfc)) && end - p >= 2
                     && is_trail (p[1]);

  run->half_width = is_half_width ? run->half_width + 1 : 0;
  run->strong = is_pair && *p <= 0x97 ? run->strong + 1 : 0;
  run->half_widest = MAX (run->half_widest, run->half_width);
  run->strongest = MAX (run->strongest, run->strong);
  return is_pair ? 2 : is_half_width || is_ascii (*p);
}

static gboolean
takes_utf8 (const Run *run)
{
  return run->characters >= RUN_CHARACTERS && run->wide > 0;
}

static gboolean
takes_utf16 (const Run *run)
{
  return run->characters >= (run->strongest > 0 ? RUN_CHARACTERS : KANJI_CHARACTERS)
         && run->letter_pairs * 2 <= run->characters;
}

static gboolean
takes_cp932 (const Run *run)
{
  return run->characters >= RUN_CHARACTERS
         && (run->strongest >= STRONG_CHARACTERS || run->half_widest >= HALF_WIDTH_KANA);
}

static gboolean
takes_ascii (const Run *run)
{
  return run->characters >= RUN_CHARACTERS;
}

static char *
text_of_utf8 (const guint8 *bytes, gsize length)
{
  return g_strndup ((const char *) bytes, length);
}

/* No surrogates are in a run. */
static char *
text_of_utf16 (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (length * 2);

  for (gsize i = 0; i + 1 < length; i += 2)
    g_string_append_unichar (text, (gunichar) (bytes[i] | bytes[i + 1] << 8));
  return g_string_free (text, FALSE);
}

static char *
text_of_cp932 (const guint8 *bytes, gsize length)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) bytes, length, "windows-31j", &decoded);
  return g_steal_pointer (&decoded.text);
}

static const struct {
  CharacterFunc character;
  gboolean (*takes) (const Run *run);
  char *(*text_of) (const guint8 *bytes, gsize length);
} passes[] = {
  { utf8_character, takes_utf8, text_of_utf8 },
  { utf16_character, takes_utf16, text_of_utf16 },
  { cp932_character, takes_cp932, text_of_cp932 },
  { ascii_character, takes_ascii, text_of_utf8 },
};

static const char *
recognise (const SkContent *content)
{
  return sk_magic_type (content);
}

static guint8 *
run_end (Run *run, guint8 *p, const guint8 *end, CharacterFunc character)
{
  gsize length;

  while (p < end && (length = character (run, p, end)) > 0)
    {
      p += length;
      run->characters++;
    }
  return p;
}

static gboolean
write_and_free (SkSink *sink, char *text)
{
  gboolean more = sk_sink_text (sink, text, -1) && sk_sink_line (sink);

  g_free (text);
  return more;
}

/* A run that is too short may hide one that begins a byte later; a long one that isn't taken does
 * not. */
static gboolean
read_pass (SkSink *sink, guint8 *bytes, gsize length, guint pass)
{
  const guint8 *end = bytes + length;

  for (guint8 *p = bytes, *stop; p < end;)
    {
      Run run = { 0 };

      stop = run_end (&run, p, end, passes[pass].character);
      if (passes[pass].takes (&run))
        {
          if (!write_and_free (sink, passes[pass].text_of (p, (gsize) (stop - p))))
            return FALSE;
          memset (p, 0, (gsize) (stop - p));
          p = stop;
        }
      else
        p = run.characters < KANJI_CHARACTERS ? p + 1 : stop;
    }
  return TRUE;
}

static SkReading
read_runs (const SkContent *content, const char *type, SkSink *sink)
{
  g_autofree guint8 *copy = g_memdup2 (content->bytes, content->length);

  for (guint i = 0; i < G_N_ELEMENTS (passes) && copy != NULL; i++)
    if (!read_pass (sink, copy, content->length, i))
      break;
  return SK_READING_DONE;
}

const SkFormat sk_format_runs = { "runs", recognise, read_runs };
