// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-charset.h"

#include "sk-charset-name.h"
#include "sk-charset-wide.h"
#include "sk-large-buffer.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>

/* A guess looks at so much of the text. */
#define SAMPLE_BYTES (64 * 1024)
#define REPLACEMENT "\xef\xbf\xbd"
#define CHUNK 2048

/* Opening a converter costs more than a short text; each thread keeps the usual ones. */
typedef struct {
  const char *name;
  UConverter *converter;
} CachedConverter;

typedef struct {
  CachedConverter slots[12];
  guint count;
} ConverterCache;

static void
cache_free (gpointer data)
{
  ConverterCache *self = data;

  for (guint i = 0; i < self->count; i++)
    ucnv_close (self->slots[i].converter);
  g_free (self);
}

static GPrivate cache_private = G_PRIVATE_INIT (cache_free);

static UConverter *
open_converter (const char *name)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = ucnv_open (name, &status);

  if (U_SUCCESS (status))
    return converter;
  if (converter != NULL)
    ucnv_close (converter);
  return NULL;
}

/* `name` is a static string. The result belongs to the thread. */
static UConverter *
borrow_converter (const char *name)
{
  ConverterCache *cache = g_private_get (&cache_private);
  UConverter *converter;

  if (cache == NULL)
    {
      cache = g_new0 (ConverterCache, 1);
      g_private_set (&cache_private, cache);
    }
  for (guint i = 0; i < cache->count; i++)
    if (strcmp (cache->slots[i].name, name) == 0)
      return cache->slots[i].converter;
  converter = open_converter (name);
  if (cache->count == G_N_ELEMENTS (cache->slots))
    ucnv_close (cache->slots[--cache->count].converter);
  if (converter != NULL)
    cache->slots[cache->count++] = (CachedConverter) { name, converter };
  return converter;
}

/* ICU's own substitution gives U+001A for some bytes; ours is always U+FFFD, and is counted. */
static void
replace_cb (const void *context, UConverterToUnicodeArgs *args, const char *units, int32_t length,
            UConverterCallbackReason reason, UErrorCode *status)
{
  static const UChar replacement = 0xfffd;
  guint64 *replaced = (guint64 *) context;

  if (reason > UCNV_IRREGULAR)
    return;
  ++*replaced;
  *status = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars (args, &replacement, 1, 0, status);
}

/* What the decoded units say about a guess. */
typedef struct {
  gint64 score;
} Judge;

static void
judge_units (Judge *judge, const UChar *units, gsize count)
{
  for (gsize i = 0; i < count; i++)
    judge->score += sk_charset_unit_score (units[i]);
}

/* A high surrogate that ended a chunk waits in `high`. */
typedef struct {
  GString *text;
  UChar high;
} Utf8Writer;

static inline char *
put_code_point (char *out, guint32 c)
{
  if (c < 0x80)
    {
      *out++ = (char) c;
      return out;
    }
  if (c < 0x800)
    *out++ = (char) (0xc0 | c >> 6);
  else
    {
      if (c < 0x10000)
        *out++ = (char) (0xe0 | c >> 12);
      else
        {
          *out++ = (char) (0xf0 | c >> 18);
          *out++ = (char) (0x80 | (c >> 12 & 0x3f));
        }
      *out++ = (char) (0x80 | (c >> 6 & 0x3f));
    }
  *out++ = (char) (0x80 | (c & 0x3f));
  return out;
}

/* The next code point, or U+FFFD for a lone surrogate and for NUL. A high surrogate at the end of
 * the chunk is kept for the next one, and gives 0. */
static inline guint32
next_code_point (Utf8Writer *self, const UChar **units, const UChar *end)
{
  guint32 unit = *(*units)++;

  if (self->high != 0)
    {
      guint32 high = self->high;

      self->high = 0;
      if ((unit & 0xfc00) == 0xdc00)
        return 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff);
      --*units;
      return 0xfffd;
    }
  if ((unit & 0xfc00) == 0xd800)
    {
      self->high = (UChar) unit;
      return *units < end ? next_code_point (self, units, end) : 0;
    }
  return unit == 0 || (unit & 0xfc00) == 0xdc00 ? 0xfffd : unit;
}

static void
write_units (Utf8Writer *self, const UChar *units, gsize count)
{
  char buffer[CHUNK * 3 + 4], *out = buffer;
  const UChar *end = units + count;

  while (units < end)
    {
      guint32 c = next_code_point (self, &units, end);

      if (c != 0)
        out = put_code_point (out, c);
    }
  g_string_append_len (self->text, buffer, out - buffer);
}

typedef struct {
  Judge *judge;  /* either */
  GString *text; /* or */
  gboolean whole; /* the bytes do not end in the middle of a character */
} Sink;

static guint64
convert (UConverter *converter, const char *bytes, gsize length, const Sink *sink)
{
  guint64 replaced = 0;
  const char *source = bytes, *end = bytes + length;
  Utf8Writer writer = { .text = sink->text };
  UErrorCode status = U_ZERO_ERROR;

  ucnv_resetToUnicode (converter);
  ucnv_setToUCallBack (converter, replace_cb, &replaced, NULL, NULL, &status);
  do
    {
      UChar units[CHUNK], *target = units;

      status = U_ZERO_ERROR;
      ucnv_toUnicode (converter, &target, units + CHUNK, &source, end, NULL, sink->whole != 0, &status);
      if (sink->judge != NULL)
        judge_units (sink->judge, units, (gsize) (target - units));
      else
        write_units (&writer, units, (gsize) (target - units));
    }
  while (status == U_BUFFER_OVERFLOW_ERROR);
  if (writer.high != 0)
    g_string_append (sink->text, REPLACEMENT);
  return replaced;
}

static void
decode_with (UConverter *converter, const char *bytes, gsize length, SkDecoded *result)
{
  Sink sink = { .text = g_string_sized_new (length + length / 2 + 16), .whole = TRUE };

  sk_large_buffer_advise (sink.text->str, sink.text->allocated_len);
  result->replaced = convert (converter, bytes, length, &sink);
  result->length = sink.text->len;
  result->text = g_string_free (sink.text, FALSE);
}

static gboolean
decode_named (const char *name, const char *bytes, gsize length, SkDecoded *result)
{
  UConverter *converter = borrow_converter (name);

  if (converter == NULL)
    return FALSE;
  decode_with (converter, bytes, length, result);
  result->charset = name;
  return TRUE;
}

static gboolean
is_ascii (const char *bytes, gsize length)
{
  guint64 all = 0, word;
  gsize i = 0;

  for (; i + sizeof word <= length; i += sizeof word)
    {
      memcpy (&word, bytes + i, sizeof word);
      all |= word;
      if ((i & 0xfff) == 0 && (all & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        return FALSE;
    }
  for (; i < length; i++)
    all |= (guchar) bytes[i];
  return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

static gboolean
has_byte (const char *bytes, gsize length, char byte)
{
  return length > 0 && memchr (bytes, byte, length) != NULL;
}

/* ESC $ or ESC ( I switch to Japanese characters in seven bits. */
static gboolean
has_escapes (const char *bytes, gsize length)
{
  const char *end = bytes + length, *p = bytes;

  while (end - p >= 3 && (p = memchr (p, '\033', (gsize) (end - p) - 2)) != NULL)
    {
      if (p[1] == '$' || (p[1] == '(' && (p[2] == 'I' || p[2] == 'J')))
        return TRUE;
      p++;
    }
  return FALSE;
}

/* Takes bytes that are UTF-8 already; a NUL becomes U+FFFD like all that can't be decoded. */
static void
take_utf8 (const char *bytes, gsize length, SkDecoded *result)
{
  GString *text = g_string_sized_new (length + 1);
  const char *p = bytes, *end = bytes + length, *nul;

  while (p < end && (nul = memchr (p, '\0', (gsize) (end - p))) != NULL)
    {
      g_string_append_len (text, p, nul - p);
      g_string_append (text, REPLACEMENT);
      result->replaced++;
      p = nul + 1;
    }
  g_string_append_len (text, p, end - p);
  result->length = text->len;
  result->text = g_string_free (text, FALSE);
  result->charset = "UTF-8";
}

/* g_utf8_validate stops at a NUL, which is no reason to doubt the rest. */
static gboolean
is_utf8 (const char *bytes, gsize length)
{
  const char *p = bytes, *end = bytes + length, *stop;

  while (!g_utf8_validate_len (p, (gsize) (end - p), &stop))
    {
      if (stop == end || *stop != '\0')
        return FALSE;
      p = stop + 1;
    }
  return TRUE;
}

typedef struct {
  const char *mark;
  gsize length;
  const char *converter;
} ByteOrderMark;

static const ByteOrderMark marks[] = {
  { "\xef\xbb\xbf", 3, "UTF-8" },
  { "\xff\xfe\0\0", 4, "UTF-32LE" },
  { "\0\0\xfe\xff", 4, "UTF-32BE" },
  { "\xff\xfe", 2, "UTF-16LE" },
  { "\xfe\xff", 2, "UTF-16BE" },
};

static const ByteOrderMark *
find_mark (const char *bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (bytes, marks[i].mark, marks[i].length) == 0)
      return &marks[i];
  return NULL;
}

static gint64
score_as (const char *name, const char *bytes, gsize length, guint64 *replaced)
{
  UConverter *converter = borrow_converter (name);
  Judge judge = { 0 };
  Sink sink = { .judge = &judge, .whole = length <= SAMPLE_BYTES };

  *replaced = converter == NULL ? 1
                                : convert (converter, bytes, MIN (length, SAMPLE_BYTES), &sink);
  return judge.score;
}

/* UTF-8 that was cut or damaged somewhere is UTF-8 still: by far most of its sequences are right,
 * which those of other charsets are by accident only. */
static gboolean
is_damaged_utf8 (const char *bytes, gsize length)
{
  const char *p = bytes, *end = bytes + MIN (length, SAMPLE_BYTES), *stop;
  gsize good = 0, bad = 0;

  while (p < end)
    {
      g_utf8_validate_len (p, (gsize) (end - p), &stop);
      for (; p < stop; p++)
        good += (guchar) *p >= 0xc0;
      bad += p < end && *p != '\0';
      p++;
    }
  return good >= 4 && bad * 8 <= good;
}

/* CP932 or EUC-JP, or UTF-16 where it makes far more sense than both; when neither fits, a Western letter or
 * two stand in a Western text. */
static const char *
guess_eight_bit (const char *bytes, gsize length)
{
  guint64 shift_jis_replaced, euc_replaced;
  gint64 shift_jis = score_as ("windows-31j", bytes, length, &shift_jis_replaced);
  gint64 euc = score_as ("EUC-JP", bytes, length, &euc_replaced), utf16 = 0;
  const char *wide = sk_charset_wide_by_kanji (bytes, MIN (length, SAMPLE_BYTES), length, &utf16);

  if (wide != NULL && utf16 > 2 * MAX (shift_jis, euc))
    return wide;
  if (shift_jis_replaced > 0 && euc_replaced > 0 && shift_jis < 0 && euc < 0)
    return "windows-1252";
  return euc > shift_jis ? "EUC-JP" : "windows-31j";
}

static gboolean
has_controls (const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar byte = (guchar) bytes[i];

      if (byte < 0x20 && (byte == 0 || strchr ("\t\n\v\f\r\016\017\033", byte) == NULL))
        return TRUE;
    }
  return FALSE;
}

/* Kanji in UTF-16 may be made of ASCII bytes alone; then there are control characters among them, which no
 * text in ASCII has. */
static const char *
guess_wide_ascii (const char *bytes, gsize length)
{
  gsize sample = MIN (length, SAMPLE_BYTES);
  gint64 score;

  return is_ascii (bytes, sample) && has_controls (bytes, sample)
             ? sk_charset_wide_by_kanji (bytes, sample, length, &score)
             : NULL;
}

static const char *
iso2022_converter (const char *name, const char *bytes, gsize length)
{
  return has_byte (bytes, length, '\016') ? "JIS7" : name;
}

static void
decode_guessed (const char *bytes, gsize length, SkDecoded *result)
{
  const ByteOrderMark *mark = find_mark (bytes, length);
  const char *name;

  if (mark != NULL && !(mark->length == 3 && !is_utf8 (bytes, length)))
    decode_named (mark->converter, bytes + mark->length, length - mark->length, result);
  else if ((name = sk_charset_wide_by_zeros (bytes, length)) != NULL)
    decode_named (name, bytes, length, result);
  else if (has_escapes (bytes, length))
    decode_named (iso2022_converter ("JIS8", bytes, length), bytes, length, result);
  else if ((name = guess_wide_ascii (bytes, length)) != NULL)
    decode_named (name, bytes, length, result);
  else if (is_utf8 (bytes, length))
    take_utf8 (bytes, length, result);
  else
    decode_named (is_damaged_utf8 (bytes, length) ? "UTF-8" : guess_eight_bit (bytes, length),
                  bytes, length, result);
}

/* The label was wrong when the guess reads everything and the label did not. */
static void
prefer_guess (const char *bytes, gsize length, SkDecoded *result)
{
  SkDecoded guessed = { 0 };

  decode_guessed (bytes, length, &guessed);
  if (guessed.replaced > 0 || guessed.text == NULL)
    {
      sk_decoded_clear (&guessed);
      return;
    }
  sk_decoded_clear (result);
  *result = guessed;
}

/* ASCII under a label of UTF-16: kana have ASCII bytes too, but blanks and line ends have zeros. */
static void
decode_utf16 (const SkCharsetName *name, const char *bytes, gsize length, SkDecoded *result)
{
  const ByteOrderMark *mark = find_mark (bytes, length);
  const char *seen = sk_charset_wide_by_zeros (bytes, length);

  if (mark != NULL && mark->length != 3)
    decode_named (mark->converter, bytes + mark->length, length - mark->length, result);
  else if (seen == NULL && is_ascii (bytes, length)
           && (has_byte (bytes, length, ' ') || has_byte (bytes, length, '\n')))
    take_utf8 (bytes, length, result);
  else
    decode_named (seen != NULL ? seen : name->converter, bytes, length, result);
}

static void
decode_unlisted (const char *label, const char *bytes, gsize length, SkDecoded *result)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = open_converter (label);

  if (converter == NULL)
    {
      decode_guessed (bytes, length, result);
      return;
    }
  decode_with (converter, bytes, length, result);
  result->charset = g_intern_string (ucnv_getName (converter, &status));
  ucnv_close (converter);
  if (result->replaced > 0)
    prefer_guess (bytes, length, result);
}

static void
decode_eight_bit (const SkCharsetName *name, const char *bytes, gsize length, SkDecoded *result)
{
  if (name->kind == SK_CHARSET_SINGLE && is_utf8 (bytes, length))
    {
      take_utf8 (bytes, length, result);
      return;
    }
  decode_named (name->converter, bytes, length, result);
  if (result->replaced > 0 || has_escapes (bytes, length))
    prefer_guess (bytes, length, result);
}

static void
decode_labelled (const SkCharsetName *name, const char *bytes, gsize length, SkDecoded *result)
{
  switch (name->kind)
    {
    case SK_CHARSET_UTF16:
      decode_utf16 (name, bytes, length, result);
      break;
    case SK_CHARSET_ISO2022:
      decode_named (iso2022_converter (name->converter, bytes, length), bytes, length, result);
      if (result->replaced > 0
          || (!has_escapes (bytes, length) && !has_byte (bytes, length, '\016')))
        prefer_guess (bytes, length, result);
      break;
    case SK_CHARSET_UTF8:
      if (find_mark (bytes, length) == NULL && !has_escapes (bytes, length)
          && is_utf8 (bytes, length))
        take_utf8 (bytes, length, result);
      else
        {
          decode_named ("UTF-8", bytes, length, result);
          prefer_guess (bytes, length, result);
        }
      break;
    case SK_CHARSET_JAPANESE:
    case SK_CHARSET_SINGLE:
      decode_eight_bit (name, bytes, length, result);
      break;
    case SK_CHARSET_OPAQUE:
      decode_named (name->converter, bytes, length, result);
      if (result->replaced > 0)
        prefer_guess (bytes, length, result);
      break;
    case SK_CHARSET_ASCII:
    default:
      decode_guessed (bytes, length, result);
      break;
    }
}

/* ICU without its data has no converters. */
static void
take_anyhow (const char *bytes, gsize length, SkDecoded *result)
{
  result->text = g_utf8_make_valid (bytes, (gssize) length);
  result->length = strlen (result->text);
  result->replaced = 1;
  result->charset = "UTF-8";
}

/* Seven bits without escapes and zeros mean the same in all charsets that hold ASCII. */
static gboolean
is_plain_ascii (const SkCharsetName *name, gboolean labelled, const char *bytes, gsize length)
{
  if (labelled && (name == NULL || name->kind == SK_CHARSET_OPAQUE || name->kind == SK_CHARSET_UTF16))
    return FALSE;
  if (!labelled && guess_wide_ascii (bytes, length) != NULL)
    return FALSE;
  return is_ascii (bytes, length) && !has_byte (bytes, length, '\033')
         && !has_byte (bytes, length, '\016') && !has_byte (bytes, length, '\0');
}

void
sk_charset_decode (const char *bytes, gsize length, const char *label, SkDecoded *result)
{
  gboolean labelled = label != NULL && *label != '\0';
  const SkCharsetName *name = labelled ? sk_charset_name_find (label) : NULL;

  memset (result, 0, sizeof *result);
  if (is_plain_ascii (name, labelled, bytes, length))
    {
      result->text = g_malloc (length + 1);
      memcpy (result->text, bytes, length);
      result->text[length] = '\0';
      result->length = length;
      result->charset = name != NULL ? name->converter : "UTF-8";
    }
  else if (name != NULL)
    decode_labelled (name, bytes, length, result);
  else if (labelled)
    decode_unlisted (label, bytes, length, result);
  else
    decode_guessed (bytes, length, result);
  if (result->text == NULL)
    take_anyhow (bytes, length, result);
}

/* Whether decoding would give these very bytes. */
static gboolean
is_text_already (const char *bytes, gsize length, const char *label)
{
  gboolean labelled = label != NULL && *label != '\0';
  const SkCharsetName *name = labelled ? sk_charset_name_find (label) : NULL;

  if (is_plain_ascii (name, labelled, bytes, length))
    return TRUE;
  if (labelled && (name == NULL || (name->kind != SK_CHARSET_UTF8 && name->kind != SK_CHARSET_ASCII
                                    && name->kind != SK_CHARSET_SINGLE)))
    return FALSE;
  if ((!labelled || name->kind == SK_CHARSET_ASCII) && guess_wide_ascii (bytes, length) != NULL)
    return FALSE;
  return !has_byte (bytes, length, '\0') && !has_escapes (bytes, length)
         && find_mark (bytes, length) == NULL && is_utf8 (bytes, length);
}

void
sk_charset_decode_taking (char *bytes, gsize length, const char *label, SkDecoded *result)
{
  if (!is_text_already (bytes, length, label))
    {
      sk_charset_decode (bytes, length, label, result);
      g_free (bytes);
      return;
    }
  result->text = bytes;
  result->length = length;
  result->replaced = 0;
  result->charset = "UTF-8";
}

/* Characters that nobody writes show that a reading is wrong; and so does one half-width comma after the other,
 * which EUC-JP's kana become. */
static gboolean
is_possible (const SkDecoded *decoded)
{
  const char *p = decoded->text, *end = p + decoded->length;
  gsize characters = 0, points = 0;

  if (decoded->replaced > 0)
    return FALSE;
  for (; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c >= 0x80 && c < 0xa0) || (c >= 0xe000 && c < 0xf900))
        return FALSE;
      characters += c >= 0xa0;
      points += c >= 0xff61 && c <= 0xff65;
    }
  return points <= characters / 8 + 1;
}

gboolean
sk_charset_second_reading (const char *bytes, gsize length, const SkDecoded *first, SkDecoded *second)
{
  gboolean is_euc = strcmp (first->charset, "EUC-JP") == 0;
  const char *other = is_euc ? "windows-31j" : "EUC-JP";
  guint64 replaced;

  memset (second, 0, sizeof *second);
  if (!is_euc && strcmp (first->charset, "windows-31j") != 0)
    return FALSE;
  score_as (other, bytes, length, &replaced);
  if (replaced > 0 || !decode_named (other, bytes, length, second) || !is_possible (second))
    {
      sk_decoded_clear (second);
      return FALSE;
    }
  return TRUE;
}

void
sk_decoded_clear (SkDecoded *self)
{
  g_clear_pointer (&self->text, g_free);
  self->length = 0;
}
