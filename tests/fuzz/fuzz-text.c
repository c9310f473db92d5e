/* Any bytes as a document: text in its charsets and kinds, what is sealed, and the runs of data of
 * no known kind. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_extract (data, size);
  return 0;
}
