/* Any bytes read by every format that takes them for its own, also where another would be asked before. What starts it is
 * tests/fixtures/documents (each of its folders is a corpus). PDF and CAB are left to Poppler's and libarchive's own fuzzers. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

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

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { .bytes = (const guint8 *) copy, .length = size, .name = "name" };

  setlocale (LC_ALL, "C.UTF-8");
  for (gsize i = 0; sk_formats[i] != NULL && is_ours (copy, size); i++)
    fuzz_read_as (sk_formats[i], &content);
  free (copy);
  return 0;
}
