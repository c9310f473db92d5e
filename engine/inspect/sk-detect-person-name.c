// SPDX-License-Identifier: GPL-3.0-or-later
/* Japanese personal names: in sentences by what MeCab and sk-name-rules.c say of surnames and given names, in
 * tables and lists by the head of the column too. The value is the name without blanks.
 */
#include "sk-cells.h"
#include "sk-detector.h"
#include "sk-name-cell.h"
#include "sk-name-piece.h"
#include "sk-name-rules.h"
#include "sk-person-word.h"
#include "sk-scan.h"

#include <string.h>

#define MIN_LIKE 3       /* names in a column without a head before the rest of it is believed */
#define MAX_BLANK_LINES 1
#define HEAD_ROWS 4      /* of a block, that may be its head */

typedef struct {
  gsize start, length;
  char *value;
} Hit;

typedef struct {
  SkHead head;
  guint n_cells, n_names;
  GArray *shaped; /* Hit: cells that are taken when enough others are names */
} Column;

typedef struct {
  SkScan *scan;
  SkMorphemeReader *reader;
  GArray *hits;  /* Hit */
  GArray *cells; /* SkCell, of the line */
  /* A block: lines whose cells are separated alike. */
  char separator;
  guint n_rows, n_blank;
  gboolean has_heads, has_pairs; /* pairs: 氏名 | 見本 太郎, in each row */
  GPtrArray *columns;
  gsize offset; /* of the piece that the rules look at */
} Search;

static void
hit_clear (gpointer data)
{
  g_free (((Hit *) data)->value);
}

static GArray *
hits_new (void)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (Hit));

  g_array_set_clear_func (hits, hit_clear);
  return hits;
}

static void
add_hit (GArray *hits, const Search *self, gsize start, gsize length)
{
  Hit hit = { start, length, sk_name_value (self->scan->text + start, length) };

  g_array_append_val (hits, hit);
}

static void
column_free (gpointer data)
{
  Column *column = data;

  g_array_unref (column->shaped);
  g_free (column);
}

static Column *
column_at (Search *self, guint i)
{
  while (self->columns->len <= i)
    {
      Column *column = g_new0 (Column, 1);

      column->shaped = hits_new ();
      g_ptr_array_add (self->columns, column);
    }
  return g_ptr_array_index (self->columns, i);
}

/* In a column most of whose cells are names, those that only look like names are names. */
static void
finish_column (Search *self, Column *column)
{
  if (column->n_names < MIN_LIKE || column->n_names * 2 < column->n_cells)
    return;
  for (guint i = 0; i < column->shaped->len; i++)
    {
      const Hit *hit = &g_array_index (column->shaped, Hit, i);

      add_hit (self->hits, self, hit->start, hit->length);
    }
}

static void
finish_block (Search *self)
{
  for (guint i = 0; i < self->columns->len; i++)
    finish_column (self, g_ptr_array_index (self->columns, i));
  g_ptr_array_set_size (self->columns, 0);
  self->n_rows = self->n_blank = 0;
  self->has_heads = self->has_pairs = FALSE;
}

static void
note_name (gsize start, gsize length, const char *value, gpointer user_data)
{
  Search *self = user_data;
  Hit hit = { self->offset + start, length, g_strdup (value) };

  g_array_append_val (self->hits, hit);
}

/* Where a piece of a long line ends: behind a 。 or 、, else between two characters. */
static gsize
piece_end (const char *text, gsize start, gsize end)
{
  gsize stop = start + SK_MORPHEME_MAX_PIECE;

  if (stop >= end)
    return end;
  while (((guchar) text[stop] & 0xC0) == 0x80)
    stop--;
  for (gsize i = stop; i > start + SK_MORPHEME_MAX_PIECE / 2; i--)
    if (memcmp (text + i - 3, "。", 3) == 0 || memcmp (text + i - 3, "、", 3) == 0)
      return i;
  return stop;
}

static gboolean
has_letters_of_names (const char *text, gsize start, gsize end)
{
  /* kana and kanji begin with E3 to E9; the rare rest goes with one of them */
  for (gsize i = start; i < end; i++)
    if ((guchar) text[i] >= 0xE3 && (guchar) text[i] <= 0xE9)
      return TRUE;
  return FALSE;
}

static void
search_prose (Search *self, gsize start, gsize end)
{
  const char *text = self->scan->text;

  while (start < end)
    {
      gsize stop = piece_end (text, start, end);

      self->offset = start;
      if (has_letters_of_names (text, start, stop))
        sk_name_find_in_prose (self->reader, text + start, stop - start, note_name, self);
      start = stop;
    }
}

static SkNameLikeness
judge (Search *self, SkCell cell, gboolean is_headed, Hit *hit)
{
  SkNameLikeness likeness = sk_name_judge_cell (self->reader, self->scan->text + cell.start, cell.length,
                                                is_headed, &hit->start, &hit->length);

  hit->start += cell.start;
  return likeness;
}

static gsize
separator_at (const char *text, gsize i, gsize end)
{
  static const char *const separators[] = { "、", "/", ",", ";", "・", "と" };

  for (guint k = 0; k < G_N_ELEMENTS (separators); k++)
    {
      gsize n = strlen (separators[k]);

      if (n <= end - i && memcmp (text + i, separators[k], n) == 0)
        return n;
    }
  return 0;
}

/* Of several names in a cell each must be known, or of two words. */
static gboolean
is_item (const Search *self, SkNameLikeness likeness, const Hit *hit)
{
  return likeness >= SK_NAME_SURNAME
         || (likeness == SK_NAME_SHAPED
             && memchr (self->scan->text + hit->start, ' ', hit->length) != NULL);
}

/* Behind "(営業、東京)" at `at`; `at` when there is no such remark. */
static gsize
behind_remark (const char *text, gsize at, gsize end)
{
  const char *closing = at < end && text[at] == '(' ? memchr (text + at, ')', end - at) : NULL;

  return closing != NULL ? (gsize) (closing + 1 - text) : at;
}

/* 佐藤、鈴木(欠席)、高橋: each of several under one head. FALSE: it isn't such a list. */
static gboolean
search_items (Search *self, SkCell cell)
{
  const char *text = self->scan->text;
  gsize end = cell.start + cell.length, from = cell.start, i = from;
  guint before = self->hits->len;

  while (i <= end)
    {
      gsize n = (i = behind_remark (text, i, end)) < end ? separator_at (text, i, end) : 1;
      SkCell item = { from, i - from };
      Hit hit;

      if (n == 0)
        {
          i = (gsize) (g_utf8_next_char (text + i) - text);
          continue;
        }
      for (; item.length > 0 && text[item.start] == ' '; item.start++)
        item.length--;
      if (item.length > 0 && is_item (self, judge (self, item, TRUE, &hit), &hit))
        add_hit (self->hits, self, hit.start, hit.length);
      i = from = i + n;
    }
  return self->hits->len > before;
}

/* What a cell begins with, up to another label or what is no letter of names: 見本 太郎 電話:…, 見本 太郎 <…>. */
static SkCell
beginning_of (const Search *self, SkCell cell)
{
  const char *text = self->scan->text, *end = text + cell.start + cell.length;
  const char *p = text + cell.start, *last_blank = NULL;

  for (; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == ' ')
        last_blank = p;
      else if (!sk_is_kanji (c) && !sk_is_hiragana (c) && !sk_is_katakana (c) && c != 0x30FB)
        break;
    }
  if (p < end && g_utf8_get_char (p) == 0x3001) /* 、 */
    return (SkCell){ cell.start, 0 };
  if (p < end && (*p == ':' || *p == '='))
    p = last_blank != NULL ? last_blank : text + cell.start;
  while (p > text + cell.start && p[-1] == ' ')
    p--;
  return (SkCell){ cell.start, (gsize) (p - text) - cell.start };
}

/* Whether another item follows what a cell begins with: 見本 太郎(営業)、… */
static gboolean
has_more_items (const Search *self, SkCell cell, SkCell beginning)
{
  const char *text = self->scan->text;
  gsize end = cell.start + cell.length, at = beginning.start + beginning.length;

  while (at < end && text[at] == ' ')
    at++;
  at = behind_remark (text, at, end);
  while (at < end && text[at] == ' ')
    at++;
  return at < end && separator_at (text, at, end) > 0;
}

static void
search_names_cell (Search *self, SkCell cell)
{
  SkCell beginning = beginning_of (self, cell);
  gboolean is_list = beginning.length > 0 && has_more_items (self, cell, beginning);
  Hit hit;

  if (is_list && search_items (self, cell))
    return;
  if ((!is_list && judge (self, cell, TRUE, &hit) != SK_NAME_NO)
      || judge (self, beginning, TRUE, &hit) != SK_NAME_NO)
    add_hit (self->hits, self, hit.start, hit.length);
  else if (!search_items (self, cell))
    search_prose (self, cell.start, cell.start + cell.length);
}

static void
search_plain_cell (Search *self, SkCell cell, Column *column)
{
  Hit hit;
  SkNameLikeness likeness = judge (self, cell, FALSE, &hit);

  guint before = self->hits->len;

  column->n_cells += cell.length > 0;
  if (likeness == SK_NAME_FULL)
    {
      column->n_names++;
      add_hit (self->hits, self, hit.start, hit.length);
      return;
    }
  search_prose (self, cell.start, cell.start + cell.length);
  if (likeness == SK_NAME_SHAPED && self->hits->len == before)
    add_hit (column->shaped, self, hit.start, hit.length);
}

/* 姓 | 名. TRUE: they are one name. */
static gboolean
search_split_name (Search *self, guint i)
{
  const SkCell *surname, *given;
  Hit hit;

  if (i + 1 >= self->cells->len || column_at (self, i + 1)->head != SK_HEAD_GIVEN)
    return FALSE;
  surname = &g_array_index (self->cells, SkCell, i);
  given = surname + 1;
  if (surname->length == 0 || surname->length > 24 || given->length == 0 || given->length > 24
      || memchr (self->scan->text + surname->start, ' ', surname->length) != NULL)
    return FALSE;
  hit.start = surname->start;
  hit.length = given->start + given->length - surname->start;
  g_autofree char *value = sk_name_value (self->scan->text + hit.start, hit.length);
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isalpha (g_utf8_get_char (p)))
      return FALSE;
  add_hit (self->hits, self, hit.start, hit.length);
  return TRUE;
}

/* 氏名 見本 太郎: a label and what it labels, in one cell. `value`: where that begins. */
static SkHead
label_of_cell (const Search *self, SkCell cell, gsize *value)
{
  const char *text = self->scan->text;
  gsize end = cell.start + cell.length;
  SkHead head = sk_cell_label (text, cell.start, end, value);

  return head != SK_HEAD_NONE && *value < end
                 && memchr (text + cell.start, '(', *value + 1 - cell.start) == NULL
                 && sk_head_of (text + *value, end - *value) == SK_HEAD_NONE
             ? head
             : SK_HEAD_NONE;
}

static SkHead
head_of_cell (const Search *self, guint i)
{
  SkCell cell = g_array_index (self->cells, SkCell, i);
  gsize value;

  return label_of_cell (self, cell, &value) == SK_HEAD_NONE
             ? sk_head_of (self->scan->text + cell.start, cell.length)
             : SK_HEAD_NONE;
}

static gboolean
has_digits (const Search *self, SkCell cell)
{
  guint n = 0;

  for (gsize i = cell.start; i < cell.start + cell.length; i++)
    n += g_ascii_isdigit (self->scan->text[i]);
  return n >= 3;
}

static void
search_cell (Search *self, SkCell cell, SkHead head, Column *column)
{
  gsize end = cell.start + cell.length, value = end;

  /* 氏名 見本 太郎    電話 03-…: cells with labels of their own */
  if (head == SK_HEAD_NONE && self->separator != 0)
    {
      head = label_of_cell (self, cell, &value);
      if (head != SK_HEAD_NONE)
        cell = (SkCell){ value, end - value };
    }
  switch (head)
    {
    case SK_HEAD_NAME:
    case SK_HEAD_SURNAME:
      search_names_cell (self, cell);
      break;
    case SK_HEAD_NONE:
      search_plain_cell (self, cell, column);
      break;
    case SK_HEAD_OTHER:
      search_prose (self, cell.start, cell.start + cell.length);
      break;
    case SK_HEAD_GIVEN:
    case SK_HEAD_COMPANY:
    case SK_HEAD_ADDRESS:
    case SK_HEAD_PHONE:
    case SK_HEAD_MAIL:
    case SK_HEAD_NUMBER:
    default:
      break;
    }
}

/* A name: known, or of two words, which heads aren't. */
static gboolean
is_value (Search *self, SkCell cell)
{
  Hit hit;
  SkNameLikeness likeness = judge (self, cell, FALSE, &hit);

  return likeness != SK_NAME_SURNAME && is_item (self, likeness, &hit);
}

typedef enum {
  ROW_PLAIN,
  ROW_HEADS, /* 氏名 | 電話 */
  ROW_PAIRS, /* 氏名 | 見本 太郎 */
} RowKind;

static RowKind
kind_of_row (Search *self)
{
  guint n_heads = 0, n_values = 0;
  gsize value;

  if (self->cells->len < 2)
    return ROW_PLAIN;
  for (guint i = 0; i < self->cells->len; i++)
    {
      SkCell cell = g_array_index (self->cells, SkCell, i);

      if (has_digits (self, cell))
        n_values++;
      else if (head_of_cell (self, i) != SK_HEAD_NONE)
        n_heads++;
      else if (label_of_cell (self, cell, &value) != SK_HEAD_NONE || is_value (self, cell))
        n_values++;
    }
  if (n_heads == 0)
    return ROW_PLAIN;
  if (n_values == 0)
    return n_heads >= 2 || head_of_cell (self, 0) == SK_HEAD_NAME || n_heads * 2 >= self->cells->len
             ? ROW_HEADS
             : ROW_PLAIN;
  return head_of_cell (self, 0) != SK_HEAD_NONE && n_heads * 2 >= self->cells->len - 1 ? ROW_PAIRS
                                                                                       : ROW_PLAIN;
}

static void
take_heads (Search *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    column_at (self, i)->head = head_of_cell (self, i);
  self->has_heads = TRUE;
}

static void
search_pairs (Search *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      SkHead head = i > 0 ? head_of_cell (self, i - 1) : SK_HEAD_NONE;
      SkCell cell = g_array_index (self->cells, SkCell, i);

      if (head_of_cell (self, i) == SK_HEAD_NONE)
        search_cell (self, cell, head, column_at (self, i));
    }
}

static void
search_row (Search *self)
{
  gboolean may_be_heads = self->has_pairs || (!self->has_heads && self->n_rows < HEAD_ROWS)
                          || head_of_cell (self, 0) != SK_HEAD_NONE;
  RowKind kind = may_be_heads ? kind_of_row (self) : ROW_PLAIN;

  self->has_pairs = kind == ROW_PAIRS;
  if (kind == ROW_HEADS)
    {
      take_heads (self);
      return;
    }
  if (kind == ROW_PAIRS)
    {
      search_pairs (self);
      return;
    }
  for (guint i = 0; i < self->cells->len; i++)
    {
      Column *column = column_at (self, i);

      if (column->head == SK_HEAD_SURNAME && search_split_name (self, i))
        i++;
      else
        search_cell (self, g_array_index (self->cells, SkCell, i), column->head, column);
    }
}

/* "1. ", "(2) ", "・", "- " */
static SkCell
without_bullet (const Search *self, SkCell cell)
{
  static const char *const bullets[] = { "・", "●", "○", "■", "□", "◆", "◇", "※", "-", "*", "(", ")", ".", " ", "*" };
  const char *text = self->scan->text;

  for (gboolean again = TRUE; again && cell.length > 0;)
    {
      gsize n = g_ascii_isdigit (text[cell.start]) ? 1 : 0;

      for (guint i = 0; i < G_N_ELEMENTS (bullets) && n == 0; i++)
        if (strlen (bullets[i]) <= cell.length
            && memcmp (text + cell.start, bullets[i], strlen (bullets[i])) == 0)
          n = strlen (bullets[i]);
      cell.start += n;
      cell.length -= n;
      again = n > 0;
    }
  return cell;
}

/* A line that is one cell: a heading, a label and its value, an item of a list, or prose. */
static void
search_line (Search *self, SkCell line)
{
  const char *text = self->scan->text;
  SkCell item = without_bullet (self, line);
  gsize end = item.start + item.length, value = end;
  SkHead head = sk_cell_label (text, item.start, end, &value);
  Column *column;
  Hit hit;

  if (head != SK_HEAD_NONE && value < end)
    {
      search_cell (self, (SkCell){ value, end - value }, head, column_at (self, 0));
      return;
    }
  if (sk_head_is_over_names (text + item.start, item.length))
    {
      finish_block (self);
      column_at (self, 0)->head = SK_HEAD_NAME;
      return;
    }
  column = column_at (self, 0);
  if (judge (self, item, column->head == SK_HEAD_NAME, &hit) == SK_NAME_NO)
    {
      finish_block (self);
      search_prose (self, item.start, end);
      return;
    }
  search_cell (self, item, column->head, column);
}

static void
search_lines (Search *self)
{
  gsize n_lines;
  const guint32 *lines = sk_scan_lines (self->scan, &n_lines);

  for (gsize i = 0; i < n_lines; i++)
    {
      char separator = sk_cells_split (self->scan->text, lines[i], sk_scan_line_end (self->scan, i),
                                       self->cells);
      SkCell first = g_array_index (self->cells, SkCell, 0);

      if (self->cells->len == 1 && first.length == 0)
        {
          if (++self->n_blank > MAX_BLANK_LINES)
            finish_block (self);
          continue;
        }
      if (separator != self->separator)
        finish_block (self);
      self->separator = separator;
      self->n_blank = 0;
      if (separator == 0)
        search_line (self, first);
      else
        search_row (self);
      self->n_rows++;
    }
  finish_block (self);
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *one = a, *other = b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  return one->length > other->length ? -1 : one->length < other->length;
}

/* In order, without overlaps, and without what is a part of an address. */
static void
report (const Search *self, SkFinds *finds)
{
  gsize n_addresses, k = 0, behind = 0;
  const SkFind *addresses = sk_scan_finds (self->scan, "address", &n_addresses);

  g_array_sort (self->hits, compare_hits);
  for (guint i = 0; i < self->hits->len; i++)
    {
      const Hit *hit = &g_array_index (self->hits, Hit, i);

      while (k < n_addresses && addresses[k].start + addresses[k].length <= hit->start)
        k++;
      if (hit->start < behind || (k < n_addresses && addresses[k].start < hit->start + hit->length))
        continue;
      sk_finds_add (finds, hit->start, hit->length, hit->value);
      behind = hit->start + hit->length;
    }
}

static void
find (SkScan *scan, SkFinds *finds)
{
  g_autoptr (SkMorphemeReader) reader = sk_morpheme_reader_new ();
  Search self = { .scan = scan, .reader = reader };

  if (reader == NULL)
    return;
  self.hits = hits_new ();
  self.cells = g_array_new (FALSE, FALSE, sizeof (SkCell));
  self.columns = g_ptr_array_new_with_free_func (column_free);
  search_lines (&self);
  report (&self, finds);
  g_ptr_array_unref (self.columns);
  g_array_unref (self.cells);
  g_array_unref (self.hits);
}

const SkFinder sk_person_name_finder
    = { .find = find, .is_slow = TRUE, .is_ready = sk_morpheme_is_ready };
