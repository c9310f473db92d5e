// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-name-cell.h"

#include "sk-name-piece.h"
#include "sk-name-rules.h"
#include "sk-person-word.h"

#include <string.h>

/* The length of the syllable of Japanese in Latin letters at p, which may be ん or a long vowel's h; 0: it is none. */
static gsize
romaji_syllable (const char *p, gsize length)
{
  static const char *const onsets[] = { "",   "k",  "s",  "t",  "n",  "h",  "m",  "y",  "r",  "w",  "g",
                                        "z",  "d",  "b",  "p",  "f",  "j",  "sh", "ch", "ts", "ky", "ny",
                                        "hy", "my", "ry", "gy", "by", "py", "kk", "ss", "tt", "pp", "tch" };

  for (guint i = 0; i < G_N_ELEMENTS (onsets); i++)
    {
      gsize n = strlen (onsets[i]);

      if (n < length && g_ascii_strncasecmp (p, onsets[i], n) == 0
          && strchr ("aeiou", g_ascii_tolower (p[n])) != NULL)
        return n + 1;
    }
  return strchr ("nmh", g_ascii_tolower (*p)) != NULL ? 1 : 0;
}

/* Yamada, Satoh, Shin'ichi, or an initial: T. */
static gboolean
is_romaji (const char *word, gsize length)
{
  gsize i = 0, n;

  if (length <= 2 && word[length - 1] == '.')
    return TRUE;
  while (i < length)
    {
      if (word[i] == '\'' || word[i] == '-')
        n = 1;
      else if ((n = romaji_syllable (word + i, length - i)) == 0)
        return FALSE;
      i += n;
    }
  return length >= 2;
}

/* Taro Yamada, YAMADA Taro, Taro T. Yamada */
static gboolean
is_latin_name (const char *text, gsize length)
{
  guint words = 0;
  const char *p = text, *end = text + length;

  if (length == 0 || length > 40)
    return FALSE;
  while (p < end)
    {
      const char *blank = memchr (p, ' ', (gsize) (end - p));
      gsize n = (gsize) ((blank != NULL ? blank : end) - p);

      if (n == 0 || !g_ascii_isupper (*p) || !is_romaji (p, n))
        return FALSE;
      words++;
      p += n + (blank != NULL);
    }
  return words == 2 || words == 3;
}

/* Without 様 and the like, and without what stands in parentheses behind the name. */
static gsize
trimmed_length (const char *text, gsize length)
{
  static const char *const honorifics[] = { "様", "さま", "さん", "殿", "氏", "先生", "君", "くん", "ちゃん" };
  const char *parenthesis = memchr (text, '(', length);

  if (parenthesis != NULL && parenthesis > text)
    length = (gsize) (parenthesis - text);
  while (length > 0 && text[length - 1] == ' ')
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (honorifics); i++)
    {
      gsize n = strlen (honorifics[i]);

      if (length > n + 3 && memcmp (text + length - n, honorifics[i], n) == 0)
        {
          length -= n;
          break;
        }
    }
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return length;
}

/* Two to eight kanji and kana, with one blank or dot between at most; katakana may be longer. */
static gboolean
is_shaped (const char *text, gsize length)
{
  guint n = 0, breaks = 0, katakana = 0;
  gboolean was_break = TRUE;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_break = c == ' ' || c == 0x30FB;

      if (!is_break && !sk_is_kanji (c) && !sk_is_hiragana (c) && !sk_is_katakana (c))
        return FALSE;
      if (is_break && was_break)
        return FALSE;
      breaks += is_break;
      n += !is_break;
      katakana += sk_is_katakana (c);
      was_break = is_break;
    }
  return !was_break && n >= 2 && breaks <= 2 && (n <= 7 || (katakana == n && n <= 16));
}

static SkNameLikeness
likeness_of_surname (const SkNamePiece *piece, gsize length)
{
  const SkMorpheme *name = NULL;
  gsize best = 0;

  while ((name = sk_name_piece_next (piece, 0, name)) != NULL)
    if (name->kind == SK_MORPHEME_SURNAME)
      best = MAX (best, name->length);
  if (best == 0)
    return SK_NAME_SHAPED;
  if (best == length)
    return SK_NAME_SURNAME;
  best += piece->text[best] == ' ';
  return g_utf8_strlen (piece->text + best, (gssize) (length - best)) <= 4 ? SK_NAME_FULL
                                                                          : SK_NAME_SHAPED;
}

/* 手動, 引数の型, ファイル名: what has the shape of a name and is known not to be one. */
static gboolean
is_known_otherwise (const SkNamePiece *piece, gsize length)
{
  const SkMorpheme *first = sk_name_piece_word (piece, 0);
  gboolean has_blank = memchr (piece->text, ' ', length) != NULL;

  if (has_blank || first == NULL)
    return FALSE;
  if (sk_is_katakana (sk_name_piece_character (piece, 0))
      && sk_is_kanji (sk_name_piece_character_before (piece, length)))
    return TRUE;
  if (first->length == length)
    return !first->is_unknown && first->kind != SK_MORPHEME_GIVEN
           && first->kind != SK_MORPHEME_PERSON
           && !sk_person_word_is_surname_reading (piece->text, length)
           && !sk_person_word_is_given_reading (piece->text, length);
  for (guint i = 0; i < piece->path->len; i++)
    if (g_array_index (piece->path, SkMorpheme, i).kind == SK_MORPHEME_PARTICLE
        && sk_is_kanji (sk_name_piece_character (piece, 0)))
      return TRUE;
  return FALSE;
}

typedef struct {
  gsize length;
  gboolean is_whole;
} Whole;

static void
note_whole (gsize start, gsize length, const char *value, gpointer user_data)
{
  Whole *whole = user_data;

  whole->is_whole |= start == 0 && length == whole->length;
}

SkNameLikeness
sk_name_judge_cell (SkMorphemeReader *reader, const char *text, gsize length, gboolean is_headed,
                    gsize *name_start, gsize *name_length)
{
  SkNamePiece piece;
  SkNameLikeness likeness;
  Whole whole = { 0 };

  *name_start = 0;
  if (length < 4 || length > 90)
    return SK_NAME_NO;
  *name_length = whole.length = length = trimmed_length (text, length);
  if (is_headed && is_latin_name (text, length))
    return SK_NAME_SHAPED;
  if (!is_shaped (text, length) || sk_person_word_is_no_person (text, text + length))
    return SK_NAME_NO;
  sk_name_find_in_prose (reader, text, length, note_whole, &whole);
  if (whole.is_whole)
    return SK_NAME_FULL;
  if (!sk_name_piece_read (&piece, reader, text, length))
    return SK_NAME_NO;
  likeness = likeness_of_surname (&piece, length);
  if (likeness == SK_NAME_SHAPED && is_known_otherwise (&piece, length))
    return SK_NAME_NO;
  if (likeness == SK_NAME_FULL && !is_headed)
    return SK_NAME_SHAPED; /* 山田商店, 松本城 */
  return likeness;
}
