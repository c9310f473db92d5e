/* RTF, with what is embedded in it: what comes out is text in sections that cover it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-extract.h"
#include "sk-rtf.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { (const guint8 *) copy, size, NULL };
  g_autoptr (SkExtraction) extraction = NULL;

  if (size >= 5 && memcmp (copy, "{\\rt", 4) == 0)
    {
      extraction = sk_extract (&content, &fuzz_limits);
      fuzz_check_extraction (extraction);
    }
  free (copy);
  return 0;
}
