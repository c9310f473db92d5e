/* A mail as a document, with all that is in it; in a mailbox as well. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#define MAIL "From: a@example.com\nSubject: b\n"
#define FROM_LINE "From a@example.com Tue Nov 24 10:00:00 2026\n"

static void
extract_behind (const char *start, const uint8_t *data, size_t size)
{
  gsize length = strlen (start);
  g_autofree char *whole = g_malloc (length + size);

  memcpy (whole, start, length);
  memcpy (whole + length, data, size);
  fuzz_extract (whole, length + size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  extract_behind (MAIL, data, size);
  extract_behind (FROM_LINE MAIL, data, size);
  return 0;
}
