/* A document of tests/fixtures/documents and what is read of it: a row of the tables of tests of
 * formats, its check, and the test of each row. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/unit/extraction-print.h"

typedef struct {
  const char *file, *type;
  SkTruth readable, encrypted;
  const char *reason;   /* NULL: none; with a blank at the end, how it begins */
  const char *sections; /* NULL: no matter */
} DocumentCase;

static inline void
document_case_check (const DocumentCase *test, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, test->file, NULL), *printed = NULL;
  g_autoptr (GBytes) bytes = load_document (path);
  g_autoptr (SkExtraction) got = extract_bytes (bytes, test->file, &sk_extract_default_limits);

  printed = print_extraction (got);
  g_assert_cmpstr (got->type, ==, test->type);
  if (test->reason != NULL && g_str_has_suffix (test->reason, " "))
    g_assert_true (got->reason != NULL && g_str_has_prefix (got->reason, test->reason));
  else
    g_assert_cmpstr (got->reason, ==, test->reason);
  g_assert_cmpint (got->readable, ==, test->readable);
  g_assert_cmpint (got->encrypted, ==, test->encrypted);
  if (test->sections != NULL)
    g_assert_cmpstr (printed, ==, test->sections);
  g_assert_true (g_utf8_validate_len (got->text, got->length, NULL));
}

static inline void
document_cases_add (const char *prefix, const DocumentCase *cases, guint count, GTestDataFunc check)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *path = g_strconcat (prefix, cases[i].file, NULL);

      g_test_add_data_func (path, &cases[i], check);
    }
}
