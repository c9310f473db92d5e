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

/* Latin words end and begin at letters; Japanese has no such bounds. */
static gboolean
is_word_at (const char *text, gsize start, gsize end, gsize limit, const Word *word)
{
  if (g_ascii_strncasecmp (text + start, word->word, word->length) != 0)
    return FALSE;
  if (sk_is_letter (text[end - 1]) && end < limit && sk_is_letter (text[end]))
    return FALSE;
  return !sk_is_letter (text[start]) || start == 0 || !sk_is_letter (text[start - 1]);
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
        *length = words->words[i].length;
        return words->words[i].label;
      }
  return SK_LABEL_NONE;
}
