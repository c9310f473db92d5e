// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-folder.h"

#include "sk-file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH 8

static gboolean
is_left_out (const char *name)
{
  return *name == '.' || g_str_has_suffix (name, "~") || g_str_has_suffix (name, ".swp");
}

static void
list_files (const char *folder, const char *inside, guint depth, GPtrArray *names)
{
  g_autofree char *path = g_build_filename (folder, inside, NULL);
  g_autoptr (GDir) directory = depth < DEPTH ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      char *relative = *inside != '\0' ? g_strconcat (inside, "/", name, NULL) : g_strdup (name);
      g_autofree char *full = g_build_filename (folder, relative, NULL);

      if (is_left_out (name))
        g_free (relative);
      else if (g_file_test (full, G_FILE_TEST_IS_DIR))
        {
          list_files (folder, relative, depth + 1, names);
          g_free (relative);
        }
      else
        g_ptr_array_add (names, relative);
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
add_contents (GChecksum *checksum, const char *path)
{
  guint8 buffer[65536];
  gssize n = 0;
  int fd = sk_file_open (path, NULL);

  if (fd < 0)
    return FALSE;
  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_checksum_update (checksum, buffer, n);
  close (fd);
  return n == 0;
}

/* Each file as its name, a NUL, its size and a NUL before its contents, so that no two folders look
 * alike. */
static gboolean
add_file (GChecksum *checksum, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *size = NULL;
  struct stat status;

  if (stat (path, &status) < 0)
    return FALSE;
  if (!S_ISREG (status.st_mode))
    return TRUE;
  size = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) status.st_size);
  g_checksum_update (checksum, (const guchar *) name, (gssize) strlen (name) + 1);
  g_checksum_update (checksum, (const guchar *) size, (gssize) strlen (size) + 1);
  return add_contents (checksum, path);
}

char *
sk_folder_sha256 (const char *folder, SkProblems *problems)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  list_files (folder, "", 0, names);
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    if (!add_file (checksum, folder, names->pdata[i]))
      sk_problems_add (problems, FALSE, names->pdata[i], 0, 0, "can't be read: %s",
                       g_strerror (errno));
  return g_strdup (g_checksum_get_string (checksum));
}
