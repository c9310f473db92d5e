// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-file.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
sk_file_sync_directory (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return sk_error_set_errno (error, errno, "%s: can't open the directory", path);
  if (fsync (fd) < 0)
    {
      int saved = errno;

      close (fd);
      return sk_error_set_errno (error, saved, "%s: can't sync the directory", path);
    }
  close (fd);
  return TRUE;
}

gboolean
sk_file_write_all (int fd, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
sk_file_replace (const char *path, const char *contents, gsize length, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  gboolean written;
  int saved;

  if (fd < 0)
    return sk_error_set_errno (error, errno, "%s: can't write", path);
  written = sk_file_write_all (fd, contents, length) && fdatasync (fd) == 0;
  saved = errno;
  if (close (fd) < 0 && written)
    {
      written = FALSE;
      saved = errno;
    }
  if (written && rename (temporary, path) < 0)
    {
      written = FALSE;
      saved = errno;
    }
  if (!written)
    {
      unlink (temporary);
      return sk_error_set_errno (error, saved, "%s: can't write", path);
    }
  return sk_file_sync_directory (directory, error);
}

static char *
read_descriptor (int fd, const char *path, gsize limit, gsize *length, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          sk_error_set_errno (error, errno, "%s: can't read", path);
          return NULL;
        }
      if (bytes->len + (gsize) n > limit)
        {
          g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                       "%s: larger than %" G_GSIZE_FORMAT " bytes", path, limit);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, (guint) n);
    }
  if (length != NULL)
    *length = bytes->len;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

static int
no_plain_file (const char *path, GError **error)
{
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
               "%s: is no plain file (a pipe, a device or a folder is never read)", path);
  return -1;
}

/* Without O_NONBLOCK a pipe that nobody writes to would be waited for here, for good. */
int
sk_file_open (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;

  if (fd < 0 && errno == ENXIO)
    return no_plain_file (path, error);
  if (fd < 0)
    {
      sk_error_set_errno (error, errno, "%s: can't open", path);
      return -1;
    }
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    return fd;
  close (fd);
  return no_plain_file (path, error);
}

char *
sk_file_read (const char *path, gsize limit, gsize *length, GError **error)
{
  int fd = sk_file_open (path, error);
  char *contents;

  if (fd < 0)
    return NULL;
  contents = read_descriptor (fd, path, limit, length, error);
  close (fd);
  return contents;
}

gboolean
sk_file_make_directory (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) < 0)
    return sk_error_set_errno (error, errno, "%s: can't make the directory", path);
  return TRUE;
}
