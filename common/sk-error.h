/* The one error domain of the libraries in common/ and engine/ and of the agent.
 *
 * A function that can fail returns FALSE or NULL and sets a GError of this domain, with a message that
 * names the file, the line where there is one, and the remedy. Callers ask sk_error_is_…() instead of
 * comparing codes. What the outside is told (SMTP reply, D-Bus error, exit status) is made at the edge.
 * What is merely absent is an answer (NULL without error), not an error.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

#define SK_ERROR (sk_error_quark ())

typedef enum {
  SK_ERROR_INVALID,     /* what a person wrote or sent is wrong: a setting, a policy, an address */
  SK_ERROR_NOT_FOUND,   /* what was named is not there */
  SK_ERROR_NOT_ALLOWED, /* not now, or not by you; the message says why */
  SK_ERROR_LIMIT,       /* a stated limit was reached */
  SK_ERROR_FULL,        /* no space left where mail is kept */
  SK_ERROR_UNAVAILABLE, /* somebody else did not answer in time or at all */
  SK_ERROR_IO,          /* a system call failed */
} SkErrorCode;

GQuark sk_error_quark (void);

gboolean sk_error_is_invalid (const GError *error);
gboolean sk_error_is_not_found (const GError *error);
gboolean sk_error_is_not_allowed (const GError *error);
gboolean sk_error_is_limit (const GError *error);
gboolean sk_error_is_full (const GError *error);
gboolean sk_error_is_unavailable (const GError *error);

/* Sets an error from errno: `what` failed. ENOSPC, EDQUOT and EFBIG become SK_ERROR_FULL, ENOENT
 * SK_ERROR_NOT_FOUND, all else SK_ERROR_IO. Always returns FALSE. */
gboolean sk_error_set_errno (GError **error, int saved_errno, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
