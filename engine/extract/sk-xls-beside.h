/* What stands beside the cells of a sheet in Excel's binary workbooks ([MS-XLS]; BIFF5, 7 and 8):
 * comments, text boxes, headers and footers, the text of charts, links, what formulas say
 * themselves. Gathered while the sheet is read, written when it ends. Only for sk-xls.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-biff.h"
#include "sk-sink.h"

typedef struct _SkXlsBeside SkXlsBeside;

SkXlsBeside *sk_xls_beside_new (void);
void sk_xls_beside_free (SkXlsBeside *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkXlsBeside, sk_xls_beside_free)

/* A sheet begins. */
void sk_xls_beside_begin (SkXlsBeside *self);
/* The record, if it is of something that stands there. */
void sk_xls_beside_take (SkXlsBeside *self, SkBiff *biff);
/* What a formula says, unless its cell shows it. */
void sk_xls_beside_formula (SkXlsBeside *self, const char *said, const char *shown);
/* The workbook has a sheet of this name. */
void sk_xls_beside_sheet (SkXlsBeside *self, const char *name);
/* As notes of the sheet of that number; all is forgotten then. FALSE: a limit was met. */
gboolean sk_xls_beside_write (SkXlsBeside *self, SkSink *sink, guint sheet);
