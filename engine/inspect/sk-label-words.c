// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-label-words.h"
#include "sk-digits.h"
#include "sk-head-words.h"

#include <string.h>

#define LONGEST_REMARK 48 /* bytes of one behind a label */

/* A byte of words, read from their end to their beginning. Words with the same end share its nodes; number 0 is
 * none. */
typedef struct {
  guint16 before; /* a byte that may stand before this one, */
  guint16 other;  /* and another one that may stand in its place */
  guint8 byte, label; /* SK_LABEL_NONE: no word begins here */
} Node;

typedef struct {
  GArray *nodes; /* Node */
  guint16 last[256]; /* of each byte that words end with */
} Words;

static inline guint16
find_node (const Node *nodes, guint16 at, guchar byte)
{
  while (at != 0 && nodes[at].byte != byte)
    at = nodes[at].other;
  return at;
}

static guint16
append_node (Words *self, guchar byte, guint16 other)
{
  const Node node = { 0, other, byte, SK_LABEL_NONE };

  g_assert (self->nodes->len < G_MAXUINT16);
  g_array_append_val (self->nodes, node);
  return (guint16) (self->nodes->len - 1);
}

/* The node of `byte` before that of number `after`. */
static guint16
node_before (Words *self, guint16 after, guchar byte)
{
  guint16 first = g_array_index (self->nodes, Node, after).before;
  guint16 found = find_node ((const Node *) self->nodes->data, first, byte);

  if (found != 0)
    return found;
  found = append_node (self, byte, first);
  g_array_index (self->nodes, Node, after).before = found;
  return found;
}

/* Of a word that stands under two labels, the first counts. */
static void
add_word (Words *self, const char *word, gsize length, SkLabel label)
{
  guchar byte = (guchar) word[--length];
  guint16 at = self->last[byte];
  Node *node;

  if (at == 0)
    at = self->last[byte] = append_node (self, byte, 0);
  while (length > 0)
    at = node_before (self, at, (guchar) word[--length]);
  node = &g_array_index (self->nodes, Node, at);
  node->label = node->label != SK_LABEL_NONE ? node->label : (guint8) label;
}

static void
add_label (const SkHeadWords *row, const char *word, gsize length, gpointer user_data)
{
  if (row->label != SK_LABEL_NONE)
    add_word (user_data, word, length, row->label);
}

static gpointer
index_words (gpointer unused)
{
  Words *self = g_new0 (Words, 1);

  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  append_node (self, 0, 0);
  sk_head_words_each (add_label, self);
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
is_archive (const char *text, gsize start, gsize end, gsize limit)
{
  gboolean is_ending = start >= 2 && text[start - 1] == '.'
                       && (sk_is_letter (text[start - 2]) || sk_is_digit (text[start - 2]));

  if (end - start != 3 || g_ascii_strncasecmp (text + start, "zip", 3) != 0)
    return FALSE;
  end += end < limit && text[end] == ' ';
  return is_ending || (end < limit && ((guchar) text[end] >= 0x80 || sk_is_letter (text[end])));
}

/* Latin words end and begin at letters; Japanese has no such bounds. */
static gboolean
is_whole_word (const char *text, gsize start, gsize end, gsize limit)
{
  if (sk_is_letter (text[end - 1]) && end < limit && sk_is_letter (text[end]))
    return FALSE;
  return (!sk_is_letter (text[start]) || start == 0 || !sk_is_letter (text[start - 1]))
         && !is_archive (text, start, end, limit);
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

/* The longest word that ends at `end`. Asked at nearly each byte before a number. */
static inline SkLabel __attribute__ ((always_inline))
word_ending (const char *text, gsize low, gsize end, gsize limit, gsize *length)
{
  const Words *words = get_words ();
  const Node *nodes = (const Node *) words->nodes->data;
  SkLabel label = SK_LABEL_NONE;
  gsize start = end - 1;

  if (end < limit && ((guchar) text[end] & 0xc0) == 0x80) /* within a character */
    return SK_LABEL_NONE;
  for (guint16 at = words->last[(guchar) sk_lower (text[start])]; at != 0;
       at = find_node (nodes, nodes[at].before, (guchar) sk_lower (text[--start])))
    {
      if (nodes[at].label != SK_LABEL_NONE && is_whole_word (text, start, end, limit))
        {
          label = nodes[at].label;
          *length = end - start;
        }
      if (start == low)
        break;
    }
  return label == SK_LABEL_VAGUE && sk_label_is_compound (text, low, end - *length) ? SK_LABEL_MEMBER : label;
}

static gsize
without_blanks (const char *text, gsize low, gsize end)
{
  while (end > low && text[end - 1] == ' ')
    end--;
  return end;
}

/* Back over what joins two words to one label: 又は, " / ", "(又は". `at`: nothing does. */
static gsize
before_joints (const char *text, gsize low, gsize at)
{
  static const char *const joints[]
      = { "又は", "または", "若しくは", "もしくは", "あるいは", "及び", "および", "・", "、", "/", "or", "(" };
  gsize end = without_blanks (text, low, at), joined = at;

  for (gsize i = 0; i < G_N_ELEMENTS (joints); i++) /* a parenthesis may stand before one of the others */
    {
      gsize length = strlen (joints[i]);

      if (end - low >= length && memcmp (text + end - length, joints[i], length) == 0)
        joined = end = without_blanks (text, low, end - length);
    }
  return joined;
}

/* Behind the label, "(法人番号)". */
static gboolean
is_remark (const char *text, gsize end, gsize limit, SkLabel label)
{
  const char *close;
  gsize length, open;

  while (end < limit && text[end] == ' ')
    end++;
  open = end;
  if (end >= limit || text[end] != '(')
    return FALSE;
  close = memchr (text + open, ')', MIN (limit - open, LONGEST_REMARK));
  return close != NULL && close > text + open + 1
         && word_ending (text, open + 1, (gsize) (close - text), limit, &length) == label;
}

/* 個人番号又は法人番号, the head of forms that persons and corporations fill in. `label`: of the last `length` bytes before
 * `end`, one of the two. */
static SkLabel __attribute__ ((noinline))
join (const char *text, gsize low, gsize end, gsize limit, SkLabel label, gsize *length)
{
  SkLabel other = label == SK_LABEL_MY_NUMBER ? SK_LABEL_CORPORATE : SK_LABEL_MY_NUMBER;
  gsize start = end - *length, before = before_joints (text, low, start), other_length = 0;

  if (before < start && before > low && word_ending (text, low, before, limit, &other_length) == other)
    {
      *length = end - before + other_length;
      return SK_LABEL_EITHER;
    }
  return is_remark (text, end, limit, other) ? SK_LABEL_EITHER : label;
}

SkLabel
sk_label_ending (const char *text, gsize low, gsize end, gsize limit, gsize *length)
{
  SkLabel label = word_ending (text, low, end, limit, length);

  return label == SK_LABEL_MY_NUMBER || label == SK_LABEL_CORPORATE ? join (text, low, end, limit, label, length) : label;
}
