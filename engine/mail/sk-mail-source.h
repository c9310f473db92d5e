/* A mail file, read through one window, so that a large mail costs no memory; or a mail in memory. Only
 * for this room.
 *
 * The descriptor (or the memory) is borrowed; it is read with pread, its position stays. A read error is kept,
 * reads then give nothing, and the one who opened the source asks for the error at the end.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const char *memory; /* NULL: a file */
  int fd;
  gint64 size;
  char *window;
  gsize capacity;
  gint64 window_offset;
  gsize window_length;
  int saved_errno; /* 0 as long as all reads went well */
} SkMailSource;

/* FALSE when the file can't be read at all. */
gboolean sk_mail_source_init (SkMailSource *self, int fd, GError **error);
/* Nothing of it fails. */
void sk_mail_source_init_bytes (SkMailSource *self, const guint8 *bytes, gsize length);
void sk_mail_source_clear (SkMailSource *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkMailSource, sk_mail_source_clear)

/* The bytes from `offset` on that are in the window, read anew if none is (of a mail in memory: all). Valid until the next call;
 * NULL at the end of the file. */
const char *sk_mail_source_peek (SkMailSource *self, gint64 offset, gsize *available);
/* At most `length` bytes of `offset`; returns how many. */
gsize sk_mail_source_read (SkMailSource *self, gint64 offset, char *buffer, gsize length);

