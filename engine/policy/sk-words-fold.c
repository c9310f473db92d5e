// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-words.h"

#include "sk-normal.h"

const char *
sk_words_fold_piece (const char *text, const char *end, GString *into)
{
  return sk_normal_piece (SK_NORMAL_WORDS, text, end, into);
}

char *
sk_words_fold_changed (const char *text, gsize length, gsize *folded_length)
{
  return sk_normal_changed (SK_NORMAL_WORDS, text, length, G_MAXSIZE - 1, folded_length);
}

char *
sk_words_fold (const char *text, gsize length, gsize *folded_length)
{
  gsize unused;

  return sk_normal_new (SK_NORMAL_WORDS, text, length,
                        folded_length != NULL ? folded_length : &unused);
}

char *
sk_words_nfkc_changed (const char *text, gsize length, gsize most, gsize *normal_length)
{
  return sk_normal_changed (SK_NORMAL_NFKC, text, length, most, normal_length);
}

char *
sk_words_nfkc (const char *text, gsize length, gsize *normal_length)
{
  gsize unused;

  return sk_normal_new (SK_NORMAL_NFKC, text, length,
                        normal_length != NULL ? normal_length : &unused);
}
