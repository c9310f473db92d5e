// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-scan-private.h"

#include <string.h>

struct _SkFinds {
  GArray *finds; /* SkFind */
  GStringChunk *values;
};

static void
finds_free (gpointer data)
{
  SkFinds *self = data;

  g_array_unref (self->finds);
  g_string_chunk_free (self->values);
  g_free (self);
}

void
sk_finds_add (SkFinds *self, gsize start, gsize length, const char *value)
{
  SkFind find = { start, length, value != NULL ? g_string_chunk_insert (self->values, value) : NULL };

  g_array_append_val (self->finds, find);
}

SkScan *
sk_scan_new (const SkFolded *text)
{
  SkScan *self = g_new0 (SkScan, 1);

  self->text = text->text;
  self->length = MIN (text->length, G_MAXUINT32 - 1);
  self->parts = g_new0 (SkScanParts, 1);
  self->parts->finds = g_hash_table_new_full (NULL, NULL, NULL, finds_free);
  return self;
}

void
sk_scan_free (SkScan *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->parts->finds);
  g_clear_pointer (&self->parts->runs, g_array_unref);
  g_clear_pointer (&self->parts->lines, g_array_unref);
  g_clear_pointer (&self->parts->tables, g_array_unref);
  g_free (self->parts);
  g_free (self);
}

static inline gboolean
is_digit (char c)
{
  return (guchar) (c - '0') <= 9;
}

/* Most text has no digits for long stretches: eight bytes at a time are asked whether one of them may
 * be a digit (0x30 to 0x3f), in the manner of "Bit Twiddling Hacks", "determine if a word has a zero byte". */
static gsize
skip_to_digit (const char *text, gsize at, gsize length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);

  while (at < length && !is_digit (text[at]))
    {
      guint64 word;

      at++;
      while (at + sizeof word <= length)
        {
          memcpy (&word, text + at, sizeof word);
          word = (word & (ones * 0xf0)) ^ (ones * 0x30);
          if (((word - ones) & ~word & (ones * 0x80)) != 0)
            break;
          at += sizeof word;
        }
      while (at < length && (text[at] & 0xf0) != 0x30)
        at++;
    }
  return at;
}

static GArray *
find_runs (const char *text, gsize length)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (SkRun));
  gsize at = 0;

  while ((at = skip_to_digit (text, at, length)) < length)
    {
      SkRun run = { (guint32) at, 0 };

      while (at < length && is_digit (text[at]))
        at++;
      run.length = (guint32) at - run.start;
      g_array_append_val (runs, run);
    }
  return runs;
}

const SkRun *
sk_scan_runs (SkScan *self, gsize *n_runs)
{
  if (self->parts->runs == NULL)
    self->parts->runs = find_runs (self->text, self->length);
  *n_runs = self->parts->runs->len;
  return (const SkRun *) self->parts->runs->data;
}

static GArray *
find_lines (const char *text, gsize length)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (guint32));
  const char *end = text + length, *newline = text;
  guint32 start = 0;

  g_array_append_val (lines, start);
  while (newline < end && (newline = memchr (newline, '\n', (gsize) (end - newline))) != NULL)
    {
      newline++;
      start = (guint32) (newline - text);
      g_array_append_val (lines, start);
    }
  return lines;
}

const guint32 *
sk_scan_lines (SkScan *self, gsize *n_lines)
{
  if (self->parts->lines == NULL)
    self->parts->lines = find_lines (self->text, self->length);
  *n_lines = self->parts->lines->len;
  return (const guint32 *) self->parts->lines->data;
}

gsize
sk_scan_line_of (SkScan *self, gsize offset)
{
  gsize n_lines, low = 0;
  const guint32 *lines = sk_scan_lines (self, &n_lines);

  while (n_lines - low > 1)
    {
      gsize middle = low + (n_lines - low) / 2;

      if (lines[middle] <= offset)
        low = middle;
      else
        n_lines = middle;
    }
  return low;
}

gsize
sk_scan_line_end (SkScan *self, gsize line)
{
  gsize n_lines, end;
  const guint32 *lines = sk_scan_lines (self, &n_lines);

  if (line + 1 >= n_lines)
    return self->length;
  end = lines[line + 1] - 1;
  return end > lines[line] && self->text[end - 1] == '\r' ? end - 1 : end;
}

static SkFinds *
run (SkScan *self, const SkDetector *detector)
{
  SkFinds *finds = g_new0 (SkFinds, 1);

  finds->finds = g_array_new (FALSE, FALSE, sizeof (SkFind));
  finds->values = g_string_chunk_new (1024);
  detector->find (self, finds);
  return finds;
}

const SkFind *
sk_scan_finds (SkScan *self, const char *name, gsize *n_finds)
{
  const SkDetector *detector = sk_detector_find (name);
  SkFinds *finds = g_hash_table_lookup (self->parts->finds, detector);

  if (finds == NULL)
    {
      finds = run (self, detector);
      g_hash_table_insert (self->parts->finds, (gpointer) detector, finds);
    }
  *n_finds = finds->finds->len;
  return (const SkFind *) finds->finds->data;
}
