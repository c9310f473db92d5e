// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cells.h"

#include "sk-head-words.h"
#include "sk-word-set.h"

#include <string.h>

#define MAX_CELLS 256
#define MAX_WIDE_LABEL 6 /* characters */
#define MAX_HEAD 40 /* bytes of a head that is worth looking up */

/* The words that are heads, and of each its row, in the order of their table: the first that fits counts. */
typedef struct {
  SkWordSet words;
  const SkHeadWords **rows;
  guint n_words;
} Heads;

typedef struct {
  GPtrArray *words, *rows;
} HeadList;

static void
add_head (const SkHeadWords *row, const char *word, gsize length, gpointer user_data)
{
  HeadList *list = user_data;

  if (row->head == SK_HEAD_NONE)
    return;
  g_ptr_array_add (list->words, g_strndup (word, length));
  g_ptr_array_add (list->rows, (gpointer) row);
}

static gpointer
index_heads (gpointer unused)
{
  HeadList list = { g_ptr_array_new (), g_ptr_array_new () };
  Heads *self = g_new0 (Heads, 1);

  sk_head_words_each (add_head, &list);
  self->n_words = list.words->len;
  g_ptr_array_add (list.words, NULL);
  self->words.words = (const char *const *) g_ptr_array_free (list.words, FALSE);
  self->rows = (const SkHeadWords **) g_ptr_array_free (list.rows, FALSE);
  return self;
}

static Heads *
get_heads (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, index_heads, NULL);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

static void
add_cell (GArray *cells, const char *text, gsize start, gsize end)
{
  SkCell cell;

  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  if (end - start >= 2 && text[start] == '"' && text[end - 1] == '"')
    {
      start++;
      end--;
    }
  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  cell = (SkCell) { start, end - start };
  g_array_append_val (cells, cell);
}

static void
split_at (const char *text, gsize start, gsize end, char separator, GArray *cells)
{
  gboolean is_quoted = FALSE;
  gsize from = start;

  for (gsize i = start; i < end && cells->len < MAX_CELLS - 1; i++)
    {
      is_quoted ^= separator == ',' && text[i] == '"';
      if (text[i] != separator || is_quoted)
        continue;
      add_cell (cells, text, from, i);
      from = i + 1;
    }
  add_cell (cells, text, from, end);
}

/* The end of two blanks or more at `at`, unless a colon follows them (氏名    : 見本 太郎); `at` when they part no cells. */
static gsize
border_end (const char *text, gsize at, gsize end)
{
  gsize behind = at;

  while (behind < end && text[behind] == ' ')
    behind++;
  return behind - at >= 2 && (behind == end || text[behind] != ':') ? behind : at;
}

/* The colon of a label that is set over its width ("氏  名  : 見本 太郎"): single characters with blanks between.
 * `start`: there is no such label. */
static gsize
behind_wide_label (const char *text, gsize start, gsize end)
{
  gsize at = start;

  for (guint n = 0; at < end && n < MAX_WIDE_LABEL; n++)
    {
      at = MIN ((gsize) (g_utf8_next_char (text + at) - text), end);
      if (at < end && text[at] != ' ' && text[at] != ':')
        return start;
      while (at < end && text[at] == ' ')
        at++;
      if (at < end && text[at] == ':')
        return at;
    }
  return start;
}

static void
split_at_blanks (const char *text, gsize start, gsize end, GArray *cells)
{
  gsize from = start;

  for (gsize i = behind_wide_label (text, start, end); i + 1 < end && cells->len < MAX_CELLS - 1; i++)
    {
      gsize behind = text[i] == ' ' ? border_end (text, i, end) : i;

      if (text[i] == ' ' && behind == i)
        while (i + 1 < end && text[i + 1] == ' ')
          i++;
      if (behind <= i)
        continue;
      add_cell (cells, text, from, i);
      from = i = behind;
    }
  add_cell (cells, text, from, end);
}

static gboolean
has_two_blanks (const char *text, gsize start, gsize end)
{
  for (gsize i = behind_wide_label (text, start, end); i + 1 < end; i++)
    if (text[i] == ' ')
      {
        if (border_end (text, i, end) > i)
          return TRUE;
        while (i + 1 < end && text[i + 1] == ' ')
          i++;
      }
  return FALSE;
}

char
sk_cells_split (const char *text, gsize start, gsize end, GArray *cells)
{
  static const char separators[] = { '\t', ',', '|' };

  g_array_set_size (cells, 0);
  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    if (memchr (text + start, separators[i], end - start) != NULL)
      {
        split_at (text, start, end, separators[i], cells);
        return separators[i];
      }
  if (has_two_blanks (text, start, end))
    {
      split_at_blanks (text, start, end, cells);
      return ' ';
    }
  add_cell (cells, text, start, end);
  return 0;
}

/* 【 and the like around a head, blanks in it (氏 名), case. FALSE: it is too long for a head. */
static gboolean
simplified (const char *text, gsize length, char word[MAX_HEAD])
{
  static const char *const ornaments[] = { "【", "】", "[", "]", "■", "●", "◆", "○", "◎", "□", "◇", "・",
                                           "*",  "※",  "<", ">", "「", "」", ":", "▼", "★", "☆", "ご" };
  const char *end = text + length;
  gsize n = 0;

  while (text < end)
    {
      gsize size = (gsize) (g_utf8_next_char (text) - text);
      gboolean is_ornament = *text == ' ';

      for (guint i = 0; i < G_N_ELEMENTS (ornaments) && !is_ornament; i++)
        is_ornament = strlen (ornaments[i]) == size && memcmp (text, ornaments[i], size) == 0;
      if (!is_ornament && n + size >= MAX_HEAD)
        return FALSE;
      for (gsize i = 0; i < size && !is_ornament; i++)
        word[n++] = g_ascii_tolower (text[i]);
      text += size;
    }
  word[n] = '\0';
  return n > 0;
}

/* What may follow a head that stands alone on a line, or before a blank. */
static gboolean
is_tail (const char *p)
{
  SK_WORD_SET (tails, "名", "一覧", "リスト", "表", "様", "欄", "カナ", "かな", "フリガナ", "ふりがな", "(カナ)", "(漢字)",
               "(敬称略)", "(順不同)", "は以下", "は次の", "は下記", "を以下", "を下記", "を次の");
  const char *end = p + strlen (p);
  gsize length = sk_word_set_at (&tails, p, end);

  return p == end || (length > 0 && (p + length == end || g_str_has_prefix (p, "は")
                                     || g_str_has_prefix (p, "を") || is_tail (p + length)));
}

/* The number of the first head that stands at p, a place in a cell that ends at `end`; G_MAXUINT: none. */
static guint
first_that_fits (Heads *heads, const char *p, gboolean is_start, gboolean is_strict, const char *end)
{
  for (int i = sk_word_set_next_at (&heads->words, p, end, 0); i >= 0;
       i = sk_word_set_next_at (&heads->words, p, end, i + 1))
    {
      const char *behind = p + strlen (heads->words.words[i]);
      gboolean may_go_on = (heads->rows[i]->more & SK_HEAD_MAY_GO_ON) != 0;

      if (!is_start && (heads->rows[i]->more & SK_HEAD_MAY_BE_LED) == 0)
        continue;
      if (behind == end || (is_strict ? is_tail (behind) : may_go_on))
        return (guint) i;
    }
  return G_MAXUINT;
}

static SkHead
head_of (const char *text, gsize length, gboolean is_strict)
{
  Heads *heads = get_heads ();
  char word[MAX_HEAD];
  guint best = G_MAXUINT;

  if (length > 2 * MAX_HEAD || !simplified (text, length, word))
    return SK_HEAD_NONE;
  for (const char *p = word, *end = word + strlen (word); p < end; p = g_utf8_next_char (p))
    best = MIN (best, first_that_fits (heads, p, p == word, is_strict, end));
  return best < heads->n_words ? heads->rows[best]->head : SK_HEAD_NONE;
}

SkHead
sk_head_of (const char *text, gsize length)
{
  return head_of (text, length, FALSE);
}

gboolean
sk_head_is_over_names (const char *text, gsize length)
{
  return head_of (text, length, TRUE) == SK_HEAD_NAME;
}

/* Whether the label that begins at start goes on behind the blank at i: "氏 名:", "氏名    :". */
static gboolean
is_blank_inside (const char *text, gsize start, gsize i, gsize end)
{
  gsize n = 0;

  for (gsize k = start; k < i; k++)
    n += !is_blank (text[k]);
  while (i < end && is_blank (text[i]))
    i++;
  return n < 6 || (i < end && text[i] == ':');
}

/* Where the label ends that begins at start: before ":", "】" or a blank. 0: there is none. */
static gsize
label_end (const char *text, gsize start, gsize end, gsize *value)
{
  for (gsize i = start; i < end && i < start + 2 * MAX_HEAD; i++)
    {
      gsize n = text[i] == ':' || text[i] == '=' || is_blank (text[i]) ? 1 : 0;

      if (n == 0 && (strncmp (text + i, "】", MIN (3, end - i)) == 0 && end - i >= 3))
        n = 3;
      if (n == 0 || i == start)
        continue;
      if (is_blank (text[i]) && is_blank_inside (text, start, i, end))
        continue;
      *value = i + n;
      while (*value < end && (is_blank (text[*value]) || text[*value] == ':'))
        (*value)++;
      return i;
    }
  return 0;
}

static SkHead
label_at (const char *text, gsize start, gsize end, gsize *value)
{
  gsize stop = label_end (text, start, end, value);

  if (stop == 0)
    return SK_HEAD_NONE;
  if (is_blank (text[stop]) && *value < end && text[*value - 1] != ':')
    return sk_head_is_over_names (text + start, stop - start) ? SK_HEAD_NAME : SK_HEAD_NONE;
  return sk_head_of (text + start, stop - start);
}

/* 控除対象配偶者 氏名 見本 花子: whose name it is stands before 氏名. */
SkHead
sk_cell_label (const char *text, gsize start, gsize end, gsize *value)
{
  SkHead head;
  gsize next, stop;

  while (start < end && (is_blank (text[start]) || text[start] == '-' || text[start] == '*'))
    start++;
  head = label_at (text, start, end, value);
  if (head != SK_HEAD_NONE || label_end (text, start, end, &next) == 0 || text[next - 1] != ' ')
    return head;
  stop = label_end (text, next, end, value);
  return stop != 0 && sk_head_is_over_names (text + next, stop - next) ? SK_HEAD_NAME : SK_HEAD_NONE;
}
