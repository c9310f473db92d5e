/* Reads SMTP replies out of bytes as they come: any pieces, one or many replies in one.
 *
 * Nothing a server sends can make it fail otherwise than by SK_REPLY_MALFORMED, after which the
 * connection is of no use. Lines may be longer than RFC 5321 allows (512 octets), since real
 * servers send such; a whole reply may have 256 KiB, of which the first 8 KiB of text are kept.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-reply.h"

typedef struct _SkReplyReader SkReplyReader;

typedef enum {
  SK_REPLY_INCOMPLETE, /* all bytes are taken, the reply's end has not come */
  SK_REPLY_COMPLETE,
  SK_REPLY_MALFORMED,
} SkReplyStatus;

SkReplyReader *sk_reply_reader_new (void);
void sk_reply_reader_free (SkReplyReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkReplyReader, sk_reply_reader_free)

/* Takes bytes from the front of `*data` until one reply is complete, and moves both on. `*reply` is
 * set (and owned by the caller) only with SK_REPLY_COMPLETE. */
SkReplyStatus sk_reply_reader_take (SkReplyReader *self, const char **data, gsize *length,
                                    SkReply **reply);
/* TRUE between two replies. */
gboolean sk_reply_reader_is_empty (const SkReplyReader *self);
/* What came of a line that made no sense, for logs and people: printable, short. */
char *sk_reply_reader_excerpt (const SkReplyReader *self);
