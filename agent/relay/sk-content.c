// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-content.h"

#include "sk-error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_OCTETS (128 * 1024)
#define LINE_END_OCTETS 2

struct _SkContent {
  const SkRelayMail *mail;
  guint segment;   /* the current one */
  gint64 position; /* in it */
  gboolean at_end;
  char before[2]; /* the last two octets that were given; CRLF at the start of a mail */
  char *raw, *stuffed;
  gsize capacity, stuffed_capacity;
};

SkContent *
sk_content_new (const SkRelayMail *mail)
{
  SkContent *self = g_new0 (SkContent, 1);

  self->mail = mail;
  for (guint i = 0; i < mail->segment_count && self->capacity < PIECE_OCTETS; i++)
    self->capacity = (gsize)MIN ((gint64)self->capacity + mail->segments[i].length, PIECE_OCTETS);
  self->before[0] = '\r';
  self->before[1] = '\n';
  return self;
}

void
sk_content_free (SkContent *self)
{
  if (self == NULL)
    return;
  g_free (self->raw);
  g_free (self->stuffed);
  g_free (self);
}

gboolean
sk_content_is_at_end (const SkContent *self)
{
  return self->at_end;
}

/* Reads up to `length` octets of the current segment; -1 is an error, 0 never comes for length > 0.
 */
static gssize
read_segment (SkContent *self, char *into, gsize length, GError **error)
{
  const SkSegment *segment = &self->mail->segments[self->segment];
  gssize got;

  if (segment->literal != NULL)
    {
      memcpy (into, segment->literal + self->position, length);
      return (gssize)length;
    }
  do
    got = pread (self->mail->fd, into, length, segment->offset + self->position);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    sk_error_set_errno (error, errno, "reading the message of %s", self->mail->id);
  else if (got == 0)
    g_set_error (error, SK_ERROR, SK_ERROR_IO,
                 "the message file of %s ends too early (was it changed while it waited?)",
                 self->mail->id);
  return got > 0 ? got : -1;
}

/* Fills self->raw as far as the mail goes. */
static gboolean
fill (SkContent *self, gsize *filled, GError **error)
{
  *filled = 0;
  while (self->segment < self->mail->segment_count && *filled < self->capacity)
    {
      gint64 left = self->mail->segments[self->segment].length - self->position;
      gsize wanted = (gsize)MIN (left, (gint64)(self->capacity - *filled));
      gssize got = wanted > 0 ? read_segment (self, self->raw + *filled, wanted, error) : 0;

      if (got < 0)
        return FALSE;
      *filled += (gsize)got;
      self->position += got;
      if (got == left)
        {
          self->segment++;
          self->position = 0;
        }
    }
  while (self->segment < self->mail->segment_count
         && self->mail->segments[self->segment].length == 0)
    self->segment++;
  return TRUE;
}

static gboolean
follows_line_end (const SkContent *self, gsize at)
{
  const char *raw = self->raw;
  char first = at >= 2 ? raw[at - 2] : self->before[at];
  char second = at >= 1 ? raw[at - 1] : self->before[1];

  return first == '\r' && second == '\n';
}

/* The next dot at or after `from` that begins a line, or `length`. */
static gsize
next_dot (const SkContent *self, gsize from, gsize length)
{
  const char *dot;

  while (from < length && (dot = memchr (self->raw + from, '.', length - from)) != NULL)
    {
      gsize at = (gsize)(dot - self->raw);

      if (follows_line_end (self, at))
        return at;
      from = at + 1;
    }
  return length;
}

/* The raw piece with each leading dot doubled. Every third octet may be one ("CRLF."), and the
 * first. */
static char *
stuff (SkContent *self, gsize first, gsize *length)
{
  gsize from = 0, used = 0, needed = *length + *length / 3 + 2 + LINE_END_OCTETS + SK_CONTENT_ROOM;

  if (self->stuffed_capacity < needed)
    {
      self->stuffed = g_realloc (self->stuffed, needed);
      self->stuffed_capacity = needed;
    }
  for (gsize at = first; at < *length; at = next_dot (self, at + 1, *length))
    {
      memcpy (self->stuffed + used, self->raw + from, at - from);
      used += at - from;
      self->stuffed[used++] = '.';
      from = at;
    }
  memcpy (self->stuffed + used, self->raw + from, *length - from);
  used += *length - from;
  *length = used;
  return self->stuffed;
}

static void
remember_end (SkContent *self, gsize length)
{
  if (length >= 2)
    memcpy (self->before, self->raw + length - 2, 2);
  else if (length == 1)
    {
      self->before[0] = self->before[1];
      self->before[1] = self->raw[0];
    }
}

char *
sk_content_next (SkContent *self, gsize *length, GError **error)
{
  gsize filled, first;
  char *piece;

  *length = 0;
  if (self->at_end)
    return NULL;
  if (self->raw == NULL)
    self->raw = g_malloc (self->capacity + LINE_END_OCTETS + SK_CONTENT_ROOM);
  if (!fill (self, &filled, error))
    return NULL;
  first = next_dot (self, 0, filled);
  *length = filled;
  piece = first < filled ? stuff (self, first, length) : self->raw;
  remember_end (self, filled);
  self->at_end = self->segment >= self->mail->segment_count;
  if (self->at_end && memcmp (self->before, "\r\n", 2) != 0)
    {
      memcpy (piece + *length, "\r\n", 2);
      *length += 2;
    }
  return piece;
}
