/* What every fuzzer of documents checks: the sections cover the text one after the other, the text
 * is UTF-8, the limits hold, and what is not readable has a reason. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fuzz/fuzz-input.h"

#include "sk-extract.h"
#include "sk-sink-private.h"

static const SkExtractLimits fuzz_limits = {
  .depth = 4,
  .members = 50,
  .unpacked_bytes = 4 << 20,
  .ratio = 200,
  .text_bytes = 1 << 20,
  .sections = 200,
};

static inline void
fuzz_check_sections (const SkExtraction *extraction)
{
  gsize at = 0;

  g_assert_cmpuint (extraction->sections->len, <=, fuzz_limits.sections);
  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      g_assert_cmpuint (section->start, ==, at);
      at += section->length;
    }
  g_assert_cmpuint (at, ==, extraction->length);
}

static inline void
fuzz_check_text (const SkExtraction *extraction)
{
  fuzz_check_sections (extraction);
  g_assert_true (g_utf8_validate_len (extraction->text, extraction->length, NULL));
  g_assert_cmpuint (extraction->length, <=, fuzz_limits.text_bytes + fuzz_limits.sections);
}

/* By that format alone, if it takes the content for its own. */
static inline void
fuzz_read_as (const SkFormat *format, const SkContent *content)
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
  fuzz_check_text (extraction);
}

/* Poppler is fuzzed by others, and would be all that is seen here. */
static inline void
fuzz_extract (const void *data, gsize size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { .bytes = (const guint8 *) copy, .length = size, .name = "name" };

  if (size < 5 || memmem (copy, size, "%PDF-", 5) == NULL)
    {
      SkExtraction *extraction = sk_extract (&content, &fuzz_limits);

      fuzz_check_text (extraction);
      g_assert_nonnull (extraction->type);
      g_assert_true ((extraction->readable == SK_YES) == (extraction->reason == NULL));
      sk_extraction_free (extraction);
    }
  free (copy);
}
