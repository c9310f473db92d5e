/* What a scan keeps, for sk-scan.c, which makes and frees it, and sk-label.c, which keeps its place in it.
 *
 * Nobody else includes this.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

struct _SkScanParts {
  GArray *runs;      /* SkRun, NULL until asked for */
  GArray *lines;     /* guint32, likewise */
  GHashTable *finds; /* SkDetector* (of the table): SkFinds* */
};
