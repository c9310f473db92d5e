// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-encoded-file.h"

#include "sk-charset.h"
#include "sk-transfer-encoding.h"

#include <string.h>

enum { NAME_BYTES = 512, UU_LINE_LENGTH = 63, UU_CHECKSUM = 2 };

/* A line of the text, without its end. */
typedef struct {
  const char *start, *end, *next;
} Line;

typedef struct {
  SkSink *sink;
  const char *end;
  Line line;
  gboolean full;
  gboolean is_endless; /* no "=yend" follows */
} Walk;

/* FALSE: there is no more. */
static gboolean
next_line (Walk *self)
{
  Line *line = &self->line;
  const char *newline;

  if (line->next >= self->end)
    return FALSE;
  line->start = line->next;
  newline = memchr (line->start, '\n', (gsize) (self->end - line->start));
  line->end = newline != NULL ? newline : self->end;
  line->next = newline != NULL ? newline + 1 : self->end;
  if (line->end > line->start && line->end[-1] == '\r')
    line->end--;
  return TRUE;
}

static gsize
length_of (const Line *line)
{
  return (gsize) (line->end - line->start);
}

static gboolean
begins_with (const Line *line, const char *word)
{
  return length_of (line) >= strlen (word) && memcmp (line->start, word, strlen (word)) == 0;
}

static gboolean
is_line (const Line *line, const char *word)
{
  return length_of (line) == strlen (word) && begins_with (line, word);
}

static void
write_file (Walk *self, const char *name, gsize name_length, gsize packed, const GByteArray *bytes,
            gboolean whole)
{
  g_auto (SkDecoded) decoded = { NULL };
  SkContent content = { .bytes = bytes->data, .length = bytes->len };

  sk_charset_decode (name, MIN (name_length, NAME_BYTES), NULL, &decoded);
  content.name = decoded.text;
  self->full
      = !sk_sink_unpack (self->sink, packed, bytes->len) || !sk_sink_member (self->sink, &content);
  if (!whole && !self->full)
    sk_sink_doubt (self->sink, "damaged: a file in a text ends too early");
}

/* --- uuencode --------------------------------------------------------------------------------- */

/* Behind "begin 644 "; NULL: it isn't that. */
static const char *
uu_name (const Line *line, const char *word)
{
  const char *p = line->start + strlen (word), *digits = p;

  if (!begins_with (line, word))
    return NULL;
  while (p < line->end && *p >= '0' && *p <= '7')
    p++;
  return p - digits >= 3 && p - digits <= 4 && p + 1 < line->end && *p == ' ' ? p + 1 : NULL;
}

/* Its first character says how many bytes it holds; blanks at its end may be lost. */
static gboolean
is_uu_line (const Line *line)
{
  gsize length = length_of (line), bytes, most;

  if (length == 0 || *line->start < ' ' || *line->start > '`')
    return FALSE;
  bytes = (gsize) ((*line->start - ' ') & UU_LINE_LENGTH);
  most = 1 + (bytes + 2) / 3 * 4 + UU_CHECKSUM;
  for (const char *p = line->start; p < line->end; p++)
    if (*p < ' ' || *p > '`')
      return FALSE;
  return length <= most;
}

static gboolean
is_base64_line (const Line *line)
{
  for (const char *p = line->start; p < line->end; p++)
    if (!g_ascii_isalnum (*p) && strchr ("+/=", *p) == NULL)
      return FALSE;
  return length_of (line) > 0;
}

/* The lines that follow, up to the one that ends them. Nothing is read when there are none. */
static void
take_uu (Walk *self, const char *name, gsize name_length, SkTransferEncoding encoding)
{
  gboolean is_base64 = encoding == SK_ENCODING_BASE64, whole = FALSE;
  const char *last = is_base64 ? "====" : "end", *start = self->line.next;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  SkTransferDecoder decoder;
  Line before = self->line;

  sk_transfer_decoder_init (&decoder, encoding);
  if (!is_base64)
    sk_transfer_decoder_feed (&decoder, "begin 644 a\n", strlen ("begin 644 a\n"), bytes);
  while (!whole && next_line (self))
    {
      whole = is_line (&self->line, last);
      if (!whole && !(is_base64 ? is_base64_line (&self->line) : is_uu_line (&self->line)))
        break;
      if (!whole)
        {
          sk_transfer_decoder_feed (&decoder, self->line.start, length_of (&self->line), bytes);
          sk_transfer_decoder_feed (&decoder, "\n", 1, bytes);
          before = self->line;
        }
    }
  sk_transfer_decoder_finish (&decoder, bytes);
  sk_transfer_decoder_clear (&decoder);
  if (bytes->len > 0)
    write_file (self, name, name_length, (gsize) (self->line.start - start), bytes, whole);
  if (!whole)
    self->line = before; /* what isn't of it may be the next one */
}

static gboolean
take_uu_file (Walk *self)
{
  const char *name = uu_name (&self->line, "begin "), *end = self->line.end;
  SkTransferEncoding encoding = SK_ENCODING_UUENCODE;

  if (name == NULL)
    {
      name = uu_name (&self->line, "begin-base64 ");
      encoding = SK_ENCODING_BASE64;
    }
  if (name == NULL)
    return FALSE;
  take_uu (self, name, (gsize) (end - name), encoding);
  return TRUE;
}

/* --- yEnc (yenc draft 1.3) -------------------------------------------------------------------- */

static void
decode_yenc (GByteArray *into, const Line *line)
{
  for (const char *p = line->start; p < line->end; p++)
    {
      gboolean is_escaped = *p == '=' && p + 1 < line->end;
      guint8 byte = (guint8) * (is_escaped ? ++p : p);

      byte = (guint8) (byte - (is_escaped ? 64 : 0) - 42);
      g_byte_array_append (into, &byte, 1);
    }
}

/* Two dots at the start of a line are one (RFC 5321, 4.5.2), where a mail was stored as it was
 * sent; that is not undone here. */
static gboolean
take_yenc_file (Walk *self)
{
  const char *name, *end = self->line.end, *start = self->line.next;
  g_autoptr (GByteArray) bytes = NULL;
  gboolean whole = FALSE;
  Line before = self->line;

  if (self->is_endless || !begins_with (&self->line, "=ybegin "))
    return FALSE;
  name = memmem (self->line.start, length_of (&self->line), " name=", strlen (" name="));
  if (name == NULL)
    return FALSE;
  name += strlen (" name=");
  bytes = g_byte_array_new ();
  while (!whole && next_line (self))
    {
      whole = begins_with (&self->line, "=yend ");
      if (!whole && !begins_with (&self->line, "=ypart "))
        decode_yenc (bytes, &self->line);
    }
  if (bytes->len > 0)
    write_file (self, name, (gsize) (end - name), (gsize) (self->line.start - start), bytes, whole);
  if (!whole)
    {
      self->is_endless = TRUE;
      self->line = before; /* what follows may hold others */
    }
  return TRUE;
}

/* --- the text --------------------------------------------------------------------------------- */

static gboolean
may_hold (const char *text, gsize length)
{
  return text != NULL
         && (memmem (text, length, "begin ", 6) != NULL
             || memmem (text, length, "begin-base64 ", 13) != NULL);
}

gboolean
sk_encoded_files_read (const char *text, gsize length, SkSink *sink)
{
  Walk self = { .sink = sink, .end = text + length, .line = { .next = text } };

  if (!may_hold (text, length))
    return TRUE;
  while (!self.full && next_line (&self))
    if (!take_uu_file (&self))
      take_yenc_file (&self);
  return !self.full;
}
