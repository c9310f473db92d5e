// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-policy-watch.h"

#include "sk-file.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdalign.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTLE_MILLISECONDS 300
#define ITSELF (IN_MOVE_SELF | IN_DELETE_SELF)
#define WITHIN (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | ITSELF)
#define OF_A_FILE (IN_CLOSE_WRITE | IN_ATTRIB | ITSELF)
#define MOST_WATCHES 1000
#define MOST_LEVELS 16
#define PERSONAL_BYTES (1024 * 1024)

/* A folder of which one name concerns us. */
typedef struct {
  int number;
  char *name;
} Corner;

struct _SkPolicyWatch {
  int fd;
  guint source, settling;
  char *folder, *personal;
  GHashTable *whole;   /* inotify's numbers of folders and files of which all concerns us */
  GArray *corners;     /* Corner */
  int beside_personal; /* the number of its folder, or -1 */
  char *personal_text; /* names the lists beside it; NULL when it is not there */
  SkPolicyWatchFunc callback;
  gpointer user_data;
};

static void
corner_clear (gpointer data)
{
  g_free (((Corner *) data)->name);
}

static int
watch (SkPolicyWatch *self, const char *path, guint32 mask)
{
  int number = inotify_add_watch (self->fd, path, mask);

  if (number < 0 && errno != ENOENT && errno != ENOTDIR)
    g_warning ("%s can't be watched: %s", path, g_strerror (errno));
  return number;
}

/* What is named may be made later, or be exchanged for another of its name: that is seen from the nearest folder
 * above that is there. Its number when that is the next one above, else -1. */
static int
watch_name (SkPolicyWatch *self, const char *path)
{
  g_autofree char *at = g_strdup (path);
  gboolean next = TRUE;

  for (;; next = FALSE)
    {
      g_autofree char *parent = g_path_get_dirname (at);
      Corner corner = { .number = -1 };

      if (g_str_equal (parent, at))
        return -1;
      corner.number = watch (self, parent, WITHIN);
      if (corner.number >= 0)
        {
          corner.name = g_path_get_basename (at);
          g_array_append_val (self->corners, corner);
          return next ? corner.number : -1;
        }
      g_free (at);
      at = g_steal_pointer (&parent);
    }
}

/* --- the folder with all in it ------------------------------------------------------------------ */

static void watch_tree (SkPolicyWatch *self, const char *path, guint level);

/* What versions are kept in changes often, and is no policy's. */
static gboolean
is_of_interest (const char *name)
{
  return !g_str_equal (name, ".git") && !g_str_equal (name, ".hg") && !g_str_equal (name, ".svn");
}

/* A link's target changes elsewhere. */
static void
watch_target (SkPolicyWatch *self, const char *path)
{
  int number = watch (self, path, OF_A_FILE);

  if (number >= 0)
    g_hash_table_add (self->whole, GINT_TO_POINTER (number));
}

static void
watch_entry (SkPolicyWatch *self, const char *path, guint level)
{
  struct stat status;
  gboolean link;

  if (lstat (path, &status) < 0)
    return;
  link = S_ISLNK (status.st_mode);
  if (link && stat (path, &status) < 0)
    return;
  if (S_ISDIR (status.st_mode))
    watch_tree (self, path, level + 1);
  else if (link)
    watch_target (self, path);
}

/* Links may lead to a folder that has been seen: that one has its number already. */
static void
watch_tree (SkPolicyWatch *self, const char *path, guint level)
{
  g_autoptr (GDir) directory = NULL;
  const char *name;
  int number = watch (self, path, WITHIN);

  if (number < 0 || !g_hash_table_add (self->whole, GINT_TO_POINTER (number))
      || level >= MOST_LEVELS)
    return;
  directory = g_dir_open (path, 0, NULL);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *entry = g_build_filename (path, name, NULL);

      if (g_hash_table_size (self->whole) >= MOST_WATCHES)
        return;
      if (is_of_interest (name))
        watch_entry (self, entry, level);
    }
}

/* --- the user's own rules ----------------------------------------------------------------------- */

/* "lists/partners.csv" stands in the text: then all of the folder lists concerns us. */
static gboolean
is_named_folder (const SkPolicyWatch *self, const char *name)
{
  g_autofree char *text = g_strconcat (name, "/", NULL);

  return self->personal_text != NULL && strstr (self->personal_text, text) != NULL;
}

static void
watch_named_folders (SkPolicyWatch *self)
{
  g_autofree char *path = g_path_get_dirname (self->personal);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *entry = g_build_filename (path, name, NULL);

      if (is_named_folder (self, name) && g_file_test (entry, G_FILE_TEST_IS_DIR))
        watch_tree (self, entry, 0);
    }
}

static void
watch_personal (SkPolicyWatch *self)
{
  self->beside_personal = watch_name (self, self->personal);
  g_free (self->personal_text);
  self->personal_text = sk_file_read (self->personal, PERSONAL_BYTES, NULL, NULL);
  if (self->personal_text != NULL)
    watch_named_folders (self);
  if (g_file_test (self->personal, G_FILE_TEST_IS_SYMLINK))
    watch_target (self, self->personal);
}

/* --- changes ------------------------------------------------------------------------------------ */

static void
forget_watches (SkPolicyWatch *self)
{
  GHashTableIter iter;
  gpointer number;

  g_hash_table_iter_init (&iter, self->whole);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    inotify_rm_watch (self->fd, GPOINTER_TO_INT (number));
  for (guint i = 0; i < self->corners->len; i++)
    inotify_rm_watch (self->fd, g_array_index (self->corners, Corner, i).number);
  g_hash_table_remove_all (self->whole);
  g_array_set_size (self->corners, 0);
}

/* Anew each time, since a name may stand for another folder than before. */
static void
watch_all (SkPolicyWatch *self)
{
  forget_watches (self);
  watch_name (self, self->folder);
  watch_tree (self, self->folder, 0);
  watch_personal (self);
  if (g_hash_table_size (self->whole) >= MOST_WATCHES)
    g_warning ("%s has too many folders to watch them all; sekishoctl update reads it anew",
               self->folder);
}

static gboolean
settled_cb (gpointer user_data)
{
  SkPolicyWatch *self = user_data;

  self->settling = 0;
  watch_all (self);
  self->callback (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_corner (const SkPolicyWatch *self, const struct inotify_event *event)
{
  for (guint i = 0; i < self->corners->len; i++)
    {
      const Corner *corner = &g_array_index (self->corners, Corner, i);

      if (corner->number == event->wd && g_str_equal (corner->name, event->name))
        return TRUE;
    }
  return event->wd == self->beside_personal && self->personal_text != NULL
         && strstr (self->personal_text, event->name) != NULL;
}

/* That a watch was removed counts never; that events were lost, always. */
static gboolean
concerns_us (const SkPolicyWatch *self, const struct inotify_event *event)
{
  if ((event->mask & IN_IGNORED) != 0)
    return FALSE;
  if ((event->mask & (ITSELF | IN_Q_OVERFLOW)) != 0
      || g_hash_table_contains (self->whole, GINT_TO_POINTER (event->wd)))
    return TRUE;
  return event->len > 0 && is_corner (self, event);
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
sk_policy_watch_new (const char *folder, const char *personal, SkPolicyWatchFunc callback,
                     gpointer user_data)
{
  SkPolicyWatch *self = g_new0 (SkPolicyWatch, 1);

  self->folder = g_strdup (folder);
  self->personal = g_strdup (personal);
  self->callback = callback;
  self->user_data = user_data;
  self->whole = g_hash_table_new (NULL, NULL);
  self->corners = g_array_new (FALSE, FALSE, sizeof (Corner));
  g_array_set_clear_func (self->corners, corner_clear);
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->fd < 0)
    {
      g_warning ("%s can't be watched: %s", folder, g_strerror (errno));
      return self;
    }
  watch_all (self);
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
  g_hash_table_unref (self->whole);
  g_array_unref (self->corners);
  g_free (self->personal_text);
  g_free (self->personal);
  g_free (self->folder);
  g_free (self);
}
