/* Questions about digits in a text, that several detectors ask.
 *
 * All look at a bounded number of bytes around the place they are asked about, and none beyond the text.
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

/* Whether what stands at [start, start + length) is a number of its own: no part of a word, an identifier, a
 * decimal fraction, a UUID, an address of the net or a path. A label may touch it ("TEL03-…", "No.4111…"). */
gboolean sk_digits_stand_alone (const SkScan *scan, gsize start, gsize length);

/* The digits of [start, start + length), and a NUL, into `value`, which has room for them all; the
 * count of digits. */
gsize sk_digits_copy (const SkScan *scan, gsize start, gsize length, char *value);
