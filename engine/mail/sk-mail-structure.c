// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mail-structure.h"

#include "sk-mail-outline.h"
#include "sk-mail-stream.h"

/* Header fields in all parts together: each costs GMime several allocations. */
#define FIELDS_MAX 20000
/* From so many shown bytes on the parser's fields are counted while it runs. */
#define GUARD_BYTES (32 * 1024)
/* Bytes of a stretch that are shown beyond a header of the largest size. */
#define SHOWN_BEYOND (64 * 1024)

struct _SkMailStructure {
  SkMailSource *source;
  const SkMessageLimits *limits;
  SkMailOutline outline;
  SkMailStream *stream;
  GMimeObject *root;
  guint fields, types; /* counted while the parser runs */
  gint64 parsed;
  gboolean unended; /* no line break ends the file */
  char *uninspected;
};

static void
set_uninspected (SkMailStructure *self, char *reason)
{
  if (self->uninspected == NULL)
    self->uninspected = reason;
  else
    g_free (reason);
}

static void
field_cb (GMimeParser *parser, const char *name, const char *value, gint64 offset, gpointer user_data)
{
  SkMailStructure *self = user_data;

  if (++self->fields > FIELDS_MAX)
    sk_mail_stream_stop (self->stream);
  if (g_ascii_strcasecmp (name, "Content-Type") == 0 && ++self->types > self->limits->parts)
    sk_mail_stream_stop (self->stream);
}

static gint64
shown_end (const SkMailStructure *self)
{
  gint64 limit = self->outline.start + (gint64) self->limits->header_bytes;

  return self->outline.header_end > limit ? limit : self->source->size;
}

static gboolean
needs_guard (const SkMailStructure *self)
{
  return sk_mail_stream_length (self->stream) > GUARD_BYTES
         || self->outline.types > self->limits->parts;
}

static void
parse (SkMailStructure *self)
{
  GMimeParser *parser;

  g_clear_object (&self->root);
  g_clear_object (&self->stream);
  self->fields = self->types = 0;
  self->stream = sk_mail_stream_new (self->source, &self->outline, shown_end (self),
                                     self->limits->parts);
  parser = g_mime_parser_new_with_stream (GMIME_STREAM (self->stream));
  if (needs_guard (self))
    g_mime_parser_set_header_regex (parser, "", field_cb, self);
  self->root = g_mime_parser_construct_part (parser, NULL);
  self->parsed = g_mime_parser_tell (parser);
  g_object_unref (parser);
}

/* Goes through the leaves in the order of the mail, and the gaps along. */
typedef struct {
  SkMailStructure *structure;
  guint gap;
  GArray *uncovered; /* guint, gaps that lie in no leaf */
} GapCheck;

static void
check_leaf (GapCheck *self, GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  GMimeStream *stream = content != NULL ? g_mime_data_wrapper_get_stream (content) : NULL;
  guint gaps = self->structure->outline.gaps->len;

  if (stream == NULL)
    return;
  for (; self->gap < gaps; self->gap++)
    {
      gint64 at = sk_mail_stream_gap (self->structure->stream, self->gap);

      if (at > stream->bound_end)
        return;
      if (at <= stream->bound_start)
        g_array_append_val (self->uncovered, self->gap);
    }
}

static void
check_gaps (GapCheck *self, GMimeObject *object)
{
  if (GMIME_IS_MULTIPART (object))
    {
      GMimeMultipart *multipart = GMIME_MULTIPART (object);

      for (int i = 0; i < g_mime_multipart_get_count (multipart); i++)
        check_gaps (self, g_mime_multipart_get_part (multipart, i));
    }
  else if (GMIME_IS_MESSAGE_PART (object))
    {
      GMimeMessage *message = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
      GMimeObject *inner = message != NULL ? g_mime_message_get_mime_part (message) : NULL;

      if (inner != NULL)
        check_gaps (self, inner);
    }
  else if (GMIME_IS_PART (object))
    check_leaf (self, GMIME_PART (object));
}

/* The gaps that hide more than a body. */
static GArray *
uncovered_gaps (SkMailStructure *self)
{
  GapCheck check = { .structure = self, .uncovered = g_array_new (FALSE, FALSE, sizeof (guint)) };

  if (self->root != NULL)
    check_gaps (&check, self->root);
  for (; check.gap < self->outline.gaps->len; check.gap++)
    g_array_append_val (check.uncovered, check.gap);
  return check.uncovered;
}

static void
widen_gaps (SkMailStructure *self, const GArray *gaps)
{
  gint64 shown = (gint64) self->limits->header_bytes + SHOWN_BEYOND;

  for (guint i = gaps->len; i > 0; i--)
    sk_mail_outline_widen (&self->outline, g_array_index (gaps, guint, i - 1), shown);
}

static void
parse_with_gaps (SkMailStructure *self)
{
  g_autoptr (GArray) gaps = NULL;

  parse (self);
  if (self->outline.gaps->len == 0 || sk_mail_stream_is_stopped (self->stream))
    return;
  gaps = uncovered_gaps (self);
  if (gaps->len == 0)
    return;
  widen_gaps (self, gaps);
  g_array_unref (gaps);
  parse (self);
  gaps = uncovered_gaps (self);
  if (gaps->len > 0 && !sk_mail_stream_is_stopped (self->stream))
    set_uninspected (self, g_strdup_printf ("a part's header, or text outside of all parts, is larger"
                                            " than %" G_GSIZE_FORMAT " bytes",
                                            self->limits->header_bytes));
}

static void
judge (SkMailStructure *self)
{
  if (shown_end (self) < self->source->size)
    set_uninspected (self, g_strdup_printf ("the header is larger than %" G_GSIZE_FORMAT " bytes",
                                            self->limits->header_bytes));
  else if (self->fields > FIELDS_MAX)
    set_uninspected (self, g_strdup_printf ("more than %d header fields", FIELDS_MAX));
  else if (sk_mail_stream_is_stopped (self->stream))
    set_uninspected (self, g_strdup_printf ("more than %u parts", self->limits->parts));
  else if (self->root == NULL)
    set_uninspected (self, g_strdup ("the header could not be read"));
  else if (self->parsed < sk_mail_stream_length (self->stream))
    set_uninspected (self, g_strdup ("the structure could not be read to its end"));
}

static char
byte_at (const SkMailStructure *self, gint64 offset)
{
  char byte = 0;

  sk_mail_source_read (self->source, offset, &byte, 1);
  return byte;
}

static void
initialize_gmime (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      g_mime_init ();
      g_once_init_leave (&once, 1);
    }
}

SkMailStructure *
sk_mail_structure_read (SkMailSource *source, const SkMessageLimits *limits)
{
  SkMailStructure *self = g_new0 (SkMailStructure, 1);

  initialize_gmime ();
  self->source = source;
  self->limits = limits;
  sk_mail_outline_read (&self->outline, source);
  self->unended = byte_at (self, source->size - 1) != '\n';
  parse_with_gaps (self);
  judge (self);
  return self;
}

void
sk_mail_structure_free (SkMailStructure *self)
{
  g_clear_object (&self->root);
  g_clear_object (&self->stream);
  sk_mail_outline_clear (&self->outline);
  g_free (self->uninspected);
  g_free (self);
}

GMimeObject *
sk_mail_structure_root (const SkMailStructure *self)
{
  return self->root;
}

const char *
sk_mail_structure_uninspected (const SkMailStructure *self)
{
  return self->uninspected;
}

/* Where the last boundary ends the file without a line break, GMime takes only the LF before it for its
 * own. */
static gboolean
ends_between_cr_and_lf (const SkMailStructure *self, gint64 end)
{
  return self->unended && end > 0 && byte_at (self, end - 1) == '\r' && byte_at (self, end) == '\n';
}

gboolean
sk_mail_structure_content (const SkMailStructure *self, GMimePart *part, gint64 *offset,
                           gint64 *length)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  GMimeStream *stream = content != NULL ? g_mime_data_wrapper_get_stream (content) : NULL;

  if (stream == NULL || stream->bound_end < stream->bound_start)
    return FALSE;
  *offset = sk_mail_stream_file_start (self->stream, stream->bound_start);
  *length = sk_mail_stream_file_end (self->stream, stream->bound_end) - *offset;
  if (*length > 0 && ends_between_cr_and_lf (self, *offset + *length))
    --*length;
  return *length >= 0;
}

gint64
sk_mail_structure_field (const SkMailStructure *self, GMimeHeader *header)
{
  gint64 offset = g_mime_header_get_offset (header);

  return offset < 0 ? -1 : sk_mail_stream_file_start (self->stream, offset);
}
