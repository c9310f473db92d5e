/* Files that must survive: small wrappers that sync what they say they sync.
 *
 * All of them set SK_ERROR errors that name the path. None leaves a half-written file under its
 * final name.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* fsync of the directory `path`, so that names made or removed in it survive a power cut. */
gboolean sk_file_sync_directory (const char *path, GError **error);

/* Writes `contents` to a temporary file beside `path`, fdatasync, rename, directory fsync. Mode 0600. */
gboolean sk_file_replace (const char *path, const char *contents, gsize length, GError **error);

/* All of `bytes` to an open descriptor. FALSE: errno says why. */
gboolean sk_file_write_all (int fd, const char *bytes, gsize length);

/* A descriptor for reading; -1 with an error. Only plain files are opened: what is a pipe or a device is
 * SK_ERROR_INVALID at once, since to open or to read it could take for ever. */
int sk_file_open (const char *path, GError **error);

/* Reads a plain file of at most `limit` bytes; SK_ERROR_LIMIT beyond. The result is NUL-terminated. */
char *sk_file_read (const char *path, gsize limit, gsize *length, GError **error);

/* Makes the directory and its parents with mode 0700. */
gboolean sk_file_make_directory (const char *path, GError **error);
