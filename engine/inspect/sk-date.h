/* A date in a text, as Japanese and English mail writes it.
 *
 * For sk-birth-date.c. Pure; looks at a bounded number of bytes around the run it is asked about.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-digits.h"

typedef struct {
  gsize start, end;
  guint year, month, day; /* of the common calendar; a day that there is */
} SkDate;

/* Most runs are no part of a date; that is told by their length and the byte behind them. */
static inline gboolean
sk_date_may_begin (const SkScan *scan, const SkRun *run)
{
  char after = sk_scan_byte (scan, (gsize) run->start + run->length);

  if (run->length == 8 || run->length == 6)
    return TRUE;
  if (run->length != 4 && run->length > 2)
    return FALSE;
  return after == '/' || after == '-' || after == '.' || after == '(' || (guchar) after >= 0x80
         || (run->length <= 2 && (after == ' ' || after == ',' || sk_is_letter (after)))
         || (run->length == 4 && after == ' ');
}

/* A date whose first digits are runs[0] (of `n_runs` that follow one another in the text):
 * 1980年3月4日, 1980年(昭和55年)3月4日, 昭和55(1980)年3月4日, 1980/3/4, 1980-03-04, 19800304, 昭和55年3月4日, S55.3.4, S550304, 平成元年1月8日,
 * March 4, 1980, 4 March 1980, 03/04/1980 (month first where both can be). FALSE: there is none. */
gboolean sk_date_read (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date);

/* The same in kanji, whose "年" is at `year_sign`: 昭和五十五年三月四日, 平成元年一月八日, 一九八〇年三月四日. */
gboolean sk_date_read_kanji (const SkScan *scan, gsize year_sign, SkDate *date);
