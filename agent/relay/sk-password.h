/* The account's password: the first line of a file, or an entry of the Secret Service.
 *
 * Looked up anew for each connection, so that a changed one counts at once. It is never logged, and
 * is wiped by sk_password_free().
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-upstream.h"

#include <gio/gio.h>

/* In the Secret Service, by the upstream's host and user; `upstream` must stay. Errors:
 * SK_ERROR_NOT_FOUND, SK_ERROR_NOT_ALLOWED (the keyring is locked), SK_ERROR_UNAVAILABLE (none
 * answers), each with its remedy. */
void sk_password_look_up (const SkUpstream *upstream, GAsyncReadyCallback callback,
                          gpointer user_data);
char *sk_password_look_up_finish (GAsyncResult *result, GError **error);
/* The first line of a file. */
char *sk_password_read_file (const char *path, GError **error);
void sk_password_free (char *password);
