// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-label-words.h"
#include "sk-digits.h"
#include "sk-head-words.h"

#include <string.h>

typedef struct {
  const char *word;
  guint8 length, label;
} Word;

/* The words by their last byte, the longest first. */
typedef struct {
  Word *words;
  guint16 first[257];
} Words;

static int
compare_words (gconstpointer a, gconstpointer b)
{
  const Word *x = a, *y = b;
  guchar x_last = (guchar) x->word[x->length - 1], y_last = (guchar) y->word[y->length - 1];

  return x_last != y_last ? x_last - y_last : y->length - x->length;
}

static void
add_word (const SkHeadWords *row, const char *text, gsize length, gpointer user_data)
{
  Word word = { text, (guint8) length, (guint8) row->label };

  if (row->label != SK_LABEL_NONE)
    g_array_append_val ((GArray *) user_data, word);
}

static gpointer
index_words (gpointer unused)
{
  Words *self = g_new0 (Words, 1);
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  guint n_words, at = 0;

  sk_head_words_each (add_word, words);
  n_words = words->len;
  g_array_sort (words, compare_words);
  self->words = (Word *) g_array_free (words, FALSE);
  for (guint last = 0; last <= 256; last++)
    {
      self->first[last] = (guint16) at;
      while (at < n_words && (guchar) self->words[at].word[self->words[at].length - 1] == last)
        at++;
    }
  return self;
}

static const Words *
get_words (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, index_words, NULL);
}

/* backup.zip, ZIPファイル, zip file: an archive, and no label of postal codes. */
static gboolean
is_archive (const char *text, gsize start, gsize end, gsize limit, const Word *word)
{
  gboolean is_ending = start >= 2 && text[start - 1] == '.'
                       && (sk_is_letter (text[start - 2]) || sk_is_digit (text[start - 2]));

  if (word->length != 3 || memcmp (word->word, "zip", 3) != 0)
    return FALSE;
  end += end < limit && text[end] == ' ';
  return is_ending || (end < limit && ((guchar) text[end] >= 0x80 || sk_is_letter (text[end])));
}

/* Latin words end and begin at letters; Japanese has no such bounds. */
static gboolean
is_word_at (const char *text, gsize start, gsize end, gsize limit, const Word *word)
{
  if ((text[start] | 0x20) != (word->word[0] | 0x20)
      || g_ascii_strncasecmp (text + start, word->word, word->length) != 0)
    return FALSE;
  if (sk_is_letter (text[end - 1]) && end < limit && sk_is_letter (text[end]))
    return FALSE;
  return (!sk_is_letter (text[start]) || start == 0 || !sk_is_letter (text[start - 1]))
         && !is_archive (text, start, end, limit, word);
}

static gboolean
ends_with_one_of (const char *text, gsize low, gsize end, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strlen (*words) <= end - low
        && g_ascii_strncasecmp (text + end - strlen (*words), *words, strlen (*words)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_latin_compound (const char *text, gsize low, gsize end)
{
  static const char *const articles[]
      = { "the", "a", "your", "my", "his", "her", "this", "that", "following", NULL };
  gsize start = end;

  while (start > low && sk_is_letter (text[start - 1]))
    start--;
  if (start == end)
    return FALSE;
  for (const char *const *article = articles; *article != NULL; article++)
    if (strlen (*article) == end - start
        && g_ascii_strncasecmp (text + start, *article, end - start) == 0)
      return FALSE;
  return TRUE;
}

gboolean
sk_label_is_compound (const char *text, gsize low, gsize at)
{
  static const char *const joints[] = { "の", "た", "る", "い", "な", "は", "が", "を", "に", "と", "も", NULL };
  gunichar c;

  if (at <= low)
    return FALSE;
  if ((guchar) text[at - 1] < 0x80)
    return is_latin_compound (text, low, text[at - 1] == ' ' ? at - 1 : at);
  if (ends_with_one_of (text, low, at, joints))
    return FALSE;
  c = g_utf8_get_char (g_utf8_prev_char (text + at));
  return (c >= 0x3041 && c <= 0x30fc) || (c >= 0x4e00 && c <= 0x9fff);
}

SkLabel
sk_label_ending (const char *text, gsize low, gsize end, gsize limit, gsize *length)
{
  const Words *words = get_words ();
  guchar last = (guchar) g_ascii_tolower (text[end - 1]);

  for (guint i = words->first[last]; i < words->first[last + 1]; i++)
    if (words->words[i].length <= end - low
        && is_word_at (text, end - words->words[i].length, end, limit, &words->words[i]))
      {
        SkLabel label = words->words[i].label;

        *length = words->words[i].length;
        return label == SK_LABEL_VAGUE && sk_label_is_compound (text, low, end - *length)
                 ? SK_LABEL_MEMBER
                 : label;
      }
  return SK_LABEL_NONE;
}
