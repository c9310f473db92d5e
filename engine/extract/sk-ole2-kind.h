/* Kinds of OLE2 documents: one reader and one row of the table in sk-format-ole2.c each.
 *
 * A kind is told by a stream that its storage has; a storage inside another may be a document too
 * (an embedded sheet, a mail in a mail). Readers are given the storage; they own nothing of it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-format.h"
#include "sk-ole2.h"

typedef struct {
  const char *stream; /* its presence tells the kind */
  const char *type;   /* a static string; NULL: the reader's own `tell` */
  const char *(*tell) (SkOle2 *ole2, guint storage);
  SkReading (*read) (SkOle2 *ole2, guint storage, SkSink *sink);
} SkOle2Kind;

extern const SkOle2Kind sk_ole2_doc, sk_ole2_xls, sk_ole2_xls_old, sk_ole2_ppt, sk_ole2_msg,
    sk_ole2_ooxml;

/* Reads what is in a storage: its document, if it is one, its properties, and what is embedded in
 * it. */
SkReading sk_ole2_read_storage (SkOle2 *ole2, guint storage, SkSink *sink);
