/* Sixteen digits in a row, whatever they are. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector-list.h"
#include "sk-digits.h"
#include "sk-scan.h"

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i++)
    if (runs[i].length == 16 && sk_digits_stand_alone (scan, runs[i].start, 16))
      {
        char value[17];

        sk_digits_copy (scan, runs[i].start, 16, value);
        sk_finds_add (finds, runs[i].start, 16, value);
      }
}

const SkDetector sk_digits_16_detector = { "digits-16", find, FALSE };
