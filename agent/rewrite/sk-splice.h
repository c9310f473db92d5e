/* What leaves of a message file: its bytes as they came, without Bcc fields, with a line or two added.
 *
 * Nothing is copied or re-serialised: the result is a list of runs of the file and of literals, for
 * sk_relay_send(). Bcc and Resent-Bcc never leave by SMTP.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-relay.h"

#include <glib.h>

typedef struct {
  GArray *segments; /* SkSegment */
  gint64 size;      /* bytes of all segments together */
  char *added;      /* owns the literal */
} SkSplice;

/* `added`: whole header lines ("X-Name: value\r\n"), put before all others; may be NULL. NULL when the file can't be
 * read, or when its header goes to and fro between Bcc and other fields for ever (SK_ERROR_NOT_ALLOWED). Takes the same
 * memory for every mail. */
SkSplice *sk_splice_new (int fd, const char *added, GError **error);
void sk_splice_free (SkSplice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSplice, sk_splice_free)
