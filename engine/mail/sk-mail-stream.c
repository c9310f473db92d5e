// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mail-stream.h"

#include <string.h>

#define SUBSTITUTE '\x1a'

/* A stretch of the file that is shown as it stands. */
typedef struct {
  gint64 offset; /* in the stream */
  gint64 start, end; /* in the file */
} Run;

struct _SkMailStream {
  GMimeStream parent;
  SkMailSource *source;
  GArray *runs; /* Run; NULL in the streams of parts, which are never read */
  guint leaves, leaf_limit;
  gboolean stopped, at_end;
};

typedef struct {
  GMimeStreamClass parent_class;
} SkMailStreamClass;

static GType sk_mail_stream_get_type (void);
#define SK_MAIL_STREAM(object) ((SkMailStream *) (object))

G_DEFINE_TYPE (SkMailStream, sk_mail_stream, GMIME_TYPE_STREAM)

static Run *
run_at (SkMailStream *self, guint index)
{
  return &g_array_index (self->runs, Run, index);
}

/* The last run that begins at or before `offset`. */
static Run *
find_run (SkMailStream *self, gint64 offset)
{
  guint low = 0, high = self->runs->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (run_at (self, middle)->offset <= offset)
        low = middle;
      else
        high = middle;
    }
  return run_at (self, low);
}

static gsize
read_shown (SkMailStream *self, gint64 offset, char *buffer, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      Run *run = find_run (self, offset + (gint64) done);
      gint64 from = run->start + offset + (gint64) done - run->offset;
      gsize want = (gsize) MIN ((gint64) (length - done), run->end - from);
      gsize got = from < run->end ? sk_mail_source_read (self->source, from, buffer + done, want) : 0;

      if (got == 0)
        break;
      done += got;
    }
  return done;
}

static ssize_t
stream_read (GMimeStream *stream, char *buffer, size_t length)
{
  SkMailStream *self = SK_MAIL_STREAM (stream);
  char *nul = buffer;
  gsize got;

  if (self->stopped || self->runs == NULL)
    return 0;
  got = read_shown (self, stream->position, buffer, length);
  while ((nul = memchr (nul, '\0', got - (gsize) (nul - buffer))) != NULL)
    *nul++ = SUBSTITUTE;
  stream->position += (gint64) got;
  self->at_end = got == 0;
  return (ssize_t) got;
}

static ssize_t
stream_write (GMimeStream *stream, const char *buffer, size_t length)
{
  return -1;
}

static int
stream_flush (GMimeStream *stream)
{
  return 0;
}

static gboolean
stream_eos (GMimeStream *stream)
{
  SkMailStream *self = SK_MAIL_STREAM (stream);

  return self->at_end || self->stopped;
}

static int
stream_reset (GMimeStream *stream)
{
  stream->position = stream->bound_start;
  SK_MAIL_STREAM (stream)->at_end = FALSE;
  return 0;
}

static gint64
stream_seek (GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
  if (whence == GMIME_STREAM_SEEK_CUR)
    offset += stream->position;
  else if (whence == GMIME_STREAM_SEEK_END)
    offset += sk_mail_stream_length (SK_MAIL_STREAM (stream));
  if (offset < stream->bound_start)
    return -1;
  SK_MAIL_STREAM (stream)->at_end = FALSE;
  return stream->position = offset;
}

static gint64
stream_tell (GMimeStream *stream)
{
  return stream->position;
}

static gint64
stream_length (GMimeStream *stream)
{
  return sk_mail_stream_length (SK_MAIL_STREAM (stream));
}

/* The parser asks for one a leaf. */
static GMimeStream *
stream_substream (GMimeStream *stream, gint64 start, gint64 end)
{
  SkMailStream *self = SK_MAIL_STREAM (stream);
  SkMailStream *part = g_object_new (sk_mail_stream_get_type (), NULL);

  if (++self->leaves > self->leaf_limit)
    self->stopped = TRUE;
  part->source = self->source;
  g_mime_stream_construct (GMIME_STREAM (part), start, end);
  return GMIME_STREAM (part);
}

static void
finalize (GObject *object)
{
  g_clear_pointer (&SK_MAIL_STREAM (object)->runs, g_array_unref);
  G_OBJECT_CLASS (sk_mail_stream_parent_class)->finalize (object);
}

static void
sk_mail_stream_class_init (SkMailStreamClass *klass)
{
  GMimeStreamClass *stream_class = GMIME_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize;
  stream_class->read = stream_read;
  stream_class->write = stream_write;
  stream_class->flush = stream_flush;
  stream_class->close = stream_flush;
  stream_class->eos = stream_eos;
  stream_class->reset = stream_reset;
  stream_class->seek = stream_seek;
  stream_class->tell = stream_tell;
  stream_class->length = stream_length;
  stream_class->substream = stream_substream;
}

static void
sk_mail_stream_init (SkMailStream *self)
{
}

static void
add_run (SkMailStream *self, gint64 offset, gint64 start, gint64 end)
{
  Run run = { offset, start, MAX (start, end) };

  g_array_append_val (self->runs, run);
}

SkMailStream *
sk_mail_stream_new (SkMailSource *source, const SkMailOutline *outline, gint64 end, guint leaf_limit)
{
  SkMailStream *self = g_object_new (sk_mail_stream_get_type (), NULL);
  gint64 start = outline->start, offset = 0;

  self->source = source;
  self->leaf_limit = leaf_limit;
  self->runs = g_array_sized_new (FALSE, FALSE, sizeof (Run), outline->gaps->len + 1);
  for (guint i = 0; i < outline->gaps->len; i++)
    {
      const SkMailGap *gap = &g_array_index (outline->gaps, SkMailGap, i);

      add_run (self, offset, start, MIN (gap->start, end));
      offset += gap->start - start;
      start = gap->end;
    }
  add_run (self, offset, start, end);
  g_mime_stream_construct (GMIME_STREAM (self), 0, -1);
  return self;
}

void
sk_mail_stream_stop (SkMailStream *self)
{
  self->stopped = TRUE;
}

gboolean
sk_mail_stream_is_stopped (SkMailStream *self)
{
  return self->stopped;
}

gint64
sk_mail_stream_length (SkMailStream *self)
{
  const Run *last;

  if (self->runs == NULL)
    return GMIME_STREAM (self)->bound_end - GMIME_STREAM (self)->bound_start;
  last = run_at (self, self->runs->len - 1);
  return last->offset + last->end - last->start;
}

gint64
sk_mail_stream_gap (SkMailStream *self, guint gap)
{
  return run_at (self, gap + 1)->offset;
}

/* At a gap the later run is found. */
gint64
sk_mail_stream_file_end (SkMailStream *self, gint64 offset)
{
  const Run *run = find_run (self, offset);

  return run->start + offset - run->offset;
}

gint64
sk_mail_stream_file_start (SkMailStream *self, gint64 offset)
{
  const Run *run = find_run (self, offset > 0 ? offset - 1 : 0);

  return run->start + offset - run->offset;
}
