/* Questions about digits in a text, that several detectors ask.
 *
 * All look at a bounded number of bytes around the place they are asked about, and none beyond the
 * text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

static inline gboolean
sk_is_digit (char c)
{
  return (guchar) (c - '0') <= 9;
}

static inline gboolean
sk_is_letter (char c)
{
  return (guchar) ((c | 0x20) - 'a') < 26;
}

static inline char
sk_lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

/* The byte at `at`, or a space beyond either end. */
static inline char
sk_scan_byte (const SkScan *scan, gsize at)
{
  return at < scan->length ? scan->text[at] : ' ';
}

static inline char
sk_scan_byte_before (const SkScan *scan, gsize at)
{
  return at > 0 ? scan->text[at - 1] : ' ';
}

/* Whether what stands at [start, start + length) is a number of its own: no part of a word, an
 * identifier, a decimal fraction, a UUID, an address of the net or a path. A label may touch it
 * ("TEL03-…", "No.4111…"). */
gboolean sk_digits_stand_alone (const SkScan *scan, gsize start, gsize length);

/* Whether the Latin word that ends at `end` is one that numbers follow: Tel, No, Card. */
gboolean sk_digits_touch_label (const SkScan *scan, gsize end);

/* Whether a URL's "?id=" or "&id=" stands before `start`. */
gboolean sk_digits_are_parameter (const SkScan *scan, gsize start);

/* Whether a currency or another unit follows a number that ends at `end`: 円, 個, バイト. */
gboolean sk_digits_have_unit (const SkScan *scan, gsize end);

/* The digits of [start, start + length), and a NUL, into `value`, which has room for them all; the
 * count of digits. */
gsize sk_digits_copy (const SkScan *scan, gsize start, gsize length, char *value);

/* Whether something may follow `run` that makes it the first of groups. */
static inline gboolean
sk_digits_may_be_group (const SkScan *scan, const SkRun *run)
{
  char after = sk_scan_byte (scan, (gsize) run->start + run->length);

  return after == '-' || after == ' ';
}

/* Whether runs from number `first` on stand in groups as one of `layouts` says (NULL-terminated; a
 * group's digits by a digit: "4444"), the same '-' or ' ' between all of them, and none of their
 * kind goes on before or behind. The count of runs, with `length` from the first to the last in
 * bytes; or 0. */
gsize sk_digits_match_layout (SkScan *scan, gsize first, const char *const *layouts, gsize *length);
