/* OLE2 compound files ([MS-CFB]): the storages and streams inside .doc, .xls, .ppt, .msg and
 * others.
 *
 * Opened over memory that must outlive it; nothing is written to and no message is logged. Entry 0
 * is the root storage. What is damaged is read as far as it goes, and told by sk_ole2_is_damaged().
 * Chains that loop or leave the file end there; nothing larger than the file is ever made. Not
 * opened at all: what has no directory.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-content.h"

#define SK_OLE2_NONE G_MAXUINT

typedef struct {
  char *name; /* UTF-8, may contain control characters ("\1Ole10Native") */
  gboolean is_storage;
  guint64 size;       /* of a stream, as its entry says */
  guint first, next;  /* first entry inside a storage, next one in the same storage; SK_OLE2_NONE */
  guint32 sector;     /* where a stream begins */
} SkOle2Entry;

typedef struct _SkOle2 SkOle2;

gboolean sk_ole2_is (const SkContent *content);
SkOle2 *sk_ole2_open (const SkContent *content);
void sk_ole2_free (SkOle2 *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkOle2, sk_ole2_free)

/* Where the last sector that is in use ends. */
gsize sk_ole2_extent (const SkOle2 *self);

guint sk_ole2_count (const SkOle2 *self);
const SkOle2Entry *sk_ole2_entry (const SkOle2 *self, guint entry);
/* An entry of that name in a storage, without regard to ASCII case; SK_OLE2_NONE. */
guint sk_ole2_find (const SkOle2 *self, guint storage, const char *name);
/* The stream of that name in a storage; NULL: there is none. */
GBytes *sk_ole2_stream (SkOle2 *self, guint storage, const char *name);
/* All of a stream that is there. Never NULL. */
GBytes *sk_ole2_read (SkOle2 *self, guint entry);
/* Something that was read up to now was cut short. */
gboolean sk_ole2_is_damaged (const SkOle2 *self);
