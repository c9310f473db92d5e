// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/rewrite/sk-splice.h"

#include "sk-error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_READ 16384 /* nearly every header fits */

static void
add_literal (SkSplice *self, const char *text)
{
  SkSegment segment = { .literal = text, .length = (gint64) strlen (text) };

  g_array_append_val (self->segments, segment);
  self->size += segment.length;
}

static void
add_run (SkSplice *self, gint64 from, gint64 to)
{
  SkSegment segment = { .offset = from, .length = to - from };

  if (to <= from)
    return;
  g_array_append_val (self->segments, segment);
  self->size += segment.length;
}

static const char *
line_end (const char *at, const char *end)
{
  const char *newline = memchr (at, '\n', (gsize) (end - at));

  return newline != NULL ? newline + 1 : end;
}

/* RFC 5322 4.5.3 lets old mail have blanks before the colon. */
static gboolean
is_field (const char *line, const char *end, const char *name)
{
  gsize length = strlen (name);

  if ((gsize) (end - line) <= length || g_ascii_strncasecmp (line, name, length) != 0)
    return FALSE;
  for (line += length; line < end; line++)
    if (*line != ' ' && *line != '\t')
      return *line == ':';
  return FALSE;
}

static gboolean
must_not_leave (const char *line, const char *end)
{
  return is_field (line, end, "bcc") || is_field (line, end, "resent-bcc");
}

static gboolean
ends_header (const char *line, const char *end)
{
  return line < end && (*line == '\n' || (*line == '\r' && line + 1 < end && line[1] == '\n'));
}

/* `header` is the whole header, and maybe what follows; the message has `size` bytes. */
static void
cut_header (SkSplice *self, const char *header, const char *end, gint64 size)
{
  const char *kept = header, *line = header;
  gboolean dropping = FALSE;

  while (line < end && !ends_header (line, end))
    {
      const char *next = line_end (line, end);
      gboolean continues = *line == ' ' || *line == '\t';

      if (!continues && must_not_leave (line, next) != dropping)
        {
          if (dropping)
            kept = line;
          else
            add_run (self, kept - header, line - header);
          dropping = !dropping;
        }
      line = next;
    }
  add_run (self, (dropping ? line : kept) - header, size);
}

static gboolean
holds_header_end (const char *text, gsize length)
{
  return (length > 0 && ends_header (text, text + length)) || memmem (text, length, "\n\r\n", 3) != NULL
         || memmem (text, length, "\n\n", 2) != NULL;
}

/* Reads until the end of the header has been seen, or all. */
static GByteArray *
read_header (int fd, GError **error)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gsize step = FIRST_READ;

  for (;;)
    {
      gsize had = text->len;
      gssize n;

      g_byte_array_set_size (text, (guint) (had + step));
      n = pread (fd, text->data + had, step, (off_t) had);
      g_byte_array_set_size (text, (guint) (had + (gsize) MAX (n, 0)));
      if (n < 0 && errno != EINTR)
        {
          sk_error_set_errno (error, errno, "message file");
          return NULL;
        }
      if (n == 0 || (n > 0 && holds_header_end ((const char *) text->data, text->len)))
        return g_steal_pointer (&text);
      step = MAX (step, text->len);
    }
}

SkSplice *
sk_splice_new (int fd, const char *added, GError **error)
{
  g_autoptr (SkSplice) self = g_new0 (SkSplice, 1);
  g_autoptr (GByteArray) header = NULL;
  struct stat status;

  self->segments = g_array_new (FALSE, FALSE, sizeof (SkSegment));
  if (added != NULL)
    add_literal (self, self->added = g_strdup (added));
  if (fstat (fd, &status) < 0)
    {
      sk_error_set_errno (error, errno, "message file");
      return NULL;
    }
  header = read_header (fd, error);
  if (header == NULL)
    return NULL;
  cut_header (self, (const char *) header->data, (const char *) header->data + header->len,
              status.st_size);
  return g_steal_pointer (&self);
}

void
sk_splice_free (SkSplice *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->segments);
  g_free (self->added);
  g_free (self);
}
