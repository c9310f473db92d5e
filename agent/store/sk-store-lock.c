// SPDX-License-Identifier: GPL-3.0-or-later
/* One agent a store: a lock file that also tells how its last owner ended. It holds "PID BOOT-ID"
 * while the store is open and "closed BOOT-ID" after a clean end. */
#include "agent/store/sk-store-private.h"
#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* "" when nothing can be read. */
static void
read_owner (int fd, char text[128])
{
  gssize n = pread (fd, text, 127, 0);

  text[MAX (n, 0)] = '\0';
}

static void
write_owner (SkStore *self, const char *owner)
{
  g_autofree char *text = g_strdup_printf ("%s %s\n", owner, sk_clock_boot_id (self->clock));

  if (ftruncate (self->lock_fd, 0) < 0
      || pwrite (self->lock_fd, text, strlen (text), 0) != (gssize) strlen (text))
    g_info ("%s/lock: can't be written: %s", self->directory, g_strerror (errno));
}

static void
note_last_end (SkStore *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", 3);
  gboolean complete = g_strv_length (words) >= 2;

  self->after_crash = complete && !g_str_equal (words[0], "closed");
  self->after_boot = !complete || !g_str_equal (words[1], sk_clock_boot_id (self->clock));
}

static gboolean
refuse (SkStore *self, const char *text, GError **error)
{
  g_autofree char *pid = g_strndup (text, strspn (text, "0123456789"));

  g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
               "%s: another agent%s%s%s uses this store; end it first, or give this one a store "
               "directory of its own",
               self->directory, *pid != '\0' ? " (process " : "", pid, *pid != '\0' ? ")" : "");
  return FALSE;
}

static int
open_lock (const char *path, char text[128])
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    read_owner (fd, text);
  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  errno = EWOULDBLOCK;
  return -1;
}

gboolean
sk_store_lock (SkStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "lock", NULL);
  char text[128];

  self->lock_fd = open_lock (path, text);
  if (self->lock_fd < 0)
    return errno == EWOULDBLOCK ? refuse (self, text, error)
                                : sk_error_set_errno (error, errno, "%s: can't open", path);
  note_last_end (self, text);
  return TRUE;
}

void
sk_store_note_opened (SkStore *self)
{
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());

  write_owner (self, pid);
  self->opened = TRUE;
}

void
sk_store_unlock (SkStore *self)
{
  if (self->lock_fd < 0)
    return;
  if (self->opened)
    write_owner (self, "closed");
  close (self->lock_fd);
}
