/* The objects of PDF as we read them ourselves, beside Poppler. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-pdf-objects.h"
#include "sk-sink-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { .bytes = (const guint8 *) copy, .length = size };
  g_autoptr (SkSink) sink = sk_sink_new (&fuzz_limits);
  g_autoptr (SkExtraction) extraction = g_new0 (SkExtraction, 1);

  sk_pdf_objects_read (&content, sink);
  sk_sink_finish (sink, extraction);
  fuzz_check_sections (extraction);
  g_assert_true (g_utf8_validate_len (extraction->text, extraction->length, NULL));
  free (copy);
  return 0;
}
