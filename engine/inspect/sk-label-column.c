/* What the heads of columns say of the numbers below them: one walk over the lines, when it is
 * first asked for. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-digits.h"
#include "sk-label-words.h"
#include "sk-scan-private.h"

#include <string.h>

#define LONGEST_HEAD 60  /* bytes of a column's head */
#define MOST_SPACES 5    /* in it; "Please send your phone number and birth date" is none */
#define SHORTEST_INNER 6 /* bytes of a label inside a head */
#define SHORTEST_LATIN 3 /* the same, of a word between spaces and signs */
#define COLUMNS 128      /* whose heads are kept */
#define HEAD_LINES 6     /* from the first line of a table, in which its head may be */
#define QUOTED_LINES 6   /* of one row */
#define GAP_LINES 3      /* lines in one cell, or none, that end a table */

/* A row of heads. */
typedef struct {
  guint n_columns, n_labels, n_blank;
  gboolean begins_with_label; /* the first cell that isn't blank */
  guint8 labels[COLUMNS]; /* SkLabel */
} Heads;

/* Where in a row the walk is. */
typedef struct {
  gsize at, cell; /* `cell`: where it starts */
  guint column;
  gboolean is_quoted;
} RowPlace;

static const char separators[] = { '\t', ',', '|', ';' };

#define SEPARATORS G_N_ELEMENTS (separators)

/* The walk over the lines, that tells each run of digits what the head of its column is. */
typedef struct {
  const char *text;
  gsize length;
  gsize next[SEPARATORS]; /* where each stands next, from the last line that was asked about on */
  const SkRun *runs;
  guint8 *labels;   /* of the runs */
  gsize n_runs, next_run;
  gsize n_lines;    /* since the table began */
  gsize gap;        /* lines without separators since the last with one */
  char separator;   /* '\0': in no table */
  gboolean has_heads;
  Heads heads;
  RowPlace place;
  gsize row_start, row_run; /* where the row starts, and its first run */
  gsize n_row_lines; /* that the row goes on in quotes */
} TableWalk;

#define BLANKS ' ' /* the separator of columns that are set with blanks: two or more */

/* Two blanks in a line, neither at its beginning nor at its end. */
static gboolean
has_blanks_inside (const char *line, gsize length)
{
  const char *end = line + length, *blank;

  while (line < end && *line == ' ')
    line++;
  while ((blank = memchr (line, ' ', (gsize) (end - line))) != NULL && blank + 2 < end)
    {
      if (blank[1] == ' ')
        return TRUE;
      line = blank + 1;
    }
  return FALSE;
}

static gsize
find_separator (const TableWalk *self, char separator, gsize from)
{
  const char *found = memchr (self->text + from, separator, self->length - from);

  return found != NULL ? (gsize) (found - self->text) : self->length;
}

/* The lines are asked about in their order. In prose one search goes over many of them. */
static char
separator_in (TableWalk *self, gsize start, gsize end)
{
  for (gsize i = 0; i < SEPARATORS; i++)
    {
      if (self->next[i] < start)
        self->next[i] = find_separator (self, separators[i], start);
      if (self->next[i] < end)
        return separators[i];
    }
  return has_blanks_inside (self->text + start, end - start) ? BLANKS : '\0';
}

/* Where the separator at `at` ends, whose first character is there; `at` when it is a single blank. */
static gsize
separator_end (const char *text, gsize at, gsize end, char separator)
{
  gsize behind = at;

  if (separator != BLANKS)
    return at + 1;
  while (behind < end && text[behind] == ' ')
    behind++;
  return behind - at >= 2 ? behind : at;
}

/* How many digits the longest run before `end` has, of those not yet passed. */
static gsize
longest_run (const TableWalk *self, gsize end)
{
  gsize longest = 0;

  for (gsize i = self->next_run; i < self->n_runs && self->runs[i].start < end; i++)
    longest = MAX (longest, self->runs[i].length);
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

static gsize
count_spaces (const char *text, gsize start, gsize end)
{
  gsize count = 0;

  for (; start < end; start++)
    count += text[start] == ' ';
  return count;
}

/* What a cell at the head says: the label at its end, or the last one in it. */
static SkLabel
label_in (const char *text, gsize start, gsize end)
{
  gsize length, last;
  SkLabel label;

  if (end - start > LONGEST_HEAD || count_spaces (text, start, end) > MOST_SPACES)
    return SK_LABEL_NONE;
  last = trim_head (text, start, end);
  if (last > start && (label = sk_label_ending (text, start, last, end, &length)) != SK_LABEL_NONE)
    return label;
  for (gsize at = end; at > start; at--)
    {
      label = sk_label_ending (text, start, at, end, &length);
      if (label != SK_LABEL_NONE && label < SK_LABEL_VAGUE
          && length >= (sk_is_letter (text[at - 1]) ? SHORTEST_LATIN : SHORTEST_INNER))
        return label;
    }
  return SK_LABEL_NONE;
}

/* The end of the cell that starts at `at`. Cells may be quoted, and then have separators in them.
 */
static gsize
cell_end (const char *text, gsize at, gsize end, char separator)
{
  const char *found;

  if (at < end && text[at] == '"')
    {
      found = memchr (text + at + 1, '"', end - at - 1);
      at = found != NULL ? (gsize) (found - text) : end;
    }
  while (at < end && (text[at] != separator || separator_end (text, at, end, separator) == at))
    at++;
  return at;
}

static gsize
skip_indent (const char *text, gsize start, gsize end, char separator)
{
  while (separator == BLANKS && start < end && text[start] == ' ')
    start++;
  return start;
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
read_heads (const char *text, gsize start, gsize end, char separator, Heads *heads)
{
  *heads = (Heads) { 0 };
  start = skip_indent (text, start, end, separator);
  for (heads->n_columns = 0; heads->n_columns < COLUMNS && start <= end; heads->n_columns++)
    {
      gsize stop = cell_end (text, start, end, separator);
      SkLabel label = label_in (text, start, stop);

      if (label != SK_LABEL_NONE)
        {
          heads->begins_with_label |= heads->n_blank == heads->n_columns;
          heads->n_labels++;
        }
      else if (is_blank (text, start, stop))
        heads->n_blank++;
      else
        label = SK_LABEL_UNKNOWN;
      heads->labels[heads->n_columns] = (guint8) label;
      start = stop < end ? separator_end (text, stop, end, separator) : end + 1;
    }
}

/* One label will do for a table's first row; later rows must look like heads and nothing else. */
static gboolean
are_heads (const Heads *self, gboolean is_first)
{
  guint n_filled = self->n_columns - self->n_blank;

  if (n_filled < 2 || self->n_labels == 0)
    return FALSE;
  return is_first
         || (self->n_labels >= 2 && self->begins_with_label && self->n_labels * 3 >= n_filled * 2);
}

static gboolean
ends_sentence (const char *text, gsize start, gsize end)
{
  static const char *const ends[] = { "。", "、", "ます", "です", "ください", "?", "!" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (end - start >= strlen (ends[i])
        && memcmp (text + end - strlen (ends[i]), ends[i], strlen (ends[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Heads are no sentences, hold no long numbers, and after the first lines of a table none at all.
 */
static gboolean
take_heads (TableWalk *self, gsize start, gsize end)
{
  gsize digits = longest_run (self, end);
  Heads heads;

  if (ends_sentence (self->text, start, end) || digits > 3
      || (digits > 0 && (self->has_heads || self->n_lines > HEAD_LINES)))
    return FALSE;
  read_heads (self->text, start, end, self->separator, &heads);
  if (!are_heads (&heads, !self->has_heads))
    return FALSE;
  self->has_heads = TRUE;
  self->heads = heads;
  return TRUE;
}

static void
move_in_row (RowPlace *self, const char *text, gsize to, char separator)
{
  while (self->at < to)
    {
      char c = text[self->at];
      gsize behind = self->at;

      if (c == separator && !self->is_quoted)
        behind = separator_end (text, self->at, to, separator);
      if (behind > self->at)
        {
          self->column++;
          self->cell = self->at = behind;
          continue;
        }
      if (c == '"' && (self->is_quoted || self->at == self->cell))
        self->is_quoted = !self->is_quoted;
      self->at++;
    }
}

/* Lines of prose with commas or blanks hardly have as many as the heads; a row has. */
static gboolean
is_whole_row (const TableWalk *self)
{
  return (self->separator != ',' && self->separator != BLANKS) || self->place.is_quoted || self->heads.n_columns == COLUMNS
         || self->place.column + 1 == self->heads.n_columns;
}

/* What is all digits in [start, end), but for a sign before them, and blanks; their count, or 0. */
static gsize
count_digits (const char *text, gsize start, gsize end)
{
  gsize count = 0;

  while (end > start && text[end - 1] == ' ')
    end--;
  while (start < end && memchr (" -+$\\", text[start], 5) != NULL)
    start++;
  if (end - start >= 2 && memcmp (text + start, "¥", 2) == 0)
    start += 2;
  while (start + count < end && sk_is_digit (text[start + count]))
    count++;
  return start + count == end ? count : 0;
}

/* Amounts without quotes, 11,371,630, are three cells of a row: where the first of them begins (`end`: there is none), and
 * how many cells too many they make. */
static gsize
find_amounts (const char *text, gsize start, gsize end, guint *n_excess)
{
  gsize first = end, last_start = start, last_digits = 0;

  *n_excess = 0;
  while (start <= end)
    {
      gsize stop = cell_end (text, start, end, ','), digits = count_digits (text, start, stop);

      if (digits == 3 && sk_is_digit (text[start]) && last_digits >= 1 && last_digits <= 3)
        {
          first = MIN (first, last_start);
          ++*n_excess;
        }
      last_start = start;
      last_digits = digits;
      start = stop + 1;
    }
  return first;
}

/* Of a row that is no whole one, the cells up to where amounts make it too long still stand under their heads. */
static gsize
whole_until (const TableWalk *self, gsize end)
{
  gsize first;
  guint n_excess;

  if (self->separator != ',' || self->place.column < self->heads.n_columns)
    return self->row_start;
  first = find_amounts (self->text, self->row_start, end, &n_excess);
  return n_excess > self->place.column - self->heads.n_columns ? first : self->row_start;
}

static void
unlabel_from (TableWalk *self, gsize start)
{
  for (gsize i = self->row_run; i < self->next_run; i++)
    if (self->runs[i].start >= start)
      self->labels[i] = SK_LABEL_NONE;
}

/* The runs of a row below heads, up to `end`. */
static void
label_row (TableWalk *self, gsize end)
{
  RowPlace *place = &self->place;

  for (; self->next_run < self->n_runs && self->runs[self->next_run].start < end; self->next_run++)
    {
      const SkRun *run = &self->runs[self->next_run];

      move_in_row (place, self->text, run->start, self->separator);
      if (place->column < self->heads.n_columns)
        self->labels[self->next_run] = self->heads.labels[place->column];
      place->at = (gsize) run->start + run->length;
    }
  move_in_row (place, self->text, end, self->separator);
  if (self->next_run > self->row_run && !is_whole_row (self))
    unlabel_from (self, whole_until (self, end));
}

/* The first cell may say what the others of its row are. */
static void
label_by_first_cell (TableWalk *self, gsize start, gsize end)
{
  gsize stop = cell_end (self->text, start, end, self->separator);
  SkLabel label = self->next_run < self->n_runs && self->runs[self->next_run].start < end
                      ? label_in (self->text, start, stop)
                      : SK_LABEL_NONE;

  if (label == SK_LABEL_NONE || label >= SK_LABEL_VAGUE)
    return;
  for (gsize i = self->next_run; i < self->n_runs && self->runs[i].start < end; i++)
    if (self->runs[i].start > stop)
      self->labels[i] = (guint8) label;
}

/* No heads are above, or what seemed heads begins with the only one: such rows may be columns
 * (氏名, 山田, 鈴木). Between blanks stand sentences, too, whose first words say little of the last. */
static gboolean
may_be_turned (const TableWalk *self)
{
  return self->separator != BLANKS && (!self->has_heads || (self->heads.n_labels == 1 && self->heads.begins_with_label));
}

static void
enter_line (TableWalk *self, char separator)
{
  if (separator == '\0')
    {
      if (++self->gap >= GAP_LINES)
        self->separator = '\0';
      return;
    }
  self->gap = 0;
  self->n_lines++;
  if (self->separator == separator)
    return;
  self->separator = separator;
  self->n_lines = 1;
  self->has_heads = FALSE;
}

/* A cell in quotes may go on in the next lines; in a few, lest a stray quote hide all that follows.
 */
static gboolean
goes_on (TableWalk *self)
{
  if (!self->has_heads || !self->place.is_quoted || ++self->n_row_lines >= QUOTED_LINES)
    self->n_row_lines = 0;
  return self->n_row_lines > 0;
}

static void
walk_row (TableWalk *self, gsize start, gsize end)
{
  start = skip_indent (self->text, start, end, self->separator);
  self->place = (RowPlace) { start, start, 0, FALSE };
  if (take_heads (self, start, end))
    return;
  self->row_start = start;
  self->row_run = self->next_run;
  if (self->has_heads)
    label_row (self, end);
  self->next_run = self->row_run;
  if (may_be_turned (self))
    label_by_first_cell (self, start, end);
}

static void
walk_line (TableWalk *self, gsize start, gsize end)
{
  char separator;

  if (goes_on (self))
    {
      self->place.at = start;
      label_row (self, end);
    }
  else
    {
      separator = separator_in (self, start, end);
      enter_line (self, separator);
      self->place.is_quoted = FALSE;
      if (separator != '\0')
        walk_row (self, start, end);
    }
  while (self->next_run < self->n_runs && self->runs[self->next_run].start < end)
    self->next_run++;
}

static const guint8 *
column_labels (SkScan *scan)
{
  TableWalk walk = { .text = scan->text, .length = scan->length };
  const guint32 *lines;
  gsize n_lines;

  if (scan->parts->columns != NULL)
    return scan->parts->columns;
  walk.runs = sk_scan_runs (scan, &walk.n_runs);
  walk.labels = scan->parts->columns = g_malloc0 (walk.n_runs + 1);
  for (gsize i = 0; i < SEPARATORS; i++)
    walk.next[i] = find_separator (&walk, separators[i], 0);
  lines = sk_scan_lines (scan, &n_lines);
  for (gsize line = 0; line < n_lines && walk.next_run < walk.n_runs; line++)
    walk_line (&walk, lines[line], sk_scan_line_end (scan, line));
  return scan->parts->columns;
}

SkLabel
sk_label_column (SkScan *scan, gsize start)
{
  return column_labels (scan)[sk_scan_run_from (scan, start)];
}
