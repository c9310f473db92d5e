// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-split-word.h"

#include <string.h>

static gboolean
is_control (guchar c)
{
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\v' && c != '\f' && c != '\r' && c != 0x1b)
         || c == 0x7f;
}

typedef enum { NONE, DIGIT, LETTER, OTHER } Kind;

static Kind
kind_of (gunichar c)
{
  if (g_unichar_isdigit (c))
    return DIGIT;
  if (c < 0x250)
    return g_unichar_isalpha (c) ? LETTER : NONE;
  return g_unichar_isalpha (c) ? OTHER : NONE;
}

/* Whether the control characters that begin at `p` part two characters of one kind. */
static gboolean
parts_word (const char *text, const char *p, const char *end)
{
  const char *before = p > text ? g_utf8_find_prev_char (text, p) : NULL;
  Kind kind = before != NULL ? kind_of (g_utf8_get_char (before)) : NONE;

  while (p < end && is_control ((guchar) *p))
    p++;
  return kind != NONE && p < end && kind_of (g_utf8_get_char (p)) == kind;
}

static gboolean
is_in_word (const char *p)
{
  return is_control ((guchar) *p) || kind_of (g_utf8_get_char (p)) != NONE;
}

/* Behind the word. */
static const char *
append_word (GString *into, const char *text, const char *p, const char *end)
{
  const char *start = p, *before;

  while (start > text && (before = g_utf8_find_prev_char (text, start)) != NULL
         && is_in_word (before))
    start = before;
  while (p < end && is_in_word (p))
    p = g_utf8_next_char (p);
  for (; start < p; start++)
    if (!is_control ((guchar) *start))
      g_string_append_c (into, *start);
  g_string_append_c (into, '\n');
  return p;
}

char *
sk_split_words (const char *text, gsize length)
{
  const char *p = text, *end = text + length;
  GString *words = NULL;

  while (p < end)
    if (!is_control ((guchar) *p))
      p++;
    else if (parts_word (text, p, end))
      {
        if (words == NULL)
          words = g_string_new (NULL);
        p = append_word (words, text, p, end);
      }
    else
      while (p < end && is_control ((guchar) *p))
        p++;
  return words != NULL ? g_string_free (words, FALSE) : NULL;
}
