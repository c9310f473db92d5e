/* Pictures of records: EMF and WMF. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-sink-private.h"

extern const SkFormat sk_format_metafile;

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char *copy = fuzz_copy (data, size);
  SkContent content = { .bytes = (const guint8 *) copy, .length = size };

  if (sk_format_metafile.recognise (&content) != NULL)
    fuzz_extract (data, size);
  free (copy);
  return 0;
}
