/* Pages: under a page's name, where whatever is text is one, and without, where it must begin as one. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const names[] = { "page.html", "page.xhtml", "page", NULL };
  char *copy = fuzz_copy (data, size);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      SkContent content = { .bytes = (const guint8 *) copy, .length = size, .name = names[i] };

      fuzz_read_as (&sk_format_html, &content);
    }
  free (copy);
  return 0;
}
