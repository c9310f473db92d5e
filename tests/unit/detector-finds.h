/* What a detector finds in a text, as one string, for the tests of detectors: each hit's value, or its text where it has
 * none, joined by "|". The text is given as sk-folded.h would leave it. It stands in memory without a byte to spare, so
 * that the sanitizer sees a read beyond it; hits must be in order, apart, and whole characters.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

#include <string.h>

static inline char *
detector_finds_between (const char *name, const char *text, gsize length, gboolean with_values)
{
  g_autofree char *copy = g_memdup2 (text, length);
  SkFolded folded = { copy, length };
  g_autoptr (SkScan) scan = sk_scan_new (&folded);
  GString *result = g_string_new (NULL);
  gsize n, behind = 0;
  const SkFind *finds = sk_scan_finds (scan, name, &n);

  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpuint (finds[i].start, >=, behind);
      behind = finds[i].start + finds[i].length;
      g_assert_cmpuint (behind, <=, length);
      g_assert_true (g_utf8_validate (copy + finds[i].start, finds[i].length, NULL));
      g_string_append (result, i > 0 ? "|" : "");
      if (with_values && finds[i].value != NULL)
        g_string_append (result, finds[i].value);
      else
        g_string_append_len (result, copy + finds[i].start, finds[i].length);
    }
  return g_string_free (result, FALSE);
}

static inline char *
detector_values (const char *name, const char *text)
{
  return detector_finds_between (name, text, strlen (text), TRUE);
}

static inline char *
detector_texts (const char *name, const char *text)
{
  return detector_finds_between (name, text, strlen (text), FALSE);
}
