// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mail-source.h"

#include "sk-error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW_BYTES (128 * 1024)

gboolean
sk_mail_source_init (SkMailSource *self, int fd, GError **error)
{
  struct stat status;

  memset (self, 0, sizeof *self);
  self->fd = fd;
  if (fstat (fd, &status) < 0)
    return sk_error_set_errno (error, errno, "The mail file can't be examined");
  self->size = status.st_size;
  self->capacity = (gsize) CLAMP (self->size, 1, WINDOW_BYTES);
  self->window = g_malloc (self->capacity);
  return TRUE;
}

void
sk_mail_source_init_bytes (SkMailSource *self, const guint8 *bytes, gsize length)
{
  memset (self, 0, sizeof *self);
  self->fd = -1;
  self->memory = length > 0 ? (const char *) bytes : "";
  self->size = (gint64) length;
}

void
sk_mail_source_clear (SkMailSource *self)
{
  g_clear_pointer (&self->window, g_free);
}

static gsize
read_fully (SkMailSource *self, gint64 offset, char *buffer, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      ssize_t got = pread (self->fd, buffer + done, length - done, (off_t) (offset + (gint64) done));

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        self->saved_errno = errno;
      if (got <= 0)
        break;
      done += (gsize) got;
    }
  return done;
}

const char *
sk_mail_source_peek (SkMailSource *self, gint64 offset, gsize *available)
{
  gint64 inside = offset - self->window_offset;

  *available = 0;
  if (offset < 0 || offset >= self->size)
    return NULL;
  if (self->memory != NULL)
    {
      *available = (gsize) (self->size - offset);
      return self->memory + offset;
    }
  if (inside < 0 || inside >= (gint64) self->window_length)
    {
      self->window_length = read_fully (self, offset, self->window, self->capacity);
      self->window_offset = offset;
      inside = 0;
    }
  *available = self->window_length - (gsize) inside;
  return *available > 0 ? self->window + inside : NULL;
}

gsize
sk_mail_source_read (SkMailSource *self, gint64 offset, char *buffer, gsize length)
{
  gsize done = 0, available;
  const char *bytes;

  while (done < length
         && (bytes = sk_mail_source_peek (self, offset + (gint64) done, &available)) != NULL)
    {
      gsize take = MIN (available, length - done);

      memcpy (buffer + done, bytes, take);
      done += take;
    }
  return done;
}
