/* What goes out after DATA: the segments of a mail, dot-stuffed, in pieces, never as a whole in
 * memory.
 *
 * The pieces together end in CRLF (one is added where the mail lacks it); the final dot is not
 * among them. A file that is shorter than its segments say, or can't be read, is an error.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-relay.h"

typedef struct _SkContent SkContent;

/* Borrows the mail. */
SkContent *sk_content_new (const SkRelayMail *mail);
void sk_content_free (SkContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkContent, sk_content_free)

/* The next piece, at most a few hundred KiB; NULL with *length 0 at the end, NULL with an error
 * otherwise. It stays as it is until the next call, and has room for SK_CONTENT_ROOM octets behind
 * it that the caller may write. */
#define SK_CONTENT_ROOM 8
char *sk_content_next (SkContent *self, gsize *length, GError **error);
/* TRUE when sk_content_next() has given all. */
gboolean sk_content_is_at_end (const SkContent *self);
