/* The last format, which takes anything: data of no known kind. Its runs of text are read, in
 * UTF-8, CP932, EUC-JP and UTF-16 of either byte order, as strings(1) reads those of ASCII.
 *
 * One pass an encoding, from the one that happens least by accident to ASCII; what a pass has read
 * is gone for those after it, unless it can well be read in another encoding.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-charset.h"
#include "sk-encoded-file.h"
#include "sk-magic.h"

#include <string.h>

enum {
  RUN_CHARACTERS = 6,
  KANJI_CHARACTERS = 8, /* any two bytes in three are kanji in UTF-16 */
  SURE_KANJI_CHARACTERS = 12,
  STRONG_CHARACTERS = 3, /* in CP932: kana and common kanji side by side */
  HALF_WIDTH_KANA = 6,
  SURE_CHARACTERS = 8, /* by accident, so many in CP932 would not be common ones */
  SURE_SHARE = 6,      /* one in so many is rare */
  CLOSE_CHARACTERS = 3,
  CLOSE_SHARE = 4,
};

/* What was seen in a run. */
typedef struct {
  gsize characters, wide;          /* wide: beyond ASCII */
  gsize longer;                    /* in UTF-8, of three bytes and more */
  gsize rare;                      /* not among the common ones */
  gsize strong, strongest;         /* side by side now, and at most */
  gsize half_width, half_widest;
  gsize letter_pairs;              /* kanji in UTF-16 that two letters of ASCII make */
  gboolean beside_more;            /* bytes of another encoding go on before it, or behind */
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
  run->longer += c >= 0x800;
  return (gsize) g_unichar_to_utf8 (c, NULL);
}

static gboolean
is_trail (guint8 byte)
{
  return byte >= 0x40 && byte != 0x7f && byte <= 0xfc;
}

enum { KANJI_FIRST = 0x4e00, KANJI_LAST = 0x9fff, LEVEL_1 = 0x889f, LEVEL_2 = 0x989f };

/* The kanji of level 1 (JIS X 0208), as CP932 has them: a byte for each kanji, not 0 for those. */
static guint8 *
make_common_kanji (void)
{
  guint8 *common = g_malloc0 (KANJI_LAST - KANJI_FIRST + 1);
  g_autoptr (GByteArray) pairs = g_byte_array_new ();
  g_auto (SkDecoded) decoded = { NULL };

  for (guint pair = LEVEL_1; pair < LEVEL_2; pair++)
    if (is_trail ((guint8) pair))
      {
        g_byte_array_append (pairs, &(guint8){ (guint8) (pair >> 8) }, 1);
        g_byte_array_append (pairs, &(guint8){ (guint8) pair }, 1);
      }
  sk_charset_decode ((const char *) pairs->data, pairs->len, "windows-31j", &decoded);
  for (const char *p = decoded.text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= KANJI_FIRST && c <= KANJI_LAST)
        common[c - KANJI_FIRST] = 1;
    }
  return common;
}

static gboolean
is_common_kanji (guint unit)
{
  static gsize once = 0;
  static guint8 *common;

  if (g_once_init_enter (&once))
    {
      common = make_common_kanji ();
      g_once_init_leave (&once, 1);
    }
  return common[unit - KANJI_FIRST] != 0;
}

/* Of all other units binary data has too many. */
static gsize
utf16_unit (Run *run, const guint8 *p, guint unit)
{
  gboolean kana = (unit >= 0x3000 && unit <= 0x30ff) || (unit >= 0xff01 && unit <= 0xff9f);
  gboolean kanji = unit >= 0x4e00 && unit <= 0x9fff;

  run->strongest += kana || is_ascii (unit);
  run->wide += kana || kanji;
  run->rare += kanji && !is_common_kanji (unit);
  run->letter_pairs += kanji && is_ascii (p[0]) && is_ascii (p[1]);
  return kana || kanji || is_ascii (unit) ? 2 : 0;
}

static gsize
utf16_character (Run *run, const guint8 *p, const guint8 *end)
{
  return end - p >= 2 ? utf16_unit (run, p, (guint) (p[0] | p[1] << 8)) : 0;
}

static gsize
utf16_be_character (Run *run, const guint8 *p, const guint8 *end)
{
  return end - p >= 2 ? utf16_unit (run, p, (guint) (p[0] << 8 | p[1])) : 0;
}

static void
note_strength (Run *run, gboolean is_strong)
{
  run->strong = is_strong ? run->strong + 1 : 0;
  run->strongest = MAX (run->strongest, run->strong);
}

/* Lead bytes to 0x97: kana, signs and kanji of level 1 (JIS X 0208). */
static gsize
cp932_character (Run *run, const guint8 *p, const guint8 *end)
{
  gboolean is_half_width = *p >= 0xa1 && *p <= 0xdf;
  gboolean is_pair = ((*p >= 0x81 && *p <= 0x9f) || (*p >= 0xe0 && *p <= 0xfc)) && end - p >= 2
                     && is_trail (p[1]);

  run->half_width = is_half_width ? run->half_width + 1 : 0;
  run->half_widest = MAX (run->half_widest, run->half_width);
  note_strength (run, is_pair && *p <= 0x97);
  run->wide += is_pair || is_half_width;
  run->rare += (is_pair && *p > 0x97) || run->half_width == 1;
  return is_pair ? 2 : is_half_width || is_ascii (*p);
}

/* Rows 1 to 5 (kana and signs) and 16 to 47 (kanji of level 1); behind 0x8e and 0x8f stand kana of
 * half width and JIS X 0212. */
static gsize
euc_character (Run *run, const guint8 *p, const guint8 *end)
{
  gsize length = *p == 0x8f ? 3 : 2;
  gboolean is_strong = (*p >= 0xa1 && *p <= 0xa5) || (*p >= 0xb0 && *p <= 0xcf);
  gboolean is_wide = *p == 0x8e || *p == 0x8f || (*p >= 0xa1 && *p <= 0xfe);

  for (gsize i = 1; is_wide && i < length; i++)
    is_wide = end - p >= (gssize) length && p[i] >= 0xa1 && p[i] <= (*p == 0x8e ? 0xdf : 0xfe);
  note_strength (run, is_wide && is_strong);
  run->wide += is_wide;
  run->rare += is_wide && !is_strong && *p != 0x8e;
  return is_wide ? length : (gsize) is_ascii (*p);
}

static gboolean
is_common (const Run *run, gsize least, gsize share)
{
  return run->wide >= least && run->rare * share <= run->wide;
}

/* A letter or two of it stand in EUC-JP and CP932 as well, among others that are none. */
static gboolean
takes_utf8 (const Run *run)
{
  return run->characters >= RUN_CHARACTERS && run->wide > 0
         && (!run->beside_more || (run->wide >= KANJI_CHARACTERS && run->longer * 2 >= run->wide));
}

static gboolean
takes_sure_cp932 (const Run *run)
{
  return is_common (run, SURE_CHARACTERS, SURE_SHARE) && run->strongest >= STRONG_CHARACTERS;
}

/* Kana of half width in CP932 are this too, from any of them on. */
static gboolean
takes_euc (const Run *run)
{
  return run->characters >= RUN_CHARACTERS && run->strongest >= STRONG_CHARACTERS
         && is_common (run, run->beside_more ? SURE_CHARACTERS : CLOSE_CHARACTERS, CLOSE_SHARE);
}

/* A byte further on, what is UTF-16 is it again, in the other byte order: kanji that nobody uses.
 */
static gboolean
is_used (const Run *run)
{
  return run->rare * 2 <= run->wide;
}

static gboolean
takes_utf16 (const Run *run)
{
  return is_used (run)
         && run->characters >= (run->strongest > 0 ? RUN_CHARACTERS : KANJI_CHARACTERS)
         && run->letter_pairs * 2 <= run->characters;
}

/* Fewer programs write it; by accident there is as much. */
static gboolean
takes_utf16_be (const Run *run)
{
  return is_used (run)
         && run->characters >= (run->strongest > 0 ? RUN_CHARACTERS : SURE_KANJI_CHARACTERS)
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
text_of_utf16_be (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (length * 2);

  for (gsize i = 0; i + 1 < length; i += 2)
    g_string_append_unichar (text, (gunichar) (bytes[i] << 8 | bytes[i + 1]));
  return g_string_free (text, FALSE);
}

/* Half-width kana in CP932 are kanji in EUC-JP, and the other way round: then both are written. */
static char *
text_of_eight_bit (const char *charset, const guint8 *bytes, gsize length)
{
  g_auto (SkDecoded) decoded = { NULL }, second = { NULL };

  sk_charset_decode ((const char *) bytes, length, charset, &decoded);
  if (sk_charset_second_reading ((const char *) bytes, length, &decoded, &second))
    return g_strconcat (decoded.text, "\n", second.text, NULL);
  return g_steal_pointer (&decoded.text);
}

static char *
text_of_cp932 (const guint8 *bytes, gsize length)
{
  return text_of_eight_bit ("windows-31j", bytes, length);
}

static char *
text_of_euc (const guint8 *bytes, gsize length)
{
  return text_of_eight_bit ("EUC-JP", bytes, length);
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

/* Whether what is UTF-16 from `p` to `stop` can well be eight bits: from its first or its second
 * byte on, and to its end or into the middle of a character. */
static gboolean
is_close_to (CharacterFunc character, guint8 *p, const guint8 *stop)
{
  for (guint i = 0; i < 2; i++)
    {
      Run run = { 0 };

      if (run_end (&run, p + i, stop, character) >= stop - 1
          && is_common (&run, CLOSE_CHARACTERS, CLOSE_SHARE))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_close_reading (guint8 *p, const guint8 *stop)
{
  return is_close_to (cp932_character, p, stop) || is_close_to (euc_character, p, stop);
}

static gboolean
has_no_close_reading (guint8 *p, const guint8 *stop)
{
  return FALSE;
}

static const struct {
  CharacterFunc character;
  gboolean (*takes) (const Run *run);
  char *(*text_of) (const guint8 *bytes, gsize length);
  gboolean (*stays) (guint8 *p, const guint8 *stop); /* for the passes that follow */
} passes[] = {
  { utf8_character, takes_utf8, text_of_utf8, has_no_close_reading },
  { cp932_character, takes_sure_cp932, text_of_cp932, has_no_close_reading },
  { euc_character, takes_euc, text_of_euc, has_no_close_reading },
  { utf16_character, takes_utf16, text_of_utf16, has_close_reading },
  { utf16_be_character, takes_utf16_be, text_of_utf16_be, has_close_reading },
  { cp932_character, takes_cp932, text_of_cp932, has_no_close_reading },
  { ascii_character, takes_ascii, text_of_utf8, has_no_close_reading },
};

static const char *
recognise (const SkContent *content)
{
  return sk_magic_type (content);
}

static gboolean
write_and_free (SkSink *sink, char *text)
{
  gboolean more = sk_sink_text (sink, text, -1) && sk_sink_line (sink);

  g_free (text);
  return more;
}

static guint8 *
find_run (Run *run, const SkContent *all, guint8 *p, guint pass)
{
  const guint8 *end = all->bytes + all->length;
  guint8 *stop = run_end (run, p, end, passes[pass].character);

  run->beside_more = (p > all->bytes && p[-1] >= 0x80) || (stop < end && *stop >= 0x80);
  return stop;
}

/* A byte before UTF-16 can make other characters of it; they don't reach as far. */
static gboolean
goes_further_next (const SkContent *all, guint8 *p, const guint8 *stop, guint pass)
{
  Run next = { 0 };

  return find_run (&next, all, p + 1, pass) > stop + 1 && passes[pass].takes (&next);
}

static gboolean
take_run (SkSink *sink, guint8 *p, const guint8 *stop, guint pass)
{
  gsize length = (gsize) (stop - p);

  if (!write_and_free (sink, passes[pass].text_of (p, length)))
    return FALSE;
  if (!passes[pass].stays (p, stop))
    memset (p, 0, length);
  return TRUE;
}

/* What begins a byte later may be taken, where this is not. */
static gboolean
takes_next (const SkContent *all, guint8 *p, guint pass)
{
  Run next = { 0 };

  find_run (&next, all, p + 1, pass);
  return passes[pass].takes (&next);
}

/* A run that is too short may hide one that begins a byte later; a long one that isn't taken does
 * so only right there. */
static gboolean
read_pass (SkSink *sink, guint8 *bytes, gsize length, guint pass)
{
  SkContent all = { .bytes = bytes, .length = length };

  for (guint8 *p = bytes, *stop; p < bytes + length;)
    {
      Run run = { 0 };

      stop = find_run (&run, &all, p, pass);
      if (!passes[pass].takes (&run))
        p = run.characters < KANJI_CHARACTERS || takes_next (&all, p, pass) ? p + 1 : stop;
      else if (goes_further_next (&all, p, stop, pass))
        p++;
      else if (take_run (sink, p, stop, pass))
        p = stop;
      else
        return FALSE;
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
  sk_encoded_files_read ((const char *) content->bytes, content->length, sink);
  return SK_READING_DONE;
}

const SkFormat sk_format_runs = { "runs", recognise, read_runs };
