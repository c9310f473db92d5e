/* A text under all detectors of numbers: hits lie within it, in order, apart from one another, and
 * on the bounds of characters; values are clean; a second run says the same. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-detector.h"

typedef struct {
  const char *text;
  gsize length;
  const SkDetector *detector;
  gsize end;
  guint hash, count;
} Seen;

static gboolean
is_bound (const Seen *self, gsize at)
{
  return at == self->length || ((guchar) self->text[at] & 0xc0) != 0x80;
}

static void
see (const SkDetector *detector, gsize start, gsize length, const char *value, gpointer user_data)
{
  Seen *self = user_data;

  if (detector != self->detector)
    self->end = 0;
  self->detector = detector;
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (start, >=, self->end);
  g_assert_cmpuint (length, <=, self->length - start);
  self->end = start + length;
  g_assert_true (is_bound (self, start) && is_bound (self, self->end));
  g_assert_true (value == NULL || (*value != '\0' && fuzz_is_clean (value)));
  self->hash
      = self->hash * 31 + (guint) start + (guint) length + (value != NULL ? g_str_hash (value) : 0);
  self->count++;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Seen first = { 0 }, second = { 0 };
  char *text = g_strndup ((const char *) data, size); /* as folded texts, with a NUL behind */
  SkFolded folded = { .text = text, .length = size };

  if (size > 0 && g_utf8_validate_len (text, size, NULL))
    {
      first.text = second.text = text;
      first.length = second.length = size;
      sk_detectors_run (sk_detectors, &folded, see, &first);
      sk_detectors_run (sk_detectors, &folded, see, &second);
      g_assert_cmpuint (first.hash, ==, second.hash);
      g_assert_cmpuint (first.count, ==, second.count);
    }
  free (text);
  return 0;
}
