/* Writing a mail to a file of the user's: whole or not at all, and never over something else by
 * accident. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Copies all that `from` holds to `to`. Sets SK_ERROR errors that name `path`. */
gboolean sk_ctl_copy (int from, int to, const char *path, GError **error);
/* SK_ERROR_NOT_ALLOWED when `path` is there and `force` isn't given, or is no plain file. */
gboolean sk_ctl_save (int from, const char *path, gboolean force, GError **error);
