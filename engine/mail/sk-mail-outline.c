// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mail-outline.h"

#include "sk-line-scan.h"

#include <string.h>

/* A stretch longer than LONG_BYTES is shown to SHOWN_BYTES only. */
#define LONG_BYTES (32 * 1024)
#define SHOWN_BYTES (16 * 1024)

typedef struct {
  SkMailOutline *outline;
  gint64 stretch;     /* where the present one begins */
  gboolean in_header; /* the top header has not ended yet */
  char before;        /* the last byte of the block before this one */
} Pass;

/* The present stretch ends at `end`, the line break before "--" or the end of the file. */
static void
end_stretch (Pass *self, gint64 end, gint64 next)
{
  gint64 from = MAX (self->stretch, self->outline->start);
  SkMailGap gap = { .stretch = from, .start = from + SHOWN_BYTES, .end = end };

  if (from <= self->outline->header_end)
    gap.start = MAX (gap.start, self->outline->header_end + SHOWN_BYTES);
  if (!self->in_header && end - from > LONG_BYTES && gap.start < end)
    g_array_append_val (self->outline->gaps, gap);
  self->stretch = next;
}

/* `at` is the offset of a line break, `p` what follows it. */
static void
take_line_start (Pass *self, gint64 at, const char *p, gsize left, char before)
{
  if (self->in_header && left > 0 && (*p == '\n' || (*p == '\r' && left > 1 && p[1] == '\n')))
    {
      self->outline->header_end = at + 1;
      self->in_header = FALSE;
    }
  if (left > 1 && p[0] == '-' && p[1] == '-')
    end_stretch (self, before == '\r' ? at - 1 : at, at + 1);
  else if (left >= 12 && (*p | 0x20) == 'c' && g_ascii_strncasecmp (p, "content-type", 12) == 0)
    self->outline->types++;
}

/* Sixteen places at once: is there a line break with '-' or 'c' behind it (or, in the header, any)? */
static gboolean
any_candidate (const char *p, gboolean in_header)
{
  SkLanes here, next, hits;

  memcpy (&here, p, sizeof here);
  memcpy (&next, p + 1, sizeof next);
  hits = (SkLanes) (here == '\n');
  if (!in_header)
    hits &= (SkLanes) (next == '-') | (SkLanes) ((next | 0x20) == 'c');
  return sk_lanes_any (hits);
}

/* Looks at the line breaks among the first `count` bytes; `left` bytes may be read. */
static void
scan_block (Pass *self, gint64 offset, const char *bytes, gsize count, gsize left)
{
  gsize i = 0;

  while (i < count)
    {
      gsize stop;

      if (i + 17 <= left && !any_candidate (bytes + i, self->in_header))
        {
          i += 16;
          continue;
        }
      for (stop = MIN (i + 16, count); i < stop; i++)
        if (bytes[i] == '\n')
          take_line_start (self, offset + (gint64) i, bytes + i + 1, left - i - 1,
                           i > 0 ? bytes[i - 1] : self->before);
    }
}

/* Blocks overlap, so that what follows a line break at the end of one is seen. */
#define OVERLAP 16

static const char *
peek_block (SkMailSource *source, gint64 offset, gsize *left)
{
  const char *bytes = sk_mail_source_peek (source, offset, left);

  if (bytes == NULL || *left > OVERLAP)
    return bytes;
  source->window_length = 0;
  return sk_mail_source_peek (source, offset, left);
}

static void
scan_all (Pass *self, SkMailSource *source)
{
  gint64 offset = self->outline->start;
  gsize left;
  const char *bytes;

  while ((bytes = peek_block (source, offset, &left)) != NULL)
    {
      gboolean last = offset + (gint64) left >= source->size || left <= OVERLAP;
      gsize count = last ? left : left - OVERLAP;

      scan_block (self, offset, bytes, count, left);
      self->before = bytes[count - 1];
      offset += (gint64) count;
    }
}

/* An mbox line or an "--" right at the start has no line break before it. */
static gint64
skip_mbox_line (SkMailSource *source)
{
  gsize left;
  const char *bytes = sk_mail_source_peek (source, 0, &left), *line_end;
  gsize munged = bytes != NULL && *bytes == '>';

  if (bytes == NULL || left < 6 || memcmp (bytes + munged, "From ", 5) != 0)
    return 0;
  line_end = memchr (bytes, '\n', left);
  return line_end != NULL ? line_end + 1 - bytes : 0;
}

void
sk_mail_outline_read (SkMailOutline *self, SkMailSource *source)
{
  Pass pass = { .outline = self, .in_header = TRUE };
  gsize left;
  const char *first;

  memset (self, 0, sizeof *self);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (SkMailGap));
  self->start = pass.stretch = skip_mbox_line (source);
  self->header_end = source->size;
  first = sk_mail_source_peek (source, self->start, &left);
  if (first != NULL)
    take_line_start (&pass, self->start - 1, first, left, 0);
  scan_all (&pass, source);
  end_stretch (&pass, source->size, source->size);
}

void
sk_mail_outline_clear (SkMailOutline *self)
{
  g_clear_pointer (&self->gaps, g_array_unref);
}

void
sk_mail_outline_widen (SkMailOutline *self, guint gap, gint64 shown)
{
  SkMailGap *found = &g_array_index (self->gaps, SkMailGap, gap);

  found->start = MAX (found->start, found->stretch + shown);
  if (found->start >= found->end)
    g_array_remove_index (self->gaps, gap);
}
