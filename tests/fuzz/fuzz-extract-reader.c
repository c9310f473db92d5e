/* The reader of answers: packets of a subverted process. What is let through must keep every promise of
 * sk-extraction.h. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-reader.h"

#include "fuzz-input.h"

static const SkExtractLimits limits = { 8, 100, 1000000, 200, 4096, 16 };

static void
check_name (const char *name)
{
  g_assert_true (name == NULL || g_utf8_validate (name, -1, NULL));
  for (const char *at = name; at != NULL && *at != '\0'; at++)
    g_assert_false (g_ascii_iscntrl (*at));
}

static gsize
check_section (const SkExtraction *extraction, const SkSection *section)
{
  g_assert_cmpint (section->kind, <=, SK_SECTION_NOTE);
  g_assert_cmpuint (section->length, >, 0);
  g_assert_true (g_utf8_validate_len (extraction->text + section->start, section->length, NULL));
  check_name (section->label);
  check_name (section->member);
  return section->start + section->length;
}

static void
check_extraction (const SkExtraction *extraction)
{
  gsize covered = 0;

  check_name (extraction->type);
  check_name (extraction->reason);
  g_assert_nonnull (strchr (extraction->type, '/'));
  g_assert_true ((extraction->readable == SK_YES) == (extraction->reason == NULL));
  g_assert_cmpuint (extraction->length, <=, limits.text_bytes);
  g_assert_cmpuint (strlen (extraction->text), ==, extraction->length);
  g_assert_cmpuint (extraction->sections->len, <=, limits.sections);
  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      g_assert_cmpuint (section->start, ==, covered);
      covered = check_section (extraction, section);
    }
  g_assert_cmpuint (covered, ==, extraction->length);
}

/* The input is packets, each after two bytes of its length, as far as it goes. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&limits);
  SkAnswerState state = SK_ANSWER_GOES_ON;

  while (state == SK_ANSWER_GOES_ON && size >= 2)
    {
      gsize length = MIN ((gsize) data[0] | (gsize) data[1] << 8, size - 2);
      char *packet = fuzz_copy (data + 2, length);

      state = sk_extract_reader_take (reader, (const guint8 *) packet, length);
      free (packet);
      data += 2 + length;
      size -= 2 + length;
    }
  if (state == SK_ANSWER_COMPLETE)
    {
      g_autoptr (SkExtraction) extraction = sk_extract_reader_steal (reader);

      check_extraction (extraction);
    }
  return 0;
}
