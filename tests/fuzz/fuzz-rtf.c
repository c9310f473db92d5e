/* RTF, with what is embedded in it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size >= 5 && memcmp (data, "{\\rt", 4) == 0)
    fuzz_extract (data, size);
  return 0;
}
