// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-spool.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
sk_smtp_spool_open (SkEnvelope *envelope, const char *directory, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.eml", directory, envelope->id);
  int fd = open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return sk_error_set_errno (error, errno, "%s: can't make the file", path);
  envelope->fd = fd;
  envelope->path = g_steal_pointer (&path);
  envelope->size = 0;
  return TRUE;
}

gboolean
sk_smtp_spool_append (SkEnvelope *envelope, const char *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize n = write (envelope->fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return sk_error_set_errno (error, errno, "%s: can't write", envelope->path);
      bytes += n;
      length -= (gsize) n;
      envelope->size += n;
    }
  return TRUE;
}

void
sk_smtp_spool_drop (SkEnvelope *envelope)
{
  if (envelope->fd >= 0)
    close (envelope->fd);
  envelope->fd = -1;
  if (envelope->path != NULL)
    unlink (envelope->path);
  g_clear_pointer (&envelope->path, g_free);
}
