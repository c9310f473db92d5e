// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-policy-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdalign.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SETTLE_MILLISECONDS 300
#define WITHIN (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
#define ITSELF (IN_MOVE_SELF | IN_DELETE_SELF)

struct _SkPolicyWatch {
  int fd;
  guint source, settling;
  char *folder;
  GArray *watches;   /* int: inotify's numbers */
  int above;         /* the watch of the nearest folder above that is there */
  char *name_in_it;  /* what must come, go or change there */
  SkPolicyWatchFunc callback;
  gpointer user_data;
};

static const char *const watched[] = { "", "lists", "templates" };

static int
watch (SkPolicyWatch *self, const char *path)
{
  int number = inotify_add_watch (self->fd, path, WITHIN | ITSELF);

  if (number >= 0)
    g_array_append_val (self->watches, number);
  else if (errno != ENOENT && errno != ENOTDIR)
    g_warning ("%s can't be watched: %s", path, g_strerror (errno));
  return number;
}

/* A folder may be made later, or be exchanged for another of its name: that is seen from above. */
static void
watch_above (SkPolicyWatch *self)
{
  g_autofree char *path = g_strdup (self->folder);

  self->above = -1;
  while (self->above < 0)
    {
      g_autofree char *parent = g_path_get_dirname (path);

      if (g_str_equal (parent, path))
        return;
      g_free (self->name_in_it);
      self->name_in_it = g_path_get_basename (path);
      self->above = watch (self, parent);
      g_free (path);
      path = g_steal_pointer (&parent);
    }
}

/* Anew each time, since a name may stand for another folder than before. */
static void
watch_folders (SkPolicyWatch *self)
{
  for (guint i = 0; i < self->watches->len; i++)
    inotify_rm_watch (self->fd, g_array_index (self->watches, int, i));
  g_array_set_size (self->watches, 0);
  watch_above (self);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, watched[i], NULL);

      watch (self, path);
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

/* Of the folder above only what has the right name counts; that a watch was removed counts never. */
static gboolean
concerns_us (const SkPolicyWatch *self, const struct inotify_event *event)
{
  if ((event->mask & IN_IGNORED) != 0)
    return FALSE;
  return event->wd != self->above || (event->mask & ITSELF) != 0
         || (event->len > 0 && g_str_equal (event->name, self->name_in_it));
}

static gboolean
read_events (SkPolicyWatch *self)
{
  alignas (struct inotify_event) char events[8192];
  gboolean changed = FALSE;
  ssize_t length;

  while ((length = read (self->fd, events, sizeof events)) > 0)
    for (char *at = events; at < events + length;)
      {
        const struct inotify_event *event = (const struct inotify_event *) at;

        changed |= concerns_us (self, event);
        at += sizeof *event + event->len;
      }
  return changed;
}

static gboolean
changed_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SkPolicyWatch *self = user_data;

  if (!read_events (self))
    return G_SOURCE_CONTINUE;
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
  self->watches = g_array_new (FALSE, FALSE, sizeof (int));
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
  g_array_unref (self->watches);
  g_free (self->name_in_it);
  g_free (self->folder);
  g_free (self);
}
