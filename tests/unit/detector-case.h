/* What the tests of detectors share: a text, and what is found in it, as "text=value|text=value"
 * ("" for nothing). */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector.h"

typedef struct {
  const char *text, *finds;
} DetectorCase;

typedef struct {
  const char *text;
  GString *finds;
} DetectorCaseRun;

static inline void
detector_case_add (const SkDetector *detector, gsize start, gsize length, const char *value,
                   gpointer user_data)
{
  DetectorCaseRun *run = user_data;

  if (run->finds->len > 0)
    g_string_append_c (run->finds, '|');
  g_string_append_len (run->finds, run->text + start, (gssize) length);
  if (value != NULL
      && (strlen (value) != length || strncmp (value, run->text + start, length) != 0))
    g_string_append_printf (run->finds, "=%s", value);
}

/* The text is a copy whose memory ends with it. A value that is the text itself isn't told
 * twice. */
static inline char *
detector_case_run (const char *name, const char *text)
{
  const SkDetector *detectors[] = { sk_detector_find (name), NULL };
  gsize length = strlen (text);
  g_autofree char *copy = g_strdup (text);
  SkFolded folded = { .text = copy, .length = length };
  DetectorCaseRun run = { copy, g_string_new (NULL) };

  g_assert_nonnull (detectors[0]);
  sk_detectors_run (detectors, &folded, detector_case_add, &run);
  return g_string_free (run.finds, FALSE);
}

static inline void
detector_cases_check (const char *name, const DetectorCase *cases, gsize n_cases)
{
  guint failed = 0;

  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *finds = detector_case_run (name, cases[i].text);

      if (strcmp (finds, cases[i].finds) == 0)
        continue;
      g_test_message ("in \"%s\": expected \"%s\", found \"%s\"", cases[i].text, cases[i].finds,
                      finds);
      failed++;
    }
  g_assert_cmpuint (failed, ==, 0);
}
