/* Archives as they come: what tells their kinds, what is looked for in RAR files, and what is
 * read of ZIP, tar and gzip. The others are libarchive's alone; Debian 12's falls over some
 * files (its sandbox is for that), and would be all that is found here. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-archive-extent.h"
#include "sk-archive-kind.h"
#include "sk-extract.h"
#include "sk-rar.h"

#include <locale.h>

static gboolean
is_ours_to_read (const SkContent *content)
{
  static const char *const types[]
      = { "application/zip", "application/x-tar", "application/gzip", NULL };
  const SkArchiveKind *kind = sk_archive_kind_of (content);

  return kind != NULL && g_strv_contains (types, kind->type);
}

/* Of whatever kind: each walks by what the archive says. */
static void
look_how_far (const SkContent *content)
{
  static gsize (*const extents[]) (const SkContent *content)
      = { sk_archive_extent_tar, sk_archive_extent_7z, sk_archive_extent_lha,
          sk_archive_extent_rar };

  for (guint i = 0; i < G_N_ELEMENTS (extents); i++)
    g_assert_cmpuint (extents[i](content), <=, content->length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  SkExtractLimits limits = sk_extract_default_limits;
  guint8 *copy = (guint8 *) fuzz_copy (data, size);
  SkContent content = { .bytes = copy, .length = size };

  setlocale (LC_CTYPE, "C.UTF-8");
  limits.depth = 1;
  limits.unpacked_bytes = 4 * 1024 * 1024;
  sk_rar_free (sk_rar_look (&content));
  sk_archive_has_zip_behind (&content);
  look_how_far (&content);
  if (is_ours_to_read (&content))
    {
      g_autoptr (SkExtraction) got = sk_extract (&content, &limits);

      g_assert_true (g_utf8_validate (got->text, (gssize) got->length, NULL));
      g_assert_true (got->readable == SK_YES || got->reason != NULL);
    }
  free (copy);
  return 0;
}
