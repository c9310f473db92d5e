/* What a scan keeps, for sk-scan.c, which makes and frees it, and sk-label.c, which keeps its tables and its place in it.
 *
 * Nobody else includes this.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

/* How far columns have been counted: the cell at [start, end) is number `column` of its line. */
typedef struct {
  gboolean is_set;
  gsize line, start, end, column;
} SkColumnPlace;

struct _SkScanParts {
  GArray *runs;      /* SkRun, NULL until asked for */
  GArray *lines;     /* guint32, likewise */
  GArray *tables;    /* of sk-label.c, likewise */
  SkColumnPlace place;
  GHashTable *finds; /* SkDetector* (of the table): SkFinds* */
};
