// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-digits.h"
#include "sk-key.h"
#include "sk-label-words.h"

#include <string.h>

#define REACH 72         /* bytes before a number in which its label ends */
#define REACH_AGAINST 18 /* the same, of one that says what the number isn't */

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
      SkLabel label = sk_label_ending (text, self->low, self->at, self->scan->length, &length);

      if (label != SK_LABEL_NONE
          && label < (self->from - self->at > REACH_AGAINST ? SK_LABEL_DATE : SK_LABEL_HEAD))
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
  *self = (Search) { scan, start, start > REACH ? start - REACH : 0, start, 0, TRUE };
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

/* In the cell on the left, when the number's own has no words before it; there the label must be at
 * the end, or nearly. */
static SkLabel
search_cell_before (Search *self)
{
  if (self->at <= self->low || !is_cell_end (self->scan->text[self->at - 1]))
    return SK_LABEL_NONE;
  self->at--;
  self->digits = 0;
  return search_cell (self);
}

#define LONGEST_REMARK 48

/* (有効期間1年) */
static gsize
before_remark (const char *text, gsize low, gsize end)
{
  const char *open;

  low = end > low + LONGEST_REMARK ? end - LONGEST_REMARK : low;
  open = memrchr (text + low, '(', end - low);
  if (open == NULL || memchr (open, '\n', (gsize) (text + end - open)) != NULL)
    return end;
  end = (gsize) (open - text);
  while (end > low && text[end - 1] == ' ')
    end--;
  return end;
}

gsize
sk_label_trim (const char *text, gsize low, gsize end)
{
  static const char *const closings[] = { "】", "」", "』", "》", "〉", "]", "■" };

  for (gsize i = 0; i < G_N_ELEMENTS (closings); i++)
    if (end - low >= strlen (closings[i])
        && memcmp (text + end - strlen (closings[i]), closings[i], strlen (closings[i])) == 0)
      return end - strlen (closings[i]);
  return end > low && text[end - 1] == ')' ? before_remark (text, low, end) : end;
}

/* At the end of the line above, when nothing else stands before the number in its own. */
static SkLabel
search_line_before (Search *self)
{
  SkLabel label;

  if (self->at <= self->low || self->scan->text[self->at - 1] != '\n' || !self->is_blank)
    return SK_LABEL_NONE;
  self->at = sk_label_trim (self->scan->text, self->low, self->at - 1);
  self->digits = 0;
  label = search_cell (self);
  return self->is_blank ? label : SK_LABEL_NONE;
}

SkLabel
sk_label_of (SkScan *scan, gsize start)
{
  Search search;
  SkLabel label;
  SkKey key;

  if (sk_key_before (scan, start, &key) && key.is_sure)
    return sk_key_label (scan, &key);
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

SkLabel
sk_label_beside (SkScan *scan, gsize start)
{
  Search search;
  SkLabel label;

  search_begin (&search, scan, start);
  label = search_cell (&search);
  if (label == SK_LABEL_NONE)
    label = search_cell_before (&search);
  return label != SK_LABEL_NONE ? label : search_line_before (&search);
}

gboolean
sk_label_fills_cell (const SkScan *scan, gsize start, gsize length)
{
  gsize end = start + length;
  char before = sk_scan_byte_before (scan, start), after;

  for (guint i = 0; i < 8 && start > 0 && (before == ' ' || before == '"' || before == '\''); i++)
    before = sk_scan_byte_before (scan, --start);
  while (end < scan->length && end < start + length + 16
         && (scan->text[end] == ' ' || scan->text[end] == '"' || scan->text[end] == '\''
             || scan->text[end] == '\r'))
    end++;
  after = sk_scan_byte (scan, end);
  return (start == 0 || before == '\n' || is_cell_end (before))
         && (end >= scan->length || after == '\n' || is_cell_end (after));
}
