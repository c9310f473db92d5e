// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-file.h"

#include "sk-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("sekisho-file-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
assert_not_plain (const char *path)
{
  g_autoptr (GError) error = NULL;
  gsize length;

  alarm (10); /* what waits is ended */
  g_assert_null (sk_file_read (path, 1000, &length, &error));
  alarm (0);
  g_assert_error (error, SK_ERROR, SK_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, "is no plain file"));
}

static void
test_no_plain_file (void)
{
  g_autofree char *folder = make_folder (), *pipe_path = g_build_filename (folder, "pipe", NULL);
  g_autofree char *link_path = g_build_filename (folder, "link", NULL);
  g_autofree char *socket_path = g_build_filename (folder, "socket", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_cmpint (symlink ("pipe", link_path), ==, 0);
  assert_not_plain (pipe_path);
  assert_not_plain (link_path);
  assert_not_plain (socket_path);
  assert_not_plain (folder);
  assert_not_plain ("/dev/zero");
  close (fd);
  g_assert_cmpint (g_unlink (pipe_path) | g_unlink (link_path) | g_unlink (socket_path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_plain_file (void)
{
  g_autofree char *folder = make_folder (), *path = g_build_filename (folder, "file", NULL);
  g_autofree char *whole = NULL, *beyond = NULL, *missing = NULL;
  g_autoptr (GError) none = NULL, limit = NULL, gone = NULL;
  gsize length = 0;

  g_assert_true (sk_file_replace (path, "a\0b", 3, &none));
  whole = sk_file_read (path, 3, &length, &none);
  g_assert_no_error (none);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpint (memcmp (whole, "a\0b", 4), ==, 0);
  beyond = sk_file_read (path, 2, &length, &limit);
  g_assert_null (beyond);
  g_assert_true (sk_error_is_limit (limit));
  g_assert_cmpint (g_unlink (path), ==, 0);
  missing = sk_file_read (path, 3, &length, &gone);
  g_assert_null (missing);
  g_assert_true (sk_error_is_not_found (gone));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file/no-plain-file", test_no_plain_file);
  g_test_add_func ("/file/plain-file", test_plain_file);
  return g_test_run ();
}
