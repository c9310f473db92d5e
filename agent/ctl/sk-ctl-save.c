// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-save.h"

#include "agent/ctl/sk-ctl-text.h"
#include "sk-error.h"
#include "sk-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
sk_ctl_copy (int from, int to, const char *path, GError **error)
{
  char buffer[65536];
  gssize n;

  do
    {
      n = read (from, buffer, sizeof buffer);
      if ((n < 0 && errno != EINTR) || (n > 0 && !sk_file_write_all (to, buffer, (gsize)n)))
        return sk_error_set_errno (error, errno, "%s", path);
  } while (n != 0);
  return TRUE;
}

static gboolean
may_be_written (const char *path, gboolean force, GError **error)
{
  struct stat status;

  if (lstat (path, &status) < 0)
    return TRUE; /* what else is wrong shows when it is written */
  if (S_ISREG (status.st_mode) && force)
    return TRUE;
  if (S_ISREG (status.st_mode))
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                 _ ("%s is there already (--force replaces it)"), path);
  else
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                 _ ("%s is no plain file (name another; - is standard output)"), path);
  return FALSE;
}

/* Gives the file its name; without `force` only when nothing has that name by now. */
static gboolean
give_name (const char *temporary, const char *path, gboolean force)
{
  if (force)
    return rename (temporary, path) == 0;
  if (renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  return link (temporary, path) == 0 && unlink (temporary) == 0;
}

gboolean
sk_ctl_save (int from, const char *path, gboolean force, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  g_autofree char *directory = g_path_get_dirname (path);
  gboolean saved;
  int to;

  if (!may_be_written (path, force, error))
    return FALSE;
  to = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (to < 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                   _ ("%s: %s (name a place where you may write)"), path, g_strerror (errno));
      return FALSE;
    }
  saved = sk_ctl_copy (from, to, path, error);
  if (saved && fdatasync (to) < 0)
    saved = sk_error_set_errno (error, errno, "%s", path);
  if (close (to) < 0 && saved)
    saved = sk_error_set_errno (error, errno, "%s", path);
  if (saved && !give_name (temporary, path, force))
    saved = sk_error_set_errno (error, errno, "%s", path);
  if (!saved)
    unlink (temporary);
  return saved && sk_file_sync_directory (directory, error);
}
