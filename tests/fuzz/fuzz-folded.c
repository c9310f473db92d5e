/* Any UTF-8, folded: what comes out is UTF-8, every character of it comes from whole characters, one after the
 * other, and all of them together are the whole. Words' folding in pieces is that of the whole. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-folded.h"
#include "sk-normal.h"

#include <unicode/uchar.h>

/* What shows nothing, and stands before all else, belongs to no character. */
static gsize
skip_unseen (const char *text, gsize from, gsize until)
{
  while (from < until
         && u_hasBinaryProperty ((UChar32) g_utf8_get_char (text + from), UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
    from = (gsize) (g_utf8_next_char (text + from) - text);
  return from;
}

static void
check_sources (const SkFolded *folded, const char *text, gsize length)
{
  const char *end = folded->text + folded->length;
  gsize behind = 0, last = 0;

  for (const char *at = folded->text; at < end; at = g_utf8_next_char (at))
    {
      gsize start, n;

      sk_folded_source (folded, (gsize) (at - folded->text), (gsize) (g_utf8_next_char (at) - at), &start, &n);
      behind = skip_unseen (text, behind, start);
      g_assert_true (start >= last && start <= behind && start + n >= behind && start + n <= length);
      g_assert_true (n > 0 && g_utf8_validate (text + start, (gssize) n, NULL));
      last = start;
      behind = start + n;
    }
  g_assert_true (folded->length == 0 || behind == length);
}

static void
check_folded (const char *text, gsize length)
{
  g_autoptr (SkFolded) folded = sk_folded_new (text, length);
  gsize start, n;

  g_assert_true (g_utf8_validate (folded->text, (gssize) folded->length, NULL));
  check_sources (folded, text, length);
  sk_folded_source (folded, folded->length, 0, &start, &n);
  g_assert_true (n == 0 && start <= length);
}

static void
check_normal (SkNormalForm form, const char *text, gsize length)
{
  gsize n;
  g_autofree char *whole = sk_normal_new (form, text, length, &n);
  g_autofree char *again = sk_normal_changed (form, whole, n, G_MAXSIZE - 1, &n);

  g_assert_true (g_utf8_validate (whole, -1, NULL));
  g_assert_true (again == NULL || strcmp (again, whole) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *end;
  gsize length;
  char *text;

  g_utf8_validate ((const char *) data, (gssize) size, &end);
  length = (gsize) (end - (const char *) data);
  text = fuzz_copy (data, length);
  check_folded (text, length);
  check_normal (SK_NORMAL_NFKC, text, length);
  check_normal (SK_NORMAL_WORDS, text, length);
  free (text);
  return 0;
}
