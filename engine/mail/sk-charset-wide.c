// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-charset-wide.h"

enum {
  ZEROS_SAMPLE = 4096,
  UNITS_MIN = 3,
  IMPOSSIBLE = -20,
};

int
sk_charset_unit_score (guint16 unit)
{
  if (unit < 0x80)
    return 0;
  if (unit < 0xa0)
    return IMPOSSIBLE;
  if (unit >= 0x3041 && unit <= 0x30fe)
    return 3;
  if (unit >= 0x4e00 && unit <= 0x9fff)
    return 2;
  if ((unit >= 0xff61 && unit <= 0xff9f) || (unit >= 0x0370 && unit <= 0x04ff))
    return -1;
  if ((unit >= 0xe000 && unit <= 0xf8ff) || unit == 0xfffd)
    return IMPOSSIBLE;
  return (unit >= 0x3000 && unit <= 0x3007) || (unit >= 0xff01 && unit <= 0xff5e) ? 2 : 0;
}

static gboolean
is_printable (guint8 byte)
{
  return byte >= 0x20 && byte < 0x7f;
}

/* Which half of the pair is zero tells the order. A single NUL somewhere is none. */
static const char *
order_of_zeros (const char *bytes, gsize length)
{
  gsize zeros[2] = { 0, 0 }, printable = 0, all;

  for (gsize i = 0; i < length; i++)
    {
      zeros[i & 1] += bytes[i] == '\0';
      printable += is_printable ((guint8) bytes[i]);
    }
  all = zeros[0] + zeros[1];
  if (all < MAX (length / 16, 2))
    return NULL;
  /* Words of ASCII with NULs between them. */
  if (all < length / 4 && printable >= (length - all) / 20 * 19)
    return NULL;
  if (zeros[1] >= zeros[0] * 4)
    return "UTF-16LE";
  return zeros[0] >= zeros[1] * 4 ? "UTF-16BE" : NULL;
}

/* Where the characters of a Japanese text stand in Unicode. */
static const struct {
  guint16 first, last;
} blocks[] = {
  { 0x0009, 0x000d }, { 0x0020, 0x007e }, { 0x00a0, 0x00ff }, { 0x0391, 0x0451 },
  { 0x2000, 0x206f }, { 0x2100, 0x27bf }, { 0x3000, 0x30ff }, { 0x3200, 0x33ff },
  { 0x4e00, 0x9fff }, { 0xf900, 0xfaff }, { 0xff00, 0xffef },
};

static gboolean
is_japanese (guint16 unit)
{
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (unit >= blocks[i].first && unit <= blocks[i].last)
      return TRUE;
  return FALSE;
}

typedef struct {
  gsize units, unprintable; /* bytes that are not printable as ASCII */
  gsize letter_pairs;       /* kanji that two letters of ASCII make */
  guint8 bits;              /* of all bytes together */
  gint64 score;
} Reading;

/* Half-width kana and signs in circles, rarities in eight bits, are as good as any here, and so is
 * ASCII: read in the wrong order it would be kanji. */
static int
unit_score (guint16 unit)
{
  if (unit < 0x80 || (unit >= 0xff61 && unit <= 0xff9f))
    return 3;
  if ((unit >= 0x2460 && unit <= 0x24ff) || (unit >= 0x3200 && unit <= 0x33ff))
    return 2;
  return sk_charset_unit_score (unit);
}

/* FALSE: there is something in it that no Japanese text has, or it is rather ASCII. */
static gboolean
read_units (Reading *self, const guint8 *bytes, gsize length, guint high)
{
  for (gsize i = 0; i + 1 < length; i += 2)
    {
      guint8 low = bytes[i + 1 - high];
      guint16 unit = (guint16) (bytes[i + high] << 8 | low);
      gboolean surrogate = unit >= 0xd800 && unit <= 0xdfff;

      if (!surrogate && !is_japanese (unit))
        return FALSE;
      self->units++;
      self->unprintable += !is_printable (low) + !is_printable (bytes[i + high]);
      self->letter_pairs += unit >= 0x4e00 && is_printable (low) && is_printable (bytes[i + high]);
      self->bits |= low | bytes[i + high];
      self->score += unit_score (unit);
    }
  return self->units >= UNITS_MIN && self->score >= (gint64) self->units
         && self->unprintable * 5 >= self->units
         && ((self->bits & 0x80) != 0 || self->letter_pairs * 3 <= self->units * 2);
}

const char *
sk_charset_wide_by_kanji (const char *bytes, gsize length, gsize whole, gint64 *score)
{
  Reading little = { 0 }, big = { 0 };
  gboolean is_little, is_big;

  if (whole % 2 != 0)
    return NULL;
  is_little = read_units (&little, (const guint8 *) bytes, length, 1);
  is_big = read_units (&big, (const guint8 *) bytes, length, 0);
  if (!is_little && !is_big)
    return NULL;
  is_little = is_little && (!is_big || little.score >= big.score);
  *score = is_little ? little.score : big.score;
  return is_little ? "UTF-16LE" : "UTF-16BE";
}

static gsize
count_zeros (const char *bytes, gsize length)
{
  gsize zeros = 0;

  for (gsize i = 0; i < length; i++)
    zeros += bytes[i] == '\0';
  return zeros;
}

/* Four bytes a character, all of which are Japanese text or of the planes 1 and 2 (emoji, rare kanji). */
static gboolean
is_utf_32 (const guint8 *bytes, gsize length, gboolean is_big)
{
  gsize units = 0;

  for (gsize i = 0; i + 4 <= length; i += 4)
    {
      const guint8 *p = bytes + i;
      guint high = is_big ? (guint) p[0] << 8 | p[1] : (guint) p[3] << 8 | p[2];
      guint16 low = (guint16) (is_big ? p[2] << 8 | p[3] : p[1] << 8 | p[0]);

      if (high > 2 || (high == 0 && !is_japanese (low)))
        return FALSE;
      units++;
    }
  return units >= UNITS_MIN;
}

static const char *
utf_32 (const char *bytes, gsize sample, gsize length)
{
  if (length % 4 != 0)
    return NULL;
  if (is_utf_32 ((const guint8 *) bytes, sample, FALSE))
    return "UTF-32LE";
  return is_utf_32 ((const guint8 *) bytes, sample, TRUE) ? "UTF-32BE" : NULL;
}

/* A few zeros may be those of the kanji for "one" (U+4E00) and of wide blanks (U+3000), on the
 * other side. */
const char *
sk_charset_wide_by_zeros (const char *bytes, gsize length)
{
  gsize sample = MIN (length, ZEROS_SAMPLE);
  gint64 score;
  const char *zeros = utf_32 (bytes, sample, length), *kanji = NULL;

  if (zeros != NULL)
    return zeros;
  zeros = order_of_zeros (bytes, sample);
  if (zeros != NULL && count_zeros (bytes, sample) * 8 <= sample)
    kanji = sk_charset_wide_by_kanji (bytes, sample, length, &score);
  return kanji != NULL ? kanji : zeros;
}
