/* RFC 4180 CSV in UTF-8, as people's spreadsheets write it.
 *
 * A BOM is skipped; CRLF and LF both end a record; quoted fields may hold line breaks; empty lines
 * are left out. Text that isn't UTF-8 is an error that says how to convert (CP932 is named when it is that).
 * The whole text is kept once; fields point into it or into small copies.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkCsv SkCsv;

/* `file` is only for messages ("FILE:LINE:COLUMN: …", SK_ERROR_INVALID). The first record is the header. `text` is copied. */
SkCsv *sk_csv_parse (const char *text, gsize length, const char *file, GError **error);
void sk_csv_free (SkCsv *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkCsv, sk_csv_free)

guint sk_csv_columns (const SkCsv *self);
const char *sk_csv_column_name (const SkCsv *self, guint column);
int sk_csv_find_column (const SkCsv *self, const char *name); /* -1 when there is none; without case */
guint sk_csv_rows (const SkCsv *self);                        /* without the header */
/* NUL-terminated, surrounding blanks cut; "" where the row is short. Borrowed. */
const char *sk_csv_field (const SkCsv *self, guint row, guint column);
guint sk_csv_line (const SkCsv *self, guint row); /* where the row begins, from 1 */
