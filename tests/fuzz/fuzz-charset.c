/* Bytes under any label: the first line is the label (none when it is empty), what follows are the
 * bytes. Valid UTF-8 comes out, not much longer than what went in, every time the same, whether the
 * bytes are given away or not. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-charset.h"

/* One byte never becomes more than one character of four, or two of three in JIS X 0213. */
#define OCTETS_A_BYTE 6

static void
check (const SkDecoded *decoded, gsize length)
{
  g_assert_nonnull (decoded->text);
  g_assert_nonnull (decoded->charset);
  g_assert_true (decoded->text[decoded->length] == '\0');
  g_assert_true (g_utf8_validate_len (decoded->text, decoded->length, NULL));
  g_assert_cmpuint (decoded->length, <=, length * OCTETS_A_BYTE + 16);
  g_assert_cmpuint (decoded->replaced, <=, length + 4);
}

static void
decode (const void *data, gsize length, const char *label, SkDecoded *result)
{
  char *bytes = fuzz_copy (data, length);

  sk_charset_decode (bytes, length, label, result);
  free (bytes);
  check (result, length);
}

static void
decode_taking (const void *data, gsize length, const char *label, SkDecoded *result)
{
  char *bytes = g_malloc (length + 1);

  memcpy (bytes, data, length);
  bytes[length] = '\0';
  sk_charset_decode_taking (bytes, length, label, result);
  check (result, length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *newline = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *label = NULL;
  g_auto (SkDecoded) first = { 0 }, second = { 0 }, taken = { 0 };
  gsize length;

  if (newline == NULL)
    return 0;
  length = size - (gsize) (newline - data) - 1;
  label = newline > data ? g_strndup ((const char *) data, (gsize) (newline - data)) : NULL;
  decode (newline + 1, length, label, &first);
  decode (newline + 1, length, label, &second);
  decode_taking (newline + 1, length, label, &taken);
  g_assert_cmpstr (first.text, ==, second.text);
  g_assert_cmpstr (first.text, ==, taken.text);
  g_assert_cmpuint (first.replaced, ==, second.replaced);
  g_assert_cmpuint (first.replaced, ==, taken.replaced);
  return 0;
}
