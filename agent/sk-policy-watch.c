// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-policy-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SETTLE_MILLISECONDS 300

struct _SkPolicyWatch {
  int fd;
  guint source, settling;
  char *folder;
  SkPolicyWatchFunc callback;
  gpointer user_data;
};

static const char *const watched[] = { "", "lists", "templates" };

/* Folders that have come since are watched too; those that are watched already stay so. */
static void
watch_folders (SkPolicyWatch *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, watched[i], NULL);

      if (inotify_add_watch (self->fd, path,
                             IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
              < 0
          && errno != ENOENT)
        g_warning ("%s can't be watched: %s", path, g_strerror (errno));
    }
}

static gboolean
settled_cb (gpointer user_data)
{
  SkPolicyWatch *self = user_data;

  self->settling = 0;
  watch_folders (self);
  self->callback (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
changed_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SkPolicyWatch *self = user_data;
  char events[4096];

  while (read (fd, events, sizeof events) > 0)
    continue;
  g_clear_handle_id (&self->settling, g_source_remove);
  self->settling = g_timeout_add (SETTLE_MILLISECONDS, settled_cb, self);
  return G_SOURCE_CONTINUE;
}

SkPolicyWatch *
sk_policy_watch_new (const char *folder, SkPolicyWatchFunc callback, gpointer user_data)
{
  SkPolicyWatch *self = g_new0 (SkPolicyWatch, 1);

  self->folder = g_strdup (folder);
  self->callback = callback;
  self->user_data = user_data;
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->fd < 0)
    {
      g_warning ("%s can't be watched: %s", folder, g_strerror (errno));
      return self;
    }
  watch_folders (self);
  self->source = g_unix_fd_add (self->fd, G_IO_IN, changed_cb, self);
  return self;
}

void
sk_policy_watch_free (SkPolicyWatch *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->settling, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self);
}
