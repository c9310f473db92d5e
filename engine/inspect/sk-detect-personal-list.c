// SPDX-License-Identifier: GPL-3.0-or-later
/* Lists of people: rows of a table or list that have a person's name together with an address, a telephone number, a mail
 * address or another number of that person.
 *
 * A row is a line of cells, or a short line, with both; or a record of several lines, that begins with a name or with
 * a label like 氏名. Three rows of three people, close to one another, make a list; each row is a hit then. The
 * names in the heads of quoted mails, and signatures between texts, are none.
 */
#include "sk-cells.h"
#include "sk-detector.h"
#include "sk-morpheme.h"
#include "sk-scan.h"
#include "sk-word-set.h"

#include <string.h>

#define MIN_ROWS 3
#define MAX_ROW_GAP 3     /* lines from one row to the next */
#define MAX_RECORD 12     /* lines of a record with labels */
#define MAX_BARE_RECORD 6 /* and of one without */
#define MAX_SHORT_LINE 240 /* bytes of a row without cells */

/* A line on which a name stands. */
typedef struct {
  gsize line, start, end; /* bytes of the line */
  gsize name_start, name_end; /* of the first name on it */
  const char *name;
} NameLine;

/* A row of a list that may be one: its bytes, and who it is about. */
typedef struct {
  gsize first_line, last_line;
  gsize start, end;
  const char *name;
  char *key; /* the label it begins with; rows of one list begin alike. NULL for a line of cells */
} Row;

typedef struct {
  SkScan *scan;
  guint8 *has_detail; /* by line: an address, a phone … stands on it */
  gsize n_lines;
  GArray *names; /* NameLine */
  GArray *rows;  /* Row */
  GArray *cells; /* SkCell, of the line looked at */
  /* The columns of the table that the last line belonged to, and where their heads stand. */
  GArray *heads; /* SkHead */
  gsize heads_line;
  char heads_separator;
} Search;

static void
row_clear (gpointer data)
{
  g_free (((Row *) data)->key);
}

/* `not_in_sentences`: a find says nothing of a person where its line is a sentence. */
static void
mark_finds (Search *self, const char *detector, gboolean not_in_sentences)
{
  gsize n, n_lines;
  const SkFind *finds = sk_scan_finds (self->scan, detector, &n);
  const guint32 *lines = sk_scan_lines (self->scan, &n_lines);

  for (gsize i = 0; i < n; i++)
    {
      gsize line = sk_scan_line_of (self->scan, finds[i].start), end = sk_scan_line_end (self->scan, line);

      if (!not_in_sentences || sk_scan_next (self->scan, lines[line], end, "。") == end)
        self->has_detail[line] = TRUE;
    }
}

/* A postal code alone is no address: in a sentence the talk is about the code. */
static void
mark_details (Search *self)
{
  static const char *const details[] = { "address",   "phone-number", "email-address", "bank-account",
                                         "my-number", "credit-card",  "birth-date" };

  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    mark_finds (self, details[i], FALSE);
  mark_finds (self, "postal-code", TRUE);
}

static void
collect_names (Search *self)
{
  gsize n, n_lines;
  const SkFind *finds = sk_scan_finds (self->scan, "person-name", &n);
  const guint32 *lines = sk_scan_lines (self->scan, &n_lines);

  for (gsize i = 0; i < n; i++)
    {
      gsize line = sk_scan_line_of (self->scan, finds[i].start);
      NameLine one = { line, lines[line], sk_scan_line_end (self->scan, line),
                       finds[i].start, finds[i].start + finds[i].length, finds[i].value };

      if (self->names->len == 0
          || g_array_index (self->names, NameLine, self->names->len - 1).line != line)
        g_array_append_val (self->names, one);
    }
}

/* The heads of quoted mails name people with their addresses. */
static gboolean
is_mail_head (const Search *self, const NameLine *line)
{
  SK_WORD_SET (labels, "From:", "To:", "Cc:", "CC:", "Bcc:", "BCC:", "Reply-To:", "Sender:", "差出人", "宛先", "送信者",
               "受信者", "from:", "to:", "cc:", "On ", "FROM:", "TO:");
  const char *p = self->scan->text + line->start, *end = self->scan->text + line->end;

  while (p < end && (*p == '>' || *p == ' ' || *p == '|'))
    p++;
  return sk_word_set_at (&labels, p, end) > 0;
}

static gboolean
is_sentence (const Search *self, const NameLine *line)
{
  return g_strstr_len (self->scan->text + line->start, (gssize) (line->end - line->start), "。") != NULL;
}

/* Learns what the columns of the table around `line` hold: from the line right above its rows. */
static void
learn_heads (Search *self, gsize line, char separator)
{
  gsize n_lines;
  const guint32 *lines = sk_scan_lines (self->scan, &n_lines);
  gsize above = line;

  if (separator == self->heads_separator && line - self->heads_line <= 1)
    {
      self->heads_line = line;
      return;
    }
  g_array_set_size (self->heads, 0);
  self->heads_line = line;
  self->heads_separator = separator;
  while (above > 0 && line - above < 2)
    {
      above--;
      if (sk_cells_split (self->scan->text, lines[above], sk_scan_line_end (self->scan, above), self->cells)
          != separator)
        continue;
      for (guint i = 0; i < self->cells->len; i++)
        {
          const SkCell *cell = &g_array_index (self->cells, SkCell, i);
          SkHead head = sk_head_of (self->scan->text + cell->start, cell->length);

          g_array_append_val (self->heads, head);
        }
      return;
    }
}

static gboolean
has_number (const Search *self, SkCell cell)
{
  guint digits = 0;

  for (gsize i = cell.start; i < cell.start + cell.length; i++)
    digits += g_ascii_isdigit (self->scan->text[i]);
  return digits >= 4;
}

/* Whether a column of numbers, like 会員番号, has one on this line. */
static gboolean
has_numbered_cell (Search *self, const NameLine *line)
{
  char separator = sk_cells_split (self->scan->text, line->start, line->end, self->cells);

  if (separator == 0)
    return FALSE;
  learn_heads (self, line->line, separator);
  sk_cells_split (self->scan->text, line->start, line->end, self->cells);
  for (guint i = 0; i < MIN (self->cells->len, self->heads->len); i++)
    if (g_array_index (self->heads, SkHead, i) == SK_HEAD_NUMBER
        && has_number (self, g_array_index (self->cells, SkCell, i)))
      return TRUE;
  return FALSE;
}

/* A line that has both a name and something of that person. */
static gboolean
add_line_row (Search *self, const NameLine *line)
{
  Row row = { line->line, line->line, line->start, line->end, line->name, NULL };
  gboolean has_detail = has_numbered_cell (self, line) || self->has_detail[line->line];
  gboolean has_cells = self->cells->len > 1;

  if (!has_detail || is_mail_head (self, line) || is_sentence (self, line)
      || (!has_cells && line->end - line->start > MAX_SHORT_LINE))
    return FALSE;
  g_array_append_val (self->rows, row);
  return TRUE;
}

/* The label before the name ("氏名"), "" where the line is the name alone; NULL: neither. */
static char *
label_before_name (const Search *self, const NameLine *line)
{
  const char *text = self->scan->text;
  gsize value = line->end, letters = 0;

  if (sk_cell_label (text, line->start, line->end, &value) == SK_HEAD_NAME && value <= line->name_start)
    return g_strndup (text + line->start, value - line->start);
  for (gsize i = line->start; i < line->end; i++)
    if ((i < line->name_start || i >= line->name_end) && (guchar) text[i] > 0x7F)
      letters++;
  return letters <= 9 ? g_strdup ("") : NULL; /* 様, a bullet */
}

static gboolean
is_blank_line (const Search *self, gsize start, gsize end)
{
  for (gsize i = start; i < end; i++)
    if (strchr (" \t-=_*>", self->scan->text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_labelled (const Search *self, gsize start, gsize end)
{
  gsize value;

  return memchr (self->scan->text + start, ':', end - start) != NULL
         || sk_cell_label (self->scan->text, start, end, &value) != SK_HEAD_NONE;
}

/* Lines below a name that belong to it; `next` is the line of the next name. Returns the last that tells
 * something of the person, or 0. */
static gsize
record_end (const Search *self, const NameLine *line, gsize next, gboolean has_label)
{
  gsize n_lines, last = 0, most = has_label ? MAX_RECORD : MAX_BARE_RECORD;
  const guint32 *lines = sk_scan_lines (self->scan, &n_lines);

  for (gsize i = line->line + 1; i < n_lines && i < next && i <= line->line + most; i++)
    {
      gsize start = lines[i], end = sk_scan_line_end (self->scan, i);

      if (self->has_detail[i])
        last = i;
      else if (!is_blank_line (self, start, end) && !(has_label && is_labelled (self, start, end)))
        break;
    }
  return last;
}

/* A record of several lines that begins with a name. */
static void
add_record_row (Search *self, guint number)
{
  const NameLine *line = &g_array_index (self->names, NameLine, number);
  gsize next = self->n_lines, last;
  g_autofree char *key = label_before_name (self, line);

  if (key == NULL || is_mail_head (self, line))
    return;
  for (guint i = number + 1; i < self->names->len && next == self->n_lines; i++)
    {
      const NameLine *other = &g_array_index (self->names, NameLine, i);
      g_autofree char *other_key = label_before_name (self, other);

      if (other->line > line->line + MAX_RECORD)
        break;
      if (g_strcmp0 (key, other_key) == 0 || self->has_detail[other->line])
        next = other->line;
    }
  if ((last = record_end (self, line, next, *key != '\0')) == 0)
    return;
  Row row = { line->line, last, line->start, sk_scan_line_end (self->scan, last), line->name,
              g_steal_pointer (&key) };
  g_array_append_val (self->rows, row);
}

static gboolean
follows (const Row *row, const Row *before)
{
  if ((row->key == NULL) != (before->key == NULL))
    return FALSE;
  return row->first_line - before->last_line <= MAX_ROW_GAP && g_strcmp0 (row->key, before->key) == 0;
}

static guint
count_people (const Search *self, guint from, guint to)
{
  g_autoptr (GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = from; i < to; i++)
    g_hash_table_add (people, (gpointer) g_array_index (self->rows, Row, i).name);
  return g_hash_table_size (people);
}

static void
report (const Search *self, SkFinds *finds)
{
  guint from = 0;

  for (guint to = 1; to <= self->rows->len; to++)
    {
      if (to < self->rows->len
          && follows (&g_array_index (self->rows, Row, to), &g_array_index (self->rows, Row, to - 1)))
        continue;
      if (to - from >= MIN_ROWS && count_people (self, from, to) >= MIN_ROWS)
        for (guint i = from; i < to; i++)
          {
            const Row *row = &g_array_index (self->rows, Row, i);

            sk_finds_add (finds, row->start, row->end - row->start, NULL);
          }
      from = to;
    }
}

/* Rows in the order of the text; a record doesn't reach into the next row. */
static void
collect_rows (Search *self)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      const NameLine *line = &g_array_index (self->names, NameLine, i);

      if (self->rows->len > 0 && line->line <= g_array_index (self->rows, Row, self->rows->len - 1).last_line)
        continue;
      if (!add_line_row (self, line))
        add_record_row (self, i);
    }
}

static void
find (SkScan *scan, SkFinds *finds)
{
  Search self = { .scan = scan };

  sk_scan_lines (scan, &self.n_lines);
  self.names = g_array_new (FALSE, FALSE, sizeof (NameLine));
  self.rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self.cells = g_array_new (FALSE, FALSE, sizeof (SkCell));
  self.heads = g_array_new (FALSE, FALSE, sizeof (SkHead));
  g_array_set_clear_func (self.rows, row_clear);
  collect_names (&self);
  if (self.names->len >= MIN_ROWS)
    {
      self.has_detail = g_malloc0 (self.n_lines);
      mark_details (&self);
      collect_rows (&self);
      report (&self, finds);
      g_free (self.has_detail);
    }
  g_array_unref (self.names);
  g_array_unref (self.rows);
  g_array_unref (self.cells);
  g_array_unref (self.heads);
}

const SkFinder sk_personal_list_finder
    = { .find = find, .is_slow = TRUE, .is_ready = sk_morpheme_is_ready };
