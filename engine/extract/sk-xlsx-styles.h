/* What of a workbook's styles says how numbers read: the number format of each cell style. Only
 * for the readers of Excel's files. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-ooxml.h"

typedef struct _SkXlsxStyles SkXlsxStyles;

/* `part` may be NULL: no styles so far. */
SkXlsxStyles *sk_xlsx_styles_new (SkOoxml *document, SkPart *part);
void sk_xlsx_styles_free (SkXlsxStyles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkXlsxStyles, sk_xlsx_styles_free)

/* One by one, for those that are not XML: a format's number and code, the format's number of the
 * next cell style. */
void sk_xlsx_styles_add_format (SkXlsxStyles *self, guint number, const char *code);
void sk_xlsx_styles_add_cell (SkXlsxStyles *self, guint number);

/* A number as people see it, as far as it matters: dates, digits laid out; all others in full. */
void sk_xlsx_styles_append (const SkXlsxStyles *self, GString *into, guint style, double number,
                            gboolean from_1904);
