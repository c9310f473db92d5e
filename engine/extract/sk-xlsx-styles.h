/* What of a workbook's styles says how numbers read: the number format of each cell style. Only for the readers of Excel's files. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-ooxml.h"

typedef struct _SkXlsxStyles SkXlsxStyles;

/* `part` may be NULL: no styles. */
SkXlsxStyles *sk_xlsx_styles_new (SkOoxml *document, SkPart *part);
void sk_xlsx_styles_free (SkXlsxStyles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkXlsxStyles, sk_xlsx_styles_free)

/* A number as people see it, as far as it matters: dates, digits laid out; all others in full. */
void sk_xlsx_styles_append (const SkXlsxStyles *self, GString *into, guint style, double number,
                            gboolean from_1904);
