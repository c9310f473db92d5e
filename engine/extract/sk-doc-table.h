/* Word's own tables of a document ([MS-DOC]): where its pieces of text lie, and which paragraphs
 * end a row.
 *
 * Borrows the two streams. Word 6 and 95 keep their tables in the document's stream. Nothing is
 * trusted: pieces that lie outside the stream are cut, and all pieces together are not longer than
 * it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* Of the text: itself, footnotes and so on. */
enum { SK_DOC_PARTS = 8 };

/* A run of text as it lies in the file. */
typedef struct {
  guint32 position; /* first character's, in the text of the document */
  guint32 offset;   /* first byte's, in the stream */
  guint32 count;    /* characters */
  gboolean is_wide; /* UTF-16LE, else bytes */
} SkDocPiece;

typedef struct {
  SkBytes document, table;
  gboolean is_old;      /* Word 6 and 95 */
  GArray *pieces;       /* SkDocPiece */
  gboolean is_damaged;  /* text is missing */
} SkDocTable;

/* `document` begins with a file information block. */
void sk_doc_table_init (SkDocTable *self, SkBytes document, SkBytes table);
void sk_doc_table_clear (SkDocTable *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkDocTable, sk_doc_table_clear)

typedef enum {
  SK_DOC_UNKNOWN,
  SK_DOC_PARAGRAPH,
  SK_DOC_IN_TABLE,
  SK_DOC_ROW_END, /* of a table */
} SkDocParagraph;

/* What the paragraph is whose last character lies at this offset. */
SkDocParagraph sk_doc_table_paragraph (const SkDocTable *self, guint32 offset);

/* Is the character at this offset one that has been deleted, but is kept to be seen? `end`: where
 * the run of characters ends of which that holds. */
gboolean sk_doc_table_is_deleted (const SkDocTable *self, guint32 offset, guint32 *end);
