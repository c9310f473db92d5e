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
  SkFind find
      = { start, length, value != NULL ? g_string_chunk_insert (self->values, value) : NULL };

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
  g_free (self->parts->columns);
  g_free (self->parts);
  g_free (self);
}

#define BLOCK 64
#define MOST_RUNS (BLOCK / 2 + 1) /* that begin in a block, and one that goes on */
#define EACH_BYTE G_GUINT64_CONSTANT (0x0101010101010101)

#define LANES 16

typedef guint8 Lanes __attribute__ ((vector_size (LANES)));

static inline gboolean
is_any_set (Lanes lanes)
{
  guint64 halves[2];

  memcpy (halves, &lanes, LANES);
  return (halves[0] | halves[1]) != 0;
}

static inline gboolean
has_digits (const char *block)
{
  Lanes found = { 0 };

  for (guint i = 0; i < BLOCK; i += LANES)
    {
      Lanes bytes;

      memcpy (&bytes, block + i, LANES);
      found |= (Lanes) ((bytes ^ '0') <= 9);
    }
  return is_any_set (found);
}

/* A bit for each of eight bytes, the first one lowest, that is a digit: bytes less '0' (by ^ 0x30)
 * that are above 9 carry into their highest bit when 0x76 is added, or have it; a multiplication
 * gathers those bits. */
static inline guint64
digits_of_word (const char *text)
{
  guint64 word, none;

  memcpy (&word, text, sizeof word);
  word = GUINT64_FROM_LE (word) ^ (EACH_BYTE * 0x30);
  none = (((word & (EACH_BYTE * 0x7f)) + EACH_BYTE * 0x76) | word) & (EACH_BYTE * 0x80);
  return (((none ^ (EACH_BYTE * 0x80)) >> 7) * G_GUINT64_CONSTANT (0x0102040810204080)) >> 56;
}

static inline guint64
digits_of_block (const char *text)
{
  guint64 digits = 0;

  if (!has_digits (text)) /* as most blocks of prose */
    return 0;
  for (guint i = 0; i < BLOCK / 8; i++)
    digits |= digits_of_word (text + i * 8) << (i * 8);
  return digits;
}

/* Runs as they are found. The last one may have no end yet. */
typedef struct {
  GArray *runs;
  gboolean is_open;
} RunWalk;

/* `edges`: a bit wherever a digit follows another byte, or another byte a digit. */
static void
take_edges (RunWalk *self, guint64 edges, gsize base)
{
  guint count = self->runs->len;
  SkRun *runs;

  g_array_set_size (self->runs, count + MOST_RUNS);
  runs = (SkRun *) self->runs->data;
  for (; edges != 0; edges &= edges - 1)
    {
      guint32 at = (guint32) (base + (gsize) __builtin_ctzll (edges));

      if (self->is_open)
        runs[count - 1].length = at - runs[count - 1].start;
      else
        runs[count++].start = at;
      self->is_open = !self->is_open;
    }
  g_array_set_size (self->runs, count);
}

static GArray *
find_runs (const char *text, gsize length)
{
  RunWalk walk = { g_array_new (FALSE, FALSE, sizeof (SkRun)), FALSE };
  gsize at = 0;

  for (; at <= length; at += BLOCK)
    {
      char last[BLOCK] = "";
      gboolean is_last = length - at < BLOCK;
      guint64 digits, edges;

      if (is_last && length > at)
        memcpy (last, text + at, length - at);
      digits = digits_of_block (is_last ? last : text + at);
      edges = digits ^ (digits << 1 | (walk.is_open ? 1 : 0));
      if (edges != 0)
        take_edges (&walk, edges, at);
    }
  return walk.runs;
}

const SkRun *
sk_scan_runs (SkScan *self, gsize *n_runs)
{
  if (self->parts->runs == NULL)
    self->parts->runs = find_runs (self->text, self->length);
  *n_runs = self->parts->runs->len;
  return (const SkRun *) self->parts->runs->data;
}

/* The first of [low, high) that begins at `offset` or later; `high`: none does. */
static gsize
search_run (const SkRun *runs, gsize low, gsize high, gsize offset)
{
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (runs[middle].start < offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The run of the last question, or one a little behind it, is most often that of the next. */
#define RUNS_AHEAD 32

gsize
sk_scan_run_from (SkScan *self, gsize offset)
{
  gsize n_runs, at = self->parts->last_run;
  const SkRun *runs = sk_scan_runs (self, &n_runs);

  if (at > 0 && runs[at - 1].start >= offset)
    at = search_run (runs, 0, at, offset);
  for (guint i = 0; i < RUNS_AHEAD && at < n_runs && runs[at].start < offset; i++)
    at++;
  if (at < n_runs && runs[at].start < offset)
    at = search_run (runs, at, n_runs, offset);
  self->parts->last_run = at;
  return at;
}

/* Whether the three bytes stand one after the other, beginning in the LANES bytes at `text`; two more are read. */
static inline gboolean
has_three (const char *text, const guint8 *three)
{
  Lanes first, second, third;

  memcpy (&first, text, LANES);
  memcpy (&second, text + 1, LANES);
  memcpy (&third, text + 2, LANES);
  return is_any_set ((Lanes) ((first == three[0]) & (second == three[1]) & (third == three[2])));
}

gsize
sk_scan_next (const SkScan *self, gsize from, gsize to, const char *character)
{
  const char *text = self->text;
  gsize at = from;

  while (at + LANES + 2 <= to && !has_three (text + at, (const guint8 *) character))
    at += LANES;
  for (; at + 3 <= to; at++)
    if (memcmp (text + at, character, 3) == 0)
      return at;
  return to;
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
  detector->finder->find (self, finds);
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
