/* Any bytes read by every format that takes them for its own, also where another would be asked before. What starts it is
 * tests/fixtures/documents (each of its folders is a corpus). PDF and CAB are left to Poppler's and libarchive's own fuzzers. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-sink-private.h"

#include <locale.h>

static const char *const not_ours[] = { "%PDF-", "MSCF" };

static gboolean
is_ours (const char *bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (not_ours); i++)
    if (memmem (bytes, length, not_ours[i], strlen (not_ours[i])) != NULL)
      return FALSE;
  return TRUE;
}

static void
read_as (const SkFormat *format, const SkContent *content)
{
  const char *type = format->recognise (content);
  g_autoptr (SkSink) sink = NULL;
  g_autoptr (SkExtraction) extraction = NULL;

  if (type == NULL)
    return;
  sink = sk_sink_new (&fuzz_limits);
  extraction = g_new0 (SkExtraction, 1);
  format->read (content, type, sink);
  sk_sink_finish (sink, extraction);
  fuzz_check_sections (extraction);
  g_assert_true (g_utf8_validate_len (extraction->text, extraction->length, NULL));
  g_assert_cmpuint (extraction->length, <=, fuzz_limits.text_bytes + fuzz_limits.sections);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { .bytes = (const guint8 *) copy, .length = size, .name = "name" };

  setlocale (LC_ALL, "C.UTF-8");
  for (gsize i = 0; sk_formats[i] != NULL && is_ours (copy, size); i++)
    read_as (sk_formats[i], &content);
  free (copy);
  return 0;
}
