/* What a scan keeps, for sk-scan.c, which makes and frees it, and sk-label-column.c, which keeps
 * what columns say.
 *
 * Nobody else includes this.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

struct _SkScanParts {
  GArray *runs;      /* SkRun, NULL until asked for */
  GArray *lines;     /* guint32, likewise */
  gsize last_run;    /* that was asked for */
  guint8
      *columns; /* of sk-label-column.c: what the column of each run says, and one more; likewise */
  GHashTable *finds; /* SkDetector* (of the table): SkFinds* */
};
