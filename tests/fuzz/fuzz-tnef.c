/* A winmail.dat, whose attributes may be anything; and the same bytes as packed RTF and as MAPI
 * properties. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-mapi.h"
#include "sk-rtf-packed.h"

enum { RTF_LIMIT = 10000 };

typedef struct {
  const guint8 *start, *end;
} Bounds;

static gboolean
property_cb (const SkMapiProperty *property, gpointer user_data)
{
  const Bounds *bounds = user_data;

  if (property->value != NULL)
    g_assert_true (property->value >= bounds->start
                   && property->length <= (gsize) (bounds->end - property->value));
  return TRUE;
}

static void
check_properties (const uint8_t *data, size_t size)
{
  guint8 *copy = (guint8 *) fuzz_copy (data, size);
  Bounds bounds = { copy, copy + size };

  g_assert_cmpuint (sk_mapi_walk (copy, size, property_cb, &bounds), <=, size);
  free (copy);
}

static void
check_rtf (const uint8_t *data, size_t size)
{
  guint8 *copy = (guint8 *) fuzz_copy (data, size);
  GByteArray *rtf = sk_rtf_unpack (copy, size, RTF_LIMIT);

  if (rtf != NULL)
    {
      g_assert_cmpuint (rtf->len, <=, RTF_LIMIT + 1);
      g_byte_array_unref (rtf);
    }
  free (copy);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = g_malloc (size + 6);

  memcpy (whole, "\x78\x9f\x3e\x22\1\0", 6);
  memcpy (whole + 6, data, size);
  fuzz_extract (whole, size + 6);
  check_properties (data, size);
  check_rtf (data, size);
  return 0;
}
