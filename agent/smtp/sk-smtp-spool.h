/* The file a message is received into. No sync here: whoever keeps the message does that.
 *
 * The file is the envelope's (`fd`, `path`): freeing the envelope removes it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-envelope.h"

/* Makes "<directory>/<id>.eml", mode 0600, which may not exist yet. */
gboolean sk_smtp_spool_open (SkEnvelope *envelope, const char *directory, GError **error);

/* Appends and counts in `size`. After an error the file is to be dropped. */
gboolean sk_smtp_spool_append (SkEnvelope *envelope, const char *bytes, gsize length,
                               GError **error);

/* Closes and removes the file. */
void sk_smtp_spool_drop (SkEnvelope *envelope);
