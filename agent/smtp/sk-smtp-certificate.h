/* The listener's own certificate: a small CA, made on the first start, signs a leaf for this machine.
 *
 * In the directory: ca.pem (for mail programs to trust), ca.key, server.pem, server.key; the keys are
 * of mode 0600. The leaf is CA:FALSE, since Thunderbird takes no other, for 127.0.0.1, ::1 and
 * localhost, and lives 397 days; the CA may sign for these names alone. Both are renewed when they
 * are near their end, or can't be read, or don't belong together; a new CA must be trusted anew, so it
 * is made only when there is no other way.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-clock.h"

#include <openssl/ssl.h>

/* Reads the pair, makes what is missing or near its end. `renew_at`, in wall time, is when to come
 * again. NULL: the directory can't be read or written. */
SSL_CTX *sk_smtp_certificate_load (const char *directory, SkClock *clock, gint64 *renew_at,
                                   GError **error);
