/* Sixteen digits in a row, whatever they are. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-digits.h"
#include "sk-scan.h"

/* 1234567890123456/6543210987654321: a list of such numbers, and no fraction. */
static gboolean
is_listed (const SkScan *scan, const SkRun *runs, gsize n_runs, gsize i)
{
  gsize start = runs[i].start, end = start + 16;
  gboolean after_one = i > 0 && runs[i - 1].length == 16 && runs[i - 1].start + 17 == start
                       && scan->text[start - 1] == '/';
  gboolean before_one = i + 1 < n_runs && runs[i + 1].length == 16 && runs[i + 1].start == end + 1
                        && scan->text[end] == '/';

  return after_one || before_one;
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i++)
    if (runs[i].length == 16
        && (sk_digits_stand_alone (scan, runs[i].start, 16) || is_listed (scan, runs, n_runs, i)))
      {
        char value[17];

        sk_digits_copy (scan, runs[i].start, 16, value);
        sk_finds_add (finds, runs[i].start, 16, value);
      }
}

const SkFinder sk_digits_16_finder = { .find = find };
