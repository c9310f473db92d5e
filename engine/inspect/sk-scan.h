/* One text under the detectors, and what is made of it once for all of them.
 *
 * sk_detectors_run() makes one and lends it to each detector; a detector may also ask for what the
 * others find in the same text (a list of people combines names with phones and mails). Everything
 * is made when it is first asked for, belongs to the scan and lives as long as it. One thread at a
 * time. Offsets are bytes of the folded text. Texts end at 4 GiB here; what lies beyond isn't
 * looked at (the limits of mails and of sekisho-extract end far below).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector.h"

typedef struct _SkScanParts SkScanParts;

struct _SkScan {
  const char *text; /* borrowed; need not end with a NUL */
  gsize length;
  SkScanParts *parts; /* private to sk-scan.c and sk-label-column.c */
};

/* A run of ASCII digits that no other digit touches. */
typedef struct {
  guint32 start, length;
} SkRun;

typedef struct {
  gsize start, length;
  const char *value; /* or NULL */
} SkFind;

/* `text` must outlive the scan. */
SkScan *sk_scan_new (const SkFolded *text);
void sk_scan_free (SkScan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkScan, sk_scan_free)

/* All runs of digits, in the order of the text. */
const SkRun *sk_scan_runs (SkScan *self, gsize *n_runs);

/* The index of the first run that begins at `offset` or later; their count when none does. */
gsize sk_scan_run_from (SkScan *self, gsize offset);

/* Where `character`, which has three bytes, as most of Japanese text, begins first in [from, to); `to`: nowhere. */
gsize sk_scan_next (const SkScan *self, gsize from, gsize to, const char *character);

/* Where lines start (the first at 0, the others after each '\n'); at least one. */
const guint32 *sk_scan_lines (SkScan *self, gsize *n_lines);
/* The index, in sk_scan_lines(), of the line that `offset` is in. */
gsize sk_scan_line_of (SkScan *self, gsize offset);
/* Where line `line` ends: its '\n' (or the '\r' before it), or the end of the text. */
gsize sk_scan_line_end (SkScan *self, gsize line);

/* What the detector of that name finds in the text, in order, without overlaps. It is run when it
 * is first asked for, and never again. `name` must be one of sk_detectors[]. Detectors must not ask
 * for one another in a circle. */
const SkFind *sk_scan_finds (SkScan *self, const char *name, gsize *n_finds);
