// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-digits.h"
#include "sk-label-words.h"
#include "sk-scan-private.h"

#include <string.h>

#define REACH 72         /* bytes before a number in which its label ends */
#define REACH_AGAINST 18 /* the same, of one that says what the number isn't */
#define LONGEST_HEAD 60  /* bytes of a column's head */
#define SHORTEST_INNER 6 /* bytes of a label inside a head */
#define TABLES 65536     /* whose heads are kept; what follows belongs to the last */
#define COLUMNS 128      /* whose heads are kept */
#define HEAD_LINES 6     /* from the first line of a table, in which its head may be */
#define LONGEST_CELLS 65536 /* bytes of a line in which columns are counted */
#define GAP_LINES 3      /* lines in one cell, or none, that end a table */

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

static GArray *
split_words (void)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));

  for (gsize i = 0; i < G_N_ELEMENTS (label_words); i++)
    for (const char *at = label_words[i].words, *end; *at != '\0'; at = end + (*end == ','))
      {
        Word word = { at, 0, (guint8) label_words[i].label };

        end = strchrnul (at, ',');
        word.length = (guint8) (end - at);
        g_array_append_val (words, word);
      }
  return words;
}

static gpointer
index_words (gpointer unused)
{
  Words *self = g_new0 (Words, 1);
  GArray *words = split_words ();
  guint n_words = words->len, at = 0;

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

/* The label that ends at `end`, and begins at `low` or later. */
static SkLabel
label_ending (const Words *words, const char *text, gsize low, gsize end, gsize limit, gsize *length)
{
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

static gboolean
is_cell_end (char c)
{
  return c == '\t' || c == ',' || c == ';' || c == '|';
}

/* Whether `end` is behind "。", which ends what a label speaks of. */
static gboolean
ends_sentence (const char *text, gsize low, gsize end)
{
  return end - low >= 3 && memcmp (text + end - 3, "。", 3) == 0;
}

/* A search to the left, for the nearest label. */
typedef struct {
  const SkScan *scan;
  const Words *words;
  gsize from; /* where it began */
  gsize low; /* where it ends at the latest */
  gsize at;  /* how far it is; the label's end, when there is one */
  gsize digits; /* that stand just before `at` */
  gboolean is_blank; /* nothing but spaces and signs were seen */
} Search;

/* Short numbers may stand between (電話番号2, 電話(3)); longer ones are what the label speaks of. */
static gboolean
step (Search *self)
{
  char c = self->scan->text[self->at - 1];

  self->digits = sk_is_digit (c) ? self->digits + 1 : 0;
  if (self->digits > 2 || ends_sentence (self->scan->text, self->low, self->at))
    return FALSE;
  if (sk_is_digit (c) || sk_is_letter (c) || (guchar) c >= 0x80)
    self->is_blank = FALSE;
  self->at--;
  return TRUE;
}

/* In one cell: up to its beginning, or the line's. Heads of other columns are no labels here. */
static SkLabel
search_cell (Search *self)
{
  const char *text = self->scan->text;

  while (self->at > self->low && text[self->at - 1] != '\n' && !is_cell_end (text[self->at - 1]))
    {
      gsize length;
      SkLabel label = label_ending (self->words, text, self->low, self->at, self->scan->length, &length);

      if (label != SK_LABEL_NONE && label < (self->from - self->at > REACH_AGAINST ? SK_LABEL_DATE : SK_LABEL_HEAD))
        return label;
      if (!step (self))
        {
          self->low = self->at;
          return SK_LABEL_NONE;
        }
    }
  return SK_LABEL_NONE;
}

static void
search_begin (Search *self, const SkScan *scan, gsize start)
{
  *self = (Search) { scan, get_words (), start, start > REACH ? start - REACH : 0, start, 0, TRUE };
  while (self->low < start && ((guchar) scan->text[self->low] & 0xc0) == 0x80)
    self->low++;
}

SkLabel
sk_label_before (SkScan *scan, gsize start, gsize *gap)
{
  Search search;
  SkLabel label;

  search_begin (&search, scan, start);
  label = search_cell (&search);
  *gap = start - search.at;
  return label;
}

/* In the cell on the left, when the number's own has no words before it; there the label must be at the end, or nearly. */
static SkLabel
search_cell_before (Search *self)
{
  if (self->at <= self->low || !is_cell_end (self->scan->text[self->at - 1]))
    return SK_LABEL_NONE;
  self->at--;
  self->digits = 0;
  return search_cell (self);
}

/* At the end of the line above, when nothing else stands before the number in its own. */
static SkLabel
search_line_before (Search *self)
{
  SkLabel label;

  if (self->at <= self->low || self->scan->text[self->at - 1] != '\n' || !self->is_blank)
    return SK_LABEL_NONE;
  self->at--;
  label = search_cell (self);
  return self->is_blank ? label : SK_LABEL_NONE;
}

SkLabel
sk_label_of (SkScan *scan, gsize start)
{
  Search search;
  SkLabel label;

  search_begin (&search, scan, start);
  label = search_cell (&search);
  if (label == SK_LABEL_NONE)
    label = sk_label_column (scan, start);
  if (label == SK_LABEL_NONE)
    label = search_cell_before (&search);
  if (label == SK_LABEL_NONE)
    label = search_line_before (&search);
  return label;
}

/* ---- tables ---- */

/* Lines under one row of heads. */
typedef struct {
  gsize first, last; /* lines */
  char separator;
  guint n_columns, n_labels, n_blank;
  guint8 heads[COLUMNS]; /* SkLabel */
} Table;

/* The walk over the lines that finds the tables. */
typedef struct {
  SkScan *scan;
  const SkRun *runs;
  gsize n_runs, next_run;
  gsize first;      /* line of the stretch of lines with separators */
  gsize gap;        /* lines without them since the last with one */
  char separator;   /* '\0': in no such stretch */
  gboolean has_head;
} TableWalk;

static char
separator_of (const char *line, gsize length)
{
  static const char separators[] = "\t,|;";

  for (const char *separator = separators; *separator != '\0'; separator++)
    if (memchr (line, *separator, length) != NULL)
      return *separator;
  return '\0';
}

/* How many digits the longest run in [start, end) has; the walk's runs are passed. */
static gsize
pass_runs (TableWalk *self, gsize start, gsize end)
{
  gsize longest = 0;

  while (self->next_run < self->n_runs && self->runs[self->next_run].start < end)
    {
      if (self->runs[self->next_run].start >= start)
        longest = MAX (longest, self->runs[self->next_run].length);
      self->next_run++;
    }
  return longest;
}

static gboolean
is_after_label (char c)
{
  return sk_is_digit (c) || strchr (" \"'*:._-)#", c) != NULL;
}

/* Where the words of a head end: before "(自宅)", "2", quotes and the like. */
static gsize
trim_head (const char *text, gsize start, gsize end)
{
  while (end > start && is_after_label (text[end - 1]))
    {
      gboolean is_closed = text[--end] == ')';

      if (!is_closed)
        continue;
      while (end > start && text[end - 1] != '(')
        end--;
      if (end > start)
        end--;
    }
  return end;
}

/* What a cell at the head says: the label at its end, or the last one in it. */
static SkLabel
label_in (const char *text, gsize start, gsize end)
{
  const Words *words = get_words ();
  gsize length, last;
  SkLabel label;

  if (end - start > LONGEST_HEAD)
    return SK_LABEL_NONE;
  last = trim_head (text, start, end);
  if (last > start && (label = label_ending (words, text, start, last, end, &length)) != SK_LABEL_NONE)
    return label;
  for (gsize at = end; at > start; at--)
    {
      label = label_ending (words, text, start, at, end, &length);
      if (label != SK_LABEL_NONE && label < SK_LABEL_VAGUE && length >= SHORTEST_INNER)
        return label;
    }
  return SK_LABEL_NONE;
}

/* The end of the cell that starts at `at`. Cells may be quoted, and then have separators in them. */
static gsize
cell_end (const char *text, gsize at, gsize end, char separator)
{
  gboolean is_quoted = at < end && text[at] == '"';
  gsize start = at;

  for (; at < end; at++)
    {
      if (is_quoted && text[at] == '"' && at > start)
        is_quoted = FALSE;
      else if (!is_quoted && text[at] == separator)
        return at;
    }
  return end;
}

static gboolean
is_blank (const char *text, gsize start, gsize end)
{
  while (start < end && (text[start] == ' ' || text[start] == '"'))
    start++;
  return start == end;
}

/* Reads a row as heads. */
static void
read_heads (const char *text, gsize start, gsize end, Table *table)
{
  end = MIN (end, start + LONGEST_CELLS);
  for (table->n_columns = 0; table->n_columns < COLUMNS && start <= end; table->n_columns++)
    {
      gsize stop = cell_end (text, start, end, table->separator);
      SkLabel label = label_in (text, start, stop);

      if (label != SK_LABEL_NONE)
        table->n_labels++;
      else if (is_blank (text, start, stop))
        table->n_blank++;
      else
        label = SK_LABEL_UNKNOWN;
      table->heads[table->n_columns] = (guint8) label;
      start = stop + 1;
    }
}

/* One label will do for a table's first row; later rows must look like heads and nothing else. */
static gboolean
is_head (const Table *table, gboolean is_first)
{
  if (table->n_columns < 2 || table->n_labels == 0)
    return FALSE;
  return is_first || (table->n_labels >= 2 && table->n_labels * 3 >= (table->n_columns - table->n_blank) * 2);
}

static void
begin_table (TableWalk *self, gsize line, gsize start, gsize end)
{
  GArray *tables = self->scan->parts->tables;
  Table table = { line, line, self->separator, 0, 0, 0, { 0 } };

  if (tables->len >= TABLES)
    return;
  read_heads (self->scan->text, start, end, &table);
  if (!is_head (&table, !self->has_head))
    return;
  self->has_head = TRUE;
  g_array_append_val (tables, table);
}

static void
continue_table (TableWalk *self, gsize line)
{
  GArray *tables = self->scan->parts->tables;

  if (self->has_head)
    g_array_index (tables, Table, tables->len - 1).last = line;
}

static void
walk_line (TableWalk *self, gsize line, gsize start, gsize end)
{
  char separator = separator_of (self->scan->text + start, end - start);
  gsize digits = pass_runs (self, start, end);

  if (separator == '\0' && ++self->gap >= GAP_LINES)
    self->separator = '\0';
  if (separator == '\0')
    return;
  self->gap = 0;
  if (self->separator != separator)
    {
      self->separator = separator;
      self->first = line;
      self->has_head = FALSE;
    }
  continue_table (self, line);
  if (digits == 0 || (digits < 4 && !self->has_head && line - self->first < HEAD_LINES))
    begin_table (self, line, start, end);
}

static GArray *
find_tables (SkScan *scan)
{
  TableWalk walk = { .scan = scan };
  gsize n_lines;

  scan->parts->tables = g_array_new (FALSE, FALSE, sizeof (Table));
  walk.runs = sk_scan_runs (scan, &walk.n_runs);
  sk_scan_lines (scan, &n_lines);
  for (gsize line = 0; line < n_lines; line++)
    {
      gsize start = sk_scan_lines (scan, &n_lines)[line];

      walk_line (&walk, line, start, sk_scan_line_end (scan, line));
    }
  return scan->parts->tables;
}

/* The table that line `line` belongs to, below its heads. */
static const Table *
table_of (SkScan *scan, gsize line)
{
  GArray *tables = scan->parts->tables != NULL ? scan->parts->tables : find_tables (scan);
  gsize low = 0, high = tables->len;
  const Table *table;

  while (high - low > 1)
    {
      gsize middle = low + (high - low) / 2;

      if (g_array_index (tables, Table, middle).first <= line)
        low = middle;
      else
        high = middle;
    }
  if (tables->len == 0)
    return NULL;
  table = &g_array_index (tables, Table, low);
  return table->first < line && line <= table->last ? table : NULL;
}

/* Counts on from where the last question was, when that was in the same line and not beyond this one. */
static gsize
column_of (SkScan *scan, gsize line, gsize start, char separator)
{
  SkColumnPlace *place = &scan->parts->place;
  gsize n_lines, first = sk_scan_lines (scan, &n_lines)[line];
  gsize end = MIN (sk_scan_line_end (scan, line), first + LONGEST_CELLS);

  if (!place->is_set || place->line != line || place->start > start)
    *place = (SkColumnPlace) { TRUE, line, first, cell_end (scan->text, first, end, separator), 0 };
  while (place->end < start && place->end < end && place->column < COLUMNS)
    {
      place->start = place->end + 1;
      place->end = cell_end (scan->text, place->start, end, separator);
      place->column++;
    }
  return place->column;
}

SkLabel
sk_label_column (SkScan *scan, gsize start)
{
  gsize line = sk_scan_line_of (scan, start), n_lines, column;
  const Table *table = table_of (scan, line);

  if (table == NULL || start - sk_scan_lines (scan, &n_lines)[line] > LONGEST_CELLS)
    return SK_LABEL_NONE;
  column = column_of (scan, line, start, table->separator);
  return column < table->n_columns ? table->heads[column] : SK_LABEL_NONE;
}

gboolean
sk_label_fills_cell (const SkScan *scan, gsize start, gsize length)
{
  gsize end = start + length;
  char before = sk_scan_byte_before (scan, start), after;

  for (guint i = 0; i < 8 && start > 0 && (before == ' ' || before == '"' || before == '\''); i++)
    before = sk_scan_byte_before (scan, --start);
  while (end < scan->length && end < start + length + 16
         && (scan->text[end] == ' ' || scan->text[end] == '"' || scan->text[end] == '\'' || scan->text[end] == '\r'))
    end++;
  after = sk_scan_byte (scan, end);
  return (start == 0 || before == '\n' || is_cell_end (before))
         && (end >= scan->length || after == '\n' || is_cell_end (after));
}
